import { describe, expect, it } from 'vitest';
import { seeded } from '../../../extension/sync/testing/agenda.ts';
import { quantile } from '../report.ts';
import { drawConditions, packetDelayMs, unseenMs } from './conditions.ts';

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

describe('drawn conditions', () => {
  it('are the same for the same seed and others for another', () => {
    expect(drawConditions(7, 4)).toEqual(drawConditions(7, 4));
    expect(drawConditions(7, 4)).not.toEqual(drawConditions(8, 4));
  });

  it('keep to round trips of 25 to 90 ms, 8 % asymmetry and 1 to 4 ms of jitter', () => {
    for (const { path, clock } of SEEDS.flatMap((seed) => drawConditions(seed, 4))) {
      const rttMs = path.upMs + path.downMs;
      expect(rttMs).toBeGreaterThanOrEqual(25);
      expect(rttMs).toBeLessThanOrEqual(90);
      expect(Math.abs(unseenMs(path))).toBeLessThanOrEqual(0.04 * rttMs + 1e-9);
      expect(path.jitterMs).toBeGreaterThanOrEqual(1);
      expect(path.jitterMs).toBeLessThanOrEqual(4);
      expect([0, 40, -60, 30]).toContain(clock.skewPpm);
    }
  });

  it('delay packets by the base, a lognormal jitter and now and then a retransmission', () => {
    const random = seeded(1);
    const path = { upMs: 20, downMs: 30, jitterMs: 2 };
    const extra = Array.from({ length: 20_000 }, () => packetDelayMs(path, 'down', random) - path.downMs);
    expect(quantile(extra, 0.5)).toBeCloseTo(2, 1);
    expect(Math.min(...extra)).toBeGreaterThan(0);
    const lost = extra.filter((ms) => ms > 200).length / extra.length;
    expect(lost).toBeGreaterThan(0.0015);
    expect(lost).toBeLessThan(0.0045);
    expect(packetDelayMs(path, 'up', seeded(2))).toBeCloseTo(packetDelayMs(path, 'down', seeded(2)) - 10, 9);
  });
});
