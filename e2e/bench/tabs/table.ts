/** The figures of a run of seeds, for people and for machines. */
import type { BrowserKind } from '../../support/seats.ts';
import { type Cell, median, print, printTable, rounded } from '../report.ts';
import type { Cost } from './cost.ts';
import { floorOf, ownErrorOf, type PairFigures, type Spread, spreadOf } from './figures.ts';
import { type SeedRun, underrunsOf } from './seed.ts';

interface Offsets {
  /** By the elements' clocks (`currentTime`), ms. */
  clock: Spread;
  /** By the frames on the screen, ms: no finer than the display's own beat. */
  picture: Spread;
  /** What the asymmetry of the paths alone would have shown. */
  floor: Spread;
  /** What is left when the asymmetry of the paths is taken out. */
  own: Spread;
}

const offsetsOf = (pairs: readonly PairFigures[]): Offsets => ({
  clock: spreadOf(pairs, 'clock'),
  picture: spreadOf(pairs, 'picture'),
  floor: floorOf(pairs),
  own: ownErrorOf(pairs),
});

/** @returns what goes into the file: everything but the offsets themselves. */
export function reportOf(runs: readonly SeedRun[]): object {
  const trusted = runs.filter(({ starved }) => starved === null);
  const pairs = trusted.flatMap(({ figures }) => figures.pairs);
  const settles = (of: keyof SeedRun['figures']['settles']): (number | null)[] =>
    trusted.flatMap(({ figures }) => figures.settles[of]);
  return {
    pooled: offsetsOf(pairs),
    withFirefox: mixedPairs(trusted).length === 0 ? null : offsetsOf(mixedPairs(trusted)),
    settleS: {
      play: medianS(settles('play')),
      seek: medianS(settles('seek')),
      join: medianS(settles('join')),
      joinFromLink: medianS(settles('joinFromLink')),
    },
    seeds: runs.map(({ seed, starved, figures, pathErrors, clockDisagreementMs }) => ({
      ...{ seed, starved, ...offsetsOf(figures.pairs) },
      pairs: figures.pairs.map(({ members, unseenMs, clock }) => {
        return { members, unseenMs, medianMs: median(clock.map(({ offsetMs }) => offsetMs)) };
      }),
      ...{ settleS: figures.settles, disturbedByJoin: figures.disturbedByJoin, ...figures.deeds },
      ...{ health: figures.health, pathErrors, clockDisagreementMs },
    })),
  };
}

/** @returns the median in s of those that came together; null when most did not. */
function medianS(seconds: readonly (number | null)[]): number | null {
  const middle = median(seconds.map((each) => each ?? Number.POSITIVE_INFINITY));
  return middle === null || !Number.isFinite(middle) ? null : rounded(middle, 2);
}

const mixedPairs = (runs: readonly SeedRun[]): PairFigures[] =>
  runs.flatMap(({ kinds, figures }) =>
    figures.pairs.filter(({ members: [a, b] }) => kindOf(kinds, a) !== kindOf(kinds, b)),
  );

const kindOf = (kinds: readonly BrowserKind[], member: number): BrowserKind => kinds[member] ?? 'chromium';

export function printSeeds(runs: readonly SeedRun[]): void {
  const trusted = runs.filter(({ starved }) => starved === null);
  print('');
  print('  |offset| of any two members in steady play, ms; floor: what the asymmetry of their paths alone would show;');
  print('  own: what is left without it; screen: by the frames shown');
  printTable(
    ['seed', 'p50', 'p95', 'p99', 'floor p95', 'own p50', 'own p95', 'screen p50', 'screen p95', 'samples'],
    [
      ...runs.map((run) => [nameOf(run), ...offsetCells(run.figures.pairs)]),
      ['all', ...offsetCells(trusted.flatMap(({ figures }) => figures.pairs))],
      ...mixedRows(trusted),
    ],
  );
  print('');
  print(
    '  s from the press (join: from when the film could play; from the link) to all within 40 ms for 1 s; then what was',
  );
  print(
    '  done to the players in steady play; then how well the bench itself did: leaps of media clocks, lateness of packets',
  );
  const headings = ['play s', 'seek s', 'join s', 'from link', 'disturbed', 'rate >3 %', 'pitch', 'seeks'];
  printTable(['seed', ...headings, 'underruns', 'late p95 ms', 'late p99 ms'], runs.map(deedCells));
}

const nameOf = ({ seed, starved }: SeedRun): string => (starved === null ? String(seed) : `${seed} (starved)`);

function offsetCells(pairs: readonly PairFigures[]): Cell[] {
  const { clock, picture, floor, own } = offsetsOf(pairs);
  const values = [clock.p50, clock.p95, clock.p99, floor.p95, own.p50, own.p95, picture.p50, picture.p95];
  return [...values.map((ms) => (Number.isNaN(ms) ? null : ms.toFixed(1))), clock.count];
}

function mixedRows(runs: readonly SeedRun[]): Cell[][] {
  const pairs = mixedPairs(runs);
  return pairs.length === 0 ? [] : [['Firefox with Chromium', ...offsetCells(pairs)]];
}

function deedCells(run: SeedRun): Cell[] {
  const { settles, deeds, disturbedByJoin } = run.figures;
  const list = (seconds: readonly (number | null)[]): string =>
    seconds.map((each) => (each === null ? 'never' : each.toFixed(2))).join(' ');
  return [
    ...[nameOf(run), list(settles.play), list(settles.seek), list(settles.join), list(settles.joinFromLink)],
    ...[disturbedByJoin, deeds.rateChangesOver3Percent, deeds.pitchSwitches, deeds.seeks],
    ...[underrunsOf(run.figures), rounded(run.pathErrors.p95Ms, 2), rounded(run.pathErrors.p99Ms, 2)],
  ];
}

export function printCost(cost: Cost | null): void {
  if (!cost) return;
  print('');
  print(
    `  Our script in a playing tab: ${cost.percentOfCore.toFixed(2)} % of a core over ${cost.seconds.toFixed(0)} s, ` +
      `${cost.longTasks} busy stretches over 50 ms with it, never longer than ${cost.longestMs.toFixed(1)} ms by itself`,
  );
}
