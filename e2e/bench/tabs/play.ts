/** The evening of a foursome: who presses what when, and the recording of what each of them saw. */
import { setTimeout as delay } from 'node:timers/promises';
import { startRecording, type Track } from '../../support/sampler.ts';
import { type Tab, until } from '../../support/tab.ts';
import { type Foursome, LATE, NAMES, onJellyfin } from './foursome.ts';
import type { PathErrors } from './path-process.ts';
import { Recording } from './recording.ts';

type Action = { what: 'pause' | 'play' | 'join' } | { what: 'seek'; share: number };
export type Command = Action & { who: number };

/** Shares of the run's time. Pause and play by the same and by different people; the late one comes into steady play. */
const SCRIPT: readonly (Command & { at: number })[] = [
  { at: 0.03, who: 0, what: 'pause' },
  { at: 0.05, who: 0, what: 'play' },
  { at: 0.17, who: 1, what: 'seek', share: 0.6 },
  { at: 0.32, who: 2, what: 'pause' },
  { at: 0.34, who: 1, what: 'play' },
  { at: 0.47, who: LATE, what: 'join' },
];

/** A command as it happened: when it was set about, and what the page saw of it. Times are ms of the machine's clock. */
export interface Performed {
  command: Command;
  atMs: number;
}

export interface Evening {
  tracks: Track[];
  performed: Performed[];
  /** How far apart the members' pages and this process were about the time at most, in ms. */
  clockDisagreementMs: number;
  /** The paths' own error during the evening. */
  pathErrors: PathErrors;
}

/** Pages keep their samples about this long before they are fetched. */
const FETCH_MS = 5_000;
/** Not before somebody presses something: taking thousands of samples out of a page is work, and leaves garbage. */
const CALM_MS = 1_500;
const CLOCK_LOOKS = 25;

export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Plays the script. @param seconds how long it takes. @param tell of what happens. */
export async function playEvening(four: Foursome, seconds: number, tell: (what: string) => void): Promise<Evening> {
  const performed: Performed[] = [];
  let present = four.members.slice(0, LATE);
  const recording = new Recording(four.members, () => present);
  const keepUntil = async (endMs: number): Promise<void> => {
    while (endMs - nowMs() > FETCH_MS + CALM_MS) {
      await delay(FETCH_MS);
      await recording.fetch();
    }
    await delay(Math.max(0, endMs - nowMs()));
  };
  await Promise.all(present.map(({ tab }) => startRecording(tab)));
  // What was late while browsers started says nothing about the evening.
  await four.paths.errors();
  const startMs = nowMs();
  for (const { at, ...command } of SCRIPT) {
    await keepUntil(startMs + at * seconds * 1000);
    performed.push({ command, atMs: nowMs() });
    tell(`${NAMES[command.who]}: ${command.what}`);
    await perform(four, command);
    if (command.what === 'join') present = [...four.members];
  }
  await keepUntil(startMs + seconds * 1000);
  await recording.fetch();
  const disagreements = await Promise.all(present.map(({ tab }) => clockDisagreement(tab)));
  const pathErrors = await four.paths.errors();
  return { tracks: recording.tracks, performed, clockDisagreementMs: Math.max(...disagreements), pathErrors };
}

async function perform(four: Foursome, command: Command): Promise<void> {
  const member = four.members[command.who];
  if (!member) throw new Error(`nobody at place ${command.who}`);
  switch (command.what) {
    case 'pause':
    case 'play':
      return member.film.togglePlay();
    case 'seek':
      return member.film.seekTo(command.share);
    case 'join':
      await member.joinByLink(four.linkOf(command.who));
      await onJellyfin(member);
      await startRecording(member.tab);
      await until(`${member.name} to watch`, async () => {
        await member.startIfAsked();
        const playback = await member.film.playback();
        return playback && !playback.paused ? true : null;
      });
  }
}

/** @returns how far the page's idea of the machine's time may be from ours, in ms: its distance and the doubt of the best look. */
export async function clockDisagreement(tab: Tab): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let look = 0; look < CLOCK_LOOKS; look += 1) {
    const before = nowMs();
    const there = await tab.run(() => performance.timeOrigin + performance.now(), null);
    const after = nowMs();
    const outsideMs = Math.max(before - there, there - after, 0);
    best = Math.min(best, outsideMs + (after - before) / 2);
  }
  return best;
}
