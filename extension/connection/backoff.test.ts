import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backoffDelayMs,
  MAX_DELAY_MS,
  MIN_DELAY_MS,
  nextAttempt,
  PROMPT_ATTEMPTS,
  PROMPT_DELAY_MS,
  STABLE_MS,
} from './backoff.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffDelayMs', () => {
  it('stays between the shortest and the longest wait, whatever the attempt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), random, (attempt, r) => {
        const delay = backoffDelayMs(attempt, r);
        expect(delay).toBeGreaterThanOrEqual(MIN_DELAY_MS);
        expect(delay).toBeLessThanOrEqual(MAX_DELAY_MS);
      }),
    );
  });

  it('never has a lower ceiling for a later attempt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: PROMPT_ATTEMPTS + 10 }), random, (attempt, r) => {
        expect(backoffDelayMs(attempt + 1, r)).toBeGreaterThanOrEqual(backoffDelayMs(attempt, r));
      }),
    );
  });

  it('spreads a room of fifty over most of the wait', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(random, { minLength: 50, maxLength: 50 }),
        (attempt, rs) => {
          const sorted = [...rs].sort((a, b) => a - b);
          const delays = sorted.map((r) => backoffDelayMs(attempt, r));
          const width = backoffDelayMs(attempt, 1) - MIN_DELAY_MS;
          // Full jitter keeps the spread of its random numbers: the delays are them, stretched.
          for (const [index, delay] of delays.entries()) {
            expect((delay - MIN_DELAY_MS) / width).toBeCloseTo(sorted[index] ?? -1, 9);
          }
        },
      ),
    );
  });

  it.each([
    [1, 0, 500],
    [1, 0.5, 750],
    [2, 0.5, 1_250],
    [5, 1, PROMPT_DELAY_MS],
    [PROMPT_ATTEMPTS, 1, PROMPT_DELAY_MS],
    [PROMPT_ATTEMPTS + 1, 1, MAX_DELAY_MS],
  ])('attempt %d with %d waits %d ms', (attempt, r, expected) => {
    expect(backoffDelayMs(attempt, r)).toBe(expected);
  });
});

describe('nextAttempt', () => {
  it.each([
    [0, null, 1],
    [4, null, 5],
    [4, STABLE_MS - 1, 5],
    [4, STABLE_MS, 1],
  ])('after attempt %d that was open for %s ms comes %d', (attempt, openForMs, expected) => {
    expect(nextAttempt(attempt, openForMs)).toBe(expected);
  });
});
