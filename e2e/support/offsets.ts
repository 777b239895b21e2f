/** How far apart two members were, from their recordings: PURE. */
import { FPS } from './frame-code.ts';
import type { ClockSample, PictureSample, Track } from './sampler.ts';

export interface Summary {
  count: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
}

/** A moment and how far the first member's film was ahead of the second's then, in ms of film. */
export interface Offset {
  atMs: number;
  offsetMs: number;
}

interface Point {
  atMs: number;
  positionMs: number;
}

const FRAME_MS = 1000 / FPS;
const STEP_MS = 20;
/** Items get their own stretch of positions, so that different items never look close. */
const ITEM_STRIDE_MS = 1e9;
/** Two samples further apart than this have something between them that nobody recorded. */
const MAX_GAP_MS = 150;

/** By the elements' clocks, at moments when both play. */
export function clockOffsets(a: Track, b: Track): Offset[] {
  return compare(runsOf(a.clock), runsOf(b.clock));
}

/**
 * By what was really on the screen: the moments at which frames appeared, so it is no finer than the display's own beat.
 * Only moments at which both show the same item and both clocks play.
 */
export function pictureOffsets(a: Track, b: Track): Offset[] {
  const both = clockOffsets(a, b);
  const moments = new Set(both.map(({ atMs }) => Math.floor(atMs / STEP_MS)));
  const offsets = compare(picturesOf(a.pictures), picturesOf(b.pictures));
  return offsets.filter(
    ({ atMs, offsetMs }) => moments.has(Math.floor(atMs / STEP_MS)) && Math.abs(offsetMs) < ITEM_STRIDE_MS / 2,
  );
}

export function summarise(offsets: readonly Offset[]): Summary {
  const sizes = offsets.map(({ offsetMs }) => Math.abs(offsetMs)).sort((x, y) => x - y);
  return {
    count: sizes.length,
    medianMs: percentile(sizes, 0.5),
    p95Ms: percentile(sizes, 0.95),
    maxMs: sizes.at(-1) ?? Number.NaN,
  };
}

/** @param sorted ascending. @param share 0 to 1. @returns NaN for no values. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Leaves out the moments within `settleMs` after one of the given instants. */
export function settled(offsets: readonly Offset[], commandsAtMs: readonly number[], settleMs: number): Offset[] {
  return offsets.filter(({ atMs }) => !commandsAtMs.some((at) => atMs >= at && atMs < at + settleMs));
}

/** @returns ms from an event at `a` to the first of the same type at `b` that follows; null when none did within 5 s. */
export function latencyOf(type: string, a: Track, b: Track, sinceMs: number): number | null {
  const done = a.events.find((event) => event.type === type && event.atMs >= sinceMs);
  if (!done) return null;
  const echo = b.events.find((event) => event.type === type && event.atMs >= sinceMs && event.atMs < done.atMs + 5000);
  return echo ? echo.atMs - done.atMs : null;
}

/** Stretches of steady play; a seek, pause or gap ends one. */
function runsOf(samples: readonly ClockSample[]): Point[][] {
  const runs: Point[][] = [];
  let last: ClockSample | null = null;
  for (const sample of samples) {
    if (!sample.playing) {
      last = null;
      continue;
    }
    if (last && isContinuous(last, sample)) runs.at(-1)?.push(sample);
    else runs.push([sample]);
    last = sample;
  }
  return runs;
}

function isContinuous(before: ClockSample, after: ClockSample): boolean {
  const elapsedMs = after.atMs - before.atMs;
  const jumpMs = after.positionMs - before.positionMs - elapsedMs * after.rate;
  return elapsedMs < MAX_GAP_MS && Math.abs(jumpMs) < MAX_GAP_MS;
}

function picturesOf(samples: readonly PictureSample[]): Point[][] {
  const runs: Point[][] = [];
  let last: PictureSample | null = null;
  for (const sample of samples) {
    const steps = last ? sample.frame - last.frame : 0;
    const follows = last?.item === sample.item && steps > 0 && steps < 6 && sample.atMs - last.atMs < MAX_GAP_MS;
    if (follows) runs.at(-1)?.push(pointOf(sample));
    else if (last?.frame !== sample.frame) runs.push([pointOf(sample)]);
    last = sample;
  }
  return runs;
}

const pointOf = ({ atMs, item, frame }: PictureSample): Point => ({
  atMs,
  positionMs: frame * FRAME_MS + item * ITEM_STRIDE_MS,
});

function compare(a: readonly Point[][], b: readonly Point[][]): Offset[] {
  const offsets: Offset[] = [];
  const others = b.flatMap((run) => [...onGrid(run)]);
  const byMoment = new Map(others);
  for (const run of a) {
    for (const [moment, positionMs] of onGrid(run)) {
      const other = byMoment.get(moment);
      if (other !== undefined) offsets.push({ atMs: moment * STEP_MS, offsetMs: positionMs - other });
    }
  }
  return offsets;
}

/** The run's position at each step of the common grid, by interpolation. */
function* onGrid(run: readonly Point[]): Generator<[number, number]> {
  for (let index = 1; index < run.length; index += 1) {
    const before = run[index - 1];
    const after = run[index];
    if (!before || !after || after.atMs <= before.atMs) continue;
    const slope = (after.positionMs - before.positionMs) / (after.atMs - before.atMs);
    for (let moment = Math.ceil(before.atMs / STEP_MS); moment * STEP_MS < after.atMs; moment += 1) {
      yield [moment, before.positionMs + slope * (moment * STEP_MS - before.atMs)];
    }
  }
}
