import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channel, drawBursts, type PathSpec } from './path.ts';
import { Random } from './random.ts';

const QUIET: PathSpec = { baseMs: 20, jitterMs: 0, loss: 0, bursts: [] };
const gaps = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 2, maxLength: 80 });

function arrivals(spec: PathSpec, seed: number, sentAfterMs: readonly number[]): { sentMs: number; atMs: number }[] {
  const channel = new Channel(spec, new Random(seed, 'path'));
  let sentMs = 0;
  return sentAfterMs.map((gapMs) => {
    sentMs += gapMs;
    return { sentMs, atMs: channel.arrivalMs(sentMs) };
  });
}

describe('a path', () => {
  it('delivers in order and never sooner than its base delay, whatever jitter, loss and bursts do', () => {
    fc.assert(
      fc.property(fc.nat(), gaps, (seed, sent) => {
        const bursts = drawBursts(new Random(seed, 'bursts'), 30_000, 2_000, 250);
        const all = arrivals({ baseMs: 20, jitterMs: 8, loss: 0.2, bursts }, seed, sent);
        for (const [i, { sentMs, atMs }] of all.entries()) {
          expect(atMs).toBeGreaterThanOrEqual(sentMs + 20);
          expect(atMs).toBeGreaterThanOrEqual(all[i - 1]?.atMs ?? 0);
        }
      }),
    );
  });

  it('takes exactly its base delay when nothing is in the way', () => {
    expect(arrivals(QUIET, 1, [5, 100]).map(({ sentMs, atMs }) => atMs - sentMs)).toEqual([20, 20]);
  });

  it('makes a lost segment, and what is behind it, wait for the retransmission, each twice as long as the last', () => {
    const [lost, behind] = arrivals({ ...QUIET, loss: 1 }, 1, [0, 10]);
    // Four losses in a row, then it is let through: 200 + 400 + 800 + 1600 ms.
    expect(lost?.atMs).toBe(20 + 3_000);
    expect(behind?.atMs).toBe(10 + 20 + 3_000);
    const rare = arrivals(
      { ...QUIET, loss: 0.1 },
      3,
      Array.from({ length: 400 }, () => 10),
    );
    const late = rare.filter(({ sentMs, atMs }) => atMs - sentMs > 21);
    const held = late.filter(({ sentMs, atMs }) => atMs - sentMs < 220);
    expect(held.length).toBeGreaterThan(0);
    expect(late.length).toBeGreaterThan(held.length);
  });

  it('queues behind a burst, which drains evenly', () => {
    const spec = { ...QUIET, bursts: [{ fromMs: 100, lastsMs: 1_000, peakMs: 250 }] };
    const [before, peak, half, after] = arrivals(spec, 1, [99, 1, 500, 500]);
    expect(before?.atMs).toBe(119);
    expect(peak?.atMs).toBe(370);
    expect(half?.atMs).toBe(600 + 20 + 125);
    expect(after?.atMs).toBe(1_120);
  });
});
