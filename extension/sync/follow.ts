import { assertNever } from '../../shared/errors.ts';
import type { Timeline } from '../../shared/protocol.ts';
import {
  EARLY_SEEKS,
  END_MARGIN_MS,
  HAVE_FUTURE_DATA,
  LATE_START_MS,
  LOOK_SOON_MS,
  MAX_PREROLLS,
  MAX_REST_SEEKS,
  RATE_LATENCY_MS,
  REST_TOLERANCE_MS,
  REST_TOLERANCE_PROGRESSIVE_MS,
  START_PATIENCE_MS,
} from './constants.ts';
import { forgetOffsets } from './controller.ts';
import { flow, seekAlong, thresholdOf } from './flow.ts';
import type { EngineEffect, Reading } from './io.ts';
import { expectedLatency } from './latency.ts';
import { type Target, targetOf, timelineKey } from './motion-of.ts';
import { breakMotion, pitchAt, writeRate } from './rate.ts';
import { planStart, soughtPlace, startsBetterSought } from './start.ts';
import { isOnRoomItem, type Motion, patch, type Turn } from './state.ts';
import { isLoaded } from './supply.ts';

/** Makes the player do what the room's timeline says, as far as it is ours to steer now. */
export function follow(turn: Turn): void {
  const { state, reading } = turn;
  const target = targetOf(state, turn.nowMs);
  if (!target || !reading || !maySteer(turn)) return;
  switch (target.timeline.phase) {
    case 'paused':
    case 'holding':
    case 'preparing':
      rest(turn, target, reading);
      return;
    case 'playing':
      move(turn, target, reading);
      return;
    default:
      assertNever(target.timeline.phase);
  }
}

function maySteer(turn: Turn): boolean {
  const { state } = turn;
  const waitsForWelcome = state.link.state === 'open' && !state.link.welcomed;
  return (
    isOnRoomItem(state) &&
    state.source.state === 'ready' &&
    !state.detached &&
    state.follow !== 'free' &&
    state.inFlight === null &&
    state.waiting.length === 0 &&
    !waitsForWelcome
  );
}

type Resting = Extract<Motion, { state: 'resting' }>;

/** Paused, on the timeline's position; when the room prepares or waits, says so once that is reached. */
function rest(turn: Turn, target: Target, reading: Reading): void {
  const { timeline } = target;
  const key = timelineKey(timeline);
  const old = turn.state.motion;
  const motion: Resting =
    old.state === 'resting' && old.key === key ? old : { state: 'resting', key, seeks: 0, readySent: false };
  if (!reading.paused) turn.effects.push({ type: 'pause' });
  const brokenOff = !reading.paused && old.state !== 'flowing';
  setRate(turn, reading, timeline.rate, 0);
  if (needsSeek(turn, motion, reading, timeline, brokenOff)) {
    turn.effects.push({ type: 'seek', positionMs: soughtPlace(timeline.positionMs, reading) }, lookSoon(turn));
    patch(turn, { motion: { ...motion, seeks: motion.seeks + 1 }, startKind: 'cold' });
    return;
  }
  patch(turn, { motion });
  if (timeline.phase === 'paused' || motion.readySent) return;
  if (!reading.paused || !isLoaded(reading, timeline.phase === 'holding')) {
    turn.effects.push(lookSoon(turn));
    return;
  }
  turn.effects.push({ type: 'ready', seq: timeline.seq });
  patch(turn, { motion: { ...motion, readySent: true } });
}

const lookSoon = (turn: Turn): EngineEffect => ({ type: 'wake', atMs: turn.nowMs + LOOK_SOON_MS, to: 'look' });

function needsSeek(turn: Turn, motion: Resting, reading: Reading, timeline: Timeline, brokenOff: boolean): boolean {
  if (reading.seeking || motion.seeks >= MAX_REST_SEEKS) return false;
  // After a start that is broken off the next takes 0 or 80 ms, one cannot know; after a paused seek always the same.
  if (brokenOff && reading.kind !== 'progressive-transcode') return true;
  const moved = turn.state.startKind === 'warm';
  if (moved && motion.seeks === 0 && timeline.phase === 'paused' && startsBetterSought(turn.state, reading))
    return true;
  const tolerance = reading.kind === 'progressive-transcode' ? REST_TOLERANCE_PROGRESSIVE_MS : REST_TOLERANCE_MS;
  return Math.abs(reading.positionMs - timeline.positionMs) > tolerance;
}

/** Playing: start when paused, otherwise keep it on the timeline. */
function move(turn: Turn, target: Target, reading: Reading): void {
  if (isAtEnd(target, reading, turn.nowMs)) {
    patch(turn, { motion: { state: 'idle' } });
    return;
  }
  scheduleRate(turn, target, reading);
  if (reading.paused) {
    start(turn, target, reading);
    return;
  }
  const { motion } = turn.state;
  const ours = motion.state === 'flowing' && motion.key === timelineKey(target.timeline);
  const early =
    !target.continuous && turn.nowMs < target.startAtMs - latencyOf(turn, reading) - LATE_START_MS[reading.kind];
  if (early && !ours) {
    turn.effects.push({ type: 'pause' }, lookSoon(turn));
    // A start under way keeps its count of pre-rolls: a page that plays each new source by itself must not restart it.
    if (motion.state !== 'starting') patch(turn, { motion: { state: 'idle' } });
    return;
  }
  flow(turn, target, reading);
}

const isAtEnd = (target: Target, reading: Reading, nowMs: number): boolean =>
  reading.durationMs !== null && target.positionAt(nowMs) >= reading.durationMs - END_MARGIN_MS;

/** The group's rate, with the running trim; a scheduled one is written early by what the audio pipeline takes. */
function scheduleRate(turn: Turn, target: Target, reading: Reading): void {
  const { state, nowMs } = turn;
  const actsAtMs = target.startAtMs - RATE_LATENCY_MS;
  if (target.continuous && nowMs < actsAtMs) turn.effects.push({ type: 'wake', atMs: actsAtMs, to: 'look' });
  // The person who chose the speed has it already: going back to the old one until then would cost two switches.
  if (target.continuous && nowMs < actsAtMs && Math.abs(reading.rate - target.timeline.rate) <= RATE_MATCH) return;
  const groupRate = target.rateAt(reading.paused ? target.startAtMs : nowMs + RATE_LATENCY_MS);
  // Who follows loosely is hurried by nothing, not by this device's own pace either (M-12).
  const trim = state.motion.state === 'flowing' && state.follow !== 'loosely' ? state.control.trim : 0;
  setRate(turn, reading, groupRate, trim);
}

const RATE_MATCH = 1e-6;

function setRate(turn: Turn, reading: Reading, groupRate: number, trim: number): void {
  if (Math.abs(reading.rate - groupRate * (1 + trim)) <= RATE_MATCH) return;
  const { control, actuator } = turn.state;
  writeRate(turn, groupRate, trim, control.episodeEndsAtMs === null ? pitchAt(actuator, groupRate) : 'kept');
}

const latencyOf = (turn: Turn, reading: Reading): number =>
  expectedLatency(turn.state.latencies, reading.kind, turn.state.startKind);

/** From paused to moving, on time. */
function start(turn: Turn, target: Target, reading: Reading): void {
  const { nowMs } = turn;
  const key = timelineKey(target.timeline);
  const old = turn.state.motion;
  const motion =
    old.state === 'starting' && old.key === key
      ? old
      : { state: 'starting' as const, key, prerolls: 0, sinceMs: nowMs };
  patch(turn, { motion });
  const impatient = nowMs - motion.sinceMs > START_PATIENCE_MS;
  if ((reading.seeking || reading.readyState < HAVE_FUTURE_DATA) && !impatient) {
    turn.effects.push(lookSoon(turn));
    return;
  }
  const plan = planStart({
    nowMs,
    positionMs: reading.positionMs,
    stream: reading.kind,
    anchorMs: target.timeline.positionMs,
    startAtMs: target.startAtMs,
    rate: target.timeline.rate,
    latencyMs: latencyOf(turn, reading),
    prerolls: motion.prerolls,
  });
  if (plan.type === 'preroll' && motion.prerolls < MAX_PREROLLS && !impatient) {
    turn.effects.push({ type: 'seek', positionMs: plan.positionMs }, lookSoon(turn));
    patch(turn, { motion: { ...motion, prerolls: motion.prerolls + 1 }, startKind: 'cold' });
  } else if (plan.type === 'play-at' && plan.atMs > nowMs + 0.05) {
    turn.effects.push({ type: 'wake', atMs: plan.atMs, to: 'start' });
  } else {
    play(turn, target, reading);
  }
}

function play(turn: Turn, target: Target, reading: Reading): void {
  const { nowMs, state } = turn;
  const kind = state.startKind;
  const offMs = reading.positionMs - target.positionAt(nowMs + latencyOf(turn, reading));
  turn.effects.push({ type: 'play' });
  const probe = { kind, fromMs: nowMs, fromPositionMs: reading.positionMs, rate: target.timeline.rate, measuredMs: [] };
  patch(turn, {
    motion: { state: 'flowing', key: timelineKey(target.timeline), sinceMs: nowMs, earlySeeks: EARLY_SEEKS, probe },
    startKind: 'warm',
    control: forgetOffsets(state.control),
  });
  breakMotion(turn, target.timeline.rate);
  // Every pre-roll was missed: moving first and seeking after is all that is left.
  if (Math.abs(offMs) > thresholdOf(reading)) seekAlong(turn, target, reading, EARLY_SEEKS);
}
