import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ActuatorChoice,
  chooseActuator,
  createSelfTest,
  type Figures,
  figuresOf,
  interrupt,
  judge,
  measureNext,
  measureWindow,
  notePosition,
  noteRate,
  type RateWrite,
  type SelfTest,
  type Window,
} from './actuator.ts';
import { RATE_LATENCY_MS, TICK_MS } from './constants.ts';
import { seeded } from './testing/agenda.ts';

/** A media clock as browsers have them. */
interface Clock {
  /** Steps in ms on leaving the base rate and on going back. */
  enterMs: number;
  leaveMs: number;
  /** Share of the commanded change that is missing or too much. */
  slopeError: number;
  /** Uniform unsteadiness of a reading, either way, in ms. */
  noiseMs: number;
  fps: number | null;
  /** Own pace against the page's clock. */
  skew: number;
}

const EXACT: Clock = { enterMs: 0, leaveMs: 0, slopeError: 0, noiseMs: 0.1, fps: null, skew: 4e-5 };
/** Chromium with the pitch kept, as measured. */
const STRETCHING: Clock = { ...EXACT, enterMs: -21, leaveMs: -0.5, noiseMs: 5 };
const FRAMES: Clock = { ...EXACT, fps: 24 };

/** Where the clock stands: it lags the writes by the audio pipeline. */
function positionAt(clock: Clock, writes: readonly RateWrite[], baseRate: number, atMs: number): number {
  let positionMs = 60_000 + atMs * baseRate * (1 + clock.skew);
  let away = false;
  for (const [i, write] of writes.entries()) {
    const fromMs = write.atMs + RATE_LATENCY_MS;
    if (atMs < fromMs) break;
    const untilMs = Math.min(atMs, (writes[i + 1]?.atMs ?? atMs) + RATE_LATENCY_MS);
    const isAway = write.rate !== baseRate;
    if (isAway) positionMs += (write.rate - baseRate) * (1 + clock.slopeError) * Math.max(0, untilMs - fromMs);
    if (isAway !== away) positionMs += isAway ? clock.enterMs : clock.leaveMs;
    away = isAway;
  }
  return positionMs;
}

const look = (clock: Clock, positionMs: number, random: () => number): number => {
  const read = positionMs + (random() * 2 - 1) * clock.noiseMs;
  return clock.fps === null ? read : Math.floor((read / 1000) * clock.fps) * (1000 / clock.fps);
};

/** Lets an engine watch a member for a while. @param everyMs between looks. */
function watch(clock: Clock, writes: readonly RateWrite[], forMs: number, seed = 1, baseRate = 1): SelfTest {
  const random = seeded(seed);
  let test = createSelfTest(baseRate);
  let written = 0;
  for (let atMs = 1_000; atMs < forMs; atMs += TICK_MS + random() * 2) {
    for (let write = writes[written]; write && write.atMs <= atMs; write = writes[written]) {
      test = noteRate(test, write);
      written += 1;
    }
    test = notePosition(test, [atMs, look(clock, positionAt(clock, writes, baseRate, atMs), random)]);
  }
  return test;
}

/** What the test has shown once everything it has seen is measured. */
function figuresShown(test: SelfTest): Figures | null {
  let measured = interrupt(test, test.window.baseRate);
  while (measured.unmeasured.length > 0) measured = measureNext(measured);
  return figuresOf(measured.measures);
}

/** Trims to and fro, each held and followed by rest. */
const trims = (count: number, trim: number, heldMs: number, restMs: number, baseRate = 1): RateWrite[] =>
  Array.from({ length: count }, (_, i) => {
    const atMs = 6_000 + i * (heldMs + restMs);
    const sign = i % 2 === 0 ? 1 : -1;
    return [
      { atMs, rate: baseRate * (1 + sign * trim) },
      { atMs: atMs + heldMs, rate: baseRate },
    ];
  }).flat();

/** What a proportional controller writes: a departure that fades into a lasting small trim. */
const fading = (trim: number, lasting: number): RateWrite[] =>
  Array.from({ length: 100 }, (_, i) => ({
    atMs: 4_000 + i * 500,
    rate: 1 + lasting + (trim - lasting) * Math.exp(-i / 7),
  }));

const choiceOf = (natural: Clock, kept: Clock | null): ActuatorChoice => {
  const writes = trims(10, 0.003, 4_000, 4_000);
  return chooseActuator(
    figuresShown(watch(natural, writes, 90_000)),
    kept && figuresShown(watch(kept, writes, 90_000)),
  );
};

describe('the self-test on ordinary trims', () => {
  it('finds an exact clock exact after one trim of three seconds', () => {
    const figures = figuresShown(watch(EXACT, trims(1, 0.003, 3_000, 3_000), 14_000));
    expect(judge(figures)).toBe('exact');
    expect(Math.abs(figures?.stepMs.value ?? 99)).toBeLessThan(0.5);
    expect(Math.abs(figures?.slopeError.value ?? 99)).toBeLessThan(0.05);
  });

  it('finds the step of a stretching clock, and that its rate is right', () => {
    const figures = figuresShown(watch(STRETCHING, trims(6, 0.005, 5_000, 5_000), 70_000));
    expect(judge(figures)).toBe('inexact');
    expect(Math.abs((figures?.stepMs.value ?? 0) + 21.5)).toBeLessThan(3);
    expect(Math.abs(figures?.slopeError.value ?? 99)).toBeLessThan(0.2);
  });

  it('finds a clock that does not heed small trims', () => {
    const figures = figuresShown(watch({ ...EXACT, slopeError: -1 }, trims(3, 0.0005, 4_000, 4_000), 30_000));
    expect(judge(figures)).toBe('inexact');
    expect(figures?.slopeError.value).toBeCloseTo(-1, 1);
  });

  it('reads the fading trims of the controller, which never come back to the base rate', () => {
    expect(judge(figuresShown(watch(EXACT, fading(0.003, 0.000_04), 40_000)))).toBe('exact');
    const stepping = figuresShown(watch({ ...EXACT, enterMs: -21 }, fading(0.003, 0.000_04), 40_000));
    expect(judge(stepping)).toBe('inexact');
    expect(Math.abs((stepping?.stepMs.value ?? 0) + 21)).toBeLessThan(1);
    expect(judge(figuresShown(watch({ ...EXACT, slopeError: 0.4 }, fading(0.003, 0.000_04), 40_000)))).toBe('inexact');
  });

  it('is not misled by single wild readings', () => {
    const writes = trims(4, 0.003, 4_000, 4_000);
    const { window } = watch(EXACT, writes, 29_000);
    const wild = window.readings.map(([atMs, positionMs], i) => [atMs, positionMs + (i % 17 === 5 ? -38 : 0)] as const);
    const figures = figuresOf([measureWindow({ ...window, readings: wild })]);
    expect(Math.abs(figures?.stepMs.value ?? 99)).toBeLessThan(0.5);
    expect(judge(figures)).toBe('exact');
  });

  it('says nothing before a trim, after a short look, or of a trim that never changes', () => {
    expect(figuresShown(watch(EXACT, [], 60_000))).toBeNull();
    expect(judge(figuresShown(watch(EXACT, trims(1, 0.003, 4_000, 4_000), 6_800)))).toBe('unknown');
    const always = [{ atMs: 0, rate: 1.003 }];
    expect(judge(figuresShown(watch(EXACT, always, 60_000)))).toBe('unknown');
  });

  it('counts nothing twice and forgets nothing at the borders of its windows', () => {
    const test = watch({ ...EXACT, enterMs: -8 }, trims(12, 0.003, 4_000, 3_100), 92_000);
    expect(test.unmeasured.length).toBe(3);
    expect(figuresShown(test)?.stepMs.value).toBeCloseTo(-8, 0);
  });

  it('measures nothing when it is interrupted, which is when a film starts or seeks', () => {
    const seen = watch(EXACT, trims(6, 0.003, 4_000, 4_000), 60_000);
    const test = interrupt(seen, 1);
    expect(test.measures).toBe(seen.measures);
    expect(test.unmeasured.length).toBeGreaterThan(0);
    expect(measureNext(test).measures).toHaveLength(1);
  });

  it('does not take a seek for a step', () => {
    const writes = trims(1, 0.003, 4_000, 4_000);
    const before = watch(EXACT, writes, 16_000);
    let test = interrupt(before, 1);
    for (let i = 0; i < 40; i += 1) test = notePosition(test, [20_000 + i * TICK_MS, 500_000 + i * TICK_MS]);
    expect(figuresShown(test)).toEqual(figuresShown(before));
  });

  it('works around a party speed other than 1', () => {
    const writes = trims(3, 0.003, 4_000, 4_000, 1.25);
    expect(judge(figuresShown(watch(EXACT, writes, 32_000, 1, 1.25)))).toBe('exact');
    expect(judge(figuresShown(watch({ ...EXACT, enterMs: 9 }, writes, 32_000, 1, 1.25)))).toBe('inexact');
  });

  it('says that it cannot tell small steps by a clock that moves in frames, but tells large ones in time', () => {
    const writes = trims(40, 0.004, 6_000, 6_000);
    expect(judge(figuresShown(watch(FRAMES, writes.slice(0, 2), 20_000)))).toBe('unknown');
    const stepping = figuresShown(watch({ ...FRAMES, enterMs: -21 }, writes, 480_000));
    expect(judge(stepping)).toBe('inexact');
  });

  it('never gives a false verdict, whatever the clock', () => {
    const clocks = fc.record({
      enterMs: fc.constantFrom(-21, -8, 0, 0.5, 8),
      leaveMs: fc.constantFrom(-0.5, 0, 0.5),
      slopeError: fc.constantFrom(-1, -0.5, -0.05, 0, 0.05, 0.5),
      noiseMs: fc.constantFrom(0.05, 0.5, 3),
      fps: fc.constantFrom(null, 24, 60),
      skew: fc.constantFrom(-1e-4, 0, 5e-5),
    });
    fc.assert(
      fc.property(
        clocks,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 8 }),
        (clock, seed, count) => {
          const figures = figuresShown(watch(clock, trims(count, 0.004, 5_000, 4_000), 10_000 + count * 9_000, seed));
          const good = Math.abs(clock.enterMs + clock.leaveMs) <= 3 && Math.abs(clock.slopeError) <= 0.2;
          expect(judge(figures)).not.toBe(good ? 'inexact' : 'exact');
        },
      ),
      { numRuns: 150 },
    );
  });
});

const figures = (stepMs: number, slopeError: number, stepSd = 0.1, slopeSd = 0.005): Figures => ({
  stepMs: { value: stepMs, sd: stepSd },
  slopeError: { value: slopeError, sd: slopeSd },
});

describe('chooseActuator', () => {
  const cases: [string, Figures | null, Figures | null, ActuatorChoice][] = [
    ['natural pitch when it is exact', figures(0.2, 0.01), figures(0, 0), { type: 'trim', pitch: 'natural' }],
    ['to go on looking when nothing is known', null, null, { type: 'unknown', pitch: 'natural' }],
    ['to go on looking when the bound is wide', figures(0, 0, 4), null, { type: 'unknown', pitch: 'natural' }],
    ['to try the other mode next', figures(-21, 0), null, { type: 'unknown', pitch: 'kept' }],
    ['kept pitch when only that is exact', figures(0, -1), figures(-1, 0.1), { type: 'trim', pitch: 'kept' }],
    [
      'episodes when the step is known and the rate right',
      figures(9, 0),
      figures(-21, 0.08),
      { type: 'episodes', deadBandMs: 25, stepMs: -21 },
    ],
    ['seeks when the rate is wrong', figures(0, 0.5), figures(0, -1), { type: 'seek-only', deadBandMs: 80 }],
    [
      'seeks when the step is beyond the dead band',
      figures(9, 0),
      figures(-60, 0),
      { type: 'seek-only', deadBandMs: 80 },
    ],
  ];
  it.each(cases)('chooses %s', (_, natural, kept, expected) => {
    expect(chooseActuator(natural, kept)).toEqual(expected);
  });

  it('chooses from what trims have shown', () => {
    expect(choiceOf(EXACT, null)).toEqual({ type: 'trim', pitch: 'natural' });
    expect(choiceOf(STRETCHING, EXACT)).toEqual({ type: 'trim', pitch: 'kept' });
    expect(choiceOf({ ...EXACT, slopeError: -1 }, { ...EXACT, slopeError: -1 }).type).toBe('seek-only');
    expect(choiceOf({ ...EXACT, leaveMs: 9 }, { ...STRETCHING, noiseMs: 1 }).type).toBe('episodes');
  });
});

describe('measureWindow', () => {
  it('is the same whether positions are taken as they are or less the target', () => {
    const { window } = watch(STRETCHING, trims(2, 0.005, 5_000, 5_000), 28_000);
    const offsets: Window = {
      ...window,
      readings: window.readings.map(([atMs, positionMs]) => [atMs, positionMs - 60_000 - atMs] as const),
    };
    const [whole, less] = [measureWindow(window), measureWindow(offsets)];
    expect(less.enterMs?.value).toBeCloseTo(whole.enterMs?.value ?? 0, 6);
    expect(less.slopeError?.value).toBeCloseTo(whole.slopeError?.value ?? 0, 6);
  });
});
