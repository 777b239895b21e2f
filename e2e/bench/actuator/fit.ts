/** What a change of rate did to the media clock, from readings of it: PURE. */
import { median } from '../report.ts';

/** One reading: `performance.now()` and `currentTime`, both in ms. */
export type Reading = readonly [atMs: number, positionMs: number];

/** One stretch at one rate, from the moment of the command until the next. */
export interface Stretch {
  rate: number;
  fromMs: number;
  readings: readonly Reading[];
}

export interface Line {
  slope: number;
  /** Position at a moment. */
  at(atMs: number): number;
  residualsMs: number[];
}

export interface Excursion {
  /** Film gained or lost beside what the rate accounts for, there and back. */
  stepMs: number;
  /** How wrong the rate was, as a share of its distance from 1. */
  slopeError: number;
  /** Standard deviation of the readings around their line, during the excursion and at rest. */
  residualSdMs: number;
  restSdMs: number;
}

/** A reading may be off for an instant; those far off do not bend the line, but count in its residuals. */
const OUTLIER_FACTOR = 5;
const OUTLIER_FLOOR_MS = 0.5;

export function fitLine(readings: readonly Reading[]): Line {
  const first = leastSquares(readings);
  const sizes = readings.map((reading) => Math.abs(residual(first, reading)));
  const limitMs = Math.max(OUTLIER_FLOOR_MS, OUTLIER_FACTOR * (median(sizes) ?? 0));
  const line = leastSquares(readings.filter((_, i) => (sizes[i] ?? 0) <= limitMs));
  return { ...line, residualsMs: readings.map((reading) => residual(line, reading)) };
}

const residual = (line: Omit<Line, 'residualsMs'>, [atMs, positionMs]: Reading): number => positionMs - line.at(atMs);

function leastSquares(readings: readonly Reading[]): Omit<Line, 'residualsMs'> {
  if (readings.length < 3) throw new Error(`only ${readings.length} readings of the media clock`);
  const meanAt = mean(readings.map(([atMs]) => atMs));
  const meanPosition = mean(readings.map(([, positionMs]) => positionMs));
  const covariance = mean(readings.map(([atMs, positionMs]) => (atMs - meanAt) * (positionMs - meanPosition)));
  const slope = covariance / mean(readings.map(([atMs]) => (atMs - meanAt) ** 2));
  return { slope, at: (atMs) => meanPosition + slope * (atMs - meanAt) };
}

/**
 * Compares a stretch at another rate with the stretches at rate 1 around it. What the command is late by cancels, because going
 * back is late by as much. @param restMs what to leave out after each change, while it takes effect.
 */
export function excursion(before: Stretch, during: Stretch, after: Stretch, restMs: number): Excursion {
  const [first, middle, last] = [before, during, after].map(({ fromMs, readings }) =>
    fitLine(readings.filter(([atMs]) => atMs >= fromMs + restMs)),
  ) as [Line, Line, Line];
  // The media clock has a pace of its own against the page's clock.
  const pace = (first.slope + last.slope) / 2;
  const meetMs = (during.fromMs + after.fromMs) / 2;
  const gainedMs = last.at(meetMs) - first.at(meetMs);
  const dueMs = pace * (during.rate - 1) * (after.fromMs - during.fromMs);
  return {
    stepMs: gainedMs - dueMs,
    slopeError: (middle.slope / pace - during.rate) / (during.rate - 1),
    residualSdMs: deviation(middle.residualsMs),
    restSdMs: deviation([...first.residualsMs, ...last.residualsMs]),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const deviation = (residuals: readonly number[]): number => Math.sqrt(mean(residuals.map((value) => value ** 2)));
