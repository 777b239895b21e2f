import { assertNever } from '../../shared/errors.ts';
import type { Delivery, MemberState, Reason } from '../../shared/protocol.ts';
import { estimateClock } from './clock.ts';
import {
  COARSE_ERROR_MS,
  HAVE_FUTURE_DATA,
  IN_SYNC_MS,
  LATE_SOUND_MS,
  OTHER_CUT_MS,
  REST_TOLERANCE_PROGRESSIVE_MS,
  SLOW_START_MS,
  STATUS_INTERVAL_MS,
  STATUS_MIN_INTERVAL_MS,
} from './constants.ts';
import type { Reading } from './io.ts';
import { expectedLatency } from './latency.ts';
import { sense } from './sensor.ts';
import { type EngineState, isOnRoomItem, patch, type Turn } from './state.ts';

/** Tells the room how this member is doing: every 3 s, and soon after a change. */
export function report(turn: Turn): void {
  const { state, nowMs } = turn;
  if (state.link.state !== 'open' || !state.link.welcomed) return;
  const memberState = memberStateOf(turn);
  const age = nowMs - state.report.sentAtMs;
  const due = memberState === state.report.state ? STATUS_INTERVAL_MS : STATUS_MIN_INTERVAL_MS;
  if (age < due) return;
  const clock = estimateClock(state.clock, nowMs);
  const stream = turn.reading?.kind ?? 'direct';
  // Most starts follow a paused seek, and a lead that is too short for one member makes that one late.
  const startMs = expectedLatency(state.latencies, stream, 'cold');
  const delivery = deliveryOf(turn);
  turn.effects.push({
    type: 'status',
    state: memberState,
    reason: reasonOf(turn, stream),
    ...(state.follow !== 'closely' && { follow: state.follow }),
    ...(delivery && { delivery }),
    offsetMs: offsetOf(state),
    errorMs: clock ? clock.errorMs + (state.control.coarse ? COARSE_ERROR_MS : 0) : null,
    deliveryMs: clock ? Math.max(0, clock.deliveryMs) : null,
    startMs: Math.max(0, startMs),
  });
  patch(turn, { report: { sentAtMs: nowMs, state: memberState } });
}

/** @returns this member's picture against the timeline, in ms; null when it does not move with it. */
export function offsetOf(state: EngineState): number | null {
  return state.motion.state === 'flowing' ? (sense(state.control.offsets)?.offsetMs ?? null) : null;
}

/** @returns what matters most to people of what this member knows of why it is not in step, or not exactly. */
function reasonOf(turn: Turn, stream: Reading['kind']): Reason | null {
  const { control, latencies, motion, outputMs, nudgeMs } = turn.state;
  const isFlowing = motion.state === 'flowing';
  if (isFlowing && control.seeking.state === 'given-up') return 'gave-up';
  // Only a person can do something about it.
  if (isOtherCut(turn)) return 'other-cut';
  if (!isFlowing) return null;
  if (outputMs - nudgeMs > LATE_SOUND_MS) return 'audio-delay';
  if (expectedLatency(latencies, stream, 'cold') > SLOW_START_MS) return 'slow-start';
  // Last, since in Firefox it always is.
  return control.coarse ? 'coarse-clock' : null;
}

/** @returns whether this member's version of the film is another one: the same moment may then be elsewhere in it. */
function isOtherCut({ state, reading }: Turn): boolean {
  const runtimeMs = isOnRoomItem(state) ? (state.room?.timeline.media?.runtimeMs ?? null) : null;
  if (runtimeMs === null || reading?.durationMs == null) return false;
  return Math.abs(reading.durationMs - runtimeMs) > OTHER_CUT_MS;
}

/** @returns how the room's film comes here, as its address tells; null while it does not play here. */
function deliveryOf({ state, reading }: Turn): Delivery | null {
  const { source } = state;
  if (!reading || !isOnRoomItem(state) || source.state === 'none' || source.state === 'loading') return null;
  return reading.kind === 'direct' ? 'direct' : 'transcode';
}

/** @returns what this member would tell the room about itself now. */
export function memberStateOf(turn: Turn): MemberState {
  const { place, source, hidden, item, follow } = turn.state;
  if (follow === 'free') return 'away';
  switch (place.state) {
    case 'away':
    case 'other-item':
    case 'item-missing':
      return place.state;
    case 'opening':
      return loadingStateOf(turn);
    case 'following':
      if (place.had === null) return 'joining';
      if (source.state === 'blocked') return 'autoplay-blocked';
      // Whoever leaves the player by hand is not following any more: this one was closed by the page, at the end.
      if (item.state === 'none') return source.state === 'none' ? 'in-sync' : 'buffering';
      return hidden ? 'background' : motionStateOf(turn);
    default:
      return assertNever(place);
  }
}

/** Nothing is there to see yet: for the first time, or for once. */
const loadingStateOf = ({ state: { report } }: Turn): MemberState =>
  report.state === null || report.state === 'joining' ? 'joining' : 'buffering';

function motionStateOf(turn: Turn): MemberState {
  const { state, reading } = turn;
  const { source, motion, room } = state;
  // The page may name the film before its first byte is there; at rest its empty element looks like the film's beginning.
  if (source.state === 'none') return loadingStateOf(turn);
  if (source.state === 'loading' || (source.state === 'ready' && source.stalled)) return 'buffering';
  if (source.state === 'ended') return 'in-sync';
  if (!isOnRoomItem(state) || !reading || !room) return 'catching-up';
  if (!reading.paused && !reading.seeking && reading.readyState < HAVE_FUTURE_DATA) return 'buffering';
  if (room.timeline.phase !== 'playing') {
    return Math.abs(reading.positionMs - room.timeline.positionMs) <= REST_TOLERANCE_PROGRESSIVE_MS
      ? 'in-sync'
      : 'catching-up';
  }
  const offsetMs = offsetOf(state);
  if (offsetMs === null)
    return motion.state === 'flowing' && state.report.state === 'in-sync' ? 'in-sync' : 'catching-up';
  return Math.abs(offsetMs) <= IN_SYNC_MS ? 'in-sync' : 'catching-up';
}
