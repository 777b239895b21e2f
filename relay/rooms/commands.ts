import { assertNever, type ErrorCode } from '../../shared/errors.ts';
import {
  COUNTDOWN_MS,
  GATE_DEADLINE_MS,
  GATE_MEDIA_DEADLINE_MS,
  PAUSE_POSITION_TOLERANCE_MS,
  RUNTIME_SLACK_MS,
} from '../../shared/limits.ts';
import { isSameMedia } from '../../shared/media.ts';
import { maySteer } from '../../shared/powers.ts';
import type { Action, Control, Timeline } from '../../shared/protocol.ts';
import { positionAt, reanchor } from '../../shared/timeline.ts';
import { refused } from './effects.ts';
import { announceTimeline, goOn, leadMs, openGate, type Step, skipCountdown, startFromRest } from './gate.ts';
import { setWait } from './hold.ts';
import { playNext, tellQueue, withoutMedia } from './queue.ts';
import { isConnected, type RoomState, withTimeline, withUndo } from './state.ts';
import { placeOf, type Undo, undoOf } from './undo.ts';

export interface Command {
  member: string;
  id: string;
  /** The sequence number the member was looking at. */
  base: number;
  action: Action;
}

/** Carries out what a member did to the film, or says why not (PROTOCOL.md section 4). */
export function command(room: RoomState, input: Command, nowMs: number): Step {
  const { member, id, base, action } = input;
  if (!maySteerHere(room, member)) return refuse(room, input, 'not-allowed', STEERED_BY[room.house.rules.control]);
  if (base !== room.timeline.seq) return refuse(room, input, 'stale-command', 'somebody else was quicker');
  if (action.kind === 'undo' && !room.undo) return refuse(room, input, 'nothing-to-undo', 'nothing has been moved yet');
  const problem = positionProblem(room.timeline, action, nowMs);
  if (problem) return refuse(room, input, 'bad-position', problem);
  if (action.kind === 'media' && action.ended && room.queue.entries.length > 0)
    return goOnWithQueue(room, input, nowMs);
  const next = apply(room, input, nowMs);
  if (!MOVES.has(action.kind)) return { room: next, effects: [announceTimeline(next, action.kind, member, id)] };
  const moved = withUndo(next, undoOf(room, action.kind === 'seek' ? member : null, nowMs));
  const told = announceTimeline(moved, action.kind, member, id, placeOf(room.timeline, nowMs));
  return { room: moved, effects: moved.queue === room.queue ? [told] : [told, tellQueue(moved, null, null)] };
}

/** What `undo` takes back, itself included (PROTOCOL.md R-15). */
const MOVES: ReadonlySet<Action['kind']> = new Set(['seek', 'media', 'undo']);

/** Where a player has gone on to by itself matters only when nobody has said what comes next (PROTOCOL.md Q-04). */
function goOnWithQueue(room: RoomState, { member, id }: Command, nowMs: number): Step {
  const next = playNext(withTimeline(room, { ...room.timeline, seq: room.timeline.seq + 1 }, null), nowMs);
  return {
    room: next,
    effects: [announceTimeline(next, 'queue', member, id, placeOf(room.timeline, nowMs)), tellQueue(next, null, null)],
  };
}

/** Where everyone steers, nobody has to be looked up: most commands are that. */
function maySteerHere({ house, people }: RoomState, member: string): boolean {
  const { control } = house.rules;
  return control === 'everyone' || people.some(({ id, role }) => id === member && maySteer(control, role));
}

const STEERED_BY: Record<Control, string> = {
  everyone: 'only members steer here',
  chosen: 'only the host and co-hosts steer here: ask them',
  host: 'only the host steers here: ask the host',
};

function refuse(room: RoomState, { member, id }: Command, code: ErrorCode, message: string): Step {
  // Who sees a timeline looks whether to try again, which does not help who may not.
  const timeline = code === 'not-allowed' ? null : room.timeline;
  return { room, effects: [refused(member, id, { code, message }, timeline)] };
}

function positionProblem(timeline: Timeline, action: Action, nowMs: number): string | null {
  if (action.kind === 'wait') return null;
  if (action.kind === 'media' && action.ended && !isOver(timeline, nowMs)) return 'the film is not over yet';
  const media = action.kind === 'media' ? action.media : timeline.media;
  if (!media) return 'the party has no film yet';
  if (!('positionMs' in action) || media.runtimeMs === null) return null;
  return action.positionMs > media.runtimeMs + RUNTIME_SLACK_MS ? 'that is past the end of the film' : null;
}

/** A shorter version of the film is over sooner, which must not take everybody along (PROTOCOL.md T-15). */
function isOver(timeline: Timeline, nowMs: number): boolean {
  const runtimeMs = timeline.media?.runtimeMs ?? null;
  return runtimeMs === null || positionAt(timeline, nowMs) >= runtimeMs - RUNTIME_SLACK_MS;
}

function apply(room: RoomState, { member, action }: Command, nowMs: number): RoomState {
  const { epoch, seq, phase, positionMs, rate, atMs, media } = room.timeline;
  const timeline: Timeline = { epoch, seq: seq + 1, phase, positionMs, rate, atMs, media };
  const next = withTimeline(room, timeline, room.gate);
  switch (action.kind) {
    case 'play':
      return play(next, member, nowMs);
    case 'pause':
      return rest(next, pausedAt(timeline, action.positionMs, nowMs), nowMs);
    case 'seek':
      return goTo(next, action.positionMs, nowMs);
    case 'rate':
      return { ...next, timeline: { ...reanchorIfPlaying(room, timeline, nowMs), rate: action.rate } };
    case 'media':
      return changeMedia({ ...next, queue: withoutMedia(next.queue, action.media) }, action, nowMs);
    case 'go-on':
      return room.gate ? goOn(next, nowMs) : next;
    case 'wait':
      return setWait(next, action.waitMs, nowMs);
    case 'undo':
      return next.undo ? goBack(next, next.undo, nowMs) : next;
    default:
      return assertNever(action);
  }
}

function goTo(room: RoomState, positionMs: number, nowMs: number): RoomState {
  const { timeline } = room;
  if (timeline.phase === 'paused') return rest(room, positionMs, nowMs);
  return openGate(room, { ...timeline, positionMs }, nowMs, GATE_DEADLINE_MS);
}

/** To where the film was; it plays on, or goes on resting (PROTOCOL.md R-15). */
function goBack(room: RoomState, { media, positionMs, rate }: Undo, nowMs: number): RoomState {
  const { timeline } = room;
  if (isSameMedia(media, timeline.media)) return goTo(room, positionMs, nowMs);
  const play = timeline.phase !== 'paused';
  const back = changeMedia(room, { kind: 'media', media, positionMs, play }, nowMs);
  return { ...back, timeline: { ...back.timeline, rate } };
}

/** Who presses play while the film is held or counted down does not want to wait; else it will play anyway. */
function play(room: RoomState, member: string, nowMs: number): RoomState {
  switch (room.timeline.phase) {
    case 'paused':
      return startFromRest(room, member, nowMs);
    case 'holding':
      return goOn(room, nowMs);
    case 'preparing':
      return skipCountdown(room, nowMs);
    case 'playing':
      return room;
    default:
      return assertNever(room.timeline.phase);
  }
}

/** @returns the room at rest on a position (PROTOCOL.md T-04). */
function rest(room: RoomState, positionMs: number, nowMs: number): RoomState {
  const { epoch, seq, rate, media } = room.timeline;
  return withTimeline(room, { epoch, seq, phase: 'paused', positionMs, rate, atMs: nowMs, media }, null);
}

/** The frame that the pauser stopped on, when it can be believed; the timeline's own otherwise (PROTOCOL.md T-04). */
function pausedAt(timeline: Timeline, claimedMs: number, nowMs: number): number {
  const expectedMs = positionAt(timeline, nowMs);
  if (timeline.phase !== 'playing') return expectedMs;
  return Math.abs(claimedMs - expectedMs) <= PAUSE_POSITION_TOLERANCE_MS ? claimedMs : expectedMs;
}

/** A new speed begins at one instant for everyone (PROTOCOL.md T-05). */
function reanchorIfPlaying(room: RoomState, timeline: Timeline, nowMs: number): Timeline {
  if (timeline.phase !== 'playing') return timeline;
  return reanchor(timeline, Math.max(timeline.atMs, nowMs + leadMs(room.people)));
}

function changeMedia(room: RoomState, action: Extract<Action, { kind: 'media' }>, nowMs: number): RoomState {
  const isFirst = room.timeline.media === null;
  const timeline = { ...room.timeline, media: action.media, positionMs: action.positionMs, rate: 1 };
  if (!action.play) return rest({ ...room, timeline }, action.positionMs, nowMs);
  // Whoever starts the party is watching already: nothing stops for them (PROTOCOL.md T-10).
  if (isFirst) return { ...room, timeline: { ...timeline, phase: 'playing', atMs: nowMs } };
  const countdownMs = action.ended && room.people.filter(isConnected).length > 1 ? COUNTDOWN_MS : 0;
  return openGate({ ...room, gate: null }, timeline, nowMs, GATE_MEDIA_DEADLINE_MS, countdownMs);
}
