/** A person's Chromium: a fresh profile with the extension loaded, steered by Playwright. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BrowserContext, type CDPSession, chromium, type Locator, type Page, type Worker } from '@playwright/test';
import { PageTab } from './page-tab.ts';
import { requireProgram } from './programs.ts';
import {
  type BrowserOptions,
  type BrowserSeat,
  type Point,
  readTexts,
  type Tab,
  type Target,
  VIEWPORT,
} from './tab.ts';

/** Noise off, nothing of the media behaviour changed: autoplay policy and audio sink stay as people have them. */
const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-features=DisableLoadExtensionCommandLineSwitch,MediaRouter,OptimizationHints,Translate',
  '--no-first-run',
];

class ChromiumTab extends PageTab<Page> implements Tab {
  readonly kind = 'chromium';

  texts(target: Target): Promise<string[]> {
    return this.#locate(target).evaluateAll(readTexts);
  }

  click(target: Target): Promise<void> {
    return this.#locate(target).first().click();
  }

  async clickCss(selector: string, share = 0.5): Promise<void> {
    const element = this.page.locator(selector).filter({ visible: true }).first();
    await element.waitFor();
    const box = await element.boundingBox();
    await element.click(box ? { position: { x: box.width * share, y: box.height / 2 } } : {});
  }

  fill(target: Target, text: string): Promise<void> {
    return this.#locate(target).first().fill(text);
  }

  fillCss(selector: string, text: string): Promise<void> {
    return this.page.locator(selector).filter({ visible: true }).first().fill(text);
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  async wheel(at: Point, deltaY: number): Promise<void> {
    await this.page.mouse.move(at.x, at.y);
    await this.page.mouse.wheel(0, deltaY);
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  devtools(): Promise<CDPSession> {
    return this.page.context().newCDPSession(this.page);
  }

  #locate({ role, name, within }: Target): Locator {
    const scope = within ? this.#locate(within).first() : this.page;
    return scope.getByRole(role, name === undefined ? {} : { name, exact: typeof name === 'string' });
  }
}

/** @returns a DevTools session with the tab's page. @throws Error for a tab of another browser. */
export function devtoolsOf(tab: Tab): Promise<CDPSession> {
  if (tab instanceof ChromiumTab) return tab.devtools();
  throw new Error(`no DevTools protocol in ${tab.kind}`);
}

/** Quits a browser and opens it again: what is left is what its profile keeps. @throws Error for another one. */
export function restart(seat: BrowserSeat): Promise<void> {
  if (seat instanceof ChromiumSeat) return seat.restart();
  throw new Error(`no profile is kept for ${seat.kind}`);
}

/** Puts a person's whole browser to sleep, or wakes it, as closing and opening a laptop does. @throws Error for another browser. */
export function setAsleep(seat: BrowserSeat, isAsleep: boolean): Promise<void> {
  if (seat instanceof ChromiumSeat) return seat.signal(isAsleep ? 'SIGSTOP' : 'SIGCONT');
  throw new Error(`the processes of ${seat.kind} are not known`);
}

class ChromiumSeat implements BrowserSeat {
  readonly kind = 'chromium';
  #context: BrowserContext;
  readonly #profile: string;
  readonly #hasExtension: boolean;
  readonly #open: () => Promise<BrowserContext>;

  /** @param open opens the browser with that profile again. */
  constructor(context: BrowserContext, profile: string, hasExtension: boolean, open: () => Promise<BrowserContext>) {
    this.#context = context;
    this.#profile = profile;
    this.#hasExtension = hasExtension;
    this.#open = open;
  }

  /** To each of its processes: those that name its profile, and their children. */
  async signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
    const all = stdout.split('\n').flatMap((line) => {
      const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid && parent ? [{ pid: Number(pid), parent: Number(parent), isNamed: args.includes(this.#profile) }] : [];
    });
    const ours = new Set(all.filter(({ isNamed }) => isNamed).map(({ pid }) => pid));
    for (let before = -1; before !== ours.size; ) {
      before = ours.size;
      for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
    }
    for (const pid of ours) process.kill(pid, signal);
  }

  async restart(): Promise<void> {
    await this.#context.close();
    this.#context = await this.#open();
  }

  async newTab(): Promise<Tab> {
    const blank = this.#context.pages().find((page) => page.url() === 'about:blank');
    return new ChromiumTab(blank ?? (await this.#context.newPage()));
  }

  async extensionPage(path: string): Promise<Tab> {
    const page = await this.#context.newPage();
    await page.goto(`${await this.#extensionOrigin()}/${path}`);
    return new ChromiumTab(page);
  }

  async reset(): Promise<void> {
    const keep = await this.#context.newPage();
    for (const page of this.#context.pages()) if (page !== keep) await page.close();
    if (!this.#hasExtension) return;
    await keep.goto(`${await this.#extensionOrigin()}/options.html`);
    await keep.evaluate('Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()]).then(() => null)');
    await keep.goto('about:blank');
  }

  async stopBackground(): Promise<void> {
    const page = await this.#context.newPage();
    const session = await this.#context.newCDPSession(page);
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    await page.close();
  }

  async reloadExtension(): Promise<void> {
    const page = await this.#context.newPage();
    await page.goto(`${await this.#extensionOrigin()}/options.html`);
    // The page goes down with its extension, so there is no answer to wait for.
    await page.evaluate('void setTimeout(() => chrome.runtime.reload(), 0)');
    if (!page.isClosed()) await page.waitForEvent('close');
  }

  async close(): Promise<void> {
    await this.#context.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #extensionOrigin(): Promise<string> {
    // jellyfin-web has a service worker of its own.
    const isOurs = (worker: Worker): boolean => worker.url().startsWith('chrome-extension://');
    const worker =
      this.#context.serviceWorkers().find(isOurs) ??
      (await this.#context.waitForEvent('serviceworker', { predicate: isOurs }));
    return new URL(worker.url()).origin.replace(/^null$/, worker.url().split('/').slice(0, 3).join('/'));
  }
}

/**
 * Reading the clipboard is granted here, because Playwright's own way would deny every other permission, also the one for the
 * local network. Without developer mode Chromium does not start an unpacked extension again after a reload.
 */
const PREFERENCES = {
  profile: { default_content_setting_values: { clipboard: 1 } },
  extensions: { ui: { developer_mode: true } },
};

async function writePreferences(profile: string): Promise<void> {
  const folder = join(profile, 'Default');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Preferences'), JSON.stringify(PREFERENCES));
}

export async function launchChromium(options: BrowserOptions): Promise<BrowserSeat> {
  const profile = await mkdtemp(join(tmpdir(), 'osp-chromium-'));
  const { window: place } = options;
  const extension = options.extension && resolve(options.extension);
  await writePreferences(profile);
  const executablePath = await requireProgram('chromium');
  const open = (): Promise<BrowserContext> =>
    chromium.launchPersistentContext(profile, {
      executablePath,
      headless: options.headless,
      // Chromium refuses its sandbox to root; CI containers run as root.
      chromiumSandbox: process.getuid?.() !== 0,
      viewport: place ? null : (options.viewport ?? VIEWPORT),
      ignoreHTTPSErrors: options.insecureCertificates ?? false,
      ignoreDefaultArgs: [
        '--disable-extensions',
        '--disable-component-extensions-with-background-pages',
        '--mute-audio',
      ],
      args: [
        ...ARGS,
        ...(extension ? [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`] : []),
        ...(place
          ? [`--window-position=${place.left},${place.top}`, `--window-size=${place.width},${place.height}`]
          : []),
      ],
    });
  return new ChromiumSeat(await open(), profile, extension !== null, open);
}
