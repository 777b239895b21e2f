import { useOverlay } from '../context.ts';
import { formatNames } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { WaitView } from '../model.ts';
import { countdownSeconds } from '../summary.ts';
import { mayGoOn } from '../wait-clock.ts';
import { Button } from './controls.tsx';

/** More names would not fit on a button. */
const MAX_NAMES = 2;

interface GoOnProps {
  wait: WaitView;
  /** `performance.now()`. */
  nowMs: number;
  /** The film has not begun: one does not go on, but starts. */
  starts: boolean;
}

/** The ways out of a wait, or of a countdown. */
export function GoOnButton({ wait, nowMs, starts }: GoOnProps) {
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
        {goOnWords(wait, starts, t)}
      </Button>
    </div>
  );
}

/** @returns what the button says: without whom, unless that is this person, or many. */
function goOnWords({ names, you }: WaitView, starts: boolean, t: Translate): string {
  if (you || names.length > MAX_NAMES) return t(starts ? 'start_now' : 'go_on');
  return t(starts ? 'start_without' : 'go_on_without', formatNames(names, t));
}
