import {
  CLOCK_RESOLUTION_MS,
  EPISODE_DEAD_BAND_MS,
  LARGEST_SLOPE_ERROR,
  LARGEST_STEP_MS,
  RATE_LATENCY_MS,
  SAME_RATE,
  SEEK_ONLY_DEAD_BAND_MS,
  SELF_TEST_WINDOW_MS,
  SELF_TEST_WINDOWS,
  SWITCH_UNSTEADY_MS,
  VERDICT_SIGMAS,
} from './constants.ts';
import { type Estimate, regress } from './regression.ts';

/** One look at the media clock: when, and where it stood, both in ms. */
export type ClockReading = readonly [atMs: number, positionMs: number];

/** A rate that was written to the element, and when, in ms. */
export interface RateWrite {
  atMs: number;
  rate: number;
}

/** Readings between two interruptions, and what was written meanwhile. The first write is the rate in force at the start. */
export interface Window {
  /** The party's rate: what the element runs at when nothing is corrected. */
  baseRate: number;
  writes: readonly RateWrite[];
  readings: readonly ClockReading[];
}

/** What one window tells; null where nothing happened that could tell it. */
export interface Measure {
  /** Steps of the media clock, in ms, on leaving the base rate and on going back to it. */
  enterMs: Estimate | null;
  leaveMs: Estimate | null;
  /** Both together, surer than their sum. */
  stepMs: Estimate | null;
  /** How wrong the rate was, as a share of the commanded change. */
  slopeError: Estimate | null;
}

/** What an actuator is judged by: the step that one excursion leaves behind, and its slope error. */
export interface Figures {
  stepMs: Estimate;
  slopeError: Estimate;
}

export type Verdict = 'exact' | 'inexact' | 'unknown';

export type Pitch = 'natural' | 'kept';

/** How this browser is kept on the timeline. */
export type ActuatorChoice =
  | { type: 'trim'; pitch: Pitch }
  /** Only rare corrections at once, each of which may leave this step behind. */
  | { type: 'episodes'; deadBandMs: number; stepMs: number }
  | { type: 'seek-only'; deadBandMs: number }
  /** The measures cannot tell yet: trims in this pitch mode have to be watched for longer. */
  | { type: 'unknown'; pitch: Pitch };

/**
 * What the rate changes of one window did to the media clock. The readings are explained as a line of the clock's own pace, the
 * film commanded beyond the base rate, and a step at each departure and return; so trims of any shape will do, as long as
 * there is something to tell them from.
 */
export function measureWindow({ baseRate, writes, readings }: Window): Measure {
  const switches = switchesOf(writes, baseRate);
  const usable = fresh(readings).filter(
    ([atMs]) => !switches.some((change) => atMs >= change.atMs && atMs < change.atMs + SWITCH_UNSTEADY_MS),
  );
  const [origin] = usable;
  if (!origin) return { enterMs: null, leaveMs: null, stepMs: null, slopeError: null };
  const gain = ([atMs]: ClockReading): number => gainedMs(writes, baseRate, atMs - RATE_LATENCY_MS);
  const count = (away: boolean) => (reading: ClockReading) =>
    switches.filter((change) => change.away === away && change.atMs <= reading[0]).length;
  const explanations = { enterMs: count(true), leaveMs: count(false), slopeError: gain };
  const names = (Object.keys(explanations) as (keyof typeof explanations)[]).filter((name) => {
    const cells = usable.map(explanations[name]);
    return cells.some((cell) => cell !== cells[0]);
  });
  const rows = usable.map((reading) => [
    1,
    reading[0] - origin[0],
    ...names.map((name) => explanations[name](reading)),
  ]);
  // Beside the base rate only small numbers are left, which keeps the arithmetic exact.
  const values = usable.map(([atMs, positionMs]) => positionMs - origin[1] - baseRate * (atMs - origin[0]));
  const found = regress(rows, values, CLOCK_RESOLUTION_MS / 2);
  const estimate = (...wanted: (keyof typeof explanations)[]): Estimate | null =>
    found && wanted.every((name) => names.includes(name))
      ? found.combined([0, 0, ...names.map((name) => (wanted.includes(name) ? 1 : 0))])
      : null;
  const ratio = estimate('slopeError');
  return {
    enterMs: estimate('enterMs'),
    leaveMs: estimate('leaveMs'),
    stepMs: estimate('enterMs', 'leaveMs'),
    slopeError: ratio && { value: ratio.value - 1, sd: ratio.sd },
  };
}

const isBase = (rate: number, baseRate: number): boolean => Math.abs(rate - baseRate) < SAME_RATE;

/** The writes that left the base rate or went back to it. */
function switchesOf(writes: readonly RateWrite[], baseRate: number): { atMs: number; away: boolean }[] {
  return writes.slice(1).flatMap(({ atMs, rate }, i) => {
    const away = !isBase(rate, baseRate);
    const wasAway = !isBase(writes[i]?.rate ?? rate, baseRate);
    return away === wasAway ? [] : [{ atMs, away }];
  });
}

/** A reading that repeats the last one says when the clock was looked at, not where it is: a frame-quantised clock gives many. */
const fresh = (readings: readonly ClockReading[]): ClockReading[] =>
  readings.filter(([, positionMs], i) => i > 0 && positionMs !== readings[i - 1]?.[1]);

/** Film in ms that the writes command beyond the base rate, until this moment. */
function gainedMs(writes: readonly RateWrite[], baseRate: number, untilMs: number): number {
  return writes.reduce((sum, { atMs, rate }, i) => {
    if (isBase(rate, baseRate)) return sum;
    const endMs = Math.min(untilMs, writes[i + 1]?.atMs ?? untilMs);
    return sum + (rate - baseRate) * Math.max(0, endMs - atMs);
  }, 0);
}

/** Takes the measures of several windows together. @returns null while no trim has been seen whole enough to say anything. */
export function figuresOf(measures: readonly Measure[]): Figures | null {
  const slopeError = pool(measures.map((measure) => measure.slopeError));
  const stepMs = pool(measures.map((measure) => measure.stepMs)) ?? separateSteps(measures);
  return slopeError && stepMs && { stepMs, slopeError };
}

/** Departures and returns in different windows, or departures alone, as of trims that fade but never end. */
function separateSteps(measures: readonly Measure[]): Estimate | null {
  const enter = pool(measures.map(({ enterMs }) => enterMs));
  const leave = pool(measures.map(({ leaveMs }) => leaveMs));
  if (!enter || !leave) return enter ?? leave;
  // The same slope error shifts both the same way, so their errors add up.
  return { value: enter.value + leave.value, sd: enter.sd + leave.sd };
}

/** Weighted by certainty; estimates that contradict each other are less certain than each says. */
function pool(estimates: readonly (Estimate | null)[]): Estimate | null {
  const known = estimates.filter((estimate) => estimate !== null);
  if (known.length === 0) return null;
  const weight = known.reduce((sum, { sd }) => sum + sd ** -2, 0);
  const value = known.reduce((sum, each) => sum + each.value * each.sd ** -2, 0) / weight;
  const strain = known.reduce((sum, each) => sum + ((each.value - value) / each.sd) ** 2, 0);
  const spread = known.length > 1 ? Math.sqrt(strain / (known.length - 1)) : 1;
  return { value, sd: Math.max(1, spread) / Math.sqrt(weight) };
}

/** @returns whether trims of this kind can be used, as far as the figures can tell. */
export function judge(figures: Figures | null): Verdict {
  if (!figures) return 'unknown';
  const verdicts = [side(figures.stepMs, LARGEST_STEP_MS), side(figures.slopeError, LARGEST_SLOPE_ERROR)];
  if (verdicts.includes('inexact')) return 'inexact';
  return verdicts.includes('unknown') ? 'unknown' : 'exact';
}

function side({ value, sd }: Estimate, limit: number): Verdict {
  const size = Math.abs(value);
  if (size + VERDICT_SIGMAS * sd <= limit) return 'exact';
  return size - VERDICT_SIGMAS * sd > limit ? 'inexact' : 'unknown';
}

/**
 * The best that this browser can do. Natural pitch first: it is the one without clicks. With the pitch kept and a step at each
 * excursion, corrections are made rare, as long as the rate itself is right and the step within what is left alone.
 */
export function chooseActuator(natural: Figures | null, kept: Figures | null): ActuatorChoice {
  const verdict = judge(natural);
  if (verdict === 'inexact') return chooseKept(kept);
  return verdict === 'exact' ? { type: 'trim', pitch: 'natural' } : { type: 'unknown', pitch: 'natural' };
}

function chooseKept(kept: Figures | null): ActuatorChoice {
  const verdict = judge(kept);
  if (!kept || verdict === 'unknown') return { type: 'unknown', pitch: 'kept' };
  if (verdict === 'exact') return { type: 'trim', pitch: 'kept' };
  const sides = [side(kept.stepMs, EPISODE_DEAD_BAND_MS), side(kept.slopeError, LARGEST_SLOPE_ERROR)];
  if (sides.includes('inexact')) return { type: 'seek-only', deadBandMs: SEEK_ONLY_DEAD_BAND_MS };
  if (sides.includes('unknown')) return { type: 'unknown', pitch: 'kept' };
  return { type: 'episodes', deadBandMs: EPISODE_DEAD_BAND_MS, stepMs: kept.stepMs.value };
}

/** Memory of the test that the engine makes of its own trims, in one pitch mode. */
export interface SelfTest {
  window: Window;
  /** Stretches that are over, not measured yet: that takes up to 30 ms, and they end where a film is started or sought. */
  unmeasured: readonly Window[];
  measures: readonly Measure[];
}

/** @returns a test that has seen nothing. @param baseRate the party's rate. */
export const createSelfTest = (baseRate: number): SelfTest => ({
  window: emptyWindow(baseRate),
  unmeasured: [],
  measures: [],
});

const emptyWindow = (baseRate: number): Window => ({
  baseRate,
  writes: [{ atMs: Number.NEGATIVE_INFINITY, rate: baseRate }],
  readings: [],
});

/** Notes a rate as it is written to the element. */
export function noteRate(test: SelfTest, write: RateWrite): SelfTest {
  return { ...test, window: { ...test.window, writes: [...test.window.writes, write] } };
}

/**
 * Notes a look at the element in undisturbed motion. The position may be taken as it is (best: the page's clock does not
 * wander) or less the target, as anything that moves on at a constant pace cancels.
 */
export function notePosition(test: SelfTest, [atMs, positionMs]: ClockReading): SelfTest {
  const { readings } = test.window;
  const full = atMs - (readings[0]?.[0] ?? atMs) >= SELF_TEST_WINDOW_MS;
  const going = full ? closeWindow(test, atMs) : test;
  return { ...going, window: { ...going.window, readings: [...going.window.readings, [atMs, positionMs]] } };
}

/**
 * A seek, stall, pause or new party rate: what comes is not to be compared with what was. The element is taken to run at the
 * base rate from here, so a trim that goes on is noted again with `noteRate`.
 */
export function interrupt(test: SelfTest, baseRate: number): SelfTest {
  return { ...test, unmeasured: ended(test), window: emptyWindow(baseRate) };
}

/** The trim goes on across the border: the last write is still in force in the new window. */
function closeWindow(test: SelfTest, atMs: number): SelfTest {
  const { baseRate, writes } = test.window;
  const last = writes.at(-1) ?? { atMs, rate: baseRate };
  // A change near the border belongs to both, as it is seen late.
  const isRecent = atMs - last.atMs < SWITCH_UNSTEADY_MS;
  const before = writes.at(-2);
  const kept = isRecent && before ? [before, last] : [last];
  return { ...test, unmeasured: ended(test), window: { baseRate, writes: kept, readings: [] } };
}

/** Without a change of rate there is nothing to learn from. */
const ended = ({ window, unmeasured }: SelfTest): readonly Window[] =>
  window.writes.length > 1 ? [...unmeasured, window].slice(-SELF_TEST_WINDOWS) : unmeasured;

/** Measures the oldest stretch that waits for it. For a calm moment. */
export function measureNext(test: SelfTest): SelfTest {
  const [oldest, ...unmeasured] = test.unmeasured;
  if (!oldest) return test;
  return { ...test, unmeasured, measures: [...test.measures, measureWindow(oldest)].slice(-SELF_TEST_WINDOWS) };
}
