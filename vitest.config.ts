import { defineConfig } from 'vitest/config';

/** HAProxy and its like are not for Windows. */
const PROXIES_THAT_DO_NOT_RUN_HERE = process.platform === 'win32' ? ['e2e/proxies/**'] : [];

/** `unit`: pure and socket tests in Node. `browser`: components and adapters in a real Chromium. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    testTimeout: 15_000,
    // Tests that run together are those that mostly wait.
    maxConcurrency: 40,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Many wait for sockets, proxies and deadlines rather than work; browsers come after them, with the machine to themselves.
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**', 'dist/**', ...PROXIES_THAT_DO_NOT_RUN_HERE],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          // A page that is looked at waits for its browser half of the time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          include: ['**/*.browser.test.ts'],
          exclude: ['**/node_modules/**', 'dist/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
