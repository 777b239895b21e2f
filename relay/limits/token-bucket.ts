/** How much of something is allowed: `burst` at once, then `perSecond` on average. */
export interface BucketSpec {
  burst: number;
  perSecond: number;
}

/** What is left, as of an instant. */
export interface Bucket {
  tokens: number;
  atMs: number;
}

/** @returns a bucket that has everything still to give. @param nowMs monotonic ms. */
export const fullBucket = (spec: BucketSpec, nowMs: number): Bucket => ({ tokens: spec.burst, atMs: nowMs });

/** @returns the bucket with what has come in since; time going backwards gives nothing. */
export function refill(bucket: Bucket, spec: BucketSpec, nowMs: number): Bucket {
  const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * spec.perSecond;
  return { tokens: Math.min(spec.burst, bucket.tokens + gained), atMs: Math.max(bucket.atMs, nowMs) };
}

/**
 * Takes one.
 * @param nowMs monotonic ms.
 * @returns the bucket afterwards and whether there was one to take.
 */
export function takeToken(bucket: Bucket, spec: BucketSpec, nowMs: number): { bucket: Bucket; ok: boolean } {
  const filled = refill(bucket, spec, nowMs);
  if (filled.tokens < 1) return { bucket: filled, ok: false };
  return { bucket: { ...filled, tokens: filled.tokens - 1 }, ok: true };
}
