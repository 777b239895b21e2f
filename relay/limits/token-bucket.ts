/** How much of something is allowed: `burst` at once, then `perSecond` on average. */
export interface BucketSpec {
  burst: number;
  perSecond: number;
}

/** When the bucket will be full again, on a monotonic clock in ms. That one number is all there is to know about it. */
export type Bucket = number;

/** @returns a bucket that has everything still to give. @param nowMs monotonic ms. */
export const fullBucket = (nowMs: number): Bucket => nowMs;

/**
 * Takes one; time going backwards gives nothing.
 * @param nowMs monotonic ms.
 * @returns the bucket afterwards; null when there was none to take, and the bucket is as before.
 */
export function takeToken(bucket: Bucket, { burst, perSecond }: BucketSpec, nowMs: number): Bucket | null {
  const perTokenMs = 1000 / perSecond;
  if (bucket - nowMs > (burst - 1) * perTokenMs) return null;
  return Math.max(bucket, nowMs) + perTokenMs;
}
