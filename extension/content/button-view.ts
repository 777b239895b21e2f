import type { ButtonView } from '../jellyfin/host.ts';
import type { Translate } from '../overlay/i18n.ts';
import { hasGivenUp } from '../overlay/member-look.ts';
import type { OverlayModel } from '../overlay/model.ts';

/** @returns what the party button in the player's bar shows of the model. */
export function buttonView(model: OverlayModel, t: Translate): ButtonView {
  const screen = model.screen.value;
  const party = screen.state === 'party' ? screen.party : null;
  const open = model.panelOpen.value;
  const stuck = party?.members.some((member) => member.you && hasGivenUp(member)) ?? false;
  const attention = model.problem.value !== null || party?.place === 'autoplay-blocked' || stuck;
  return {
    label: t('button_label'),
    count: party ? party.members.length : null,
    attention: attention && !open,
    pressed: open,
  };
}
