import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATE_START_MS, MAX_START_WAIT_MS } from './constants.ts';
import { planStart, type StartSituation } from './start.ts';

const situation: StartSituation = {
  nowMs: 1_000,
  positionMs: 60_000,
  stream: 'direct',
  anchorMs: 60_000,
  startAtMs: 1_300,
  rate: 1,
  latencyMs: 80,
  prerolls: 0,
};

describe('planStart', () => {
  it.each<[string, Partial<StartSituation>, ReturnType<typeof planStart>]>([
    ['on the spot: early by its latency', {}, { type: 'play-at', atMs: 1_220 }],
    ['a frame ahead: a frame later', { positionMs: 60_042 }, { type: 'play-at', atMs: 1_262 }],
    ['a frame behind: a frame sooner', { positionMs: 59_958 }, { type: 'play-at', atMs: 1_178 }],
    ['a little late: as it is', { startAtMs: 1_060 }, { type: 'play-at', atMs: 980 }],
    ['late: meets the film further on', { startAtMs: 0 }, { type: 'preroll', positionMs: 61_330 }],
    ['far behind: seeks to the start', { positionMs: 0, startAtMs: 3_000 }, { type: 'preroll', positionMs: 60_000 }],
    ['at double speed', { positionMs: 60_100, rate: 2 }, { type: 'play-at', atMs: 1_270 }],
  ])('%s', (_name, change, plan) => {
    expect(planStart({ ...situation, ...change })).toEqual(plan);
  });

  it('puts the moving picture on the timeline, and never starts late or waits long', () => {
    const ms = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        ms(-5_000, 5_000),
        ms(-5_000, 5_000),
        ms(0, 300),
        fc.constantFrom(0.5, 1, 2),
        (lead, error, latency, rate) => {
          const s = { ...situation, startAtMs: 1_000 + lead, positionMs: 60_000 + error, latencyMs: latency, rate };
          const plan = planStart(s);
          if (plan.type === 'preroll') {
            const landed = planStart({ ...s, positionMs: plan.positionMs, prerolls: 1 });
            expect(landed.type).toBe('play-at');
            return;
          }
          const movesAtMs = plan.atMs + latency;
          expect(s.anchorMs + (movesAtMs - s.startAtMs) * rate).toBeCloseTo(s.positionMs, 3);
          expect(plan.atMs).toBeGreaterThanOrEqual(s.nowMs - LATE_START_MS[s.stream]);
          expect(plan.atMs).toBeLessThanOrEqual(Math.max(s.nowMs, s.startAtMs) + MAX_START_WAIT_MS);
        },
      ),
    );
  });
});
