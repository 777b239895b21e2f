import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { violations } from './testing/axe.ts';
import { benchOfFile } from './testing/bench.ts';

const bench = benchOfFile();
let page: Page;

async function open(state: string): Promise<void> {
  page = await bench.openState(state);
}

const actions = () => page.evaluate(() => window.harness.actions);
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const person = (name: string) => page.getByRole('listitem').filter({ hasText: name });
const menuOf = (name: string) => page.getByRole('button', { name: `More for ${name}` });
const unfold = () => page.getByRole('button', { name: /^Who steers/ }).click();

describe('people', () => {
  it('[M-14] have the picture that Jellyfin has of them, or the first letter of their name', async () => {
    await open('party-pictures');
    const picture = (name: string) => person(name).locator('.avatar img');
    await expect
      .poll(() => picture('Ana').evaluate((img) => (img as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
    await expect.poll(() => picture('Ben').count()).toBe(0);
    expect(await person('Ben').locator('.avatar').textContent()).toBe('B');
    expect(await picture('Cléo').count()).toBe(0);
  });

  it('show what each is in the party, and only those a menu whom something can be done about', async () => {
    await open('party-roles');
    expect(await person('Ana').textContent()).toContain('Host');
    expect(await person('Ben').textContent()).toContain('Co-host');
    expect(await person('Cléo').textContent()).not.toMatch(/host/i);
    expect(await menuOf('Ben').count()).toBe(1);
    expect(await menuOf('Ana').count()).toBe(0);
  });

  it('keep a short name whole whatever marks stand beside it, and of a long one what there is room for', async () => {
    await open('party-guests');
    const shown = await page
      .locator('.person .name')
      .evaluateAll((names) =>
        names.map((name) => ({ width: name.clientWidth, whole: name.scrollWidth <= name.clientWidth })),
      );
    expect(shown.map(({ whole }) => whole)).toEqual([true, true, false]);
    expect(shown[2]?.width).toBeGreaterThan(100);
  });

  it('are made co-host and taken back with one press', async () => {
    await open('party-roles');
    await menuOf('Ben').click();
    await press('Take co-host back');
    await menuOf('Cléo Montgomery-Featherstonehaugh').click();
    await press('Make co-host');
    expect(await actions()).toEqual([
      'manage {"kind":"role","member":"b7","role":"guest"}',
      'manage {"kind":"role","member":"c9","role":"co-host"}',
    ]);
  });

  it('are removed, or handed the party, only after a second press, by keyboard too', async () => {
    await open('party-roles');
    await menuOf('Ben').focus();
    await page.keyboard.press('Enter');
    await press('Remove');
    await page.getByText('Remove Ben from the party?').waitFor();
    expect(await violations(page)).toEqual([]);
    await press('Cancel');
    await press('Make host');
    expect(await actions()).toEqual([]);
    await press('Make host');
    expect(await actions()).toEqual(['manage {"kind":"role","member":"b7","role":"host"}']);
    await menuOf('Ben').focus();
    await page.keyboard.press('Enter');
    for (const _ of [1, 2]) {
      await page.getByRole('button', { name: 'Remove', exact: true }).focus();
      await page.keyboard.press('Enter');
    }
    expect((await actions()).slice(1)).toEqual(['manage {"kind":"kick","member":"b7"}']);
    expect(await page.getByRole('dialog').evaluate((panel) => panel.matches(':focus-within'))).toBe(true);
  });
});

describe('who steers', () => {
  it('is the host’s to choose, and the lock too', async () => {
    await open('party');
    await unfold();
    await page.getByRole('radio', { name: 'Host only' }).click();
    await press('Lock the party');
    expect(await actions()).toEqual([
      'manage {"kind":"control","control":"host"}',
      'manage {"kind":"lock","locked":true}',
    ]);
    expect(await violations(page)).toEqual([]);
  });

  it('is not a co-host’s to choose, but the lock is', async () => {
    await open('party-as-co-host');
    await unfold();
    expect(await page.getByRole('radio', { name: 'Host only' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Lock the party' }).count()).toBe(1);
  });

  it('is said to who does not, with what to ask for; nothing that steers is offered', async () => {
    await open('party-as-guest-paused');
    await page.getByText('Who steers: Host and co-hosts, locked').waitFor();
    await press('Ask to go on');
    expect(await actions()).toEqual(['manage {"kind":"ask","what":"play"}']);
    await page.getByRole('button', { name: /^Timing/ }).click();
    expect(await page.getByRole('radiogroup').count()).toBe(0);
  });

  it('grants a wish, and takes a move back, in the panel and on a toast', async () => {
    await open('party-asked');
    await press('Pause');
    expect(await actions()).toEqual(['steer "pause"']);
    await open('pill-offers');
    await press('Undo');
    expect(await actions()).toEqual(['undo']);
    expect(await page.getByRole('status').getByText('Ben skipped').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await open('pill-skip');
    await press('Skip recap');
    expect(await actions()).toEqual(['skipTo 84000']);
    await open('party-roles');
    await press('Undo');
    expect(await actions()).toEqual(['undo']);
  });
});

describe('before the start', () => {
  it('says who keeps it and what to do, and of each how the film comes there', async () => {
    await open('preflight');
    await page.getByText('Waiting for Ben: the browser there wants a click').waitFor();
    await page.getByText('When you press play, the film waits for them, up to 30 s.').waitFor();
    expect(await person('Ana').textContent()).toMatch(/Ready.*Plays the file as it is, good connection/);
    expect(await person('Ben').textContent()).toContain('Converted by the server, fair connection');
    expect(await person('Cléo').textContent()).toMatch(/Opening the film.*poor connection/);
    expect(await person('Émile').textContent()).toContain('not waited for');
    expect(await page.locator('.plot').count()).toBe(0);
  });

  it('starts without who is waited for with one press, open or not', async () => {
    await open('preflight-waiting');
    await press('Start without Ben');
    await page.evaluate(() => {
      window.harness.model.panelOpen.value = false;
    });
    await press('Start without Ben');
    expect(await actions()).toEqual(['goOn', 'goOn']);
  });
});

describe('how this person follows', () => {
  it('is chosen by keyboard, one of four, with what it means', async () => {
    await open('party');
    await page.getByRole('button', { name: 'How you follow In step' }).click();
    const choice = page.getByRole('radiogroup', { name: 'How you follow' });
    expect(await choice.getByRole('radio').allTextContents()).toEqual([
      'In step',
      'Go on without me',
      'Loosely',
      'On my own',
    ]);
    expect(await choice.getByRole('radio', { name: 'In step' }).getAttribute('aria-checked')).toBe('true');
    await choice.getByRole('radio', { name: 'In step' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await actions()).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await actions()).toEqual(['setFollow "unwaited"']);
    await page.getByText('You see each picture with the others').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('is said at the top while on their own, with one press back, open or not', async () => {
    await open('party-free');
    await page.getByText('The others go on without you.').waitFor();
    await page.getByRole('button', { name: 'Back to the others' }).click();
    await page.evaluate(() => {
      window.harness.model.panelOpen.value = false;
    });
    await page.getByRole('button', { name: 'On your own' }).waitFor();
    await page.getByRole('button', { name: 'Back to the others' }).click();
    expect(await actions()).toEqual(['setFollow "closely"', 'setFollow "closely"']);
  });
});
