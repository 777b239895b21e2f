import type { Reading } from './io.ts';

/**
 * The ways an element begins to move: `warm` play in place, `cold` play after a paused seek or load,
 * `seek` a seek while playing (what it loses until it moves again).
 */
export type StartKind = 'warm' | 'cold' | 'seek';

type StreamKind = Reading['kind'];

export type Browser = 'chromium' | 'firefox';

/** Start latencies as far as they are known, in ms. */
export interface Latencies {
  /** Whose priors count until there is something better. */
  browser: Browser;
  /** What was measured, newest last, per stream kind and way of starting. */
  seen: Readonly<Partial<Record<`${StreamKind}/${StartKind}`, readonly number[]>>>;
}

type PerStart = Readonly<Record<StartKind, number>>;

/**
 * Measured on a machine that several of them share, with sound of 48 kHz as films have it: Chromium starts sound in buffers of 1024
 * samples, so it is 65 to 86 after a paused seek and 71 to 92 for a seek (97 to 129 and 102 to 135 with 32 kHz). Each machine
 * replaces them by its own.
 */
const PRIORS: Readonly<Record<Browser, Readonly<Record<StreamKind, PerStart>>>> = {
  chromium: {
    direct: { warm: 8, cold: 78, seek: 82 },
    hls: { warm: 14, cold: 78, seek: 240 },
    'progressive-transcode': { warm: 14, cold: 78, seek: 240 },
  },
  firefox: {
    direct: { warm: 2, cold: 5, seek: 22 },
    hls: { warm: 8, cold: 23, seek: 170 },
    'progressive-transcode': { warm: 8, cold: 23, seek: 170 },
  },
};
/**
 * One start differs from the next by where in the grid of sound buffers it falls (in Chromium by up to 21 ms, evenly), so one
 * learns from many.
 */
const KEPT = 12;
/** A prior counts like so many starts, until there are so many real ones. */
const PRIOR_WEIGHT = 2;
const ENOUGH = 5;
/** So many in a row that lie beyond, all on one side: the sound goes another way now (a headset, say), and only they count. */
const MOVED_STARTS = 3;
const MOVED_MS = 30;
/** A latency outside this range was a stall or a jump, not a start. */
const LEAST_MS = -60;
const MOST_MS = 1_500;

/** @returns latencies of which nothing is known but the browser. */
export const createLatencies = (browser: Browser): Latencies => ({ browser, seen: {} });

/**
 * @returns the latency to expect, in ms: the mean of the middle half of what was measured, and of the prior while that is little,
 * so that no single outlier counts; or the last ones alone when they show that it has changed.
 */
export function expectedLatency(latencies: Latencies, stream: StreamKind, kind: StartKind): number {
  const seen = latencies.seen[`${stream}/${kind}`] ?? [];
  const prior: number[] = Array(seen.length < ENOUGH ? PRIOR_WEIGHT : 0).fill(PRIORS[latencies.browser][stream][kind]);
  const [before, last] = [[...prior, ...seen.slice(0, -MOVED_STARTS)], seen.slice(-MOVED_STARTS)];
  return hasMoved(middleMean(before), last) ? medianOf(last) : middleMean([...prior, ...seen]);
}

const hasMoved = (fromMs: number, last: readonly number[]): boolean =>
  last.length === MOVED_STARTS &&
  (last.every((ms) => ms > fromMs + MOVED_MS) || last.every((ms) => ms < fromMs - MOVED_MS));

/** @returns the mean without the smallest and the largest quarter. */
function middleMean(values: readonly number[]): number {
  const cut = Math.floor((values.length + 1) / 4);
  const middle = [...values].sort((a, b) => a - b).slice(cut, values.length - cut);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Remembers a measured latency in ms; implausible ones are left out. */
export function learnLatency(latencies: Latencies, stream: StreamKind, kind: StartKind, ms: number): Latencies {
  if (!(ms >= LEAST_MS && ms <= MOST_MS)) return latencies;
  const key = `${stream}/${kind}` as const;
  const seen = { ...latencies.seen, [key]: [...(latencies.seen[key] ?? []), ms].slice(-KEPT) };
  return { ...latencies, seen };
}

/** @returns the median; 0 for nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
