import { defineConfig } from '@playwright/test';
import type { JourneyOptions } from './support/fixtures.ts';

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
    { name: 'chromium', use: { kinds: ['chromium', 'chromium'] } },
    // `@once`: what the browser makes no difference to. OSP_E2E=all runs those in Firefox too.
    {
      name: 'firefox',
      use: { kinds: ['firefox', 'firefox'] },
      grepInvert: process.env.OSP_E2E === 'all' ? /@chromium/ : /@chromium|@once/,
    },
    { name: 'mixed', use: { kinds: ['chromium', 'firefox'] }, grep: /@mixed/ },
  ],
});
