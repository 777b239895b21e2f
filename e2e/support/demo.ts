/**
 * `npm run demo [-- --seconds N] [-- --headless]`: the whole thing on one machine. Two browsers side by side watch one film in a
 * party; a table shows how far apart they are. Without a display it runs headless for a while and leaves screenshots.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Member } from './member.ts';
import { clockOffsets, type Offset, pictureOffsets, summarise } from './offsets.ts';
import { RESULTS } from './places.ts';
import { startRecording, takeRecording } from './sampler.ts';
import { hasDisplay, type Stage, setStage } from './stage.ts';

const HEADLESS_SECONDS = 30;

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, headless: { type: 'boolean', default: false } },
});
const headless = values.headless || !hasDisplay();
const seconds = values.seconds ? Number(values.seconds) : headless ? HEADLESS_SECONDS : Number.POSITIVE_INFINITY;
const startedAt = performance.now();

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What happens in the film while the table runs, by second. */
const SCRIPT: Record<number, { says: string; act: (stage: Stage) => Promise<void> }> = {
  8: { says: 'Ana presses pause', act: ({ ana }) => ana.film.togglePlay() },
  11: { says: 'Ben presses play', act: ({ ben }) => ben.film.togglePlay() },
  17: { says: 'Ben jumps to the middle', act: ({ ben }) => ben.film.seekTo(0.5) },
};

async function showTable(stage: Stage, until: AbortSignal): Promise<Offset[]> {
  const { ana, ben } = stage;
  const all: Offset[] = [];
  await Promise.all([startRecording(ana.tab), startRecording(ben.tab)]);
  print('');
  print('  time    Ana        Ben        clocks apart   pictures apart   ');
  print('  ------  ---------  ---------  -------------  ---------------  ------------------------');
  for (let second = 1; second <= seconds && !until.aborted; second += 1) {
    await delay(1000);
    const [first, second_] = await Promise.all([takeRecording(ana.tab), takeRecording(ben.tab)]);
    const clock = clockOffsets(first, second_);
    all.push(...clock);
    const scene = SCRIPT[second];
    const [anaAt, benAt] = await Promise.all([whereIs(ana), whereIs(ben)]);
    const apart = [format(clock), format(pictureOffsets(first, second_))];
    print(
      `  ${pad(`${second} s`, 6)}  ${anaAt}  ${benAt}  ${pad(apart[0], 13)}  ${pad(apart[1], 15)}  ${scene?.says ?? ''}`,
    );
    await scene?.act(stage);
  }
  return all;
}

async function whereIs(member: Member): Promise<string> {
  const playback = await member.film.playback();
  if (!playback) return 'no film  ';
  const total = playback.positionMs / 1000;
  const clock = `${Math.floor(total / 60)}:${(total % 60).toFixed(1).padStart(4, '0')}`;
  return `${clock.padStart(6)} ${playback.paused ? '||' : '> '}`;
}

const format = (offsets: readonly Offset[]): string =>
  offsets.length === 0 ? '-' : `${summarise(offsets).medianMs.toFixed(1)} ms`;
const pad = (text: string | undefined, width: number): string => (text ?? '').padStart(width);

async function main(): Promise<void> {
  const shots = join(RESULTS, 'demo');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const stage = await setStage({ headless, shots, tell: (step) => print(`• ${step}`) });
  try {
    print(`• Both are in the party after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    if (!headless) print('• Press pause or jump in either window and watch the other. Ctrl-C ends the demo.');
    const offsets = await showTable(stage, stop.signal);
    for (const member of [stage.ana, stage.ben]) {
      await member.film.showControls();
      await member.screenshot('party');
    }
    const { medianMs, p95Ms } = summarise(offsets);
    print('');
    print(`While both played: median ${medianMs.toFixed(1)} ms apart, 95 % of the time under ${p95Ms.toFixed(1)} ms.`);
    print(`Screenshots: ${shots}`);
  } finally {
    await stage.close();
  }
}

await main().catch((error: Error) => {
  process.stderr.write(`\nThe demo could not go on: ${error.message}\n`);
  process.exitCode = 1;
});
