import { useOverlay } from '../context.ts';
import { Icon } from '../icons.tsx';
import { summarize } from '../summary.ts';
import { Button } from './controls.tsx';
import { PlaceButtons } from './place.tsx';

/** One line at the top: how well in sync, or what is wrong and who. It steps aside while the panel says the same. */
export function Pill() {
  const { model, actions, t } = useOverlay();
  const screen = model.screen.value;
  const problem = model.problem.value;
  const summary = summarize(screen, problem, t);
  const controlsShow = model.osdVisible.value || !model.playerVisible.value;
  if (!summary || model.panelOpen.value || !(summary.stays || controlsShow)) return null;
  return (
    <div class="pill-row" role={problem ? 'alert' : undefined}>
      <Button class={`pill surface tone-${summary.tone}`} kind="quiet" onPress={() => actions.setPanelOpen(true)}>
        <Icon name={summary.icon} size={18} />
        <span class="pill-text">{summary.text}</span>
      </Button>
      {screen.state === 'party' && !problem && <PlaceButtons place={screen.party.place} />}
    </div>
  );
}
