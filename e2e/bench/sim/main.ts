/**
 * `npm run bench:sim [-- --json FILE]`: the sync engine as it ships, in virtual time, over paths of several kinds. Prints how far
 * apart any two members are in steady play, how soon they are together after a command, and what the engine did to get there.
 * The paths have delay, jitter and asymmetry but no loss or bursts, and local clocks an offset but no skew of their own (media
 * clocks have).
 */
import { median, print, printTable, quantile, rounded, runBench } from '../report.ts';
import { type Kind, type RunFigures, run } from './run.ts';
import { SCENARIOS } from './scenarios.ts';

const SEEDS = [1, 2, 3];

interface Figures {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Median in s; null when most did not get together before the next command. */
  settle: Record<Kind, number | null>;
  /** Of all members together, for each hour of one member. */
  rateChangesPerHour: number;
  seeksPerHour: number;
}

function summarise(runs: readonly RunFigures[]): Figures {
  const offsets = runs.flatMap((each) => each.offsetsMs);
  const hours = runs.reduce((sum, each) => sum + each.memberHours, 0);
  const perHour = (of: 'rateChanges' | 'seeks'): number =>
    Number((runs.reduce((sum, each) => sum + each[of], 0) / hours).toFixed(2));
  const settle = (kind: Kind): number | null => {
    const seconds = median(runs.flatMap((each) => each.settleS[kind]));
    return seconds !== null && Number.isFinite(seconds) ? rounded(seconds, 2) : null;
  };
  return {
    p50: rounded(quantile(offsets, 0.5), 2),
    p95: rounded(quantile(offsets, 0.95), 2),
    p99: rounded(quantile(offsets, 0.99), 2),
    settle: { play: settle('play'), seek: settle('seek'), join: settle('join') },
    rateChangesPerHour: perHour('rateChanges'),
    seeksPerHour: perHour('seeks'),
  };
}

function bench(): object {
  const figures = SCENARIOS.map((scenario) => {
    const osp = summarise(SEEDS.map((seed) => run(scenario, seed)));
    return { name: scenario.name, osp };
  });
  print(`  |offset| of any two of 4-5 members in steady play, ms; seeds ${SEEDS.join(', ')}, 10 min each`);
  print('  settle: median s from the click until all are within 40 ms for 1 s; the last two for each hour of a member');
  printTable(
    ['scenario', 'p50', 'p95', 'p99', 'play s', 'seek s', 'join s', 'rate >3 %/h', 'own seeks/h'],
    figures.map(({ name, osp }) => [
      ...[name, osp.p50, osp.p95, osp.p99, osp.settle.play, osp.settle.seek, osp.settle.join],
      ...[osp.rateChangesPerHour, osp.seeksPerHour],
    ]),
  );
  return { scenarios: Object.fromEntries(figures.map(({ name, osp }) => [name, { osp }])) };
}

await runBench(bench);
