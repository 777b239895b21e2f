import type { Wish } from '../../../shared/protocol.ts';
import { useOverlay } from '../context.ts';
import type { Offer, PartyView } from '../model.ts';
import { Button } from './controls.tsx';

const ASK = { pause: 'ask_pause', play: 'ask_play', back: 'ask_back' } as const satisfies Record<Wish, string>;
const STEER = { pause: 'steer_pause', play: 'steer_play', back: 'steer_back' } as const satisfies Record<Wish, string>;
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
    if (offer.kind === 'undo') actions.undo();
    else if (offer.kind === 'steer') actions.steer(offer.what);
    else actions.manage({ kind: 'ask', what: offer.what });
    onTaken?.();
  };
  const word = offer.kind === 'undo' ? 'undo_move' : offer.kind === 'steer' ? STEER[offer.what] : ASK[offer.what];
  return (
    <Button class="surface-button" {...(offer.kind === 'undo' && { icon: 'reset' as const })} onPress={take}>
      {t(word)}
    </Button>
  );
}
