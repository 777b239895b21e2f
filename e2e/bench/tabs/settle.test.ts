import { describe, expect, it } from 'vitest';
import type { ClockSample, Track } from '../../support/sampler.ts';
import { settleMs } from './settle.ts';

/** Plays from `fromMs` on, sampled every 20 ms up to 10 s; `aheadMs` says how far ahead of the others it is then. */
function member(fromMs: number, aheadMs: (atMs: number) => number): Track {
  const clock = Array.from({ length: 500 }, (_, index): ClockSample => {
    const atMs = index * 20;
    const positionMs = Math.max(0, atMs - fromMs) + aheadMs(atMs);
    return { atMs, positionMs, rate: 1, pitchKept: false, playing: atMs >= fromMs };
  });
  return { clock, pictures: [], events: [] };
}

describe('settling', () => {
  it('lasts until the last one plays within 40 ms of all', () => {
    const early = member(1_000, () => 0);
    const late = member(1_000, (atMs) => (atMs < 2_500 ? 100 : 10));
    expect(settleMs([early, late], 500, 9_000)).toBeCloseTo(2_000, -2);
  });

  it('does not take a moment for it', () => {
    const steady = member(0, () => 0);
    const restless = member(0, (atMs) => (atMs % 800 < 400 ? 100 : 0));
    expect(settleMs([steady, restless], 500, 9_000)).toBeNull();
  });

  it('ends with the next press', () => {
    const tracks = [member(0, () => 0), member(3_000, () => 3_000)];
    expect(settleMs(tracks, 500, 9_000)).toBeCloseTo(2_500, -2);
    expect(settleMs(tracks, 500, 2_900)).toBeNull();
  });
});
