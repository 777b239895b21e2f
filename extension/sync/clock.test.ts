import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOneWay, addPong, afterPing, beginPings, type Clock, createClock, estimateClock } from './clock.ts';
import { CLOCK_WINDOW_MS } from './constants.ts';

/** A ping each `everyMs`, each way delayed by its base and its jitter. */
function exchange(
  clock: Clock,
  path: { offsetMs: number; upMs: number; downMs: number },
  jitters: readonly { up: number; down: number }[],
  everyMs: number,
): Clock {
  return jitters.reduce((filled, jitter, i) => {
    const c = 1_000 + i * everyMs;
    const arrivedMs = c + path.upMs + jitter.up;
    return addPong(filled, c, arrivedMs + path.offsetMs, arrivedMs + path.downMs + jitter.down);
  }, clock);
}

const jitterMs = fc.double({ min: 0, max: 300, noNaN: true });
const jitters = fc.array(fc.record({ up: jitterMs, down: jitterMs }), { minLength: 1, maxLength: 60 });
const pathOf = fc.record({
  offsetMs: fc.double({ min: -1e7, max: 1e7, noNaN: true }),
  upMs: fc.double({ min: 0.1, max: 200, noNaN: true }),
  downMs: fc.double({ min: 0.1, max: 200, noNaN: true }),
});

describe('estimateClock', () => {
  it('is never off by more than half the shortest round trip, whatever the jitter', () => {
    fc.assert(
      fc.property(pathOf, jitters, (path, list) => {
        const estimate = estimateClock(exchange(createClock(), path, list, 50));
        expect(Math.abs((estimate?.offsetMs ?? Number.NaN) - path.offsetMs)).toBeLessThanOrEqual(
          (estimate?.roundTripMs ?? 0) / 2 + 1e-6,
        );
      }),
    );
  });

  it('keeps its published bound when each direction had three undelayed packets, however delayed the others', () => {
    const mostly = fc.array(fc.record({ up: jitterMs, down: jitterMs }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(pathOf, mostly, fc.double({ min: -0.05, max: 0.05, noNaN: true }), (path, list, asymmetry) => {
        const upMs = path.upMs * (1 + asymmetry);
        const downMs = path.upMs * (1 - asymmetry);
        const clear = [
          { up: 0, down: 250 },
          { up: 0, down: 90 },
          { up: 0, down: 170 },
          { up: 250, down: 0 },
          { up: 90, down: 0 },
          { up: 170, down: 0 },
        ];
        const estimate = estimateClock(exchange(createClock(), { ...path, upMs, downMs }, [...list, ...clear], 50));
        expect(Math.abs((estimate?.offsetMs ?? Number.NaN) - path.offsetMs)).toBeLessThanOrEqual(
          (estimate?.errorMs ?? 0) + 1e-6,
        );
      }),
    );
  });

  it('needs one lucky packet each way, not one lucky round trip', () => {
    const path = { offsetMs: 5_000, upMs: 20, downMs: 20 };
    const list = [
      { up: 0, down: 400 },
      { up: 400, down: 0 },
    ];
    expect(estimateClock(exchange(createClock(), path, list, 50))?.offsetMs).toBeCloseTo(5_000, 6);
  });

  it('takes stamped messages as samples of the way down', () => {
    const path = { offsetMs: 0, upMs: 20, downMs: 20 };
    const slow = exchange(createClock(), path, [{ up: 0, down: 100 }], 50);
    expect(estimateClock(slow)?.offsetMs).toBeCloseTo(-50, 6);
    expect(estimateClock(addOneWay(slow, 2_000, 2_020))?.offsetMs).toBeCloseTo(0, 6);
  });

  it('forgets what is older than its window', () => {
    const path = { offsetMs: 0, upMs: 1, downMs: 1 };
    const old = exchange(createClock(), path, [{ up: 0, down: 0 }], 50);
    const late = addPong(old, 2_000 + CLOCK_WINDOW_MS, 2_030 + CLOCK_WINDOW_MS, 2_060 + CLOCK_WINDOW_MS);
    expect(estimateClock(late)?.roundTripMs).toBe(60);
  });

  it('knows nothing before the first answer', () => {
    expect(estimateClock(addOneWay(createClock(), 5, 10))).toBeNull();
  });
});

describe('pings', () => {
  it('come as a burst of eight, then a dozen each second, then each two seconds', () => {
    let plan = beginPings(0);
    const at: number[] = [];
    while (at.length < 23) {
      at.push(plan.dueAtMs);
      plan = afterPing(plan, plan.dueAtMs);
    }
    expect(at.slice(0, 9)).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 1_350]);
    expect((at[20] ?? 0) - (at[19] ?? 0)).toBe(2_000);
    expect((at[22] ?? 0) - (at[21] ?? 0)).toBe(2_000);
  });
});
