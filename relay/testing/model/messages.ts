import type { Action, ManageAction } from '../../../shared/protocol.ts';
import { mediaOf } from './moves.ts';
import type { Item, Move } from './party.ts';

/** @returns the command that a move is; null when it is none. */
export function toAction(move: Move): Action | null {
  switch (move.type) {
    case 'command':
      return move.kind === 'pause' ? { kind: 'pause', positionMs: 0 } : { kind: move.kind };
    case 'seek':
      return { kind: 'seek', positionMs: move.positionMs };
    case 'media':
      return { kind: 'media', media: mediaOf(move.item), positionMs: 0, play: true };
    default:
      return null;
  }
}

/** What a move means where it is made. */
export interface Names {
  /** @returns the member that sits on a chair, or did. */
  member(chair: number): string;
  /** @returns the queue's entry with this item; any other id when there is none. */
  entry(item: Item): string;
}

/** @returns how a move manages the party. */
export function toManage(move: Move, names: Names): ManageAction {
  switch (move.type) {
    case 'control':
      return { kind: 'control', control: move.control };
    case 'lock':
      return { kind: 'lock', locked: move.locked };
    case 'role':
      return { kind: 'role', member: names.member(move.other), role: move.role };
    case 'kick':
      return { kind: 'kick', member: names.member(move.other) };
    case 'ask':
      return { kind: 'ask', what: 'pause' };
    case 'queue-add':
      return { kind: 'queue-add', media: mediaOf(move.item) };
    case 'queue-remove':
      return { kind: 'queue-remove', entry: names.entry(move.item) };
    default:
      throw new Error(`${move.type} is not managing`);
  }
}

/** @returns which of the model's items has this id. */
export const itemOf = (itemId: string | undefined): Item | null => (itemId?.[0] as Item | undefined) ?? null;
