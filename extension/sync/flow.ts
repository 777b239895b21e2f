import {
  EARLY_LOOK_MS,
  EARLY_SEEKS,
  EARLY_SETTLE_MS,
  EARLY_WINDOW_MS,
  HAVE_FUTURE_DATA,
  LOOK_SOON_MS,
  LOOSE_MS,
  QUANTISED_SPREAD_MS,
  SEEK_BUFFER_MARGIN_MS,
  SEEK_THRESHOLD_MS,
  SEEK_THRESHOLD_PROGRESSIVE_MS,
  SENSOR_READINGS,
  SETTLE_LOOK_MS,
  SETTLE_MS,
} from './constants.ts';
import { type Control, correct, forgetOffsets, observe } from './controller.ts';
import type { Reading } from './io.ts';
import { expectedLatency, learnLatency, medianOf } from './latency.ts';
import { type Target, timelineKey } from './motion-of.ts';
import { breakMotion, noteMotion, pitchAt, writeRate } from './rate.ts';
import { sense } from './sensor.ts';
import { type Motion, type Probe, patch, type Turn } from './state.ts';

type Flowing = Extract<Motion, { state: 'flowing' }>;

/** Keeps a playing element on the timeline. */
export function flow(turn: Turn, target: Target, reading: Reading): void {
  const motion = enter(turn, target, reading);
  if (!motion || reading.seeking || reading.readyState < HAVE_FUTURE_DATA) return;
  const quietMs = turn.nowMs - motion.sinceMs;
  const full = turn.state.control.offsets.length + 1 >= SENSOR_READINGS;
  const early = motion.earlySeeks > 0;
  const settleMs = early ? EARLY_SETTLE_MS : SETTLE_MS;
  if (quietMs < settleMs || !full || (early && quietMs < EARLY_WINDOW_MS)) {
    const lookMs = early && quietMs < 2 * SETTLE_MS ? EARLY_LOOK_MS : SETTLE_LOOK_MS;
    turn.effects.push({ type: 'wake', atMs: Math.max(turn.nowMs + lookMs, motion.sinceMs + settleMs), to: 'look' });
  }
  if (quietMs < settleMs) return;
  const control = observe(turn.state.control, reading.positionMs - target.positionAt(reading.atMs));
  patch(turn, { control });
  if (quietMs >= SETTLE_MS) {
    noteMotion(turn, reading);
    measure(turn, motion, reading);
  }
  if (turn.state.follow === 'loosely') {
    if (full && isFarOff(control)) rejoin(turn, target, reading);
    return;
  }
  steer(turn, target, reading, motion, control);
}

/** @returns the motion under this timeline; null when entering it took a seek. */
function enter(turn: Turn, target: Target, reading: Reading): Flowing | null {
  const { motion, control } = turn.state;
  const key = timelineKey(target.timeline);
  if (motion.state === 'flowing' && motion.key === key) return motion;
  const carried: Flowing = { state: 'flowing', key, sinceMs: turn.nowMs, earlySeeks: 0, probe: null };
  patch(turn, { motion: carried, control: forgetOffsets(control), startKind: 'warm' });
  breakMotion(turn, target.timeline.rate);
  if (motion.state === 'flowing' && target.continuous) return carried;
  // Someone else set it going (the person's click, the page's own start): join the motion at once, and once more with
  // what that has taught (a page that is still loading is slow).
  const off = Math.abs(reading.positionMs - target.positionAt(reading.atMs));
  const enoughMs = turn.state.follow === 'loosely' ? LOOSE_MS : thresholdOf(reading);
  // Who was in motion under a relay that has come back may seem off by all that its new clock can be wrong by (S-06).
  const unsureMs = motion.state === 'flowing' ? target.clock.roundTripMs / 2 : 0;
  if (off <= enoughMs + unsureMs || reading.seeking) return carried;
  rejoin(turn, target, reading, 1);
  return null;
}

/**
 * Back onto the timeline. A transcode restarts for each seek, and what is not there yet takes its time: then it is
 * stopped, sought ahead and started on time.
 */
function rejoin(turn: Turn, target: Target, reading: Reading, earlySeeks = 0): void {
  if (reading.kind !== 'progressive-transcode' && isBuffered(target, reading)) {
    return seekAlong(turn, target, reading, earlySeeks);
  }
  turn.effects.push({ type: 'pause' }, { type: 'wake', atMs: turn.nowMs + LOOK_SOON_MS, to: 'look' });
  const key = timelineKey(target.timeline);
  patch(turn, {
    motion: { state: 'starting', key, prerolls: 0, sinceMs: turn.nowMs },
    control: forgetOffsets(turn.state.control),
  });
}

/** Who follows loosely is let be until others would speak of another scene. */
const isFarOff = ({ offsets }: Control): boolean => Math.abs(sense(offsets)?.offsetMs ?? 0) > LOOSE_MS;

/** @returns how far off, in ms, this stream must be for a seek. */
export const thresholdOf = (reading: Reading): number =>
  reading.kind === 'progressive-transcode' ? SEEK_THRESHOLD_PROGRESSIVE_MS : SEEK_THRESHOLD_MS;

function steer(turn: Turn, target: Target, reading: Reading, motion: Flowing, observed: Control): void {
  const { nowMs } = turn;
  const groupRate = target.rateAt(nowMs);
  // With nobody to be in step with there is nothing to hide; the second one waits for what the first has taught.
  const early =
    turn.state.others > 0 && (motion.earlySeeks === EARLY_SEEKS || (motion.earlySeeks > 0 && motion.probe === null));
  const { control, correction } = correct(observed, {
    nowMs,
    steadySinceMs: motion.sinceMs,
    early,
    fresh: turn.state.others > 0 && nowMs - motion.sinceMs <= EARLY_WINDOW_MS,
    seekThresholdMs: thresholdOf(reading),
    seekLatencyMs: expectedLatency(turn.state.latencies, reading.kind, 'seek'),
    buffered: isBuffered(target, reading),
    trimmable: nowMs >= target.startAtMs,
    actuator: turn.state.actuator.choice,
    pitch: pitchAt(turn.state.actuator, groupRate),
  });
  patch(turn, { control });
  if (control.episodeEndsAtMs !== null) turn.effects.push({ type: 'wake', atMs: control.episodeEndsAtMs, to: 'look' });
  if (correction.type === 'seek') {
    // A start that far off must teach the next one, though the seek ends its measuring.
    if (early && motion.probe) learn(turn, reading, motion.probe, latencySoFar(motion.probe, reading));
    rejoin(turn, target, reading, Math.max(0, motion.earlySeeks - 1));
  }
  if (correction.type === 'trim') {
    writeRate(turn, groupRate, correction.trim, correction.pitch);
  }
}

/** @returns whether the picture that is due can be shown without loading; what lies behind is kept by every browser. */
const isBuffered = (target: Target, reading: Reading): boolean =>
  target.positionAt(reading.atMs) - reading.positionMs <= reading.bufferedAheadMs - SEEK_BUFFER_MARGIN_MS;

/** Seeks while playing to where the timeline will be when the element moves again. */
export function seekAlong(turn: Turn, target: Target, reading: Reading, earlySeeks = 0): void {
  const { state, nowMs } = turn;
  const rate = target.rateAt(nowMs);
  const latencyMs = expectedLatency(state.latencies, reading.kind, 'seek');
  const positionMs = Math.max(0, target.positionAt(nowMs) + latencyMs * rate);
  turn.effects.push({ type: 'seek', positionMs });
  const probe: Probe = { kind: 'seek', fromMs: nowMs, fromPositionMs: positionMs, rate, measuredMs: [] };
  patch(turn, {
    motion: { state: 'flowing', key: timelineKey(target.timeline), sinceMs: nowMs, earlySeeks, probe },
    control: forgetOffsets(state.control),
  });
  breakMotion(turn, rate);
}

/** Learns how long the start or seek took. */
function measure(turn: Turn, motion: Flowing, reading: Reading): void {
  const { probe } = motion;
  if (!probe) return;
  const measuredMs = [...probe.measuredMs, latencySoFar(probe, reading)];
  if (measuredMs.length < SENSOR_READINGS) {
    patch(turn, { motion: { ...motion, probe: { ...probe, measuredMs } } });
    return;
  }
  learn(turn, reading, probe, latencyFrom(measuredMs));
  patch(turn, { motion: { ...motion, probe: null } });
}

/** @returns what the position lacks against an instant start, in ms. */
const latencySoFar = (probe: Probe, reading: Reading): number =>
  reading.atMs - probe.fromMs - (reading.positionMs - probe.fromPositionMs) / probe.rate;

function learn(turn: Turn, reading: Reading, { kind }: Probe, latencyMs: number): void {
  patch(turn, { latencies: learnLatency(turn.state.latencies, reading.kind, kind, latencyMs) });
}

const latencyFrom = (measuredMs: readonly number[]): number => {
  const least = Math.min(...measuredMs);
  return Math.max(...measuredMs) - least > QUANTISED_SPREAD_MS ? least : medianOf(measuredMs);
};
