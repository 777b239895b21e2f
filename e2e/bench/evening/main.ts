/**
 * `npm run evening [-- --seconds 150] [--seed 1] [--json FILE]`: four people watch three episodes in one party, on uneven paths and
 * clocks: one has a Firefox, one gets HLS, the host reloads the tab in the second episode, and one's network is gone for 20 s in
 * the third. The second episode comes by itself, the third by a click. Says how far apart they were at the end of each, whether
 * somebody was left behind, and what stopped or jumped without being asked to; ends with 1 when anything of that failed.
 */

import { itemsOf } from '../../jellyfin/library.ts';
import { ITEM_IDS } from '../../jellyfin/server.ts';
import { DEFAULT_MEDIA_DIR, ensureMedia, MEDIA, type MediaItem } from '../../support/media.ts';
import type { BrowserKind } from '../../support/seats.ts';
import { ensurePrograms } from '../../support/setup.ts';
import { npmRun } from '../../support/stage.ts';
import { type OptionValues, print, printTable, rounded, runBench } from '../report.ts';
import { gather, NAMES, type Scene } from '../tabs/foursome.ts';
import { starvationOf } from '../tabs/seed.ts';
import { HLS, playEvening } from './evening.ts';
import { faultsOf, MOST_APART_MS, type Verdict, verdictOf } from './verdict.ts';

const KINDS: readonly BrowserKind[] = ['chromium', 'firefox', 'chromium', 'chromium'];
const EPISODES = [ITEM_IDS.episode1, ITEM_IDS.episode2, ITEM_IDS.episode3];

async function theSeries(seconds: number): Promise<Scene> {
  const episodes: MediaItem[] = MEDIA.filter(({ key }) => key.startsWith('episode')).map((item) => ({
    ...item,
    seconds,
  }));
  print(`• Making three episodes of ${seconds} s`);
  const media = await ensureMedia(`${DEFAULT_MEDIA_DIR}-evening-${seconds}`, episodes);
  const forceHlsFor = { [NAMES[HLS]]: EPISODES };
  return {
    library: { media, items: itemsOf(episodes), forceHlsFor },
    item: ITEM_IDS.episode1,
    startShare: 0,
    present: 4,
  };
}

async function evening(options: OptionValues): Promise<object> {
  const [seconds, seed] = [Number(options.seconds ?? '150'), Number(options.seed ?? '1')];
  await ensurePrograms(['chromium', 'firefox', 'ffmpeg']);
  await npmRun('build', '--mode', 'e2e');
  const scene = await theSeries(seconds);
  print('• Four browsers come together');
  const four = await gather(seed, KINDS, scene);
  try {
    const played = await playEvening(four, seconds * 1_000, (what) => print(`  ${what}`));
    const verdict = verdictOf(played, KINDS);
    const { pathErrors, clockDisagreementMs } = played;
    const starved = starvationOf({ health: verdict.health, pathErrors, clockDisagreementMs });
    const faults = faultsOf(verdict);
    tell(verdict, faults, starved);
    return { seconds, seed, ...verdict, faults, starved, pathErrors, clockDisagreementMs };
  } finally {
    await four.close();
  }
}

function tell(verdict: Verdict, faults: readonly string[], starved: string | null): void {
  printTable(
    ['at the end of', 'p50 ms', 'p95 ms', 'worst pair', 'left behind'],
    verdict.ends.map(({ key, p50, p95, worstPair, behind }) => [
      key,
      rounded(p50, 1),
      rounded(p95, 1),
      rounded(worstPair, 1),
      behind.join(', ') || 'nobody',
    ]),
  );
  for (const { what, who, seconds } of verdict.returns) {
    print(
      `  ${NAMES[who]}, ${what}: all together again ${seconds === null ? 'never' : `after ${seconds.toFixed(1)} s`}`,
    );
  }
  for (const { who, type, atMs } of verdict.disturbances) {
    print(`  ${NAMES[who]}: ${type} at ${(atMs / 1_000).toFixed(1)} s`);
  }
  if (starved !== null) print(`  The machine was too busy to tell: ${starved}`);
  print(faults.length === 0 ? `  Everybody within ${MOST_APART_MS} ms, nobody stopped.` : `  ${faults.join('; ')}`);
  if (faults.length > 0 || starved !== null) process.exitCode = 1;
}

await runBench(evening, ['seconds', 'seed']);
