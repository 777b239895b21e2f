/** One seed's evening from beginning to end, judged: figures, or that the machine was too busy to tell. */
import type { BrowserKind } from '../../support/seats.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type Foursome, gather } from './foursome.ts';
import type { ClockHealth } from './media-clock.ts';
import type { PathErrors } from './path-process.ts';
import { playEvening } from './play.ts';

export interface SeedRun {
  seed: number;
  kinds: readonly BrowserKind[];
  figures: Figures;
  pathErrors: PathErrors;
  clockDisagreementMs: number;
  /** Why this run tells of the machine and not of us; null when it can be trusted. */
  starved: string | null;
}

interface SeedOptions {
  seed: number;
  seconds: number;
  /** The members' browsers. */
  kinds: readonly BrowserKind[];
  tell(what: string): void;
  /** More to do while the four go on watching, after the recording. */
  after?(four: Foursome): Promise<void>;
}

/** A media clock off its commanded speed by more is being held up. */
const MAX_SLOPE_ERROR = 1e-3;
const MAX_UNDERRUNS = 2;
const MAX_GAPS = 2;
/** Beyond these the instruments are worse than what they measure. Few late packets only lengthen the jitter's own tail. */
const MAX_MEDIAN_LATENESS_MS = 0.5;
const MAX_P95_LATENESS_MS = 10;
const MAX_CLOCK_DISAGREEMENT_MS = 3;

export async function runSeed({ seed, seconds, kinds, tell, after }: SeedOptions): Promise<SeedRun> {
  const four = await gather(seed, kinds);
  try {
    const evening = await playEvening(four, seconds, tell);
    const figures = figuresOf(
      evening,
      four.kinds,
      four.conditions.map(({ path }) => path),
    );
    const { pathErrors, clockDisagreementMs } = evening;
    const run = { seed, kinds, figures, pathErrors, clockDisagreementMs };
    await after?.(four);
    return { ...run, starved: starvationOf({ ...run, health: figures.health }) };
  } finally {
    await four.close();
  }
}

/** @returns leaps of any member's media clock in steady play that nobody commanded. */
export const underrunsOf = ({ health }: Pick<Figures, 'health'>): number =>
  health.reduce((sum, { steps }) => sum + steps, 0);

/** @returns why what was measured tells of the machine and not of us; null when it can be trusted. */
export function starvationOf(run: {
  health: ClockHealth[];
  pathErrors: PathErrors;
  clockDisagreementMs: number;
}): string | null {
  const { health } = run;
  const slopeError = Math.max(...health.map((each) => each.slopeError));
  const gaps = health.reduce((sum, each) => sum + each.gaps, 0);
  const underruns = underrunsOf(run);
  const { p50Ms, p95Ms } = run.pathErrors;
  if (slopeError > MAX_SLOPE_ERROR) return `a media clock ran ${(slopeError * 100).toFixed(2)} % off its rate`;
  if (underruns > MAX_UNDERRUNS) return `${underruns} underruns`;
  if (gaps > MAX_GAPS) return `a page stood still ${gaps} times`;
  if ((p50Ms ?? 0) > MAX_MEDIAN_LATENESS_MS || (p95Ms ?? 0) > MAX_P95_LATENESS_MS)
    return `packets were late by ${p50Ms?.toFixed(1)} ms (median), ${p95Ms?.toFixed(1)} ms (95 %)`;
  if (run.clockDisagreementMs > MAX_CLOCK_DISAGREEMENT_MS)
    return `pages may disagree on the time by ${run.clockDisagreementMs.toFixed(1)} ms`;
  return null;
}
