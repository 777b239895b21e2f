import { describe, expect, it } from 'vitest';
import type { ClockSample, EventSample, Track } from '../../support/sampler.ts';
import { type Figures, figuresOf, floorOf, ownErrorOf, spreadOf } from './figures.ts';
import type { Evening, Performed } from './play.ts';

const ENDS_MS = 60_000;
/** The first is put 3 ms ahead by its path, the second 1 ms behind. */
const PATHS = [
  { upMs: 23, downMs: 17, jitterMs: 1 },
  { upMs: 19, downMs: 21, jitterMs: 1 },
];

interface Seen {
  aheadMs?: (atMs: number) => number;
  sample?: (atMs: number) => Partial<ClockSample>;
  events?: EventSample[];
  fromMs?: number;
}

function member({ aheadMs = () => 0, sample = () => ({}), events = [], fromMs = 0 }: Seen): Track {
  const clock: ClockSample[] = [];
  for (let atMs = fromMs; atMs < ENDS_MS; atMs += 20) {
    const positionMs = atMs + aheadMs(atMs);
    clock.push({ atMs, positionMs, rate: 1, pitchKept: false, playing: true, ...sample(atMs) });
  }
  return { clock, pictures: [], events };
}

const event = (type: string, atMs: number): EventSample => ({ type, atMs, positionMs: atMs });
const play = (atMs: number): Performed => ({ command: { who: 0, what: 'play' }, atMs });
const join = (atMs: number): Performed => ({ command: { who: 1, what: 'join' }, atMs });

function figures(one: Seen, other: Seen, performed: Performed[]): Figures {
  const evening: Evening = {
    tracks: [member(one), member(other)],
    performed,
    clockDisagreementMs: 0,
    pathErrors: { packets: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null },
  };
  return figuresOf(evening, ['chromium', 'chromium'], PATHS);
}

describe('the figures of an evening', () => {
  it('count steady play only, and know what the paths alone would show', () => {
    const transient = (atMs: number): number => (atMs < 15_000 ? 500 : 6);
    const { pairs } = figures({ aheadMs: transient }, {}, [play(5_000)]);
    expect(spreadOf(pairs, 'clock').p50).toBeCloseTo(6, 6);
    expect(spreadOf(pairs, 'clock').p99).toBeCloseTo(6, 6);
    const before = figures({ aheadMs: transient }, {}, [play(30_000)]);
    expect(spreadOf(before.pairs, 'clock').p99).toBeCloseTo(500, 6);
    expect(floorOf(pairs)).toMatchObject({ p50: 4, p95: 4, p99: 4 });
    expect(ownErrorOf(pairs).p50).toBeCloseTo(2, 6);
  });

  it('time a play from the click itself', () => {
    const one = { events: [event('click', 5_250)] };
    const other = { aheadMs: (atMs: number) => (atMs < 5_600 ? 300 : 0) };
    expect(figures(one, other, [play(5_000)]).settles.play).toEqual([expect.closeTo(0.35, 1)]);
    expect(figures({}, other, [play(5_000)]).settles.play).toEqual([null]);
  });

  it('time a join from the moment its film could play, and see whom it disturbed', () => {
    const late: Seen = { fromMs: 7_000, events: [event('canplay', 7_400)] };
    const calm = figures({}, { ...late, aheadMs: (atMs) => (atMs < 8_000 ? 90 : 0) }, [join(5_000)]);
    expect(calm.settles.join).toEqual([expect.closeTo(0.6, 1)]);
    expect(calm.settles.joinFromLink).toEqual([expect.closeTo(3, 1)]);
    expect(calm.disturbedByJoin).toBe(0);
    const paused = figures({ events: [event('pause', 7_100), event('pause', 40_000)] }, late, [join(5_000)]);
    expect(paused.disturbedByJoin).toBe(1);
  });

  it('count what is done to the players in steady play', () => {
    const restless: Seen = {
      sample: (atMs) => ({ rate: atMs >= 30_000 && atMs < 31_000 ? 1.05 : 1, pitchKept: atMs >= 30_000 }),
      events: [event('seeking', 6_000), event('seeking', 50_000)],
    };
    const { deeds } = figures(restless, {}, [play(5_000)]);
    expect(deeds).toEqual({ rateChangesOver3Percent: 2, pitchSwitches: 1, seeks: 1 });
  });
});
