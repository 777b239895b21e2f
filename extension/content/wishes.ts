import { assertNever } from '../../shared/errors.ts';
import type { Action, Wish } from '../../shared/protocol.ts';
import type { Gesture } from '../sync/io.ts';

/** How far "a few seconds back" is, in ms: Jellyfin's own button goes as far. */
const BACK_MS = 10_000;

/** @param positionMs where this player is. @returns what a person would do in it to give what was asked for. */
export function gestureFor(what: Wish, positionMs: number): Gesture {
  switch (what) {
    case 'pause':
    case 'play':
      return { type: what, positionMs };
    case 'back':
      return { type: 'seek', positionMs: Math.max(0, positionMs - BACK_MS) };
    default:
      return assertNever(what);
  }
}

/**
 * What somebody who may not steer can ask for in place of a command of theirs.
 * @param roomMs where the room's film is, in ms; null when that is not known. @returns null when nothing comes near it.
 */
export function wishFor(action: Action, roomMs: number | null): Wish | null {
  switch (action.kind) {
    case 'pause':
    case 'play':
      return action.kind;
    case 'seek':
      return roomMs !== null && action.positionMs < roomMs ? 'back' : null;
    case 'rate':
    case 'media':
    case 'go-on':
    case 'wait':
    case 'undo':
      return null;
    default:
      return assertNever(action);
  }
}
