import { useOverlay } from '../context.ts';
import { Icon } from '../icons.tsx';
import { hasGivenUp } from '../member-look.ts';
import type { PartyView } from '../model.ts';
import { summarize } from '../summary.ts';
import { useWaitClock, waitOf } from '../wait-clock.ts';
import { Button } from './controls.tsx';
import { CatchUpButton } from './people.tsx';
import { PlaceButtons } from './place.tsx';
import { AddButton } from './queue.tsx';
import { GoOnButton } from './wait.tsx';

/** One line at the top: how well in sync, or what is wrong and who. It steps aside while the panel says the same. */
export function Pill() {
  const { model, actions, t } = useOverlay();
  const screen = model.screen.value;
  const problem = model.problem.value;
  const nowMs = useWaitClock(waitOf(screen));
  const summary = summarize(screen, problem, t, nowMs);
  const controlsShow = model.osdVisible.value || !model.playerVisible.value;
  if (!summary || model.panelOpen.value || !(summary.stays || controlsShow)) return null;
  return (
    <div class="pill-row" role={problem ? 'alert' : undefined}>
      <Button class={`pill surface tone-${summary.tone}`} kind="quiet" onPress={() => actions.setPanelOpen(true)}>
        <Icon name={summary.icon} size={18} />
        <span class="pill-text">{summary.text}</span>
      </Button>
      {screen.state === 'party' && !problem && <Help party={screen.party} nowMs={nowMs} />}
    </div>
  );
}

/** What can be done about what the pill says. */
function Help({ party, nowMs }: { party: PartyView; nowMs: number }) {
  const { place, members, wait, steers, queue, preflight } = party;
  if (place !== 'following')
    return (
      <>
        <PlaceButtons party={party} />
        <AddButton queue={queue} />
      </>
    );
  if (members.some((member) => member.you && hasGivenUp(member))) return <CatchUpButton />;
  return wait && steers && <GoOnButton wait={wait} nowMs={nowMs} starts={preflight} />;
}
