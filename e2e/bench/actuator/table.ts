/** What a browser does, for people; and the figures shortened for files. */
import { type ActuatorChoice, type Figures, judge, type Pitch } from '../../../extension/sync/actuator.ts';
import { LARGEST_SLOPE_ERROR, LARGEST_STEP_MS, VERDICT_SIGMAS } from '../../../extension/sync/constants.ts';
import { type Cell, print, printTable, rounded } from '../report.ts';
import { BAD_RESIDUAL, type ClickFigures } from './audio.ts';
import type { RateFigures, SlipFigures } from './measure.ts';

export interface ModeFigures {
  rates: Record<string, RateFigures>;
  /** What the choice rests on: the deciding trims together, unless the browser does not heed a small one. */
  judged: Figures | null;
  clicks: ClickFigures | null;
  slip: Record<string, SlipFigures> | null;
  /** Why figures of the sound are missing. */
  notMeasured: string | null;
}

export interface BrowserFigures {
  version: string;
  modes: Record<Pitch, ModeFigures>;
  choice: ActuatorChoice;
}

const PITCHES: readonly Pitch[] = ['natural', 'kept'];
const percent = (share: number | null, digits: number): number | null =>
  share === null ? null : rounded(share * 100, digits);
const within = (value: number | null, bound: number | null, digits: number): string | null =>
  value === null || bound === null ? null : `${value.toFixed(digits)} +-${bound.toFixed(digits)}`;

export function printBrowser(name: string, { version, modes, choice }: BrowserFigures): void {
  print(`\n  ${name} ${version}`);
  printTable(
    ['pitch', 'rate', 'step ms', 'slope error %', 'SD ms', 'SD at rest ms'],
    PITCHES.flatMap((pitch) => rateRows(pitch, modes[pitch])),
  );
  const sounds = PITCHES.flatMap((pitch) => soundRow(pitch, modes[pitch]));
  if (sounds.length > 0) {
    print(`  residual at 6 switches, of full scale 1 (bad: > ${BAD_RESIDUAL}); sound against clock at each rate`);
    printTable(
      ['pitch', 'floor', 'at switches', 'elsewhere', 'bad', 'bad else', ...slipHeadings(modes.natural)],
      sounds,
    );
  }
  for (const why of new Set(PITCHES.map((pitch) => modes[pitch].notMeasured))) {
    if (why) print(`  sound not measured: ${why}`);
  }
  print(
    `  trims together, as the engine judges them (|step| <= ${LARGEST_STEP_MS} ms, slope within ${LARGEST_SLOPE_ERROR * 100} %):`,
  );
  for (const pitch of PITCHES) {
    const { judged } = modes[pitch];
    print(`    ${pitch} pitch is ${judge(judged)}: ${explain(judged)}`);
  }
  print(`  choice: ${JSON.stringify(choice)}`);
}

/** @returns what a judgement rests on, in words. */
export function explain(figures: Figures | null): string {
  if (!figures) return 'no trim could be measured';
  const { stepMs, slopeError } = figures;
  const bound = (sd: number, digits: number): string => `+-${(VERDICT_SIGMAS * sd).toFixed(digits)}`;
  const step = `step ${stepMs.value.toFixed(2)} ${bound(stepMs.sd, 2)} ms`;
  return `${step}, slope error ${(slopeError.value * 100).toFixed(1)} ${bound(slopeError.sd * 100, 1)} %`;
}

const rateRows = (pitch: Pitch, { rates }: ModeFigures): Cell[][] =>
  Object.entries(rates).map(([rate, figures]) => [
    ...[pitch, rate, within(figures.stepMs, figures.stepBoundMs, 2)],
    within(percent(figures.slopeError, 4), percent(figures.slopeBound, 4), 1),
    ...[rounded(figures.sdMs, 3), rounded(figures.restSdMs, 3)],
  ]);

const slipHeadings = ({ slip }: ModeFigures): string[] =>
  Object.keys(slip ?? {}).flatMap((rate) => [`ms/min at ${rate}`, 'farthest ms']);

function soundRow(pitch: Pitch, { clicks, slip }: ModeFigures): Cell[][] {
  if (!clicks || !slip) return [];
  const slips = Object.values(slip).flatMap((each) => [
    within(each.msPerMinute, each.boundMsPerMinute, 1),
    rounded(each.largestMs, 1),
  ]);
  const residuals = [clicks.noiseFloor, clicks.largestAtSwitches, clicks.largestElsewhere];
  const bad = [clicks.badBlocksAtSwitches, clicks.badBlocksElsewhere];
  return [[pitch, ...residuals.map((residual) => rounded(residual, 5)), ...bad, ...slips]];
}

/** @returns the same with numbers of six digits after the point. */
export const shortened = (figures: object): object =>
  JSON.parse(JSON.stringify(figures, (_, value) => (typeof value === 'number' ? rounded(value, 6) : value)));
