import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { paleWords, violations } from './testing/axe.ts';
import { benchOfFile, PHONE, SHOTS } from './testing/bench.ts';
import { LIGHT } from './testing/light-states.ts';
import { STATES } from './testing/states.ts';

/** One text of each kind is enough for pictures and axe; that every code has its text is a unit test. */
const SHOWN = Object.keys(STATES).filter((name) => !name.startsWith('error-'));
const shownIn = (theme: 'dark' | 'light'): string[] =>
  theme === 'dark' || process.env.OSP_SHOTS === '1' ? SHOWN : SHOWN.filter((name) => LIGHT.has(name));
const PAGES = [
  'popup-checking',
  'popup-not-jellyfin',
  'popup-ask',
  'popup-ready',
  'popup-blocked',
  'options',
  'options-paired',
];

const bench = benchOfFile();
let page: Page;

async function open(state: string): Promise<void> {
  page = await bench.openState(state);
}

/** Pictures for people to look at, when asked for with OSP_SHOTS=1: they take as long as all else. */
async function shoot(name: string, fullPage = false): Promise<void> {
  if (process.env.OSP_SHOTS === '1') await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage });
}

describe('every state', () => {
  for (const theme of ['dark', 'light'] as const) {
    for (const state of shownIn(theme)) {
      it(`${state} (${theme}) has no accessibility violation and stays inside a small window`, async () => {
        await open(`${state}/${theme}`);
        await shoot(`${state}-${theme}-wide`);
        // A faded panel is meant to be seen through; it is solid as soon as anyone points at it or tabs into it.
        const isFaded = state === 'party-faded';
        if (theme === 'dark') expect(await violations(page, isFaded ? ['color-contrast'] : [])).toEqual([]);
        else if (!isFaded) expect(await paleWords(page)).toEqual([]);
        await page.setViewportSize(PHONE);
        await shoot(`${state}-${theme}-tall`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      });
    }
    for (const name of PAGES) {
      it(`${name} page (${theme}) has no accessibility violation`, async () => {
        page = await bench.openPage(name, { colorScheme: theme });
        await shoot(`${name}-${theme}`, true);
        expect(await violations(page)).toEqual([]);
      });
    }
  }

  it('offers large enough targets', async () => {
    await open('party');
    const boxes = await page.locator('.panel button').evaluateAll((buttons) =>
      buttons.map((button) => {
        const { width, height } = button.getBoundingClientRect();
        return Math.min(width, height);
      }),
    );
    expect(Math.min(...boxes)).toBeGreaterThanOrEqual(40);
  });
});
