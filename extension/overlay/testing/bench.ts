import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const ORIGIN = 'https://harness.test';

/** The harness pages, built as the extension is, and a Chromium to show them in. */
export interface Bench {
  /** Opens a state of the overlay (`party`), or of the pages (`popup-ask`), in a fresh page. */
  open(address: string, options?: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Builds the harness in memory and starts a browser.
 * @param executablePath a Chromium; without one, Playwright's own.
 */
export async function startBench(executablePath?: string): Promise<Bench> {
  const files = await buildHarness();
  const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
  return {
    async open(address, options = {}, prepare = async () => undefined) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
      const page = await context.newPage();
      await page.route(`${ORIGIN}/**`, (route) => {
        const name = new URL(route.request().url()).pathname.slice(1);
        const body = files.get(name);
        if (body === undefined) return route.fulfill({ status: 404 });
        return route.fulfill({ body: Buffer.from(body), contentType: TYPES[extname(name)] ?? 'text/plain' });
      });
      await prepare(page);
      await page.goto(`${ORIGIN}/${address}`);
      return page;
    },
    close: () => browser.close(),
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
