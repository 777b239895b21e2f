import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressLimiter } from './address-limits.ts';
import { fullBucket, takeToken } from './token-bucket.ts';

const SPEC = { burst: 3, perSecond: 2 };

describe('token bucket', () => {
  it('[B-01] gives a burst, then the rate', () => {
    let bucket = fullBucket(0);
    const take = (nowMs: number): boolean => {
      const taken = takeToken(bucket, SPEC, nowMs);
      bucket = taken ?? bucket;
      return taken !== null;
    };
    expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false]);
    expect([take(499), take(500), take(500)]).toEqual([false, true, false]);
    expect([take(60_000), take(60_000), take(60_000), take(60_000)]).toEqual([true, true, true, false]);
  });

  it('[peer R-33][B-01] never gives more than burst plus rate times time, even when time goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 2000 }), { maxLength: 200 }), (steps) => {
        let bucket = fullBucket(0);
        let [nowMs, latestMs, given] = [0, 0, 0];
        for (const step of steps) {
          nowMs += step;
          latestMs = Math.max(latestMs, nowMs);
          const taken = takeToken(bucket, SPEC, nowMs);
          bucket = taken ?? bucket;
          given += taken === null ? 0 : 1;
        }
        expect(given).toBeLessThanOrEqual(SPEC.burst + (latestMs / 1000) * SPEC.perSecond + 1e-6);
      }),
    );
  });
});

describe('address limits', () => {
  it('[B-02] count each address by itself and forget those at rest', () => {
    const limiter = createAddressLimiter({ sockets: 1, handshakes: SPEC, tokens: { burst: 1, perSecond: 1 } });
    expect([limiter.take('tokens', 'a', 0), limiter.take('tokens', 'a', 0), limiter.take('tokens', 'b', 0)]).toEqual([
      true,
      false,
      true,
    ]);
    limiter.openSocket('a');
    limiter.openSocket('c');
    expect([limiter.isFull('a'), limiter.isFull('b')]).toEqual([true, false]);
    limiter.sweep(500);
    expect(limiter.size()).toBe(3);
    limiter.closeSocket('a');
    limiter.closeSocket('c');
    limiter.sweep(1000);
    expect(limiter.size()).toBe(0);
  });
});
