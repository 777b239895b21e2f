import {
  MAX_SKEW,
  SKEW_BUCKET_MS,
  SKEW_BUCKETS_APART,
  SKEW_KNOWN_BUCKETS,
  SKEW_MAX_BUCKETS,
  SKEW_MIN_BUCKETS,
  SKEW_PRIOR_WEIGHT,
} from './constants.ts';
import { medianOf } from './latency.ts';

/** One one-way measure: `valueMs` is the clocks' difference plus or minus the path's delay. */
export interface Sample {
  atMs: number;
  valueMs: number;
}

/** How fast the relay's clock runs against this one's, learned from offsets a quarter of a minute apart. */
export interface Skew {
  /** What an earlier session found; counts like a few buckets. */
  prior: number;
  /** Relay ms gained per local ms. */
  value: number;
  /** Offset at the middle of each stretch, oldest first. */
  buckets: readonly Sample[];
  bucketSinceMs: number | null;
}

/** @returns whether samples may be carried over a minute by it: measured for long enough, or known from before. */
export const isKnown = ({ buckets, prior }: Skew): boolean => prior !== 0 || buckets.length >= SKEW_KNOWN_BUCKETS;

/** @returns relay ms gained per local ms. */
export const skewOf = (skew: Skew): number => skew.value;

/**
 * Closes a stretch when it is over: its offset is half the difference of its two minima, which no skew to speak of falls
 * into. The slope through the stretches is Theil and Sen's median of pairwise slopes (Sen 1968), which a stretch of bad
 * network cannot bend, drawn to what was known before while there are few (sync.md section 3a).
 * @param up relay minus local at sending. @param down local minus relay at arrival. @param nowMs local ms.
 */
export function takeBucket(skew: Skew, up: readonly Sample[], down: readonly Sample[], nowMs: number): Skew {
  const sinceMs = skew.bucketSinceMs ?? nowMs;
  if (nowMs - sinceMs < SKEW_BUCKET_MS) return { ...skew, bucketSinceMs: sinceMs };
  const ups = least(up, sinceMs);
  const downs = least(down, sinceMs);
  if (!ups || !downs) return { ...skew, bucketSinceMs: nowMs };
  const bucket: Sample = { atMs: (ups.atMs + downs.atMs) / 2, valueMs: (ups.valueMs - downs.valueMs) / 2 };
  const buckets = [...skew.buckets.slice(-(SKEW_MAX_BUCKETS - 1)), bucket];
  return { ...skew, buckets, bucketSinceMs: nowMs, value: slopeOf(buckets, skew.prior) };
}

function least(samples: readonly Sample[], sinceMs: number): Sample | null {
  let found: Sample | null = null;
  for (const sample of samples) {
    if (sample.atMs >= sinceMs && (!found || sample.valueMs < found.valueMs)) found = sample;
  }
  return found;
}

function slopeOf(buckets: readonly Sample[], prior: number): number {
  if (buckets.length < SKEW_MIN_BUCKETS) return prior;
  const slopes = buckets.flatMap((later, i) =>
    buckets
      .slice(0, Math.max(0, i - SKEW_BUCKETS_APART + 1))
      .map((earlier) => (later.valueMs - earlier.valueMs) / (later.atMs - earlier.atMs)),
  );
  const weight = buckets.length / (buckets.length + SKEW_PRIOR_WEIGHT);
  const drawn = weight * medianOf(slopes) + (1 - weight) * prior;
  return Math.max(-MAX_SKEW, Math.min(MAX_SKEW, drawn));
}
