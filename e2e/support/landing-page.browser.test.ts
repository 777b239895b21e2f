/** The page behind an invite link, for somebody who has no extension yet, or can have none. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { paleWords, violations } from '../../extension/overlay/testing/axe.ts';
import { type Entered, startTestRelay, type TestRelay } from '../../relay/testing/relay.ts';
import { RESULTS } from './places.ts';
import { findProgram } from './programs.ts';

const SHOTS = join(RESULTS, 'landing');
const WIDE = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };
const FILM = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Harbour Lights', runtimeMs: 7_200_000 };
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

let relay: TestRelay;
let browser: Browser;
let host: Entered;
let page: Page;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  const executablePath = await findProgram('chromium');
  browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
  relay = await startTestRelay();
  host = await relay.host('Ana');
  host.send({
    type: 'command',
    id: 'film',
    base: 0,
    action: { kind: 'media', media: FILM, positionMs: 0, play: false },
  });
  await host.next('timeline');
});
afterAll(async () => {
  await browser.close();
  await relay.close();
});
afterEach(() => page.context().close());

let asked = 0;
async function invite(terms: { uses?: number; ttlMs?: number } = {}): Promise<{ url: string; invite: string }> {
  asked += 1;
  host.send({ type: 'invite', id: `i${asked}`, jellyfinUrl: 'http://jellyfin.test', ...terms });
  return host.next('invite');
}

async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: WIDE,
    reducedMotion: 'reduce',
    colorScheme: 'dark',
    ...options,
  });
  page = await context.newPage();
  await page.goto(url);
  return page;
}

const shoot = async (name: string): Promise<void> => {
  if (process.env.OSP_SHOTS === '1') await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
};

describe('the page of an invite, without the extension', () => {
  it('says who invites to what, until when, and how to get in by hand', async () => {
    const { url } = await invite({ uses: 5 });
    await open(url);
    await page.getByRole('heading', { name: 'Ana invites you to watch Harbour Lights' }).waitFor();
    await page.getByText(/^The link works until .*, for 5 more people\.$/).waitFor();
    expect(await page.getByText('Load unpacked').isVisible()).toBe(true);
    expect(await page.getByText('about:debugging').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'How to install it' }).press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('install');
    const opens = await page.getByRole('link', { name: 'Open in Jellyfin' }).getAttribute('href');
    expect(opens).toMatch(
      /^http:\/\/jellyfin\.test\/web\/#\/details\?id=b{32}&serverId=a{32}&osp-party=http%3A%2F%2F127/,
    );
    expect(await violations(page)).toEqual([]);
    await shoot('by-hand-dark-wide');
  });

  it('is as readable in the light and on a narrow screen', async () => {
    const { url } = await invite();
    await open(url, { colorScheme: 'light', viewport: PHONE });
    await page.getByRole('link', { name: 'Open in Jellyfin' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await paleWords(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await shoot('by-hand-light-phone');
  });

  it('leads to the guest’s own address of that Jellyfin, and says when that is none', async () => {
    const { url } = await invite();
    await open(url);
    await page.getByText('Your Jellyfin has another address?').click();
    const address = page.getByRole('textbox', { name: 'Jellyfin address' });
    await address.fill('jellyfin.lan:8096');
    const link = page.getByRole('link', { name: 'Open in Jellyfin' });
    expect(await link.getAttribute('href')).toMatch(/^http:\/\/jellyfin\.lan:8096\/web\/#\/details/);
    await address.fill('javascript:alert(1)');
    expect(await page.getByText('Write an address such as').isVisible()).toBe(true);
    expect(await page.getByText('Open in Jellyfin', { exact: true }).getAttribute('href')).toBeNull();
  });

  it.each([
    ['a phone', IPHONE, { viewport: PHONE, hasTouch: true }, 'Phones and tablets cannot run the extension'],
    ['Safari', SAFARI, { colorScheme: 'light' }, 'Safari cannot run the extension'],
  ] as const)('says plainly that %s cannot, and where to go', async (what, userAgent, options, words) => {
    const { url } = await invite();
    await open(url, { userAgent, ...options });
    await page.getByRole('heading', { name: 'This browser cannot join the party' }).waitFor();
    await page.getByText(words).waitFor();
    expect(await page.getByRole('button', { name: 'Copy the link' }).isVisible()).toBe(true);
    expect(await page.getByText('Installing OpenSyncParty').isVisible()).toBe(false);
    expect(await violations(page)).toEqual([]);
    await shoot(`cannot-${what === 'Safari' ? 'safari-light-wide' : 'phone-dark'}`);
  });

  it('says that a link was taken back, or is torn, before anybody installs anything', async () => {
    const { url, invite: own } = await invite({ uses: 2 });
    host.send({ type: 'manage', id: 'back', action: { kind: 'revoke', invite: own } });
    await host.next('invites');
    await open(url);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/taken back/);
    expect(await page.getByText('Get the extension').isVisible()).toBe(false);
    await shoot('taken-back-dark-wide');
    await page.goto('about:blank');
    await page.goto(url.slice(0, -60));
    await page.getByRole('alert').waitFor();
    expect(await page.getByText('Get the extension').isVisible()).toBe(false);
    expect(await violations(page)).toEqual([]);
  });
});
