/**
 * `npm run bench:tabs -- --pair [--minutes 10]`: two Chromium members on loopback, a film playing, ten commands from both sides
 * spread over the time: how far apart the pictures were, and how soon the other one saw a pause.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from '../../support/member.ts';
import { clockOffsets, latencyOf, pictureOffsets, type Summary, settled, summarise } from '../../support/offsets.ts';
import { RESULTS } from '../../support/places.ts';
import { joinTracks, startRecording, type Track, takeRecording } from '../../support/sampler.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { print } from '../report.ts';

/** The offset in steady play is looked at from this long after a command. */
const SETTLE_MS = 10_000;
/** The page keeps its samples only this long before they are fetched. */
const FETCH_MS = 5_000;
const PAUSE_MS = 3_000;

type Who = 'ana' | 'ben';
interface Command {
  who: Who;
  what: 'pause' | 'play' | 'seek';
  /** For a seek: share of the film. */
  share: number;
}

/** Ten commands; a pause is followed by the other one's play. */
const COMMANDS: readonly Command[] = [
  { who: 'ana', what: 'pause', share: 0 },
  { who: 'ben', what: 'play', share: 0 },
  { who: 'ben', what: 'seek', share: 0.02 },
  { who: 'ana', what: 'seek', share: 0.1 },
  { who: 'ben', what: 'pause', share: 0 },
  { who: 'ana', what: 'play', share: 0 },
  { who: 'ana', what: 'seek', share: 0.05 },
  { who: 'ben', what: 'seek', share: 0.15 },
  { who: 'ana', what: 'pause', share: 0 },
  { who: 'ana', what: 'play', share: 0 },
];

export interface PairReport {
  minutes: number;
  clock: { all: Summary; settled: Summary };
  picture: { all: Summary; settled: Summary };
  pauseLatencyMs: number[];
}

class Recording {
  readonly #stage: Stage;
  ana: Track = { clock: [], pictures: [], events: [] };
  ben: Track = { clock: [], pictures: [], events: [] };
  readonly commandsAtMs: number[] = [];
  readonly pausesBy: { who: Who; atMs: number }[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async fetch(): Promise<void> {
    const { ana, ben } = this.#stage;
    const [first, second] = await Promise.all([takeRecording(ana.tab), takeRecording(ben.tab)]);
    this.ana = joinTracks(this.ana, first);
    this.ben = joinTracks(this.ben, second);
  }

  async keepFor(ms: number): Promise<void> {
    const endAt = performance.now() + ms;
    while (performance.now() < endAt) {
      await delay(Math.min(FETCH_MS, Math.max(0, endAt - performance.now())));
      await this.fetch();
    }
  }

  async perform({ who, what, share }: Command): Promise<void> {
    const member: Member = this.#stage[who];
    const atMs = performance.timeOrigin + performance.now();
    this.commandsAtMs.push(atMs);
    if (what === 'seek') return member.film.seekTo(share);
    if (what === 'pause') this.pausesBy.push({ who, atMs });
    await member.film.togglePlay();
  }

  report(minutes: number): PairReport {
    const { ana, ben, commandsAtMs } = this;
    const views = { clock: clockOffsets(ana, ben), picture: pictureOffsets(ana, ben) };
    const of = (offsets: typeof views.clock): { all: Summary; settled: Summary } => ({
      all: summarise(offsets),
      settled: summarise(settled(offsets, commandsAtMs, SETTLE_MS)),
    });
    const latencies = this.pausesBy.map(({ who, atMs }) =>
      who === 'ana' ? latencyOf('pause', ana, ben, atMs) : latencyOf('pause', ben, ana, atMs),
    );
    return {
      minutes,
      clock: of(views.clock),
      picture: of(views.picture),
      pauseLatencyMs: latencies.map((latency) => latency ?? Number.NaN),
    };
  }
}

/** Measures for so long and prints what came of it. */
export async function measurePair(minutes: number): Promise<PairReport> {
  const shots = join(RESULTS, 'measure');
  const stage = await setStage({ headless: true, shots, tell: (step) => print(`• ${step}`) });
  try {
    const recording = new Recording(stage);
    await Promise.all([startRecording(stage.ana.tab), startRecording(stage.ben.tab)]);
    const durationMs = minutes * 60_000;
    const plays = COMMANDS.filter(({ what }) => what === 'play').length;
    const gapMs = (durationMs - plays * PAUSE_MS) / (COMMANDS.length - plays + 1);
    for (const command of COMMANDS) {
      await recording.keepFor(command.what === 'play' ? PAUSE_MS : gapMs);
      await recording.perform(command);
      print(`• ${command.who}: ${command.what}`);
    }
    await recording.keepFor(gapMs);
    const report = recording.report(minutes);
    printReport(report);
    return report;
  } finally {
    await stage.close();
  }
}

function printReport(report: PairReport): void {
  const row = (name: string, { count, medianMs, p95Ms, maxMs }: Summary): void => {
    print(`  ${name.padEnd(34)} ${[medianMs, p95Ms, maxMs].map((ms) => ms.toFixed(1).padStart(8)).join('')}  ${count}`);
  };
  print('');
  print(`  offset in ms while both play, ${report.minutes} min    median     p95     max  samples`);
  row('on the screen', report.picture.all);
  row('on the screen, 10 s after commands', report.picture.settled);
  row('media clocks', report.clock.all);
  row('media clocks, 10 s after commands', report.clock.settled);
  print(`  a pause reached the other after (ms): ${report.pauseLatencyMs.map((ms) => ms.toFixed(0)).join(', ')}`);
}
