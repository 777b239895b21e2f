import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timeline } from './protocol.ts';
import { isNewer, positionAt, reanchor } from './timeline.ts';

const paused: Timeline = { epoch: 1, seq: 1, phase: 'paused', positionMs: 1000, rate: 1, atMs: 50, media: null };
const playing: Timeline = { ...paused, phase: 'playing' };

const timelines = fc.record({
  epoch: fc.nat(5),
  seq: fc.nat(20),
  phase: fc.constantFrom('paused', 'playing', 'preparing', 'holding'),
  positionMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
  rate: fc.double({ min: 0.25, max: 4, noNaN: true }),
  atMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  media: fc.constant(null),
}) satisfies fc.Arbitrary<Timeline>;
const instants = fc.double({ min: 0, max: 1e9, noNaN: true });

describe('positionAt', () => {
  it('[T-01] moves with the rate while playing', () => {
    expect(positionAt(playing, 50)).toBe(1000);
    expect(positionAt({ ...playing, rate: 1.5 }, 150)).toBe(1150);
  });

  it('[T-01] waits for a start that lies ahead', () => {
    expect(positionAt(playing, 20)).toBe(1000);
  });

  it.each(['paused', 'preparing', 'holding'] as const)('[T-01] rests while %s', (phase) => {
    expect(positionAt({ ...paused, phase }, 1e6)).toBe(1000);
  });

  it('[T-01] never runs backwards', () => {
    fc.assert(
      fc.property(timelines, instants, instants, (timeline, a, b) => {
        expect(positionAt(timeline, Math.max(a, b))).toBeGreaterThanOrEqual(positionAt(timeline, Math.min(a, b)));
      }),
    );
  });
});

describe('reanchor', () => {
  it('[T-02] describes the same motion from then on', () => {
    fc.assert(
      fc.property(timelines, instants, fc.nat(1e6), (timeline, atMs, laterMs) => {
        const at = Math.max(atMs, timeline.atMs);
        const again = reanchor(timeline, at);
        expect(again.atMs).toBe(at);
        expect(positionAt(again, at + laterMs)).toBeCloseTo(positionAt(timeline, at + laterMs), 3);
      }),
    );
  });
});

describe('isNewer', () => {
  it('[T-03] epoch beats seq, seq beats nothing else', () => {
    expect(isNewer({ ...paused, seq: 2 }, paused)).toBe(true);
    expect(isNewer({ ...paused, epoch: 2, seq: 0 }, { ...paused, seq: 99 })).toBe(true);
    expect(isNewer(paused, paused)).toBe(false);
  });

  it('[T-03] of two different ones exactly one is newer', () => {
    fc.assert(
      fc.property(timelines, timelines, (a, b) => {
        const same = a.epoch === b.epoch && a.seq === b.seq;
        expect(Number(isNewer(a, b)) + Number(isNewer(b, a))).toBe(same ? 0 : 1);
      }),
    );
  });
});
