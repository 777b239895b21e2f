import { assertNever, type ErrorCode } from '../../shared/errors.ts';
import { MAX_POSITION_MS, MAX_RATE, MIN_RATE } from '../../shared/limits.ts';
import { isSameMedia } from '../../shared/media.ts';
import type { Action, Timeline } from '../../shared/protocol.ts';
import { adopt } from './adopt.ts';
import { COMMAND_TIMEOUT_MS, SEEK_SPACING_MS } from './constants.ts';
import type { Gesture } from './io.ts';
import { soughtPlace, startsBetterSought } from './start.ts';
import { isOnRoomItem, patch, type Turn } from './state.ts';

/** A person did something in the player: it becomes the room's, or stays theirs when it cannot. */
export function onGesture(turn: Turn, gesture: Gesture): void {
  const { state } = turn;
  if (state.source.state === 'blocked' || state.source.state === 'ended') {
    patch(turn, { source: { state: 'ready', stalled: false } });
  }
  if (gesture.type === 'seek') patch(turn, { startKind: 'cold' });
  if (state.follow === 'free') return;
  if (!state.room || !isOnRoomItem(state)) {
    if (gesture.type === 'play') stopWaitingForRoom(turn);
    return;
  }
  if (state.link.state === 'closed' || !state.link.welcomed) {
    patch(turn, { detached: true, waiting: [], motion: { state: 'idle' } });
    return;
  }
  if (state.inFlight || tooSoon(turn, gesture)) {
    patch(turn, { waiting: [...state.waiting.filter((other) => slotOf(other) !== slotOf(gesture)), gesture] });
    return;
  }
  const action = actionFor(gesture, state.room.timeline);
  if (!action) return;
  send(turn, action, gesture, pauseForAnswer(turn, action));
}

/** Who plays on with what their player came to by itself does not want to wait until the room comes there. */
function stopWaitingForRoom(turn: Turn): void {
  const { place, item, ended } = turn.state;
  if (ended && place.state === 'following' && item.state === 'known') patch(turn, { place: { state: 'other-item' } });
}

/** A held arrow key seeks thirty times a second; the room needs the last of them, and a few on the way. */
const tooSoon = (turn: Turn, gesture: Gesture): boolean =>
  gesture.type === 'seek' && turn.nowMs - turn.state.seekSentAtMs < SEEK_SPACING_MS;

/** Of gestures that undo each other only the newest counts. */
const slotOf = (gesture: Gesture): string => (gesture.type === 'pause' ? 'play' : gesture.type);

/** Sends the next gesture that waited for its turn. */
export function sendWaiting(turn: Turn): void {
  const { waiting, inFlight, seekSentAtMs } = turn.state;
  const next = waiting[0];
  if (!next || inFlight) return;
  if (tooSoon(turn, next)) {
    turn.effects.push({ type: 'wake', atMs: seekSentAtMs + SEEK_SPACING_MS, to: 'look' });
    return;
  }
  patch(turn, { waiting: waiting.slice(1) });
  onGesture(turn, next);
}

/** Stops the element until the room's answer says when to move: everybody starts together (or it drifts from its seek). */
function pauseForAnswer(turn: Turn, action: Action): boolean {
  const moves = action.kind === 'play' || (action.kind === 'seek' && turn.state.room?.timeline.phase === 'playing');
  const { reading, state } = turn;
  if (!moves || !reading || reading.paused) return moves;
  turn.effects.push({ type: 'pause' });
  if (action.kind === 'play' && state.room && startsBetterSought(state, reading)) {
    turn.effects.push({ type: 'seek', positionMs: soughtPlace(state.room.timeline.positionMs, reading) });
    patch(turn, { startKind: 'cold' });
  }
  return moves;
}

/** @returns what a gesture means to the room; null when the room is already so. */
export function actionFor(gesture: Gesture, timeline: Timeline): Action | null {
  switch (gesture.type) {
    case 'play':
      return timeline.phase === 'playing' ? null : { kind: 'play' };
    case 'pause':
      return timeline.phase === 'paused' ? null : { kind: 'pause', positionMs: clampPosition(gesture.positionMs) };
    case 'seek':
      return { kind: 'seek', positionMs: clampPosition(gesture.positionMs) };
    case 'rate': {
      const rate = Math.max(MIN_RATE, Math.min(MAX_RATE, gesture.rate));
      return Math.abs(rate - timeline.rate) < 1e-6 ? null : { kind: 'rate', rate };
    }
    default:
      return assertNever(gesture);
  }
}

const clampPosition = (positionMs: number): number => Math.max(0, Math.min(MAX_POSITION_MS, positionMs));

/** Sends a command based on the timeline this member has seen. `resume`: play if no answer comes. */
export function send(turn: Turn, action: Action, gesture: Gesture | null, resume: boolean, reissued = false): void {
  const { state, nowMs } = turn;
  if (!state.room) return;
  const id = `${state.ids.prefix}-${state.ids.next}`;
  turn.effects.push({ type: 'command', id, base: state.room.timeline.seq, action });
  patch(turn, {
    ids: { ...state.ids, next: state.ids.next + 1 },
    inFlight: { id, gesture, action, sentAtMs: nowMs, resume, reissued },
    seekSentAtMs: action.kind === 'seek' ? nowMs : state.seekSentAtMs,
    motion: { state: 'idle' },
  });
}

/** A wish about the room that is no gesture in the player: sent when it can be, dropped otherwise. */
export function onWish(turn: Turn, action: Action): void {
  const { link, room, inFlight } = turn.state;
  if (room && !inFlight && link.state === 'open' && link.welcomed) send(turn, action, null, false);
}

/** Our command came back as the room's timeline; a gesture made meanwhile goes out on top of it. */
export function onAnswered(turn: Turn, commandId: string | null): void {
  if (turn.state.inFlight?.id === commandId) patch(turn, { inFlight: null });
}

/** Our command was refused: once more on the newer timeline if it still means something, else the room is right. */
export function onRefused(turn: Turn, commandId: string, code: ErrorCode, timeline: Timeline | null): void {
  const { inFlight, waiting, room: before } = turn.state;
  if (timeline) adopt(turn, timeline);
  if (!inFlight || inFlight.id !== commandId) return;
  patch(turn, { inFlight: null });
  const { room } = turn.state;
  if (code !== 'stale-command') {
    // The room keeps its film; who opened another one watches that alone.
    const { action } = inFlight;
    if (action.kind === 'media' && !action.ended && room?.timeline.media)
      patch(turn, { place: { state: 'other-item' } });
    return;
  }
  const replaced = waiting.some((other) => inFlight.gesture !== null && slotOf(other) === slotOf(inFlight.gesture));
  if (!timeline || !room || inFlight.reissued || replaced) return;
  // A gesture that was made on one film says nothing about another.
  if (inFlight.gesture && !isSameMedia(before?.timeline.media ?? null, room.timeline.media)) return;
  const again = inFlight.gesture
    ? actionFor(inFlight.gesture, room.timeline)
    : mediaAgain(inFlight.action, room.timeline);
  if (again) send(turn, again, inFlight.gesture, inFlight.resume, true);
}

const mediaAgain = (action: Action, timeline: Timeline): Action | null =>
  action.kind === 'media' && !isSameMedia(action.media, timeline.media) ? action : null;

/** No answer in time: the person has pressed play, so it plays. */
export function expireCommand(turn: Turn): void {
  const { inFlight } = turn.state;
  if (inFlight && turn.nowMs - inFlight.sentAtMs >= COMMAND_TIMEOUT_MS) giveUpCommand(turn);
}

/** The answer will not come (time-out, link lost): the person's own player does what they asked. */
export function giveUpCommand(turn: Turn): void {
  const { inFlight } = turn.state;
  if (!inFlight) return;
  if (inFlight.resume) turn.effects.push({ type: 'play' });
  patch(turn, { inFlight: null, waiting: [], detached: true, motion: { state: 'idle' } });
}
