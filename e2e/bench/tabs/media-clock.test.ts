import { describe, expect, it } from 'vitest';
import type { ClockSample, Track } from '../../support/sampler.ts';
import { healthOf as healthWith, LEAST_STEP_MS, unquantised } from './media-clock.ts';

const always = (): boolean => true;

const healthOf = (track: Track, isSteady: (atMs: number) => boolean) =>
  healthWith(track, isSteady, LEAST_STEP_MS.chromium);

/** 30 s of play, sampled every 20 ms. */
function play(
  positionAt: (atMs: number) => number,
  change: (atMs: number) => Partial<ClockSample> = () => ({}),
): Track {
  const clock = Array.from({ length: 1500 }, (_, index): ClockSample => {
    const atMs = index * 20;
    return { atMs, positionMs: positionAt(atMs), rate: 1, pitchKept: false, playing: true, ...change(atMs) };
  });
  return { clock, pictures: [], events: [] };
}

describe('the health of a media clock', () => {
  it('is whole when the clock does what it was told', () => {
    const told = play(
      (atMs) => atMs + Math.max(0, atMs - 10_000) * 0.003,
      (atMs) => ({ rate: atMs >= 10_000 ? 1.003 : 1 }),
    );
    const { gaps, steps, slopeError } = healthOf(told, always);
    expect({ gaps, steps }).toEqual({ gaps: 0, steps: 0 });
    expect(slopeError).toBeLessThan(1e-6);
  });

  it('shows a leap that nobody commanded once', () => {
    expect(
      healthOf(
        play((atMs) => atMs - (atMs > 12_345 ? 30 : 0)),
        always,
      ).steps,
    ).toBe(1);
  });

  it('does not blame the machine for the step of a pitch switch or a seek', () => {
    const leap = (atMs: number): number => atMs - (atMs > 12_000 ? 21 : 0);
    expect(
      healthOf(
        play(leap, (atMs) => ({ pitchKept: atMs > 12_000 })),
        always,
      ).steps,
    ).toBe(0);
    const sought = { ...play(leap), events: [{ atMs: 12_000, type: 'seeking', positionMs: 0 }] };
    expect(healthOf(sought, always).steps).toBe(0);
  });

  it('shows a clock that runs slow, and single leaps are not taken for that', () => {
    expect(
      healthOf(
        play((atMs) => atMs * 0.998),
        always,
      ).slopeError,
    ).toBeCloseTo(0.002, 6);
    expect(
      healthOf(
        play((atMs) => atMs - (atMs > 12_345 ? 60 : 0)),
        always,
      ).slopeError,
    ).toBeLessThan(1e-6);
  });

  it('counts gaps in what is looked at only', () => {
    const whole = play((atMs) => atMs);
    const holed = { ...whole, clock: whole.clock.filter(({ atMs }) => atMs < 5_000 || atMs > 5_400) };
    expect(healthOf(holed, always).gaps).toBe(1);
    expect(healthOf(holed, (atMs) => atMs < 5_000 || atMs > 5_400).gaps).toBe(0);
  });
});

describe('a clock that moves in frames', () => {
  it('is read at its upper envelope', () => {
    const frameMs = 1000 / 24;
    const quantised = play((atMs) => Math.floor(atMs / frameMs) * frameMs);
    for (const { atMs, positionMs } of unquantised(quantised).clock.slice(50, -50)) {
      expect(atMs - positionMs).toBeGreaterThanOrEqual(-1e-6);
      expect(atMs - positionMs).toBeLessThan(6);
    }
  });
});
