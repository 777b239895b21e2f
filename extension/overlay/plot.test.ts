import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OffsetSample } from './model.ts';
import { PLOT_HEIGHT, PLOT_WIDTH, plotPath, plotRange } from './plot.ts';

const samples = (...points: [seconds: number, offsetMs: number | null][]): OffsetSample[] =>
  points.map(([seconds, offsetMs]) => ({ atMs: seconds * 1_000, offsetMs }));

describe('plotPath', () => {
  it('ends at the right edge, on the middle line when there is no offset', () => {
    expect(plotPath(samples([57, 0], [60, 0]))).toBe('M117 12h0L120 12');
  });

  it('goes up for ahead and down for behind, and does not leave the plot', () => {
    expect(plotPath(samples([60, 500]))).toBe('M120 2h0');
    expect(plotPath(samples([60, 90_000]))).toBe('M120 2h0');
    expect(plotPath(samples([60, -500]))).toBe('M120 22h0');
    expect(plotPath(samples([60, 3]))).toBe('M120 10.1h0');
  });

  it('breaks where nothing was measured, said or heard', () => {
    expect(plotPath(samples([0, 0], [3, null], [6, 0], [9, 0], [30, 0]))).toBe('M90 12h0M96 12h0L99 12M120 12h0');
    expect(plotPath(samples([0, 0], [3, null]))).toBe('M117 12h0');
    expect(plotPath([])).toBe('');
  });

  it('stays inside the plot, whatever was said', () => {
    const offsetMs = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(120), { maxLength: 121 }), fc.array(offsetMs), (seconds, offsets) => {
        const drawn = seconds.sort((a, b) => a - b).map((second, index) => [second, offsets[index] ?? null] as const);
        const path = plotPath(samples(...drawn.map(([second, ms]): [number, number | null] => [second, ms])));
        for (const [, x, y] of path.matchAll(/[ML]([\d.e-]+) ([\d.e-]+)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(PLOT_WIDTH);
          expect(Number(y)).toBeGreaterThanOrEqual(2);
          expect(Number(y)).toBeLessThanOrEqual(PLOT_HEIGHT - 2);
        }
        expect(path.split(/[ML]/).length - 1).toBe(drawn.filter(([, ms]) => ms !== null).length);
      }),
    );
  });
});

describe('plotRange', () => {
  it('names the extremes, and nothing when nothing was measured', () => {
    expect(plotRange(samples([0, 3], [3, null], [6, -4], [9, 1]))).toEqual({ lowMs: -4, highMs: 3 });
    expect(plotRange(samples([0, null]))).toBeNull();
    expect(plotRange([])).toBeNull();
  });
});
