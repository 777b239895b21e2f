import {
  COARSE_STEP_MS,
  COARSE_TRIM_BEGIN_MS,
  COARSE_TRIM_END_MS,
  GENTLE_BELOW_MS,
  GENTLE_TRIM,
  MAX_SEEK_BACKOFF_MS,
  MAX_TRIM,
  SEEK_BACKOFF_MS,
  SEEK_MEDIANS,
  SEEK_QUIET_MS,
  SENSOR_READINGS,
  SENSOR_WINDOW,
  TRIM_BEGIN_MS,
  TRIM_END_MS,
  TRIM_INTERVAL_MS,
  TRIM_STEP,
  TRIM_TIME_MS,
} from './constants.ts';
import type { Pitch } from './io.ts';
import { medianOf } from './latency.ts';

/** Memory of the controller that keeps a playing element on the timeline. */
export interface Control {
  /** Newest offsets (position minus target, ms), oldest first. */
  offsets: readonly number[];
  /** Last verdict on this browser's media clock. */
  coarse: boolean;
  /** Medians in a row beyond the seek threshold. */
  far: number;
  /** No automatic seek before this local instant. */
  seekNotBeforeMs: number;
  backoffMs: number;
  /** Relative correction on the rate; 0 while resting. */
  trim: number;
  trimmedAtMs: number;
}

export interface Sensed {
  /** Best guess of position minus target, in ms. */
  offsetMs: number;
  /** The clock moves in frames, so the guess is rougher. */
  coarse: boolean;
}

/** At normal speed the pitch may follow a trim, which nobody hears; at a speed that people chose it must not. */
export const pitchFor = (groupRate: number): Pitch => (groupRate === 1 ? 'natural' : 'kept');

/** @returns a controller that has seen nothing. */
export const createControl = (): Control => ({
  offsets: [],
  coarse: false,
  far: 0,
  seekNotBeforeMs: Number.NEGATIVE_INFINITY,
  backoffMs: SEEK_BACKOFF_MS,
  trim: 0,
  trimmedAtMs: Number.NEGATIVE_INFINITY,
});

/** Forgets the readings (after a start, seek, stall or new timeline) but not how often it has sought. */
export const forgetOffsets = (control: Control): Control => ({ ...control, offsets: [], far: 0, trim: 0 });

/** Adds one reading's offset in ms. */
export const observe = (control: Control, offsetMs: number): Control => ({
  ...control,
  offsets: [...control.offsets.slice(-(SENSOR_WINDOW - 1)), offsetMs],
});

/**
 * The offset as far as it can be told. A smooth clock: the median of five, because single readings glitch. A
 * frame-quantised clock (Firefox) only ever lags, by up to a frame: its upper envelope is the truth.
 * @returns null until there are enough readings.
 */
export function sense(control: Control): Sensed | null {
  const { offsets } = control;
  if (offsets.length < SENSOR_READINGS) return null;
  const steps = offsets.slice(1).map((offset, i) => Math.abs(offset - (offsets[i] ?? offset)));
  // A glitch makes two steps large, a quantised clock nearly all of them: hence not quite the median.
  const usualStep = steps.sort((a, b) => a - b)[Math.floor(steps.length * 0.4)] ?? 0;
  if (usualStep <= COARSE_STEP_MS) return { offsetMs: medianOf(offsets.slice(-SENSOR_READINGS)), coarse: false };
  const highest = [...offsets].sort((a, b) => b - a);
  return { offsetMs: highest[1] ?? 0, coarse: true };
}

export interface ControlSituation {
  nowMs: number;
  /** Local ms since which the element has moved undisturbed. */
  steadySinceMs: number;
  seekThresholdMs: number;
  /** Whether this stream and rate take trims. */
  trimmable: boolean;
}

export type Correction = { type: 'none' } | { type: 'seek' } | { type: 'trim'; trim: number };

/**
 * Decides on a correction after a reading. Far off: one seek, with growing pauses between. Near: a trim of at most
 * 0.5 %, exact and without a step when the pitch follows the rate (sync.md section 0); the pitch-preserving kind would
 * cost a click and 21 ms each time. The later controller adds the integral term here.
 */
export function correct(control: Control, s: ControlSituation): { control: Control; correction: Correction } {
  const sensed = sense(control);
  if (!sensed) return { control, correction: { type: 'none' } };
  const far = Math.abs(sensed.offsetMs) > s.seekThresholdMs ? control.far + 1 : 0;
  const next = { ...control, far, coarse: sensed.coarse };
  const quiet = s.nowMs - s.steadySinceMs >= SEEK_QUIET_MS && s.nowMs >= control.seekNotBeforeMs;
  if (far >= SEEK_MEDIANS && quiet) return { control: afterSeek(next, s.nowMs), correction: { type: 'seek' } };
  if (!s.trimmable) return { control: next, correction: { type: 'none' } };
  return trimFor(next, sensed, s.nowMs);
}

/** An automatic seek was made: the next one waits longer, unless the last was long ago. */
export function afterSeek(control: Control, nowMs: number): Control {
  const calm = nowMs - control.seekNotBeforeMs > MAX_SEEK_BACKOFF_MS;
  const waitMs = calm ? SEEK_BACKOFF_MS : control.backoffMs;
  const backoffMs = Math.min(MAX_SEEK_BACKOFF_MS, waitMs * 2);
  return { ...forgetOffsets(control), seekNotBeforeMs: nowMs + waitMs, backoffMs };
}

function trimFor(control: Control, sensed: Sensed, nowMs: number): { control: Control; correction: Correction } {
  if (nowMs - control.trimmedAtMs < TRIM_INTERVAL_MS) return { control, correction: { type: 'none' } };
  const begin = sensed.coarse ? COARSE_TRIM_BEGIN_MS : TRIM_BEGIN_MS;
  const end = sensed.coarse ? COARSE_TRIM_END_MS : TRIM_END_MS;
  const size = Math.abs(sensed.offsetMs);
  const active = control.trim !== 0 ? size > end : size > begin;
  const wanted = active ? -sensed.offsetMs / TRIM_TIME_MS : 0;
  const limit = size < GENTLE_BELOW_MS ? GENTLE_TRIM : MAX_TRIM;
  const clamped = Math.max(-limit, Math.min(limit, wanted));
  const trim = Math.round(clamped / TRIM_STEP) * TRIM_STEP || (active ? Math.sign(clamped) * TRIM_STEP : 0);
  if (trim === control.trim) return { control, correction: { type: 'none' } };
  return { control: { ...control, trim, trimmedAtMs: nowMs }, correction: { type: 'trim', trim } };
}
