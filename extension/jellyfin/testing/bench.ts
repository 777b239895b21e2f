import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';

const ORIGIN = 'http://jellyfin.test';
/** A Chromium of the system; without one, Playwright's own. */
const SYSTEM_CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Answers one request of the page: a status, or something to send as JSON. */
export type Api = (path: string, query: URLSearchParams, method: string) => unknown;

/** A Chromium that shows pages which are Jellyfin to our code, with our code running in them first. */
export interface HostBench {
  open(html: string, options?: { path?: string; api?: Api; signedIn?: boolean }): Promise<Page>;
  close(): Promise<void>;
}

export async function startHostBench(): Promise<HostBench> {
  const script = await bundle();
  const launch = SYSTEM_CHROMIUM ? { executablePath: SYSTEM_CHROMIUM } : {};
  const browser: Browser = await chromium.launch({ args: ['--no-sandbox'], ...launch });
  return {
    async open(html, { path = '/web/', api = () => 404, signedIn = true } = {}) {
      for (const context of browser.contexts()) await context.close();
      const page = await browser.newPage();
      await page.addInitScript({ content: (signedIn ? SIGN_IN : '') + script });
      await page.route(`${ORIGIN}/**`, (route) => {
        const { pathname, searchParams } = new URL(route.request().url());
        if (pathname === path) return route.fulfill({ body: html, contentType: 'text/html' });
        const answer = api(pathname, searchParams, route.request().method());
        return typeof answer === 'number' ? route.fulfill({ status: answer }) : route.fulfill({ json: answer });
      });
      await page.goto(ORIGIN + path);
      return page;
    },
    close: () => browser.close(),
  };
}

export const SERVER_ID = '0123456789abcdef0123456789abcdef';

const SIGN_IN = `
  localStorage.setItem('_deviceId2', 'device-1');
  localStorage.setItem('user-user-1-${SERVER_ID}', '{"Name":"Ana"}');
  localStorage.setItem('jellyfin_credentials', JSON.stringify({ Servers: [{
    Id: '${SERVER_ID}', AccessToken: 'secret', UserId: 'user-1', ManualAddress: '${ORIGIN}', LastConnectionMode: 2 }] }));
`;

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('page-entry.ts', import.meta.url)),
        output: { format: 'iife' },
      },
    },
  });
  const [chunk] = (result as Rolldown.RolldownOutput).output;
  return chunk.code;
}
