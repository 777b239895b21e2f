import { describe, expect, it } from 'vitest';
import { EPISODE_TRIM, HASTY_TIME_MS, HASTY_TRIM, MAX_TRIM, SEEK_BACKOFF_MS, TICK_MS } from './constants.ts';
import {
  allowSeeks,
  type Control,
  type ControlSituation,
  correct,
  createControl,
  forgetOffsets,
  observe,
} from './controller.ts';

const seen = (...offsets: number[]): Control => offsets.reduce(observe, createControl());
const situation: ControlSituation = {
  nowMs: 100_000,
  steadySinceMs: 90_000,
  early: false,
  fresh: false,
  seekThresholdMs: 80,
  seekLatencyMs: 90,
  buffered: true,
  trimmable: true,
  actuator: { type: 'unknown', pitch: 'natural' },
  pitch: 'natural',
};

/** Runs the controller on a device whose media clock is off by `pace`, from an offset, for some time. */
function runLoop(
  pace: number,
  fromMs: number,
  seconds: number,
): { control: Control; offsetMs: number; trims: number[] } {
  let control = createControl();
  let offsetMs = fromMs;
  const trims: number[] = [];
  for (let nowMs = 100_000; nowMs < 100_000 + seconds * 1_000; nowMs += TICK_MS) {
    offsetMs += TICK_MS * (pace + control.trim);
    const result = correct(observe(control, offsetMs), { ...situation, nowMs });
    control = result.control;
    if (result.correction.type === 'trim') trims.push(result.correction.trim);
  }
  return { control, offsetMs, trims };
}

describe('correct', () => {
  it.each([-120e-6, -30e-6, 50e-6, 150e-6])('learns a device that is off by %d, and holds it within 0.3 ms', (pace) => {
    const { control, offsetMs, trims } = runLoop(pace, 0, 300);
    expect(Math.abs(offsetMs)).toBeLessThan(0.3);
    expect(Math.abs(control.pace - pace)).toBeLessThan(15e-6);
    expect(Math.max(...trims.map(Math.abs))).toBeLessThan(0.001);
  });

  it.each([-70, -25, 10, 60])('works off %d ms without swinging over', (fromMs) => {
    const { offsetMs, trims } = runLoop(0, fromMs, 40);
    expect(Math.abs(offsetMs)).toBeLessThan(1);
    const { offsetMs: later } = runLoop(0, fromMs, 20);
    expect(later * Math.sign(fromMs)).toBeGreaterThan(-1);
    expect(Math.max(...trims.map(Math.abs))).toBeLessThanOrEqual(MAX_TRIM);
  });

  it('keeps the pace over a pause or a seek', () => {
    const { control } = runLoop(80e-6, 0, 300);
    expect(forgetOffsets(control)).toMatchObject({ pace: control.pace, trim: -control.pace });
  });

  it('leaves a small offset alone at a speed that people chose', () => {
    const kept = { ...situation, pitch: 'kept' as const };
    expect(correct(seen(4, 4, 4, 4, 4), kept).correction).toEqual({ type: 'none' });
    const larger = correct(seen(9, 9, 9, 9, 9), kept).correction;
    expect(larger).toMatchObject({ type: 'trim', pitch: 'kept' });
  });

  it('hides one seek behind a start, where seeks are quick', () => {
    const fresh = { ...situation, steadySinceMs: 99_500, early: true };
    expect(correct(seen(-50, -50, -50, -50, -50), fresh).correction).toEqual({ type: 'seek' });
    expect(correct(seen(-40, -40, -40, -40, -40), fresh).correction.type).toBe('trim');
    expect(correct(seen(-50, -50, -50, -50, -50), { ...fresh, seekLatencyMs: 240 }).correction.type).toBe('trim');
    expect(correct(seen(-50, -50, -50, -50, -50), { ...fresh, early: false }).correction.type).toBe('trim');
  });

  it('works off what a start missed at up to 2 %, in company, at normal speed, and only while it is fresh', () => {
    const fresh = { ...situation, steadySinceMs: 99_500, fresh: true };
    const trimOf = (offsetMs: number, s: ControlSituation): number => {
      const { correction } = correct(seen(offsetMs, offsetMs, offsetMs, offsetMs, offsetMs), s);
      return correction.type === 'trim' ? correction.trim : 0;
    };
    expect(trimOf(-40, fresh)).toBeCloseTo(HASTY_TRIM);
    expect(trimOf(10, fresh)).toBeCloseTo(-10 / HASTY_TIME_MS);
    expect(Math.abs(trimOf(-40, situation))).toBeLessThanOrEqual(MAX_TRIM);
    expect(Math.abs(trimOf(-40, { ...fresh, pitch: 'kept' }))).toBeLessThanOrEqual(MAX_TRIM);
  });

  it('makes up a middling offset by one episode where seeks are slow, and then ends it', () => {
    const slow = { ...situation, seekLatencyMs: 240 };
    const far = { ...seen(-150, -150, -150, -150, -150), far: 5 };
    const { control, correction } = correct(far, slow);
    const lasts = (150 + 21) / EPISODE_TRIM;
    expect(correction).toMatchObject({ type: 'trim', trim: EPISODE_TRIM, pitch: 'kept' });
    expect(control.episodeEndsAtMs).toBeCloseTo(slow.nowMs + lasts);
    const during = correct(observe(control, -100), { ...slow, nowMs: slow.nowMs + lasts / 2 });
    expect(during.correction).toEqual({ type: 'none' });
    const after = correct(during.control, { ...slow, nowMs: slow.nowMs + lasts });
    expect(after.correction).toMatchObject({ type: 'trim', pitch: 'natural' });
    expect(after.control.episodeEndsAtMs).toBeNull();
  });

  it('makes do with what the browser can: rare episodes, or seeks alone', () => {
    const deadBand = { ...situation, actuator: { type: 'episodes', deadBandMs: 25, stepMs: -21 } as const };
    expect(correct({ ...seen(20, 20, 20, 20, 20), far: 5 }, deadBand).correction).toEqual({ type: 'none' });
    const { control, correction } = correct({ ...seen(-30, -30, -30, -30, -30), far: 5 }, deadBand);
    expect(correction).toMatchObject({ type: 'trim', pitch: 'kept', trim: EPISODE_TRIM });
    expect(control.episodeEndsAtMs).toBeCloseTo(situation.nowMs + (30 + 21) / EPISODE_TRIM);
    const seekOnly = { ...situation, actuator: { type: 'seek-only', deadBandMs: 80 } as const };
    expect(correct({ ...seen(70, 70, 70, 70, 70), far: 5 }, seekOnly).correction).toEqual({ type: 'none' });
    expect(correct({ ...seen(90, 90, 90, 90, 90), far: 5 }, seekOnly).correction).toEqual({ type: 'seek' });
  });

  it('seeks on the third far median, once, and then waits twice as long each time', () => {
    const seeks: number[] = [];
    let control = createControl();
    for (let nowMs = 0; nowMs < 400_000; nowMs += TICK_MS) {
      const result = correct(observe(control, -200), { ...situation, nowMs, steadySinceMs: -10_000, trimmable: false });
      control = result.control;
      if (result.correction.type === 'seek') seeks.push(nowMs);
    }
    const gaps = seeks.slice(1).map((at, i) => at - (seeks[i] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(SEEK_BACKOFF_MS);
    expect(gaps[1]).toBeGreaterThanOrEqual(2 * SEEK_BACKOFF_MS);
    expect(gaps[2]).toBeGreaterThanOrEqual(4 * SEEK_BACKOFF_MS);
    expect(seeks.length).toBe(5);
    expect(control.seeking).toEqual({ state: 'given-up' });
    expect(correct({ ...allowSeeks(control), far: 5 }, situation).correction).toEqual({ type: 'seek' });
  });

  it('does not seek right after a start', () => {
    const far = { ...forgetOffsets(createControl()), far: 5, offsets: [200, 200, 200, 200, 200] };
    expect(correct(far, { ...situation, steadySinceMs: 99_500 }).correction.type).not.toBe('seek');
  });
});
