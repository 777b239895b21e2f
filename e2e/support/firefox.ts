/** A person's Firefox: a fresh profile with the extension installed, steered by puppeteer over WebDriver BiDi. */
import { resolve } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type KeyInput, type Page } from 'puppeteer-core';
import { findInPage, plainTarget } from './dom-query.ts';
import { PageTab } from './page-tab.ts';
import { requireProgram } from './programs.ts';
import {
  type BrowserOptions,
  type BrowserSeat,
  describeTarget,
  type Point,
  readTexts,
  sourceOf,
  type Tab,
  type Target,
  until,
  VIEWPORT,
} from './tab.ts';

/** No first-run pages and no calls home; autoplay and timers stay as people have them. */
const PREFERENCES: Record<string, unknown> = {
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  // Pop-ups of the browser itself swallow the next click.
  'browser.formfill.enable': false,
  'signon.rememberSignons': false,
  // A film in a tab behind another would leave its page for a window of its own.
  'media.videocontrols.picture-in-picture.enable-when-switching-tabs.enabled': false,
  'toolkit.telemetry.enabled': false,
  // The clipboard of a headless Firefox needs no prompt to be read by the test.
  'dom.events.testing.asyncClipboard': true,
};

/** A fixed internal id gives the extension's pages an address that a test can open. */
const EXTENSION_HOST = 'b6f3c7a0-5d1c-4e0a-9a57-0c5e2f1d7a11';

/** What puppeteer says of an element that is not in sight, or not in the page any more. */
const NOT_YET = /not clickable|detached|no such (node|element)|stale/i;

class FirefoxTab extends PageTab<Page> implements Tab {
  readonly kind = 'firefox';

  /** The last tab of a window stays open, and puppeteer says nothing of it. */
  override async close(): Promise<void> {
    const browser = this.page.browser();
    if ((await browser.pages()).length === 1) await browser.newPage();
    await super.close();
    if (this.isOpen()) throw new Error('Firefox has not closed the tab');
  }

  texts(target: Target): Promise<string[]> {
    return this.evaluate(`(${readTexts.toString()})(${findSource(target)})`);
  }

  async click(target: Target): Promise<void> {
    await this.#hit(describeTarget(target), () => this.#find(target), 0.5);
  }

  async clickCss(selector: string, share = 0.5): Promise<void> {
    await this.#hit(selector, () => this.#findCss(selector), share);
  }

  async fill(target: Target, text: string): Promise<void> {
    await replaceText(this.page, await this.#find(target), text);
  }

  async fillCss(selector: string, text: string): Promise<void> {
    await replaceText(this.page, await this.#findCss(selector), text);
  }

  async press(key: string): Promise<void> {
    const keys = key.split('+') as KeyInput[];
    const last = keys.pop();
    for (const modifier of keys) await this.page.keyboard.down(modifier);
    if (last) await this.page.keyboard.press(last);
    for (const modifier of keys.reverse()) await this.page.keyboard.up(modifier);
  }

  async wheel(at: Point, deltaY: number): Promise<void> {
    await this.page.mouse.move(at.x, at.y);
    await this.page.mouse.wheel({ deltaY });
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file as `${string}.png` });
  }

  /** As a person does: what is still on its way to its place, or is being drawn anew, is clicked a moment later. */
  #hit(what: string, find: () => Promise<ElementHandle>, share: number): Promise<true> {
    return until(`${what} to be clicked`, async () => {
      const element = await find();
      const box = await element.boundingBox();
      if (!box) return null;
      const offset = { x: box.width * share, y: box.height / 2 };
      return element.click({ offset }).then(
        () => true as const,
        (error: Error) => {
          if (NOT_YET.test(error.message)) return null;
          throw error;
        },
      );
    });
  }

  /** The first fitting element, once there is one. */
  #find(target: Target): Promise<ElementHandle> {
    return this.#await(describeTarget(target), `(${findSource(target)})[0] ?? null`);
  }

  #findCss(selector: string): Promise<ElementHandle> {
    const visible = `[...document.querySelectorAll(${JSON.stringify(selector)})].find((e) => e.checkVisibility())`;
    return this.#await(selector, `${visible} ?? null`);
  }

  #await(what: string, source: string): Promise<ElementHandle> {
    return until(what, async () => {
      const element = (await this.page.evaluateHandle(source)).asElement();
      return element ? (element as ElementHandle) : null;
    });
  }
}

const findSource = (target: Target): string => sourceOf(findInPage, plainTarget(target));

async function replaceText(page: Page, field: ElementHandle, text: string): Promise<void> {
  await field.click();
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  if (text === '') await page.keyboard.press('Delete');
  else await page.keyboard.type(text);
}

class FirefoxSeat implements BrowserSeat {
  readonly kind = 'firefox';
  readonly #browser: Browser;
  readonly #extension: string | null;
  readonly #viewport: { width: number; height: number };
  #extensionId: string | null = null;

  constructor(browser: Browser, extension: string | null, viewport: { width: number; height: number }) {
    this.#browser = browser;
    this.#extension = extension;
    this.#viewport = viewport;
  }

  async install(): Promise<void> {
    if (this.#extension) this.#extensionId = await this.#browser.installExtension(this.#extension);
  }

  async newTab(): Promise<Tab> {
    const pages = await this.#browser.pages();
    const blank = pages.find((page) => page.url() === 'about:blank');
    const page = blank ?? (await this.#browser.newPage());
    await page.setViewport(this.#viewport);
    await page.bringToFront();
    return new FirefoxTab(page);
  }

  async extensionPage(path: string): Promise<Tab> {
    const page = await this.#browser.newPage();
    await page.goto(`moz-extension://${EXTENSION_HOST}/${path}`);
    return new FirefoxTab(page);
  }

  async reset(): Promise<void> {
    const keep = await this.#browser.newPage();
    for (const page of await this.#browser.pages()) if (page !== keep) await page.close();
    if (!this.#extensionId) return;
    await this.#browser.uninstallExtension(this.#extensionId);
    await this.install();
  }

  stopBackground(): Promise<void> {
    return Promise.reject(new Error('WebDriver BiDi has no way to stop an event page: Chromium only'));
  }

  async reloadExtension(): Promise<void> {
    if (!this.#extensionId) throw new Error('no extension in this browser');
    // Installing the same id again is what Firefox does at an update.
    await this.install();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

export async function launchFirefox(options: BrowserOptions): Promise<BrowserSeat> {
  const { window: place, viewport = VIEWPORT } = options;
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: await requireProgram('firefox'),
    headless: options.headless,
    acceptInsecureCerts: options.insecureCertificates ?? false,
    extraPrefsFirefox: {
      ...PREFERENCES,
      'extensions.webextensions.uuids': JSON.stringify({ 'opensyncparty@opensyncparty.org': EXTENSION_HOST }),
    },
    args: place ? [`--width=${place.width}`, `--height=${place.height}`] : [],
    defaultViewport: place ? null : viewport,
  });
  const seat = new FirefoxSeat(browser, options.extension && resolve(options.extension), viewport);
  await seat.install();
  return seat;
}
