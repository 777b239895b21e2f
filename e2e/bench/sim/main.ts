/**
 * `npm run bench:sim [-- --json FILE --seeds N --scenario NAME --algorithm NAME --minutes N]`: parties in virtual time, run by
 * our engine and relay as they ship and by what other programs publish of theirs, in the same worlds. Prints how far apart
 * any two members are in steady play, how soon they are together after a command, and what was done to get there.
 */
import { type OptionValues, print, printTable, quantile, rounded, runBench } from '../report.ts';
import { ALGORITHMS } from './algorithms/all.ts';
import { type Figures, summarise } from './figures.ts';
import { type Job, runJobs } from './jobs.ts';
import { floorOf } from './run.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { LEAST_PARTY_MS } from './script.ts';

const SEEDS = 8;
const MINUTES = 20;
const HEADINGS = ['', 'p50', 'p95', 'p99', 'play s', 'p95', 'seek s', 'p95', 'join s', 'p95'];
const COUNTS = ['rate >3 %/h', 'own seeks/h', 'stood %'];

interface Floor {
  p50: number | null;
  p95: number | null;
}

function chosen<T extends { name: string }>(all: readonly T[], name: string | undefined, what: string): readonly T[] {
  const found = name === undefined ? all : all.filter((each) => each.name === name);
  if (found.length === 0) throw new Error(`no ${what} ${name}; there are ${all.map((each) => each.name).join(', ')}`);
  return found;
}

function count(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (!(value > 0)) throw new Error(`not a number to run with: ${text}`);
  return value;
}

async function bench(options: OptionValues): Promise<object> {
  const seeds = Array.from({ length: Math.ceil(count(options.seeds, SEEDS)) }, (_, i) => i + 1);
  const forMs = count(options.minutes, MINUTES) * 60_000;
  if (forMs < LEAST_PARTY_MS) throw new Error(`a party takes ${LEAST_PARTY_MS / 60_000} minutes at least`);
  const scenarios = chosen(SCENARIOS, options.scenario, 'scenario');
  const algorithms = chosen(ALGORITHMS, options.algorithm, 'algorithm');
  const jobs = scenarios.flatMap((scenario) =>
    algorithms.flatMap((algorithm) =>
      seeds.map((seed): Job => ({ scenario: scenario.name, algorithm: algorithm.name, seed, forMs })),
    ),
  );
  const results = await runJobs(jobs, (done) => progress(done, jobs.length));
  print(
    '  |offset| of any two of 4-5 members in steady play, ms; settle: s from a command until all are within 40 ms for 1 s',
  );
  print(`  ${seeds.length} seeds, ${forMs / 60_000} min each; the last columns are for each hour of a member`);
  const of = (scenario: string, algorithm: string): Figures =>
    summarise(
      results
        .filter(({ job }) => job.scenario === scenario && job.algorithm === algorithm)
        .map(({ figures }) => figures),
    );
  const report = scenarios.map((scenario) => {
    const rows = algorithms.map(({ name }) => [name, of(scenario.name, name)] as const);
    const floor = floorFor(scenario, seeds, forMs);
    show(scenario.name, rows, floor);
    return [scenario.name, { ...Object.fromEntries(rows), floor }] as const;
  });
  return { scenarios: Object.fromEntries(report) };
}

function floorFor(scenario: Scenario, seeds: readonly number[], forMs: number): Floor {
  const offsets = seeds.flatMap((seed) => floorOf(scenario, seed, forMs));
  return { p50: rounded(quantile(offsets, 0.5), 2), p95: rounded(quantile(offsets, 0.95), 2) };
}

function show(name: string, rows: readonly (readonly [string, Figures])[], floor: Floor): void {
  print('');
  printTable(
    [name, ...HEADINGS.slice(1), ...COUNTS],
    [
      ...rows.map(([algorithm, f]) => [
        ...[algorithm, f.p50, f.p95, f.p99],
        ...[f.settle.play, f.settleP95.play, f.settle.seek, f.settleP95.seek, f.settle.join, f.settleP95.join],
        ...[f.rateChangesPerHour, f.seeksPerHour, rounded(f.stoodShare * 100, 2)],
      ]),
      ['(paths alone)', floor.p50, floor.p95, ...HEADINGS.slice(3).map(() => null), ...COUNTS.map(() => null)],
    ],
  );
}

function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(done < all ? `\r  ${done} of ${all} parties` : '\r\x1b[K');
}

await runBench(bench, ['seeds', 'scenario', 'algorithm', 'minutes']);
