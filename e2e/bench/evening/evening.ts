/** An evening of three episodes: who does what when, what goes wrong, and the recording of what each of them saw. */
import { setTimeout as delay } from 'node:timers/promises';
import { devtoolsOf } from '../../support/chromium.ts';
import { type MediaKey, tagOf } from '../../support/media.ts';
import type { Member } from '../../support/member.ts';
import { startRecording, type Track } from '../../support/sampler.ts';
import { until } from '../../support/tab.ts';
import type { Foursome } from '../tabs/foursome.ts';
import type { PathErrors } from '../tabs/path-process.ts';
import { clockDisagreement, nowMs } from '../tabs/play.ts';
import { Recording } from '../tabs/recording.ts';

/** Places of those to whom something happens; the second has a Firefox, the third gets HLS. */
export const HOST = 0;
export const HLS = 2;
export const DROPPED = 3;

export const DROP_MS = 20_000;
/** An episode's end is looked at so long before it. */
const BEFORE_END_MS = 3_000;
/** A click on the next episode comes so long before the end. */
const CLICK_BEFORE_END_MS = 20_000;
/** Into an episode, for what goes wrong in it. */
const MISHAP_AT_MS = 30_000;
/** From one episode to the next: a countdown, and what a slow machine needs to open it. */
const ARRIVAL_PATIENCE_MS = 45_000;

const ASK_EVERY_MS = 500;
const FETCH_EVERY_MS = 5_000;

export interface Episode {
  key: MediaKey;
  /** When everybody was on it, and when it was looked at before it ended; ms of the machine's clock. */
  fromMs: number;
  endMs: number;
  /** Who was on another one at its end. */
  behind: string[];
}

/** Something that was done to a member. */
export interface Mishap {
  what: 'reload' | 'drop';
  who: number;
  atMs: number;
  /** From when the member could come back. */
  overMs: number;
}

export interface Evening {
  tracks: Track[];
  episodes: Episode[];
  mishaps: Mishap[];
  clockDisagreementMs: number;
  pathErrors: PathErrors;
}

/** @returns goes on recording until it is so. */
function keeper(recording: Recording): (isSo: () => Promise<boolean>) => Promise<void> {
  let fetchedMs = nowMs();
  return async (isSo) => {
    while (!(await isSo())) {
      if (nowMs() - fetchedMs > FETCH_EVERY_MS) {
        await recording.fetch();
        fetchedMs = nowMs();
      }
      await delay(ASK_EVERY_MS);
    }
  };
}

/** @param episodeMs how long each episode is. @param tell of what happens. */
export async function playEvening(four: Foursome, episodeMs: number, tell: (what: string) => void): Promise<Evening> {
  const recording = new Recording(four.members);
  const keepUntil = keeper(recording);
  const { host, dropped } = cast(four);
  await Promise.all(four.members.map(({ tab }) => startRecording(tab)));
  await four.paths.errors();
  const at = (positionMs: number) => async (): Promise<boolean> =>
    ((await host.film.playback())?.positionMs ?? 0) >= positionMs;
  const episodes: Episode[] = [];
  const mishaps: Mishap[] = [];
  let fromMs = nowMs();
  const close = async (key: MediaKey): Promise<void> => {
    episodes.push({ key, fromMs, endMs: nowMs(), behind: await othersThan(four.members, key) });
    tell(`the end of ${key}`);
  };
  const arrive = async (key: MediaKey): Promise<void> => {
    await until(
      `everybody to be on ${key}`,
      async () => ((await othersThan(four.members, key)).length === 0 ? true : null),
      ARRIVAL_PATIENCE_MS,
    );
    fromMs = nowMs();
    tell(`everybody on ${key}`);
  };

  await keepUntil(at(episodeMs - BEFORE_END_MS));
  await close('episode1');
  await arrive('episode2');
  await keepUntil(at(MISHAP_AT_MS));
  mishaps.push(await reload(host, recording));
  tell(`${host.name} has reloaded the tab`);
  await keepUntil(at(episodeMs - CLICK_BEFORE_END_MS));
  await close('episode2');
  await host.film.next();
  await arrive('episode3');
  await keepUntil(at(MISHAP_AT_MS));
  mishaps.push(await drop(four, dropped, keepUntil));
  tell(`${dropped.name}'s network is back`);
  await keepUntil(at(episodeMs - BEFORE_END_MS));
  await close('episode3');
  await recording.fetch();
  const disagreements = await Promise.all(four.members.map(({ tab }) => clockDisagreement(tab)));
  const pathErrors = await four.paths.errors();
  return { tracks: recording.tracks, episodes, mishaps, clockDisagreementMs: Math.max(...disagreements), pathErrors };
}

function cast({ members }: Foursome): { host: Member; dropped: Member } {
  const [host, dropped] = [members[HOST], members[DROPPED]];
  if (!host || !dropped) throw new Error('four members expected');
  return { host, dropped };
}

/** @returns the names of those whose screen shows another item. */
async function othersThan(members: readonly Member[], key: MediaKey): Promise<string[]> {
  const tag = tagOf(key);
  const frames = await Promise.all(members.map(({ film }) => film.frame()));
  return members.flatMap(({ name }, index) => (frames[index]?.item === tag ? [] : [name]));
}

async function reload(member: Member, recording: Recording): Promise<Mishap> {
  await recording.fetch();
  const atMs = nowMs();
  await member.tab.reload();
  await startRecording(member.tab);
  await until(`${member.name} to watch again`, async () => {
    await member.startIfAsked();
    const playback = await member.film.playback();
    return playback && !playback.paused ? true : null;
  });
  return { what: 'reload', who: HOST, atMs, overMs: atMs };
}

/** Neither the relay nor Jellyfin can be reached for a while. */
async function drop(
  four: Foursome,
  member: Member,
  keepUntil: (isSo: () => Promise<boolean>) => Promise<void>,
): Promise<Mishap> {
  const devtools = await devtoolsOf(member.tab);
  const condition = (offline: boolean) => ({ offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  const atMs = nowMs();
  await four.paths.cut(DROPPED, DROP_MS);
  await devtools.send('Network.emulateNetworkConditions', condition(true));
  await keepUntil(async () => nowMs() - atMs >= DROP_MS);
  await devtools.send('Network.emulateNetworkConditions', condition(false));
  await devtools.detach();
  return { what: 'drop', who: DROPPED, atMs, overMs: atMs + DROP_MS };
}
