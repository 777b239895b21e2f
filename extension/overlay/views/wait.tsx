import { useOverlay } from '../context.ts';
import { formatNames } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { WaitView } from '../model.ts';
import { countdownSeconds } from '../summary.ts';
import { mayGoOn } from '../wait-clock.ts';
import { Button } from './controls.tsx';

/** More names would not fit on a button. */
const MAX_NAMES = 2;

/** The ways out of a wait, or of a countdown. @param nowMs `performance.now()`. */
export function GoOnButton({ wait, nowMs }: { wait: WaitView; nowMs: number }) {
  const { actions, t } = useOverlay();
  if (countdownSeconds(wait, nowMs) > 0) {
    return (
      <div class="actions">
        <Button class="surface-button" icon="play" onPress={() => actions.playNow()}>
          {t('play_now')}
        </Button>
        <Button class="surface-button" onPress={() => actions.stay()}>
          {t('stay_here')}
        </Button>
      </div>
    );
  }
  if (!mayGoOn(wait, nowMs)) return null;
  return (
    <div class="actions">
      <Button class="surface-button" icon="play" onPress={() => actions.goOn()}>
        {goOnWords(wait, t)}
      </Button>
    </div>
  );
}

/** @returns what the button says: without whom, unless that is this person, or many. */
function goOnWords({ names, you }: WaitView, t: Translate): string {
  if (you || names.length > MAX_NAMES) return t('go_on');
  return t('go_on_without', formatNames(names, t));
}
