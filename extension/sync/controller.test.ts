import { describe, expect, it } from 'vitest';
import { MAX_TRIM, SEEK_BACKOFF_MS, TICK_MS } from './constants.ts';
import { type Control, correct, createControl, forgetOffsets, observe, sense } from './controller.ts';

const seen = (...offsets: number[]): Control => offsets.reduce(observe, createControl());
const situation = { nowMs: 100_000, steadySinceMs: 90_000, seekThresholdMs: 80, trimmable: true };

describe('sense', () => {
  it('says nothing from fewer than five readings', () => {
    expect(sense(seen(1, 1, 1, 1))).toBeNull();
  });

  it('is not moved by single glitches', () => {
    expect(sense(seen(3, 3, -40, 3, 3))).toEqual({ offsetMs: 3, coarse: false });
  });

  it('takes the upper envelope of a clock that moves in frames', () => {
    const sensed = sense(seen(-3, -30, -12, -38, -1, -20, -8, -33, -15, -2, -25, -40));
    expect(sensed?.coarse).toBe(true);
    expect(Math.abs(sensed?.offsetMs ?? 99)).toBeLessThan(4);
  });
});

describe('correct', () => {
  it('leaves a small offset alone and ends a trim that has done its work', () => {
    expect(correct(seen(3, 3, 3, 3, 3), situation).correction).toEqual({ type: 'none' });
    const trimmed = { ...seen(1, 1, 1, 1, 1), trim: -0.002 };
    expect(correct(trimmed, situation).correction).toEqual({ type: 'trim', trim: 0 });
  });

  it('slows down one who is ahead, by at most half a percent', () => {
    const small = correct(seen(10, 10, 10, 10, 10), situation).correction;
    expect(small.type === 'trim' && small.trim < 0 && small.trim > -MAX_TRIM).toBe(true);
    expect(correct(seen(70, 70, 70, 70, 70), situation).correction).toEqual({ type: 'trim', trim: -MAX_TRIM });
  });

  it('seeks on the third far median, once, and then waits twice as long each time', () => {
    const seeks: number[] = [];
    let control = createControl();
    for (let nowMs = 0; nowMs < 80_000; nowMs += TICK_MS) {
      const result = correct(observe(control, -200), { ...situation, nowMs, steadySinceMs: -10_000, trimmable: false });
      control = result.control;
      if (result.correction.type === 'seek') seeks.push(nowMs);
    }
    const gaps = seeks.slice(1).map((at, i) => at - (seeks[i] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(SEEK_BACKOFF_MS);
    expect(gaps[1]).toBeGreaterThanOrEqual(2 * SEEK_BACKOFF_MS);
    expect(gaps[2]).toBeGreaterThanOrEqual(4 * SEEK_BACKOFF_MS);
  });

  it('does not seek right after a start', () => {
    const far = { ...forgetOffsets(createControl()), far: 5, offsets: [200, 200, 200, 200, 200] };
    expect(correct(far, { ...situation, steadySinceMs: 99_000 }).correction.type).not.toBe('seek');
  });
});
