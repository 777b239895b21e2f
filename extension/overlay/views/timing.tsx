import { useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { useInSight } from '../focus.ts';
import { formatDuration } from '../format.ts';
import type { Translate } from '../i18n.ts';
import { Icon } from '../icons.tsx';
import type { PartyView } from '../model.ts';
import { Choices } from './choices.tsx';
import { Button } from './controls.tsx';
import { SoundDelay } from './sound-delay.tsx';

/** What a room may choose, in ms; 0: never. One that another version chose is shown beside them. */
const WAITS = [10_000, 30_000, 60_000, 0];

/** How long the room waits, and how late this person's own sound comes: seldom touched, so folded away. */
export function Timing({ party: { waitMs, steers } }: { party: PartyView }) {
  const { t } = useOverlay();
  const [open, setOpen] = useState(false);
  const section = useInSight<HTMLElement>(open);
  return (
    <section class="timing" ref={section}>
      <Button class="fold" kind="quiet" icon="timing" expanded={open} onPress={() => setOpen(!open)}>
        <span class="grow">{t('timing')}</span>
        <span class="fold-hint">{waitMs === 0 ? t('wait_hint_never') : t('wait_hint', formatDuration(waitMs, t))}</span>
        <Icon name="down" size={16} />
      </Button>
      {open && (
        <div class="fold-body">
          {steers && <WaitChoice waitMs={waitMs} />}
          <SoundDelay />
        </div>
      )}
    </section>
  );
}

function WaitChoice({ waitMs }: { waitMs: number }) {
  const { actions, t } = useOverlay();
  const values = WAITS.includes(waitMs) ? WAITS : [waitMs, ...WAITS];
  return (
    <div class="field">
      <h4>{t('wait_title')}</h4>
      <Choices
        label={t('wait_title')}
        choices={values.map((value) => ({ value, word: waitWord(value, t) }))}
        chosen={waitMs}
        onChoose={(value) => actions.setWait(value)}
      />
      <p class="help">{t('wait_help')}</p>
    </div>
  );
}

const waitWord = (waitMs: number, t: Translate): string =>
  waitMs === 0 ? t('wait_never') : t('wait_up_to', formatDuration(waitMs, t));
