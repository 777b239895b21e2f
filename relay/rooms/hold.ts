import { HOLDS_WINDOW_MS, MAX_HOLDS, STALL_POSITION_TOLERANCE_MS } from '../../shared/limits.ts';
import type { Timeline } from '../../shared/protocol.ts';
import { positionAt } from '../../shared/timeline.ts';
import { announceTimeline, goOn, isFollowing, isWatching, type Step } from './gate.ts';
import { findPerson, type Person, type RoomState, updatePerson } from './state.ts';

export interface Stall {
  member: string;
  /** The timeline this member is looking at. */
  seq: number;
  /** Where its picture stands, in media ms. */
  positionMs: number;
}

/**
 * A follower's player has run dry, or is about to: the film is held for all until it says `ready`, so that nobody gets
 * ahead (PROTOCOL.md T-11). What cannot hold gets no answer: the film goes on, and that member catches up.
 * @param nowMs relay clock.
 */
export function stall(room: RoomState, { member, seq, positionMs }: Stall, nowMs: number): Step {
  const person = findPerson(room, member);
  if (!person || room.waitMs === 0 || !mayHold(room, person, nowMs)) return { room, effects: [] };
  const { timeline, gate } = room;
  // Two who run dry at once both speak of the timeline before the hold.
  if (timeline.phase === 'holding' && gate && seq >= gate.sinceSeq - 1) return joinHold(room, member);
  if (timeline.phase === 'playing' && seq === timeline.seq) return hold(room, person, positionMs, nowMs);
  return { room, effects: [] };
}

/**
 * A room's wish to wait longer or shorter; a hold under way obeys it too (PROTOCOL.md T-13).
 * @param waitMs 0: never. @param nowMs relay clock.
 */
export function setWait(room: RoomState, waitMs: number, nowMs: number): RoomState {
  const next = { ...room, waitMs };
  if (room.timeline.phase !== 'holding' || !room.gate) return next;
  const deadlineAtMs = room.timeline.atMs + waitMs;
  return nowMs >= deadlineAtMs ? goOn(next, nowMs) : { ...next, gate: { ...room.gate, deadlineAtMs } };
}

/** One person's trouble is not everyone's time and again; alone it is nobody else's (PROTOCOL.md T-12). */
function mayHold(room: RoomState, person: Person, nowMs: number): boolean {
  if (isWatching(person) && isAlone(room, person)) return true;
  if (!isFollowing(person)) return false;
  return person.footing === 'in-step' && person.state !== 'background' && recentHolds(person, nowMs).length < MAX_HOLDS;
}

const isAlone = (room: RoomState, person: Person): boolean =>
  !room.people.some((other) => other.id !== person.id && isWatching(other));

const recentHolds = ({ heldAtMs }: Person, nowMs: number): number[] =>
  heldAtMs.filter((atMs) => nowMs - atMs < HOLDS_WINDOW_MS);

function hold(room: RoomState, person: Person, claimedMs: number, nowMs: number): Step {
  const seq = room.timeline.seq + 1;
  const positionMs = heldPosition(room.timeline, claimedMs, nowMs);
  // Others may have been dry for too short a time to say so; they are known by their state.
  const waitingFor = room.people
    .filter(({ id, state }) => id === person.id || state === 'buffering')
    .filter((other) => mayHold(room, other, nowMs))
    .map(({ id }) => id);
  const heldAtMs = isAlone(room, person) ? person.heldAtMs : [...recentHolds(person, nowMs), nowMs];
  const next: RoomState = {
    ...updatePerson(room, person.id, { heldAtMs }),
    timeline: { ...room.timeline, seq, phase: 'holding', positionMs, atMs: nowMs },
    gate: { waitingFor, deadlineAtMs: nowMs + room.waitMs, soonestAtMs: null, sinceSeq: seq },
  };
  return { room: next, effects: [announceTimeline(next, 'stall', person.id, null)] };
}

/** The frame that the member stopped on, so that it misses nothing; never ahead of the film, so that nobody does. */
function heldPosition(timeline: Timeline, claimedMs: number, nowMs: number): number {
  const expectedMs = positionAt(timeline, nowMs);
  const behindMs = expectedMs - claimedMs;
  return behindMs >= 0 && behindMs <= STALL_POSITION_TOLERANCE_MS ? claimedMs : expectedMs;
}

/** Somebody else ran dry meanwhile: waited for too, but no longer than the first. */
function joinHold(room: RoomState, member: string): Step {
  if (!room.gate || room.gate.waitingFor.includes(member)) return { room, effects: [] };
  const next = { ...room, gate: { ...room.gate, waitingFor: [...room.gate.waitingFor, member] } };
  return { room: next, effects: [announceTimeline(next, 'waiting', null, null)] };
}
