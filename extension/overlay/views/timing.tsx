import { useOverlay } from '../context.ts';
import { formatDuration } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { PartyView } from '../model.ts';
import { Choices } from './choices.tsx';
import { Fold } from './fold.tsx';
import { SoundDelay } from './sound-delay.tsx';

/** What a room may choose, in ms; 0: never. One that another version chose is shown beside them. */
const WAITS = [10_000, 30_000, 60_000, 0];

/** How long the room waits, and how late this person's own sound comes: seldom touched, so folded away. */
export function Timing({ party: { waitMs, steers } }: { party: PartyView }) {
  const { t } = useOverlay();
  const hint = waitMs === 0 ? t('wait_hint_never') : t('wait_hint', formatDuration(waitMs, t));
  return (
    <Fold icon="timing" title={t('timing')} hint={hint}>
      {steers && <WaitChoice waitMs={waitMs} />}
      <SoundDelay />
    </Fold>
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
