import { useEffect, useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { formatDuration, formatOffset } from '../format.ts';
import { allowedSoundDelay, SOUND_DELAY_LIMIT_MS, SOUND_DELAY_STEP_MS } from '../model.ts';
import { Button } from './controls.tsx';
import { Stepper } from './stepper.tsx';

/** Loudspeakers and cables stay below this, wireless sound does not, in ms. */
const NOTABLE_MS = 60;
const PAGE_STEPS = 10;

/** The person's own offset: set by ear, or by what the browser knows of the device. */
export function SoundDelay() {
  const { model, actions, t } = useOverlay();
  const ms = model.soundDelayMs.value;
  const size = formatDuration(SOUND_DELAY_STEP_MS, t);
  return (
    <div class="field">
      <h4>{t('sound_delay_title')}</h4>
      <Stepper
        label={t('sound_delay')}
        value={ms}
        limit={SOUND_DELAY_LIMIT_MS}
        step={SOUND_DELAY_STEP_MS}
        page={PAGE_STEPS * SOUND_DELAY_STEP_MS}
        text={formatOffset(ms, t)}
        less={t('sound_delay_less', size)}
        more={t('sound_delay_more', size)}
        onChange={(next) => actions.setSoundDelay(allowedSoundDelay(next))}
      >
        <Button
          kind="quiet"
          icon="reset"
          label={t('sound_delay_reset')}
          busy={ms === 0}
          onPress={() => actions.setSoundDelay(0)}
        />
      </Stepper>
      <Advice ms={ms} />
    </div>
  );
}

/** What this is for; instead, what the browser says of the device when that is worth a word and not set already. */
function Advice({ ms }: { ms: number }) {
  const { actions, t } = useOverlay();
  const [measuredMs, setMeasuredMs] = useState(0);
  useEffect(() => {
    let here = true;
    actions.measureSoundDelay().then(
      (found) => {
        if (here && found !== null) setMeasuredMs(found);
      },
      // Not knowing is the same as nothing worth a word.
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [actions]);
  const offeredMs = allowedSoundDelay(measuredMs);
  const amount = formatDuration(offeredMs, t);
  return (
    <div class="advice" role="status">
      {measuredMs <= NOTABLE_MS || offeredMs === ms ? (
        <p class="help">{t('sound_delay_help')}</p>
      ) : (
        <>
          <p class="help">{t('sound_delay_found', amount)}</p>
          <Button onPress={() => actions.setSoundDelay(offeredMs)}>{t('sound_delay_use', amount)}</Button>
        </>
      )}
    </div>
  );
}
