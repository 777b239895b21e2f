/** Figures from a playback: PURE. The engine's own judge (extension/sync/actuator.ts) reads the media clock, so both judge alike. */
import { figuresOf, type Measure, measureWindow, type RateWrite } from '../../../extension/sync/actuator.ts';
import { CLOCK_RESOLUTION_MS, SWITCH_UNSTEADY_MS, VERDICT_SIGMAS } from '../../../extension/sync/constants.ts';
import { regress } from '../../../extension/sync/regression.ts';
import { median, quantile } from '../report.ts';
import { type ClickFigures, findClicks, findPulses, PULSE } from './audio.ts';
import type { Playback, Recording, Stretch } from './page.ts';

/** What excursions to one rate did to the media clock. Bounds are those of the judge. */
export interface RateFigures {
  stepMs: number | null;
  stepBoundMs: number | null;
  /** As a share of the commanded change. */
  slopeError: number | null;
  slopeBound: number | null;
  /** Of single readings around their line, in the excursion and at rest. */
  sdMs: number | null;
  restSdMs: number | null;
}

interface Excursion {
  rate: number;
  measure: Measure;
  sdMs: number | null;
  restSdMs: number | null;
}

export interface SlipFigures {
  /** How fast the sound leaves the media clock; above 0 it is ahead. */
  msPerMinute: number | null;
  boundMsPerMinute: number | null;
  /** Farthest from where it was before the rate changed. */
  largestMs: number | null;
  pulses: number;
}

/** A captured element's clock reads up to 6 ms off at a time; this many readings around a moment make it exact enough. */
const NEAR_MS = 250;
const LEAST_NEAR = 20;

/** Each excursion shares its rests with its neighbours. */
export function excursionsOf(stretches: readonly Stretch[]): Excursion[] {
  return stretches.flatMap((during, i) => {
    const [before, after] = [stretches[i - 1], stretches[i + 1]];
    return during.rate !== 1 && before?.rate === 1 && after?.rate === 1 ? [excursion(before, during, after)] : [];
  });
}

function excursion(before: Stretch, during: Stretch, after: Stretch): Excursion {
  const rests = [before, after].map(deviation).filter((sd) => sd !== null);
  return {
    rate: during.rate,
    measure: measureStretches([before, during, after]),
    sdMs: deviation(during),
    restSdMs: median(rests),
  };
}

/** @returns what the judge reads from stretches that follow each other; the first is at rest. */
export function measureStretches(stretches: readonly Stretch[]): Measure {
  const writes: RateWrite[] = stretches.map(({ fromMs, rate }) => ({ atMs: fromMs, rate }));
  const readings = stretches.flatMap((stretch, i) => (i === 0 ? steady(stretch) : stretch.readings));
  return measureWindow({ baseRate: 1, writes, readings });
}

/** A stretch without its beginning, in which the one before still works itself out. */
const steady = ({ readings, fromMs }: Stretch): Stretch['readings'] =>
  readings.filter(([atMs]) => atMs >= fromMs + SWITCH_UNSTEADY_MS);

function deviation(stretch: Stretch): number | null {
  const line = lineThrough(steady(stretch));
  if (!line) return null;
  const squares = line.residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  return Math.sqrt(squares / line.residuals.length);
}

export function rateFigures(excursions: readonly Excursion[]): RateFigures {
  const judged = figuresOf(excursions.map(({ measure }) => measure));
  const middle = (key: 'sdMs' | 'restSdMs'): number | null =>
    median(excursions.map((each) => each[key]).filter((sd) => sd !== null));
  return {
    stepMs: judged?.stepMs.value ?? null,
    stepBoundMs: judged ? VERDICT_SIGMAS * judged.stepMs.sd : null,
    slopeError: judged?.slopeError.value ?? null,
    slopeBound: judged ? VERDICT_SIGMAS * judged.slopeError.sd : null,
    sdMs: middle('sdMs'),
    restSdMs: middle('restSdMs'),
  };
}

/** @returns the clicks in a recording of the tone. */
export function clickFigures({ stretches, recording }: Playback): ClickFigures | null {
  const sound = recording && lineThrough(recording.clock);
  const [first] = stretches;
  if (!sound || !first) return null;
  const inSamples = (atMs: number): number => (sound.at(atMs) - recording.startsAtMs) / 1000;
  const startS = inSamples(first.fromMs);
  const samples = samplesOf(recording).subarray(Math.max(0, Math.round(startS * recording.rateHz)));
  return findClicks(
    samples,
    recording.rateHz,
    stretches.slice(1).map(({ fromMs }) => inSamples(fromMs) - startS),
  );
}

/** @returns per rate other than 1, how the sound in a recording of the pulses moves against `currentTime`. */
export function slipFigures({ stretches, recording }: Playback): Map<number, SlipFigures> {
  if (!recording) return new Map();
  const pulses = findPulses(samplesOf(recording), recording.rateHz);
  const heard = pulses.flatMap(({ index, atS }): { atMs: number; contentMs: number }[] => {
    const atMs = pageTime(recording.clock, recording.startsAtMs + atS * 1000);
    return atMs === null ? [] : [{ atMs, contentMs: index * PULSE.periodS * 1000 }];
  });
  const leads = (stretch: Stretch): [number, number][] =>
    heard.flatMap(({ atMs, contentMs }): [number, number][] => {
      const positionMs = positionNear(stretch, atMs);
      return positionMs === null ? [] : [[atMs, contentMs - positionMs]];
    });
  return new Map(
    stretches.flatMap((stretch, i): [number, SlipFigures][] => {
      const before = stretches[i - 1];
      return stretch.rate !== 1 && before?.rate === 1 ? [[stretch.rate, slip(leads(before), leads(stretch))]] : [];
    }),
  );
}

/** The page's time when the sound clock stood here, between the two looks around it: on a busy machine it wanders, and at times halts. */
function pageTime(clock: Recording['clock'], soundMs: number): number | null {
  const after = clock.findIndex(([, ms]) => ms >= soundMs);
  const [left, right] = [clock[after - 1], clock[after]];
  if (!left || !right) return null;
  return left[0] + ((soundMs - left[1]) / (right[1] - left[1])) * (right[0] - left[0]);
}

/** Where the media clock stood, by the readings around: it wanders along with the sound clock, so a line through all would not do. */
function positionNear(stretch: Stretch, atMs: number): number | null {
  const near = steady(stretch).filter(([readAtMs]) => Math.abs(readAtMs - atMs) <= NEAR_MS);
  if (near.length < LEAST_NEAR) return null;
  return median(near.map(([readAtMs, positionMs]) => positionMs + stretch.rate * (atMs - readAtMs)));
}

function slip(rest: readonly (readonly [number, number])[], away: readonly (readonly [number, number])[]): SlipFigures {
  const line = lineThrough(away);
  const restMs = median(rest.map(([, leadMs]) => leadMs));
  const departures = restMs === null ? [] : away.map(([, leadMs]) => leadMs - restMs);
  const largest = quantile(departures.map(Math.abs), 1);
  return {
    msPerMinute: line && line.slope * 60_000,
    boundMsPerMinute: line && VERDICT_SIGMAS * line.slopeSd * 60_000,
    largestMs: departures.find((departure) => Math.abs(departure) === largest) ?? null,
    pulses: away.length,
  };
}

interface Line {
  slope: number;
  slopeSd: number;
  residuals: readonly number[];
  at(x: number): number;
}

/** A line that single wild readings do not bend; null when there are too few. */
function lineThrough(points: readonly (readonly [number, number])[]): Line | null {
  const [origin] = points;
  if (!origin) return null;
  const [x0, y0] = origin;
  const rows = points.map(([x]) => [1, x - x0]);
  const found = regress(
    rows,
    points.map(([, y]) => y - y0),
    CLOCK_RESOLUTION_MS / 2,
  );
  const [base, slope] = found?.coefficients ?? [];
  if (!found || !base || !slope) return null;
  return {
    slope: slope.value,
    slopeSd: slope.sd,
    residuals: found.residuals,
    at: (x) => y0 + base.value + slope.value * (x - x0),
  };
}

function samplesOf({ base64 }: Recording): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
