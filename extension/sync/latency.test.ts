import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLatencies, expectedLatency, type Latencies, learnLatency, medianOf } from './latency.ts';

const PRIOR_MS = 78;

const expectedAfter = (measured: readonly number[]): number => {
  const fresh: Latencies = createLatencies('chromium');
  const known = measured.reduce((latencies, ms) => learnLatency(latencies, 'direct', 'cold', ms), fresh);
  return expectedLatency(known, 'direct', 'cold');
};

describe('the latency to expect of a start', () => {
  it.each<[string, number[], number]>([
    ['nothing: the prior', [], PRIOR_MS],
    ['one outlier at first: still the prior', [600], PRIOR_MS],
    ['three that lie far from the prior: what they say', [30, 34, 31], 31],
    ['many: not the prior any more', [70, 74, 72, 71, 73], 72],
    ['one outlier among many: nothing', [70, 74, 72, 71, 73, 900], 72.5],
    ['two outliers in a row are still none', [70, 72, 74, 70, 72, 74, 300, 310], 73],
    ['three in a row: the sound goes another way', [70, 74, 72, 71, 73, 70, 72, 74, 250, 270, 260], 260],
    ['and back again', [70, 72, 250, 270, 260, 255, 265, 75, 71, 73], 73],
    ['a stall or a jump is no start', [5_000, -300, Number.NaN], PRIOR_MS],
  ])('%s', (_name, measured, expected) => {
    expect(expectedAfter(measured)).toBeCloseTo(expected, 6);
  });

  it('comes nearer to the middle of an even spread than the middle one of the last five', () => {
    const even = fc.noBias(fc.integer({ min: -17_000, max: 17_000 })).map((us) => us / 1_000);
    const starts = fc.array(even, { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(starts, { minLength: 200, maxLength: 200 }), (evenings) => {
        const errors = evenings.map((spread) => expectedAfter(spread.map((ms) => 100 + ms)) - 100);
        const ofFive = evenings.map((spread) => medianOf(spread.slice(-5)));
        expect(rootMeanSquare(errors)).toBeLessThan(rootMeanSquare(ofFive));
      }),
      // Only even draws are like starts: what a shrinker makes of them is not.
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('always lies within what was measured and the prior', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -60, max: 1_500, noNaN: true }), { maxLength: 30 }), (measured) => {
        const known = [...measured, PRIOR_MS];
        expect(expectedAfter(measured)).toBeGreaterThanOrEqual(Math.min(...known) - 1e-6);
        expect(expectedAfter(measured)).toBeLessThanOrEqual(Math.max(...known) + 1e-6);
      }),
    );
  });
});

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
