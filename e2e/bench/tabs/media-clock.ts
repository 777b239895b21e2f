/** What a recorded media clock did by itself, apart from the rates it was told: steps, slope, gaps. PURE. */

import type { ClockSample, EventSample, Track } from '../../support/sampler.ts';
import type { BrowserKind } from '../../support/seats.ts';

/** Frame-quantised clocks (Firefox) show the start of a frame: the highest over this time is what plays. */
const ENVELOPE_MS = 500;

/** A stretch of unbroken play with rates taken out: what is left of the position should be level. */
interface Level {
  atMs: number;
  levelMs: number;
}

export interface ClockHealth {
  /** Samples further apart than the page should ever be asleep. */
  gaps: number;
  /** Leaps that nobody commanded: the audio or the picture ran dry, or the page stood still. */
  steps: number;
  /** How much slower or faster than commanded the clock ran, as a share; the worst stretch. */
  slopeError: number;
}

const GAP_MS = 250;
/** The least leap that counts: frames that come unevenly move the envelope of a quantised clock by some ms. */
export const LEAST_STEP_MS: Record<BrowserKind, number> = { chromium: 8, firefox: 30 };
/** Levels are compared as medians of this long before and after. */
const STEP_WINDOW_MS = 300;
const SLOPE_OVER_MS = 2_000;
/** A larger change of rate, or of pitch keeping, has a step of its own in Chromium, which is not the machine's doing. */
const SMALL_RATE_CHANGE = 0.01;
const AFTERMATH_MS = 500;

/** @param isSteady whether a moment counts. @param leastStepMs see {@link LEAST_STEP_MS}. */
export function healthOf(track: Track, isSteady: (atMs: number) => boolean, leastStepMs: number): ClockHealth {
  const samples = track.clock.filter(({ atMs }) => isSteady(atMs));
  const causes = causesOf(track);
  const health: ClockHealth = { gaps: 0, steps: 0, slopeError: 0 };
  let last: ClockSample | null = null;
  for (const sample of samples) {
    // The windows between steady times are longer than any gap of a page that lives.
    const apartMs = last ? sample.atMs - last.atMs : 0;
    if (apartMs > GAP_MS && isSteady(sample.atMs - apartMs / 2)) health.gaps += 1;
    last = sample;
  }
  for (const run of levelsOf(samples)) {
    health.steps += stepsIn(run, causes, leastStepMs);
    health.slopeError = Math.max(health.slopeError, Math.abs(slopeOf(run)));
  }
  return health;
}

function causesOf({ clock, events }: Track): number[] {
  const moved = events.filter(({ type }: EventSample) => ['seeking', 'seeked', 'play', 'pause'].includes(type));
  const causes = moved.map(({ atMs }) => atMs);
  let last: ClockSample | null = null;
  for (const sample of clock) {
    const isLarge = last && Math.abs(sample.rate - last.rate) > SMALL_RATE_CHANGE;
    if (last && (isLarge || sample.pitchKept !== last.pitchKept)) causes.push(sample.atMs);
    last = sample;
  }
  return causes;
}

function levelsOf(samples: readonly ClockSample[]): Level[][] {
  const runs: Level[][] = [];
  let last: ClockSample | null = null;
  let toldMs = 0;
  for (const sample of samples) {
    const follows = last?.playing && sample.playing && sample.atMs - last.atMs < GAP_MS;
    toldMs = last && follows ? toldMs + (sample.atMs - last.atMs) * last.rate : 0;
    if (!follows) runs.push([]);
    runs.at(-1)?.push({ atMs: sample.atMs, levelMs: sample.positionMs - toldMs });
    last = sample;
  }
  return runs;
}

function stepsIn(run: readonly Level[], causes: readonly number[], leastStepMs: number): number {
  let steps = 0;
  let quietUntilMs = 0;
  for (const { atMs } of run) {
    if (atMs < quietUntilMs) continue;
    const before = middle(within(run, atMs - STEP_WINDOW_MS, atMs));
    const after = middle(within(run, atMs, atMs + STEP_WINDOW_MS));
    if (before === null || after === null || Math.abs(after - before) < leastStepMs) continue;
    quietUntilMs = atMs + 2 * STEP_WINDOW_MS;
    if (!causes.some((cause) => Math.abs(cause - atMs) < AFTERMATH_MS + STEP_WINDOW_MS)) steps += 1;
  }
  return steps;
}

/** The median of many short slopes, so that single steps, which are counted apart, do not tilt it. */
function slopeOf(run: readonly Level[]): number {
  const slopes: number[] = [];
  let ahead = 0;
  for (const { atMs, levelMs } of run) {
    while (ahead < run.length && (run[ahead]?.atMs ?? 0) < atMs + SLOPE_OVER_MS) ahead += 1;
    const later = run[ahead];
    if (later) slopes.push((later.levelMs - levelMs) / (later.atMs - atMs));
  }
  return middle(slopes) ?? 0;
}

/** Binary search for the start: runs are long. @returns null-safe list of levels from inclusive to exclusive. */
function within(run: readonly Level[], fromMs: number, toMs: number): number[] {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((run[mid]?.atMs ?? 0) < fromMs) low = mid + 1;
    else high = mid;
  }
  const levels: number[] = [];
  for (let index = low; index < run.length && (run[index]?.atMs ?? toMs) < toMs; index += 1) {
    levels.push(run[index]?.levelMs ?? 0);
  }
  return levels;
}

/** @returns the median; null of fewer than three. */
function middle(values: readonly number[]): number | null {
  if (values.length < 3) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** @returns the track with its clock at the upper envelope, for a clock that moves in frames. */
export function unquantised(track: Track): Track {
  const { clock } = track;
  const ahead = clock.map((sample) => sample.positionMs - sample.atMs);
  return {
    ...track,
    clock: clock.map((sample, index) => {
      let best = ahead[index] ?? 0;
      for (const direction of [-1, 1]) {
        for (let other = index + direction; ; other += direction) {
          const near = clock[other];
          if (!near?.playing || !sample.playing || Math.abs(near.atMs - sample.atMs) > ENVELOPE_MS / 2) break;
          best = Math.max(best, ahead[other] ?? best);
        }
      }
      return { ...sample, positionMs: sample.atMs + best };
    }),
  };
}
