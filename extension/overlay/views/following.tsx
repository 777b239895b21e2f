import { useState } from 'preact/hooks';
import { FOLLOWS, type Follow } from '../../../shared/follows.ts';
import { useOverlay } from '../context.ts';
import { useInSight } from '../focus.ts';
import type { MessageKey } from '../i18n.ts';
import { Icon } from '../icons.tsx';
import { Choices } from './choices.tsx';
import { Button } from './controls.tsx';

const WORDS = {
  closely: ['follow_closely', 'follow_closely_help'],
  unwaited: ['follow_unwaited', 'follow_unwaited_help'],
  loosely: ['follow_loosely', 'follow_loosely_help'],
  free: ['follow_free', 'follow_free_help'],
} as const satisfies Record<Follow, readonly [MessageKey, MessageKey]>;

/** How closely this person follows: their own affair, so nobody else's setting is near it. */
export function Following({ follow }: { follow: Follow }) {
  const { actions, t } = useOverlay();
  const [open, setOpen] = useState(false);
  const section = useInSight<HTMLElement>(open);
  const [word, help] = WORDS[follow];
  return (
    <section class="timing" ref={section}>
      <Button class="fold" kind="quiet" icon="in-sync" expanded={open} onPress={() => setOpen(!open)}>
        <span class="grow">{t('follow_title')}</span>
        <span class="fold-hint">{t(word)}</span>
        <Icon name="down" size={16} />
      </Button>
      {open && (
        <div class="fold-body">
          <Choices
            label={t('follow_title')}
            choices={FOLLOWS.map((value) => ({ value, word: t(WORDS[value][0]) }))}
            chosen={follow}
            onChoose={(how) => actions.setFollow(how)}
          />
          <p class="help">{t(help)}</p>
        </div>
      )}
    </section>
  );
}
