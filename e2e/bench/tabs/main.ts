/**
 * `npm run bench:tabs [-- --seeds 5] [--first 1] [--seconds 150] [--firefox] [--json FILE]`: four browsers with the built extension
 * watch the stand-in's film in one party, each over a path of its own to the relay (delay, asymmetry, jitter, loss) and by a clock
 * of its own. Prints for each seed how far apart they were in steady play beside what the paths alone allow, how soon they were
 * together after a press or a join, and what the engine did to the players; then what our script costs the page's main thread.
 * `--firefox` makes the second member a Firefox. `--cost` measures the cost alone. `--pair [--minutes 10]` is another measurement:
 * two members on loopback (pair.ts).
 */
import type { BrowserKind } from '../../support/seats.ts';
import { ensurePrograms } from '../../support/setup.ts';
import { npmRun } from '../../support/stage.ts';
import { type OptionValues, print, runBench } from '../report.ts';
import { type Cost, measureCost } from './cost.ts';
import type { Foursome } from './foursome.ts';
import { measurePair } from './pair.ts';
import { runSeed, type SeedRun } from './seed.ts';
import { printCost, printSeeds, reportOf } from './table.ts';

const COST_SECONDS = 60;
/** Enough for the party to come together before its cost is looked at. */
const BEFORE_COST_SECONDS = 30;
const ATTEMPTS = 2;

const ALL_CHROMIUM: readonly BrowserKind[] = ['chromium', 'chromium', 'chromium', 'chromium'];
const WITH_FIREFOX: readonly BrowserKind[] = ['chromium', 'firefox', 'chromium', 'chromium'];

async function bench(options: OptionValues, flags: ReadonlySet<string>): Promise<object> {
  if (flags.has('pair')) return measurePair(Number(options.minutes ?? '10'));
  const hasFirefox = flags.has('firefox');
  await ensurePrograms(hasFirefox ? ['chromium', 'firefox', 'ffmpeg'] : ['chromium', 'ffmpeg']);
  await npmRun('build', '--mode', 'e2e');
  const kinds = hasFirefox ? WITH_FIREFOX : ALL_CHROMIUM;
  if (flags.has('cost')) {
    const { cost } = await measureSeed(1, BEFORE_COST_SECONDS, kinds, true);
    printCost(cost);
    return { cost };
  }
  const [seeds, first, seconds] = [
    Number(options.seeds ?? '5'),
    Number(options.first ?? '1'),
    Number(options.seconds ?? '150'),
  ];
  const runs: SeedRun[] = [];
  let cost: Cost | null = null;
  for (let seed = first; seed < first + seeds; seed += 1) {
    for (let attempt = 1; attempt <= ATTEMPTS && !isTrusted(runs.at(-1), seed); attempt += 1) {
      try {
        const done = await measureSeed(seed, seconds, kinds, cost === null);
        runs.push(done.run);
        cost = done.cost ?? cost;
      } catch (error) {
        print(`  seed ${seed} did not come to its end: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  printSeeds(runs);
  printCost(cost);
  const trusted = runs.filter(({ starved }) => starved === null);
  if (trusted.length < seeds) {
    print(`  Only ${trusted.length} of ${seeds} seeds count: the machine was too busy for the others.`);
    process.exitCode = 1;
  }
  return { ...reportOf(runs), cost };
}

const isTrusted = (run: SeedRun | undefined, seed: number): boolean => run?.seed === seed && run.starved === null;

async function measureSeed(
  seed: number,
  seconds: number,
  kinds: readonly BrowserKind[],
  withCost: boolean,
): Promise<{ run: SeedRun; cost: Cost | null }> {
  print(`• Seed ${seed}: four browsers, ${seconds} s`);
  let cost: Cost | null = null;
  const after = async ({ members: [host] }: Foursome): Promise<void> => {
    if (withCost && host) cost = await measureCost(host.tab, COST_SECONDS);
  };
  const run = await runSeed({ seed, seconds, kinds, tell: (what) => print(`  ${what}`), after });
  if (run.starved !== null) print(`  does not count: ${run.starved}`);
  return { run, cost };
}

await runBench(bench, ['seeds', 'first', 'seconds', 'minutes'], ['firefox', 'cost', 'pair']);
