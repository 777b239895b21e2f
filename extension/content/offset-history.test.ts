import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOffset, HISTORY_MS, type OffsetHistory } from './offset-history.ts';

const fill = (samples: readonly (readonly [atMs: number, offsetMs: number | null])[]): OffsetHistory =>
  samples.reduce<OffsetHistory>((history, [atMs, offsetMs]) => addOffset(history, atMs, offsetMs), []);

describe('addOffset', () => {
  it('keeps what was said in order, gaps included', () => {
    expect(
      fill([
        [0, 3],
        [3_000, null],
        [6_000, -2],
      ]),
    ).toEqual([
      { atMs: 0, offsetMs: 3 },
      { atMs: 3_000, offsetMs: null },
      { atMs: 6_000, offsetMs: -2 },
    ]);
  });

  it('takes the later of two in one second, and does not let a steady stream push itself away', () => {
    expect(
      fill([
        [1_100, 1],
        [1_600, 2],
        [2_100, 3],
        [2_600, 4],
      ]).map(({ offsetMs }) => offsetMs),
    ).toEqual([2, 4]);
  });

  it('forgets what is older than two minutes', () => {
    expect(
      fill([
        [0, 1],
        [1_000, 2],
        [HISTORY_MS + 500, 3],
      ]).map(({ offsetMs }) => offsetMs),
    ).toEqual([2, 3]);
  });

  it('is bounded, ordered and ends with the newest, whatever comes when', () => {
    const steps = fc.array(fc.tuple(fc.nat(5_000), fc.option(fc.double({ noNaN: true }))), { maxLength: 400 });
    fc.assert(
      fc.property(steps, (drawn) => {
        let atMs = 0;
        const samples = drawn.map(([stepMs, offsetMs]) => {
          atMs += stepMs;
          return [atMs, offsetMs] as const;
        });
        const history = fill(samples);
        expect(history.length).toBeLessThanOrEqual(121);
        expect(history.at(-1)?.offsetMs).toBe(samples.at(-1)?.[1]);
        expect(history.map((sample) => sample.atMs)).toEqual(
          history.map((sample) => sample.atMs).sort((a, b) => a - b),
        );
        expect(atMs - (history[0]?.atMs ?? atMs)).toBeLessThanOrEqual(HISTORY_MS);
      }),
    );
  });
});
