import { assertNever } from '../../../shared/errors.ts';
import type { Wish } from '../../../shared/protocol.ts';
import { useOverlay } from '../context.ts';
import type { Offer, OverlayActions, Part, PartyView } from '../model.ts';
import { Button } from './controls.tsx';

const ASK = { pause: 'ask_pause', play: 'ask_play', back: 'ask_back' } as const satisfies Record<Wish, string>;
const STEER = { pause: 'steer_pause', play: 'steer_play', back: 'steer_back' } as const satisfies Record<Wish, string>;
const SKIP = {
  intro: 'skip_intro',
  recap: 'skip_recap',
  commercial: 'skip_commercial',
  preview: 'skip_preview',
  outro: 'skip_outro',
} as const satisfies Record<Part, string>;
const ASKED = {
  pause: 'toast_asks_pause',
  play: 'toast_asks_play',
  back: 'toast_asks_back',
} as const satisfies Record<Wish, string>;

/** In the panel: what this person can do about the film beside the player's own controls. */
export function Steering({ party }: { party: PartyView }) {
  const { t } = useOverlay();
  const { asked, canUndo, playing, rules, steers } = party;
  if (!steers) {
    return (
      <div class="card">
        <p>{t(rules.control === 'host' ? 'steer_host_only' : 'steer_chosen_only')}</p>
        <div class="actions">
          <OfferButton offer={{ kind: 'ask', what: playing ? 'pause' : 'play' }} />
          <OfferButton offer={{ kind: 'ask', what: 'back' }} />
        </div>
      </div>
    );
  }
  return (
    <>
      {asked && (
        <div class="card">
          <p>{t(ASKED[asked.what], asked.who)}</p>
          <div class="actions">
            <OfferButton offer={{ kind: 'steer', what: asked.what }} />
          </div>
        </div>
      )}
      {canUndo && (
        <div class="actions">
          <OfferButton offer={{ kind: 'undo' }} />
        </div>
      )}
    </>
  );
}

/** What can be done about what was just said. */
export function OfferButton({ offer, onTaken }: { offer: Offer; onTaken?: () => void }) {
  const { actions, t } = useOverlay();
  const take = () => {
    takeUp(offer, actions);
    onTaken?.();
  };
  return (
    <Button class="surface-button" {...(offer.kind === 'undo' && { icon: 'reset' as const })} onPress={take}>
      {t(wordOf(offer))}
    </Button>
  );
}

function takeUp(offer: Offer, actions: OverlayActions): void {
  switch (offer.kind) {
    case 'undo':
      return actions.undo();
    case 'steer':
      return actions.steer(offer.what);
    case 'ask':
      return actions.manage({ kind: 'ask', what: offer.what });
    case 'skip':
      return actions.skipTo(offer.toMs);
    default:
      return assertNever(offer);
  }
}

function wordOf(offer: Offer) {
  switch (offer.kind) {
    case 'undo':
      return 'undo_move';
    case 'steer':
      return STEER[offer.what];
    case 'ask':
      return ASK[offer.what];
    case 'skip':
      return SKIP[offer.part];
    default:
      return assertNever(offer);
  }
}
