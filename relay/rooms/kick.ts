import { mayKick } from '../../shared/powers.ts';
import { isSamePerson, withBanned, withBans } from './bans.ts';
import type { Step } from './gate.ts';
import { expel } from './people.ts';
import type { Person, RoomState } from './state.ts';

/**
 * Puts a member out, with all others that are the same person, for good (PROTOCOL.md P-06).
 * @returns null when one of them is not for this member to put out.
 */
export function kick(room: RoomState, actor: Person, target: Person, nowMs: number): Step | null {
  const all = room.people.filter((person) => isSamePerson(person, target));
  if (!all.every(({ role }) => mayKick(actor.role, role))) return null;
  const banned = withBans(room, withBanned(room.house.bans, all));
  return expel(
    banned,
    all.map(({ id }) => id),
    actor.id,
    nowMs,
  );
}
