import { HOLDS_WINDOW_MS, MAX_HOLDS } from '../../shared/limits.ts';
import { announceTimeline, isFollowing, positionNear, type Step } from './gate.ts';
import { findPerson, type RoomState, updatePerson } from './state.ts';

export interface Stall {
  member: string;
  /** The timeline this member is looking at. */
  seq: number;
  /** Where its picture stands, in media ms. */
  positionMs: number;
}

/**
 * A follower's player has run dry, or is about to: the film is held for all until it says `ready`, so that nobody gets
 * ahead (PROTOCOL.md T-11). The frame that it stopped on is where everybody rests.
 * @param nowMs relay clock.
 */
export function stall(room: RoomState, { member, seq, positionMs }: Stall, nowMs: number): Step {
  const { timeline, gate } = room;
  const person = findPerson(room, member);
  // No answer to a late one: the timeline it will see says more.
  if (!person || !isFollowing(person) || seq !== timeline.seq || room.waitMs === 0) return { room, effects: [] };
  if (timeline.phase === 'holding' && gate) return joinHold(room, member);
  const recent = person.heldAtMs.filter((atMs) => nowMs - atMs < HOLDS_WINDOW_MS);
  if (timeline.phase !== 'playing' || nowMs < timeline.atMs || recent.length >= MAX_HOLDS) return { room, effects: [] };
  const held: RoomState = {
    ...updatePerson(room, member, { heldAtMs: [...recent, nowMs] }),
    timeline: {
      ...timeline,
      seq: timeline.seq + 1,
      phase: 'holding',
      positionMs: positionNear(timeline, positionMs, nowMs),
      atMs: nowMs,
    },
    gate: { waitingFor: [member], deadlineAtMs: nowMs + room.waitMs, sinceSeq: timeline.seq + 1 },
  };
  return { room: held, effects: [announceTimeline(held, 'stall', member, null)] };
}

/** Somebody else ran dry meanwhile: waited for too, but no longer than the first. */
function joinHold(room: RoomState, member: string): Step {
  if (!room.gate || room.gate.waitingFor.includes(member)) return { room, effects: [] };
  const next = { ...room, gate: { ...room.gate, waitingFor: [...room.gate.waitingFor, member] } };
  return { room: next, effects: [announceTimeline(next, 'waiting', null, null)] };
}
