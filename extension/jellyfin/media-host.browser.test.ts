import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type HostBench, SERVER_ID, startHostBench } from './testing/bench.ts';
import { PLAYER, playerPage, wholePage } from './testing/fixtures.ts';
import type { PageProbe } from './testing/page-entry.ts';

declare const probe: PageProbe;

const ITEM = 'f11a0000000000000000000000000001';
const NEXT = 'f11a0000000000000000000000000002';
const VERSIONS = ['10.8', '10.10', '10.11', '12.0'] as const;

/** A server that knows every item, and the page's own session. */
const server: Api = (path, query, method) => {
  if (path === '/Items') return { Items: [{ Id: query.get('ids'), Name: `Film ${query.get('ids')?.at(-1)}` }] };
  if (path === '/Sessions') return [{ Id: 's1', UserId: 'user-1', DeviceId: 'device-1', SupportsRemoteControl: true }];
  if (path === '/Users/Me') return { Name: 'Ana' };
  return method === 'POST' ? 204 : 404;
};

let bench: HostBench;
beforeAll(async () => {
  bench = await startHostBench();
});
afterAll(() => bench.close());

const events = (page: Page): Promise<object[]> => page.evaluate(() => probe.events.splice(0));
const start = (page: Page): Promise<void> => page.evaluate(() => probe.host.start());
const untilEvent = (page: Page, type: string): Promise<unknown> =>
  page.waitForFunction((wanted) => probe.events.some((event) => 'type' in event && event.type === wanted), type);

/** Gives the element a stream's address as the app would, without a stream behind it. */
const play = (page: Page, src: string): Promise<void> =>
  page.evaluate((address) => {
    const video = document.querySelector('video');
    if (video) video.src = address;
  }, src);

describe('detection', () => {
  it.each([
    ['/web/', true, { baseUrl: 'http://jellyfin.test' }],
    ['/jellyfin/web/index.html', true, { baseUrl: 'http://jellyfin.test/jellyfin' }],
    ['/web/', false, null],
  ])('at %s with the mark %s', async (path, mark, expected) => {
    const page = await bench.open(wholePage(playerPage('10.11', ITEM), mark), { path });
    expect(await page.evaluate(() => probe.detected)).toEqual(expected);
  });
});

describe.each(VERSIONS)('the player of %s', (version) => {
  it('has each thing that the selectors name', async () => {
    const page = await bench.open(wholePage(playerPage(version, ITEM, NEXT)));
    const counts = await page.evaluate(() => {
      const { accents, osdSettingsButton, mark, video, osdBottom, osdButtons, osdRating } = probe.selectors;
      const all = [mark, video, osdBottom, osdButtons, osdSettingsButton, osdRating, ...accents.slice(0, 1)];
      return all.map((selector) => document.querySelectorAll(selector).length);
    });
    const ratings = version === '10.8' ? 0 : 1;
    // Settings button and slider are looked up inside the shown bar, or alike: the left, hidden page has them as well.
    expect(counts).toEqual([1, 1, 1, 1, 2, ratings, 2]);
  });

  it('gets a button before the settings, named and counted', async () => {
    const page = await bench.open(wholePage(playerPage(version, ITEM, NEXT)));
    await start(page);
    await page.evaluate(() =>
      probe.host.showButton({ label: 'Watch party', count: 3, attention: false, pressed: true }),
    );
    const button = page.getByRole('button', { name: 'Watch party' });
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    expect(await button.textContent()).toBe('3');
    expect(await button.evaluate((b) => b.nextElementSibling?.classList.contains('btnVideoOsdSettings'))).toBe(true);
    expect(await page.evaluate(() => probe.host.theme())).toEqual({ accent: 'rgb(0, 164, 220)', light: false });
  });
});

describe('a panel beside the film', () => {
  it('narrows the picture on a wide page, and gives its place back', async () => {
    const page = await bench.open(wholePage(playerPage('10.11', ITEM)));
    await start(page);
    const right = (): Promise<string> =>
      page.evaluate(() => {
        const container = document.querySelector<HTMLElement>('.videoPlayerContainer');
        if (!container) throw new Error('no player');
        container.style.position = 'fixed';
        return getComputedStyle(container).right;
      });
    const before = await right();
    await page.evaluate(() => probe.host.makeRoom(356));
    expect(await right()).toBe('356px');
    await page.setViewportSize({ width: 600, height: 800 });
    expect(await right()).toBe('0px');
    await page.evaluate(() => probe.host.makeRoom(0));
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(await right()).toBe(before);
  });
});

describe('the button', () => {
  it('comes back when the app builds its page anew, and goes with the player', async () => {
    const page = await bench.open(wholePage(playerPage('10.11', ITEM)));
    await start(page);
    const buttons = page.locator('[data-opensyncparty=button]');
    await page.evaluate(() => {
      const old = document.querySelector('#videoOsdPage');
      const fresh = old?.cloneNode(true) as Element;
      fresh.querySelector('[data-opensyncparty]')?.remove();
      old?.replaceWith(fresh);
    });
    await expect.poll(() => buttons.count()).toBe(1);
    await page.evaluate(() => document.querySelector('.videoPlayerContainer')?.remove());
    await expect.poll(() => buttons.count()).toBe(0);
  });

  it('answers click, Enter and Space once each, and keeps the keys from the app', async () => {
    const page = await bench.open(wholePage(playerPage('10.11', ITEM)));
    await start(page);
    await page.evaluate(() =>
      probe.host.showButton({ label: 'Watch party', count: null, attention: true, pressed: false }),
    );
    await page.evaluate(() => {
      document.addEventListener('keydown', (event) => probe.events.push({ type: 'app-key', key: event.key }));
    });
    await events(page);
    const button = page.getByRole('button', { name: 'Watch party' });
    await button.click();
    await button.press('Enter');
    await button.press(' ');
    await button.press('ArrowLeft');
    expect(await events(page)).toEqual([
      { type: 'button' },
      { type: 'button' },
      { type: 'button' },
      { type: 'app-key', key: 'ArrowLeft' },
    ]);
  });

  it('tells when the bar fades and comes back', async () => {
    const page = await bench.open(wholePage(playerPage('10.11', ITEM)));
    await start(page);
    await events(page);
    const toggle = (name: string): Promise<void> =>
      page.evaluate((c) => void document.querySelector('.videoOsdBottom')?.classList.toggle(c), name);
    await toggle('videoOsdBottom-hidden');
    await toggle('hide');
    await toggle('hide');
    await toggle('videoOsdBottom-hidden');
    await expect
      .poll(() => events(page))
      .toEqual([
        { type: 'osd', visible: false },
        { type: 'osd', visible: true },
      ]);
  });
});

describe('what plays', () => {
  it('is read from the stream, and is unknown in between', async () => {
    const page = await bench.open(wholePage(''), { api: server });
    await start(page);
    await page.evaluate((html) => document.body.insertAdjacentHTML('afterbegin', html), PLAYER);
    await play(page, `/Videos/${ITEM}/stream.mp4?Static=true`);
    await untilEvent(page, 'media');
    const media = { serverId: SERVER_ID, itemId: ITEM, title: 'Film 1', runtimeMs: null };
    expect((await events(page)).filter((event) => 'media' in event)).toEqual([{ type: 'media', media }]);
    await play(page, `/Videos/${NEXT}/stream.mp4?Static=true`);
    await page.waitForFunction(() => probe.host.media()?.title === 'Film 2');
    expect((await events(page)).map((event) => ('media' in event ? event.media : event))).toEqual([
      null,
      { ...media, itemId: NEXT, title: 'Film 2' },
    ]);
  });

  it('is read from the playlist that hls.js loads', async () => {
    const page = await bench.open(wholePage(''), { api: server });
    await start(page);
    await page.evaluate((html) => document.body.insertAdjacentHTML('afterbegin', html), PLAYER);
    await page.evaluate(() => {
      const video = document.querySelector('video');
      if (video) video.src = URL.createObjectURL(new MediaSource());
      return fetch('/videos/f11a0000-0000-0000-0000-000000000001/master.m3u8?PlaySessionId=x');
    });
    await page.waitForFunction(() => probe.host.media()?.title === 'Film 1');
  });

  it('is unknown once the player is gone', async () => {
    const page = await bench.open(wholePage(PLAYER), { api: server });
    await start(page);
    await play(page, `/Videos/${ITEM}/stream.mp4?Static=true`);
    await untilEvent(page, 'media');
    await events(page);
    await page.evaluate(() => document.querySelector('.videoPlayerContainer')?.remove());
    await untilEvent(page, 'media');
    expect(await events(page)).toEqual([
      { type: 'video', there: false },
      { type: 'media', media: null },
    ]);
  });
});

describe('who is signed in', () => {
  it('is told at the start and at each change of page', async () => {
    const page = await bench.open(wholePage(''), { api: server });
    await start(page);
    expect(await events(page)).toMatchObject([{ type: 'session', session: { userName: 'Ana', userId: 'user-1' } }]);
    await page.evaluate(() => {
      localStorage.removeItem('jellyfin_credentials');
      history.pushState(null, '', '#/login');
    });
    await untilEvent(page, 'session');
    expect(await events(page)).toContainEqual({ type: 'session', session: null });
  });
});

describe('the name of who is signed in', () => {
  /** A page that does not know it yet, as right after signing in. */
  const nameless = async (api: Api): Promise<string> => {
    const page = await bench.open(wholePage(''), { api });
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith('user-')) localStorage.removeItem(key);
    });
    return page.evaluate(() => probe.host.userName());
  };

  it('is asked of the server when the page does not know it yet', async () => {
    expect(await nameless((path, ...rest) => (path === '/Users/Me' ? { Name: 'Ben' } : server(path, ...rest)))).toBe(
      'Ben',
    );
  });

  it('is none when the server does not tell it', async () => {
    expect(await nameless((path, ...rest) => (path === '/Users/Me' ? 500 : server(path, ...rest)))).toBe('');
  });
});

describe('opening an item', () => {
  const open = (page: Page, itemId: string): Promise<string> =>
    page.evaluate(
      async ([id, serverId]) => {
        const media = { serverId: serverId ?? '', itemId: id ?? '', title: '', runtimeMs: null };
        return probe.host.open(media, 5_000).then(
          () => 'opened',
          (error: { code: string }) => error.code,
        );
      },
      [itemId, SERVER_ID],
    );

  it('goes through the own session and waits until it plays', async () => {
    const posts: string[] = [];
    const page = await bench.open(wholePage(PLAYER), {
      api: (path, query, method) => {
        if (method === 'POST') posts.push(`${path}?${query}`);
        return server(path, query, method);
      },
    });
    await start(page);
    const opened = open(page, ITEM);
    await expect
      .poll(() => posts)
      .toEqual([`/Sessions/s1/Playing?playCommand=PlayNow&itemIds=${ITEM}&startPositionTicks=50000000`]);
    await play(page, `/Videos/${ITEM}/stream.mp4?Static=true`);
    expect(await opened).toBe('opened');
    expect(await open(page, ITEM)).toBe('opened');
    expect(posts).toHaveLength(1);
  });

  it('says that the item is missing before it stops what plays', async () => {
    const posts: string[] = [];
    const page = await bench.open(wholePage(PLAYER), {
      api: (path, query, method) => {
        if (method === 'POST') posts.push(path);
        return path === '/Items' ? { Items: [] } : server(path, query, method);
      },
    });
    await start(page);
    expect(await open(page, ITEM)).toBe('item-missing');
    expect(posts).toEqual([]);
  });

  it('says that nobody is signed in', async () => {
    const page = await bench.open(wholePage(PLAYER), { api: server, signedIn: false });
    await start(page);
    expect(await open(page, ITEM)).toBe('signed-out');
  });
});

it('leaves nothing behind when its life ends', async () => {
  const page = await bench.open(wholePage(playerPage('10.11', ITEM)), { api: server });
  await start(page);
  await page.evaluate(() => probe.life.abort());
  await events(page);
  await page.evaluate(() => document.querySelector('.videoPlayerContainer')?.remove());
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(await events(page)).toEqual([]);
  expect(await page.locator('[data-opensyncparty]').count()).toBe(0);
});
