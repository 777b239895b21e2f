import { COARSE_STEP_MS, SENSOR_READINGS, SENSOR_WINDOW } from './constants.ts';
import { medianOf } from './latency.ts';

export interface Sensed {
  /** Best guess of position minus target, in ms. */
  offsetMs: number;
  /** The clock moves in frames, so the guess is rougher. */
  coarse: boolean;
}

/** @returns the readings with one more, in ms; no more than are ever looked at. */
export const addReading = (offsets: readonly number[], offsetMs: number): number[] => [
  ...offsets.slice(-(SENSOR_WINDOW - 1)),
  offsetMs,
];

/**
 * The offset as far as it can be told. A smooth clock: the median of five, because single readings glitch. A
 * frame-quantised clock (Firefox) only ever lags, by up to a frame: the truth is just above its upper envelope.
 * @param offsets newest last, in ms.
 * @returns null until there are enough readings.
 */
export function sense(offsets: readonly number[]): Sensed | null {
  if (offsets.length < SENSOR_READINGS) return null;
  const steps = offsets.slice(1).map((offset, i) => Math.abs(offset - (offsets[i] ?? offset)));
  // A glitch makes two steps large, a quantised clock nearly all of them: hence not quite the median.
  const usualStep = steps.sort((a, b) => a - b)[Math.floor(steps.length * 0.4)] ?? 0;
  if (usualStep <= COARSE_STEP_MS) return { offsetMs: medianOf(offsets.slice(-SENSOR_READINGS)), coarse: false };
  return { offsetMs: envelope(offsets), coarse: true };
}

/** Lags spread evenly over a frame: the largest of n of them falls short of the frame's edge by the n-th part of the spread. */
function envelope(offsets: readonly number[]): number {
  const sorted = [...offsets].sort((a, b) => a - b);
  const highest = sorted.at(-1) ?? 0;
  const lowest = sorted[0] ?? highest;
  return highest + (highest - lowest) / (offsets.length - 1);
}
