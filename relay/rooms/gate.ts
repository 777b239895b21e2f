import { DEFAULT_LEAD_MS, LEAD_MARGIN_MS, LEAD_OUTLIER_MS, MAX_LEAD_MS, MIN_LEAD_MS } from '../../shared/limits.ts';
import type { CAUSES, MemberState, Timeline } from '../../shared/protocol.ts';
import type { RoomEffect } from './effects.ts';
import { isConnected, type OpenGate, type Person, publicGate, type RoomState } from './state.ts';

export type Cause = (typeof CAUSES)[number];

export interface Step {
  room: RoomState;
  effects: readonly RoomEffect[];
}

/** Members in these states follow the film, so a start is planned with them (PROTOCOL.md T-08). */
export const FOLLOWING: ReadonlySet<MemberState> = new Set(['in-sync', 'catching-up', 'buffering', 'background']);
/**
 * Members who turn out to be in these states are no longer waited for when a film is prepared. Not `joining` or
 * `other-item`: a new item puts everyone through those on the way to being ready.
 */
const LOST: ReadonlySet<MemberState> = new Set(['away', 'item-missing', 'autoplay-blocked']);

/** Those who are waited for; who goes without being waited for watches all the same (PROTOCOL.md M-12). */
export const isFollowing = (person: Person): boolean => isWatching(person) && person.follow === 'closely';

export const isWatching = (person: Person): boolean =>
  isConnected(person) && FOLLOWING.has(person.state) && person.follow !== 'free';

/**
 * How far ahead a start must be planned so that the slowest follower still makes it (PROTOCOL.md T-06). One of three or
 * more who would make it much later for all the others is left to catch up.
 * @returns ms.
 */
export function leadMs(people: readonly Person[]): number {
  const [longest = DEFAULT_LEAD_MS, second = longest, third] = people
    .filter(isFollowing)
    .map(needMs)
    .sort((a, b) => b - a);
  return third !== undefined && longest - second > LEAD_OUTLIER_MS ? second : longest;
}

/** Bounded before it is compared: what no start is ever delayed by costs nobody anything. */
function needMs({ deliveryMs, startMs }: Person): number {
  if (deliveryMs === null || startMs === null) return DEFAULT_LEAD_MS;
  return Math.min(MAX_LEAD_MS, Math.max(MIN_LEAD_MS, deliveryMs + startMs + LEAD_MARGIN_MS));
}

/** @returns the timeline message for the room as it is now. @param fromMs where the film was before, in media ms. */
export function announceTimeline(
  room: RoomState,
  cause: Cause,
  by: string | null,
  id: string | null,
  fromMs: number | null = null,
): RoomEffect {
  const { timeline, waitMs } = room;
  const gate = publicGate(room.gate);
  const about = { type: 'timeline', cause, by, id, timeline, gate, waitMs } as const;
  if (fromMs === null) return { type: 'publish', message: about };
  return { type: 'publish', message: { type: 'timeline', cause, by, id, timeline, gate, waitMs, fromMs } };
}

/**
 * Holds the film at a position until the followers have it loaded (PROTOCOL.md T-07). With nobody to wait for it starts.
 * @param timeline the new position and media; phase and anchor are set here. @param deadlineMs longest wait.
 * @param countdownMs shortest wait; 0: none.
 */
export function openGate(
  room: RoomState,
  timeline: Timeline,
  nowMs: number,
  deadlineMs: number,
  countdownMs = 0,
): RoomState {
  const waitingFor = room.people.filter(isFollowing).map((person) => person.id);
  if (waitingFor.length === 0) return begin({ ...room, timeline }, nowMs);
  const soonestAtMs = countdownMs > 0 ? nowMs + countdownMs : null;
  return prepare(room, timeline, { waitingFor, deadlineAtMs: nowMs + deadlineMs, soonestAtMs }, nowMs);
}

const prepare = (room: RoomState, timeline: Timeline, gate: Omit<OpenGate, 'sinceSeq'>, nowMs: number): RoomState => ({
  ...room,
  timeline: { ...timeline, phase: 'preparing', atMs: nowMs },
  gate: { ...gate, sinceSeq: timeline.seq },
});

/**
 * Starts a film that rests. Who has only just come is waited for, once and no longer than the room waits (PROTOCOL.md T-16).
 * @param by the member who starts it.
 */
export function startFromRest(room: RoomState, by: string, nowMs: number): RoomState {
  const { people, timeline, waitMs } = room;
  const waitingFor = waitMs === 0 ? [] : people.filter((one) => one.id !== by && isArriving(one)).map(({ id }) => id);
  if (waitingFor.length === 0) return begin(room, nowMs);
  return prepare(room, timeline, { waitingFor, deadlineAtMs: nowMs + waitMs, soonestAtMs: null }, nowMs);
}

/** What a member is in who may still be about to be there for the start. */
const ARRIVING: ReadonlySet<MemberState> = new Set(['joining', 'buffering', 'autoplay-blocked']);

const isArriving = (person: Person): boolean =>
  person.footing === 'coming' &&
  ARRIVING.has(person.state) &&
  person.follow === 'closely' &&
  person.deliveryMs !== null &&
  isConnected(person);

/** @returns the room with the film starting from its position, as soon as every follower can make it. */
export function begin(room: RoomState, nowMs: number): RoomState {
  const timeline: Timeline = { ...room.timeline, phase: 'playing', atMs: nowMs + leadMs(room.people) };
  return { ...room, timeline, gate: null };
}

/** @returns the room with the film starting without those still waited for; they hold nobody up until they are back. */
export function goOn(room: RoomState, nowMs: number): RoomState {
  const late = room.gate?.waitingFor ?? [];
  const people = room.people.map((person) =>
    late.includes(person.id) ? { ...person, footing: 'out' as const } : person,
  );
  return begin({ ...room, people }, nowMs);
}

/** Somebody does not want to see the countdown out: what is loaded starts, what is not is still waited for (T-15). */
export function skipCountdown(room: RoomState, nowMs: number): RoomState {
  if (room.gate?.soonestAtMs == null) return room;
  return room.gate.waitingFor.length === 0
    ? begin(room, nowMs)
    : { ...room, gate: { ...room.gate, soonestAtMs: null } };
}

/** @returns when a gate ends by itself, if nobody says another word. */
export const gateEndsAtMs = ({ waitingFor, deadlineAtMs, soonestAtMs }: OpenGate): number =>
  waitingFor.length === 0 && soonestAtMs !== null ? soonestAtMs : deadlineAtMs;

/** A member says it has loaded the position that `seq` asked for (PROTOCOL.md T-07). */
export function ready(room: RoomState, member: string, seq: number, nowMs: number): Step {
  if (!room.gate || seq < room.gate.sinceSeq) return { room, effects: [] };
  return stopWaitingFor(room, [member], nowMs);
}

/** Takes out of the gate whoever has gone or cannot follow any more (PROTOCOL.md T-08). */
export function pruneGate(room: RoomState, nowMs: number): Step {
  const gone = (room.gate?.waitingFor ?? []).filter((id) => {
    const person = room.people.find((candidate) => candidate.id === id);
    return !person || !isConnected(person) || person.follow !== 'closely' || isLost(room, person);
  });
  return stopWaitingFor(room, gone, nowMs);
}

/** A hold is on the item that everyone has open, so whoever is elsewhere then has gone there. */
const isLost = ({ timeline }: RoomState, person: Person): boolean =>
  timeline.phase === 'holding' ? !FOLLOWING.has(person.state) : LOST.has(person.state) && !isArriving(person);

/** Starts when the countdown is over, or without those who are not ready in time (PROTOCOL.md T-09, T-15). */
export function endGateIfDue(room: RoomState, nowMs: number): Step {
  if (!room.gate || nowMs < gateEndsAtMs(room.gate)) return { room, effects: [] };
  return start(room, room.gate.waitingFor.length === 0 ? 'ready' : 'deadline', nowMs);
}

/** Takes members out of the gate, and starts the film when they were the last. */
export function stopWaitingFor(room: RoomState, members: readonly string[], nowMs: number): Step {
  if (!room.gate?.waitingFor.some((id) => members.includes(id))) return { room, effects: [] };
  const waitingFor = room.gate.waitingFor.filter((id) => !members.includes(id));
  const next = { ...room, gate: { ...room.gate, waitingFor } };
  const { soonestAtMs } = next.gate;
  if (waitingFor.length === 0 && (soonestAtMs === null || nowMs >= soonestAtMs)) return start(next, 'ready', nowMs);
  return { room: next, effects: [announceTimeline(next, 'waiting', null, null)] };
}

function start(room: RoomState, cause: 'ready' | 'deadline', nowMs: number): Step {
  const next = goOn({ ...room, timeline: { ...room.timeline, seq: room.timeline.seq + 1 } }, nowMs);
  return { room: next, effects: [announceTimeline(next, cause, null, null)] };
}
