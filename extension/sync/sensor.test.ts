import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sense } from './sensor.ts';

describe('sense', () => {
  it('says nothing from fewer than five readings', () => {
    expect(sense([1, 1, 1, 1])).toBeNull();
  });

  it('is not moved by single glitches', () => {
    expect(sense([3, 3, -40, 3, 3])).toEqual({ offsetMs: 3, coarse: false });
  });

  it('knows a clock that moves in frames, and where it really is, without bias', () => {
    const frame = 1000 / 24;
    const lag = fc.noBias(fc.integer({ min: 0, max: 999 })).map((share) => (share / 1000) * frame);
    const errors: number[] = [];
    fc.assert(
      fc.property(
        fc.array(lag, { minLength: 12, maxLength: 12 }),
        fc.integer({ min: -30, max: 30 }),
        (lags, offset) => {
          const steps = lags.slice(1).map((each, i) => Math.abs(each - (lags[i] ?? 0)));
          fc.pre(steps.filter((step) => step > 4).length > 8);
          const sensed = sense(lags.map((each) => offset - each));
          expect(sensed?.coarse).toBe(true);
          errors.push((sensed?.offsetMs ?? 0) - offset);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(2);
  });
});
