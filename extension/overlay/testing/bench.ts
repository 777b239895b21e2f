import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import { findProgram } from '../../../e2e/support/programs.ts';
import type {} from './harness.tsx';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const ORIGIN = 'https://harness.test';
/** A small laptop's. */
const LAPTOP = { width: 1280, height: 720 };
export const PHONE = { width: 400, height: 800 };
/** Where pictures of what was shown go, with a slash at its end. */
export const SHOTS = fileURLToPath(new URL('../../../e2e/.results/overlay/', import.meta.url));

/** The harness pages, built as the extension is, and a Chromium to show them in. */
export interface Bench {
  /** Opens a state of the overlay (`party`), a theme behind it perhaps (`party/light`), on a small laptop's screen. */
  openState(state: string, options?: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<Page>;
  /** Opens one of the extension's own pages (`popup-ask`). */
  openPage(name: string, options?: BrowserContextOptions): Promise<Page>;
}

/** A page that the next test may have as well: a fresh one takes longer to open than most tests to look at it. */
interface Kept {
  page: Page;
  options: string;
}

/** @returns what the tests of a file share: it starts before the first of them, and ends after the last. */
export function benchOfFile(): Bench {
  let files = new Map<string, string | Uint8Array>();
  let browser: Browser | null = null;
  let kept: Kept | null = null;
  beforeAll(async () => {
    const executablePath = await findProgram('chromium');
    files = await buildHarness();
    browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
  });
  afterAll(() => browser?.close());

  const freshPage = async (options: BrowserContextOptions): Promise<Page> => {
    if (!browser) throw new Error('the bench has not started');
    const context = await browser.newContext({ viewport: LAPTOP, ...options });
    const page = await context.newPage();
    await page.route(`${ORIGIN}/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const body = files.get(name);
      if (body === undefined) return route.fulfill({ status: 404 });
      return route.fulfill({ body: Buffer.from(body), contentType: TYPES[extname(name)] ?? 'text/plain' });
    });
    return page;
  };
  const pageFor = async (options: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<Page> => {
    const wanted = prepare ? null : JSON.stringify(options);
    if (kept && kept.options === wanted) {
      const { page } = kept;
      await page.mouse.move(0, 0);
      await page.setViewportSize(options.viewport ?? LAPTOP);
      // Another fragment alone loads nothing.
      await page.goto('about:blank');
      return page;
    }
    await kept?.page.context().close();
    const page = await freshPage(options);
    kept = { page, options: wanted ?? '' };
    await prepare?.(page);
    return page;
  };
  return {
    openState: async (state, options = {}, prepare) => {
      const page = await pageFor({ reducedMotion: 'reduce', ...options }, prepare);
      await page.goto(`${ORIGIN}/harness.html#${state}`);
      await page.waitForFunction(() => window.harness?.current);
      return page;
    },
    openPage: async (name, options = {}) => {
      const page = await pageFor(options);
      await page.goto(`${ORIGIN}/pages.html#${name}`);
      await page.locator('main').waitFor();
      return page;
    },
  };
}

async function buildHarness(): Promise<Map<string, string | Uint8Array>> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: [`${root}harness.html`, `${root}pages.html`] },
    },
  });
  const { output } = result as Rolldown.RolldownOutput;
  const files = new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
  return files.set('icons/icon.svg', readFileSync(`${root}../../icons/icon.svg`, 'utf8'));
}
