import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addOneWay,
  addPong,
  afterPing,
  beginPings,
  burstWhenUnsure,
  type Clock,
  type ClockEstimate,
  createClock,
  estimateClock,
  reroute,
} from './clock.ts';
import { BURST_PINGS, CLOCK_WINDOW_MS, REBURST_PINGS, REBURST_SPACING_MS, YOUNG_PINGS } from './constants.ts';

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

/** Without skew the instant does not matter. */
const estimateNow = (clock: Clock): ClockEstimate | null => estimateClock(clock, 0);

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
        const estimate = estimateNow(exchange(createClock(), path, list, 50));
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
        const estimate = estimateNow(exchange(createClock(), { ...path, upMs, downMs }, [...list, ...clear], 50));
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
    expect(estimateNow(exchange(createClock(), path, list, 50))?.offsetMs).toBeCloseTo(5_000, 6);
  });

  it('takes stamped messages as samples of the way down', () => {
    const path = { offsetMs: 0, upMs: 20, downMs: 20 };
    const slow = exchange(createClock(), path, [{ up: 0, down: 100 }], 50);
    expect(estimateNow(slow)?.offsetMs).toBeCloseTo(-50, 6);
    expect(estimateNow(addOneWay(slow, 2_000, 2_020))?.offsetMs).toBeCloseTo(0, 6);
  });

  it('forgets what is older than its window', () => {
    const path = { offsetMs: 0, upMs: 1, downMs: 1 };
    const old = exchange(createClock(), path, [{ up: 0, down: 0 }], 50);
    const late = addPong(old, 2_000 + CLOCK_WINDOW_MS, 2_030 + CLOCK_WINDOW_MS, 2_060 + CLOCK_WINDOW_MS);
    expect(estimateNow(late)?.roundTripMs).toBe(60);
  });

  it('keeps the offset over a change of network, until the new way is measured', () => {
    const before = exchange(createClock(), { offsetMs: 700, upMs: 5, downMs: 5 }, [{ up: 0, down: 0 }], 50);
    const between = addOneWay(reroute(before), 3_000, 2_400);
    expect(estimateNow(between)?.offsetMs).toBe(700);
    const after = addPong(between, 2_500, 2_500 + 60 + 700, 2_500 + 120);
    expect(estimateNow(after)).toMatchObject({ offsetMs: 700, roundTripMs: 120 });
  });

  it('knows nothing before the first answer', () => {
    expect(estimateNow(addOneWay(createClock(), 5, 10))).toBeNull();
  });
});

/** Two clocks that run apart, over a jittery path; jitter drawn as an exponential from the given uniform numbers. */
function runApart(skew: number, minutes: number, uniforms: readonly number[], prior = 0): Clock {
  let clock = createClock(prior);
  for (let i = 0; i * 2_000 < minutes * 60_000; i++) {
    const jitter = (k: number): number => -Math.log(1 - (uniforms[(2 * i + k) % uniforms.length] ?? 0)) * 5;
    const c = 1_000 + i * 2_000;
    const relayAt = (localMs: number): number => 5_000_000 + localMs * (1 + skew);
    const arrivedMs = c + 20 + jitter(0);
    clock = addPong(clock, c, relayAt(arrivedMs), arrivedMs + 20 + jitter(1));
  }
  return clock;
}

describe('skew', () => {
  const uniforms = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 101, maxLength: 101 });

  it('is learned within ten minutes, to a few ppm, whatever the jitter', () => {
    fc.assert(
      fc.property(fc.integer({ min: -150, max: 150 }), uniforms, (ppm, list) => {
        fc.pre(new Set(list).size > 50);
        const learned = runApart(ppm * 1e-6, 10, list).skew.value;
        // A prior of nothing draws it a tenth of the way to nothing.
        expect(Math.abs(learned * 1e6 - ppm)).toBeLessThan(8 + 0.12 * Math.abs(ppm));
      }),
      { numRuns: 40 },
    );
  });

  it('carries the offset on between answers', () => {
    const clock = runApart(100e-6, 10, [0.5]);
    const lastMs = 1_000 + 299 * 2_000;
    const in30s = estimateClock(clock, lastMs + 30_000);
    const truth = 5_000_000 + (lastMs + 30_000) * 100e-6;
    expect(Math.abs((in30s?.offsetMs ?? 0) - truth)).toBeLessThan(1);
  });

  it('costs little before it is known: samples older than a third of a minute do not count yet', () => {
    const clock = runApart(-100e-6, 1, [0.5]);
    const lastMs = 1_000 + 29 * 2_000;
    const truth = 5_000_000 - lastMs * 100e-6;
    expect(Math.abs((estimateClock(clock, lastMs)?.offsetMs ?? 0) - truth)).toBeLessThan(1.2);
  });

  it('begins from what was known, and says no more than a clock can be off', () => {
    expect(createClock(50e-6).skew.value).toBe(50e-6);
    expect(runApart(5e-3, 5, [0.3]).skew.value).toBeLessThanOrEqual(300e-6);
  });
});

describe('pings', () => {
  it('come as a burst of eight, then one a second until the pace is known, then one each two seconds', () => {
    let plan = beginPings(0);
    const at: number[] = [];
    while (at.length < BURST_PINGS + YOUNG_PINGS + 3) {
      at.push(plan.dueAtMs);
      plan = afterPing(plan, plan.dueAtMs);
    }
    expect(at.slice(0, 10)).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 1_350, 2_350]);
    const last = at.slice(-3);
    expect(last.map((each, i) => each - (last[i - 1] ?? each)).slice(1)).toEqual([2_000, 2_000]);
  });

  it('come in a short burst when the estimate has become unsure, and not again too soon', () => {
    const unsure: ClockEstimate = { offsetMs: 0, errorMs: 9, roundTripMs: 40, deliveryMs: 20 };
    const plan = { sent: 30, dueAtMs: 61_000, burst: 0, burstAtMs: 0 };
    const burst = burstWhenUnsure(plan, unsure, 60_000);
    expect(burst).toMatchObject({ dueAtMs: 60_000, burst: REBURST_PINGS - 1 });
    expect(burstWhenUnsure(burst, unsure, 60_000 + REBURST_SPACING_MS - 1)).toBe(burst);
    expect(burstWhenUnsure(plan, { ...unsure, errorMs: 3 }, 60_000)).toBe(plan);
  });
});
