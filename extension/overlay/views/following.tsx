import { FOLLOWS, type Follow } from '../../../shared/follows.ts';
import { useOverlay } from '../context.ts';
import type { MessageKey } from '../i18n.ts';
import { Choices } from './choices.tsx';
import { Fold } from './fold.tsx';

const WORDS = {
  closely: ['follow_closely', 'follow_closely_help'],
  unwaited: ['follow_unwaited', 'follow_unwaited_help'],
  loosely: ['follow_loosely', 'follow_loosely_help'],
  free: ['follow_free', 'follow_free_help'],
} as const satisfies Record<Follow, readonly [MessageKey, MessageKey]>;

/** How closely this person follows: their own affair, so nobody else's setting is near it. */
export function Following({ follow }: { follow: Follow }) {
  const { actions, t } = useOverlay();
  const [word, help] = WORDS[follow];
  return (
    <Fold icon="in-sync" title={t('follow_title')} hint={t(word)}>
      <Choices
        label={t('follow_title')}
        choices={FOLLOWS.map((value) => ({ value, word: t(WORDS[value][0]) }))}
        chosen={follow}
        onChoose={(how) => actions.setFollow(how)}
      />
      <p class="help">{t(help)}</p>
    </Fold>
  );
}
