/** What each journey starts with: browsers, a stand-in Jellyfin, a relay, and people. */
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type Jellyfin, type JellyfinOptions, startJellyfin } from '../jellyfin/server.ts';
import { ensureMedia } from './media.ts';
import { Member } from './member.ts';
import { RESULTS } from './places.ts';
import { type RelayOptions, type RelayProcess, startRelayProcess } from './relay-process.ts';
import { type BrowserKind, launchSeat } from './seats.ts';
import { SHIPPED_RELAY, shippedNodeOptions } from './shipped-relay.ts';
import type { BrowserOptions, BrowserSeat } from './tab.ts';

export { expect } from '@playwright/test';
export { ITEM_IDS } from '../jellyfin/server.ts';

export interface JourneyOptions {
  /** The browsers of the first, second … person. */
  kinds: BrowserKind[];
}

/** A Jellyfin, a relay that knows it, and who is there. */
export interface World {
  jellyfin: Jellyfin;
  relay: RelayProcess;
  /** A further person with a browser of their own, signed out. */
  person(name: string): Promise<Member>;
}

export interface WorldOptions {
  jellyfin?: Partial<JellyfinOptions>;
  relay?: Partial<RelayOptions>;
}

interface TestFixtures {
  /** Starts a world; ended with the test. */
  createWorld(options?: WorldOptions): Promise<World>;
  world: World;
  ana: Member;
  ben: Member;
}

interface Seats {
  /** @returns a browser that nobody has been in. */
  take(index: number, options?: Partial<BrowserOptions>): Promise<BrowserSeat>;
  /** Nobody is in any of them any more: they are made ready for the next, while its world is being started. */
  clear(): void;
}

interface WorkerFixtures {
  seats: Seats;
}

const REAL_CLIENT = process.env.JELLYFIN_WEB_DIST;
const SERVER_VERSION = process.env.JELLYFIN_VERSION ?? '10.11.11';

export const test = base.extend<TestFixtures, WorkerFixtures & JourneyOptions>({
  kinds: [['chromium', 'chromium'], { option: true, scope: 'worker' }],

  seats: [
    async ({ kinds }, use) => {
      const open = new Map<string, { seat: BrowserSeat; ready: Promise<unknown> }>();
      await use({
        take: async (index, options = {}) => {
          const kind = kinds[index % kinds.length] ?? 'chromium';
          const key = JSON.stringify([index, kind, options]);
          const known = open.get(key);
          if (known) return known.ready.then(() => known.seat);
          const seat = await launchSeat(kind, options);
          const ready = seat.reset();
          open.set(key, { seat, ready });
          return ready.then(() => seat);
        },
        clear: () => {
          for (const one of open.values()) {
            one.ready = one.ready.then(() => one.seat.reset());
            // Whoever takes it next is told.
            one.ready.catch(() => undefined);
          }
        },
      });
      for (const { seat, ready } of open.values()) await ready.catch(() => undefined).then(() => seat.close());
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  createWorld: async ({ seats }, use, testInfo) => {
    const pictures: (() => Promise<void>)[] = [];
    const endings: (() => Promise<unknown>)[] = [];
    await use(async (options = {}) => {
      const jellyfin = await startJellyfin({
        media: await ensureMedia(),
        version: SERVER_VERSION,
        ...(REAL_CLIENT ? { webDist: REAL_CLIENT } : {}),
        ...options.jellyfin,
      });
      const program = [...shippedNodeOptions(), SHIPPED_RELAY];
      const relay = await startRelayProcess({ program, jellyfinUrls: [jellyfin.url], ...options.relay });
      endings.push(
        () => jellyfin.close(),
        () => relay.close(),
      );
      const shots = join(RESULTS, 'shots', testInfo.project.name, shotFolder(testInfo.titlePath));
      let people = 0;
      const person = async (name: string): Promise<Member> => {
        const insecure = jellyfin.url.startsWith('https:') ? { insecureCertificates: true } : {};
        const member = await Member.arrive({ name, seat: await seats.take(people, insecure), server: jellyfin, shots });
        people += 1;
        pictures.push(async () => {
          const name = testInfo.status === testInfo.expectedStatus ? 'end' : 'failed';
          if (member.tab.isOpen()) await member.screenshot(name);
        });
        return member;
      };
      return { jellyfin, relay, person };
    });
    await Promise.all(pictures.map((take) => take()));
    seats.clear();
    await Promise.all(endings.map((end) => end()));
  },

  world: async ({ createWorld }, use) => {
    await use(await createWorld());
  },

  ana: async ({ world }, use) => {
    await use(await world.person('ana'));
  },

  // Depends on ana, so that she always has the first browser.
  ben: async ({ world, ana }, use) => {
    await use(ana && (await world.person('ben')));
  },
});

const shotFolder = (titles: readonly string[]): string =>
  titles
    .slice(1)
    .join(' ')
    .replace(/[^\w]+/g, '-')
    .toLowerCase()
    .slice(0, 80);
