import { describe, expect, it } from 'vitest';
import { clockOffsets, latencyOf, percentile, pictureOffsets, settled, summarise } from './offsets.ts';
import type { ClockSample, Track } from './sampler.ts';

const FRAME_MS = 1000 / 24;

/** A track that plays from `positionMs` at `startMs`, sampled as a page does. */
function playing(startMs: number, positionMs: number, forMs: number, item = 1): Track {
  const clock: ClockSample[] = [];
  for (let t = 0; t < forMs; t += 20) {
    clock.push({ atMs: startMs + t, positionMs: positionMs + t, rate: 1, pitchKept: true, playing: true });
  }
  const first = Math.ceil(positionMs / FRAME_MS);
  const pictures = Array.from({ length: Math.floor(forMs / FRAME_MS) }, (_, index) => ({
    atMs: startMs + (first + index) * FRAME_MS - positionMs,
    item,
    frame: first + index,
  }));
  return { clock, pictures, events: [] };
}

describe('offsets', () => {
  it('finds a constant distance, whatever the sampling instants', () => {
    const a = playing(1000, 5040, 3000);
    const b = playing(1007, 5007, 3000);
    expect(summarise(clockOffsets(a, b))).toMatchObject({
      medianMs: expect.closeTo(40, 6),
      p95Ms: expect.closeTo(40, 6),
    });
    expect(summarise(pictureOffsets(a, b)).medianMs).toBeCloseTo(40, 6);
  });

  it('counts only moments at which both play', () => {
    const a = playing(1000, 0, 1000);
    const b = playing(1500, 500, 3000);
    expect(clockOffsets(a, b).every(({ atMs }) => atMs >= 1500 && atMs < 2000)).toBe(true);
    expect(clockOffsets(a, { ...b, clock: b.clock.map((sample) => ({ ...sample, playing: false })) })).toEqual([]);
  });

  it('does not draw a line across a seek', () => {
    const before = playing(1000, 0, 1000);
    const after = playing(2000, 60_000, 1000);
    const b = playing(1000, 0, 2000);
    const a = { ...before, clock: [...before.clock, ...after.clock] };
    const sizes = clockOffsets(a, b).map(({ offsetMs }) => Math.round(offsetMs));
    expect(new Set(sizes)).toEqual(new Set([0, 59_000]));
  });

  it('never compares the pictures of two items', () => {
    expect(pictureOffsets(playing(1000, 0, 1000, 1), playing(1000, 0, 1000, 2))).toEqual([]);
  });

  it('leaves out the time after a command', () => {
    const offsets = [0, 5, 15].map((atMs) => ({ atMs, offsetMs: 1 }));
    expect(settled(offsets, [4], 10).map(({ atMs }) => atMs)).toEqual([0, 15]);
  });

  it('says how much later an event reached the other one', () => {
    const a = { clock: [], pictures: [], events: [{ atMs: 100, type: 'pause', positionMs: 0 }] };
    const b = { clock: [], pictures: [], events: [{ atMs: 142, type: 'pause', positionMs: 0 }] };
    expect(latencyOf('pause', a, b, 90)).toBe(42);
    expect(latencyOf('pause', b, a, 141)).toBeNull();
  });

  it('takes percentiles of nothing as unknown', () => {
    expect(percentile([], 0.5)).toBeNaN();
    expect(percentile([1, 2, 3, 4], 0.95)).toBe(4);
  });
});
