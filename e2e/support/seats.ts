/** Launches a person's browser of either kind with the journeys' build of the extension. */
import { access } from 'node:fs/promises';
import { launchChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import type { BrowserOptions, BrowserSeat } from './tab.ts';

export type BrowserKind = BrowserSeat['kind'];

/** Where the builds for journeys lie, by browser. */
export const BUILDS: Record<BrowserKind, string> = { chromium: 'dist/e2e-chrome', firefox: 'dist/e2e-firefox' };

/** @throws Error when the extension has not been built for journeys. */
export async function launchSeat(kind: BrowserKind, options: Partial<BrowserOptions> = {}): Promise<BrowserSeat> {
  const extension = options.extension === undefined ? BUILDS[kind] : options.extension;
  if (extension) {
    await access(`${extension}/manifest.json`).catch(() => {
      throw new Error(`${extension} is missing: npm run build -- --mode e2e`);
    });
  }
  const launch = kind === 'chromium' ? launchChromium : launchFirefox;
  return launch({ headless: true, ...options, extension });
}
