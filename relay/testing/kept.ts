import { SEAT_GRACE_MS } from '../../shared/limits.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import type { RoomInput } from '../rooms/room.ts';
import { type FilmNow, issueSnapshot } from '../rooms/snapshot.ts';
import type { TestRoom } from './rooms.ts';

/** Time of day at the relay's zero. */
export const DAWN_MS = 1_700_000_000_000;

/** Issues the next snapshot of a room, as the feed does. */
export function issue(room: TestRoom): SnapshotClaims {
  const { room: next, snapshot } = issueSnapshot(room.room, room.nowMs, DAWN_MS + room.nowMs);
  room.room = next;
  // What the token carries is JSON.
  return JSON.parse(JSON.stringify(snapshot)) as SnapshotClaims;
}

/** The film as the snapshot has it. @param change what somebody says of it. */
export const filmIn = ({ epoch, timeline }: SnapshotClaims, change: Partial<FilmNow> = {}): FilmNow => {
  const { seq, phase, positionMs, rate, media } = timeline;
  return { epoch, seq, phase, positionMs, rate, media, ...change };
};

/** Somebody brings a snapshot. @param change what they say of the film. */
export const restoring = (
  member: string,
  snapshot: SnapshotClaims,
  change: Partial<FilmNow> = {},
): Extract<RoomInput, { type: 'restore' }> => ({
  type: 'restore',
  member,
  snapshot,
  film: filmIn(snapshot, change),
  graceMs: SEAT_GRACE_MS,
});
