/** Four people with browsers of their own, each with a path to the relay and a clock, three of them already in a party. */
import { join } from 'node:path';
import { DEFAULT_USERS, ITEM_IDS, type Jellyfin, type JellyfinOptions, startJellyfin } from '../../jellyfin/server.ts';
import { ensureMedia } from '../../support/media.ts';
import { Member } from '../../support/member.ts';
import { inSync } from '../../support/party.ts';
import { RESULTS } from '../../support/places.ts';
import { startRelayProcess } from '../../support/relay-process.ts';
import { type BrowserKind, BUILDS, launchSeat } from '../../support/seats.ts';
import { until } from '../../support/tab.ts';
import { type Conditions, drawConditions } from './conditions.ts';
import { openPaths, type Paths } from './paths.ts';
import { skewBuild } from './skewed-build.ts';

export const NAMES = ['ana', 'ben', 'cleo', 'dora'] as const;
/** The one who comes late. */
export const LATE = 3;
/** Small: drawing takes more of the machine than decoding, and four browsers have to share it. */
const VIEWPORT = { width: 800, height: 480 } as const;
/** The party begins here, as a share of the film. */
const START_SHARE = 0.3;

export interface Foursome {
  members: readonly Member[];
  kinds: readonly BrowserKind[];
  conditions: readonly Conditions[];
  paths: Paths;
  /** The invite by the path of this member. */
  linkOf(member: number): string;
  close(): Promise<void>;
}

/** What the four come together for. */
export interface Scene {
  library: Pick<JellyfinOptions, 'media' | 'items' | 'forceHlsFor'>;
  item: string;
  /** Where in it the party begins, as a share of it. */
  startShare: number;
  /** How many are there from the beginning; the others are signed in and wait. */
  present: number;
}

const theFilm = async (): Promise<Scene> => ({
  library: { media: await ensureMedia() },
  item: ITEM_IDS.filmA,
  startShare: START_SHARE,
  present: LATE,
});

type Ending = () => Promise<unknown>;

/** Ends what was begun, the newest first. */
async function endAll(endings: readonly Ending[]): Promise<void> {
  for (const end of [...endings].reverse()) await end();
}

/**
 * @param scene by default the first three are there for a film, and the fourth comes late.
 * @returns once those who are there see each other in sync, the film playing.
 */
export async function gather(seed: number, kinds: readonly BrowserKind[], scene?: Scene): Promise<Foursome> {
  const endings: Ending[] = [];
  const members: Member[] = [];
  try {
    const conditions = drawConditions(seed, NAMES.length);
    const users = [...DEFAULT_USERS, { name: NAMES[LATE], password: NAMES[LATE] }];
    const { library, present, ...what } = scene ?? (await theFilm());
    const jellyfin = await startJellyfin({ ...library, users });
    endings.push(() => jellyfin.close());
    const relay = await startRelayProcess({ jellyfinUrls: [jellyfin.url] });
    endings.push(() => relay.close());
    const wires = conditions.map(({ path }) => path);
    const paths = await openPaths(relay.url, seed, wires);
    endings.push(() => paths.close());
    for (const [index, name] of NAMES.entries()) {
      members.push(await arrive(name, kinds[index] ?? 'chromium', conditions[index], jellyfin, endings));
    }
    const link = await meet(members, paths.urls[0] ?? relay.url, what);
    const linkOf = (index: number): string => link.replace(new URL(link).origin, paths.urls[index] ?? relay.url);
    await bring(members.slice(1, present), (index) => linkOf(index + 1));
    await inSync(...members.slice(0, present));
    // As people watch; an open panel also draws.
    for (const member of members.slice(0, present)) await member.closePanel();
    return { members, kinds, conditions, paths, linkOf, close: () => endAll(endings) };
  } catch (error) {
    // What they saw explains it; a browser that is gone shows nothing.
    await Promise.allSettled(members.map((member) => member.screenshot('failed')));
    await endAll(endings);
    throw error;
  }
}

async function arrive(
  name: string,
  kind: BrowserKind,
  conditions: Conditions | undefined,
  server: Jellyfin,
  endings: Ending[],
): Promise<Member> {
  const build = await skewBuild(BUILDS[kind], conditions?.clock ?? { offsetMs: 0, skewPpm: 0 });
  endings.push(() => build.remove());
  const seat = await launchSeat(kind, { extension: build.folder, viewport: VIEWPORT });
  endings.push(() => seat.close());
  return Member.arrive({ name, seat, server, shots: join(RESULTS, 'tabs') });
}

/** The first one opens the film and the party, the others sign in. @returns the invite link. */
async function meet(
  [host, ...guests]: readonly Member[],
  relayUrl: string,
  { item, startShare }: Pick<Scene, 'item' | 'startShare'>,
): Promise<string> {
  if (!host) throw new Error('no host');
  for (const guest of guests) {
    await guest.film.visit();
    await guest.film.signIn(guest.name);
  }
  await host.watch(item);
  if (startShare > 0) await host.film.seekTo(startShare);
  await host.startParty(relayUrl);
  return host.copyInvite();
}

async function bring(guests: readonly Member[], linkOf: (guest: number) => string): Promise<void> {
  for (const [index, guest] of guests.entries()) {
    await guest.joinByLink(linkOf(index));
    await onJellyfin(guest);
  }
}

/** Waits until the link has led to the page of the film. */
export function onJellyfin(member: Member): Promise<true> {
  return until('Jellyfin after the link', () =>
    // The document of the link's page may go away under the question.
    member.tab.run(() => (location.pathname.startsWith('/web') ? (true as const) : null), null).catch(() => null),
  );
}
