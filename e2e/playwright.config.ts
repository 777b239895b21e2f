import { defineConfig } from '@playwright/test';
import type { JourneyOptions } from './support/fixtures.ts';

/** OSP_E2E=all runs every journey in each browser. */
const isAll = process.env.OSP_E2E === 'all';

/** The build of the extension (`--mode e2e`) is made before by `npm run e2e`. */
export default defineConfig<JourneyOptions>({
  testDir: 'specs',
  outputDir: '.results/runs',
  globalSetup: './support/global-setup.ts',
  // Two browsers decode video at once; more would measure the machine instead of us.
  workers: 1,
  fullyParallel: false,
  // A shared CI machine can stall a browser for seconds; a journey that needed its second chance is reported as flaky.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['json', { outputFile: '.results/journeys.json' }]],
  projects: [
    // `@long`: what takes half a minute and has other tests; `@mixed-only`: what one browser of each kind shows as well.
    { name: 'chromium', use: { kinds: ['chromium', 'chromium'] }, grepInvert: isAll ? [] : /@long|@mixed-only/ },
    // `@once`: what the browser makes no difference to.
    {
      name: 'firefox',
      use: { kinds: ['firefox', 'firefox'] },
      grepInvert: isAll ? /@chromium/ : /@chromium|@once/,
    },
    { name: 'mixed', use: { kinds: ['chromium', 'firefox'] }, grep: /@mixed/ },
  ],
});
