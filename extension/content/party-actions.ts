import type { OverlayActions } from '../overlay/model.ts';
import type { Party } from './party.ts';

type PartyActions = Pick<
  OverlayActions,
  | 'returnToFilm'
  | 'bringEveryone'
  | 'startPlayback'
  | 'catchUp'
  | 'goOn'
  | 'playNow'
  | 'stay'
  | 'setWait'
  | 'queue'
  | 'manage'
  | 'undo'
  | 'steer'
  | 'skipTo'
>;

/** @returns the controls that only hand on to the party there is now; without one they do nothing. */
export function partyActions(party: () => Party | null): PartyActions {
  return {
    returnToFilm: () => party()?.wish('return-to-film'),
    bringEveryone: () => party()?.wish('bring-everyone'),
    startPlayback: () => party()?.startPlayback(),
    catchUp: () => party()?.wish('catch-up'),
    goOn: () => party()?.wish('go-on'),
    playNow: () => party()?.wish('play-now'),
    stay: () => party()?.wish('stay'),
    setWait: (waitMs) => party()?.setWait(waitMs),
    queue: (action) => party()?.manage(action),
    manage: (action) => party()?.manage(action),
    undo: () => party()?.wish('undo'),
    steer: (what) => party()?.steer(what),
    skipTo: (toMs) => party()?.skipTo(toMs),
  };
}
