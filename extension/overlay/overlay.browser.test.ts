import type { BrowserContextOptions, Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { violations } from './testing/axe.ts';
import { benchOfFile, PHONE, SHOTS } from './testing/bench.ts';

const bench = benchOfFile();
let page: Page;

async function open(state: string, options: BrowserContextOptions = {}): Promise<Page> {
  page = await bench.openState(state, options);
  return page;
}

const actions = () => page.evaluate(() => window.harness.actions);
const leaked = () => page.evaluate(() => window.harness.leaked);
const focused = () =>
  page.evaluate(() => {
    const element = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return element?.getAttribute('aria-label') ?? (element?.textContent?.trim() || element?.id || element?.tagName);
  });

describe('as a guest in the page', () => {
  it('has a host that jellyfin-web does not take the focus from, whatever the theme says', async () => {
    await open('party');
    const host = await page.evaluate(() => {
      const element = document.querySelector<HTMLElement>('#opensyncparty');
      const { position, width, height } = getComputedStyle(element ?? document.body);
      return {
        parent: element?.parentElement?.tagName,
        offsetParent: element?.offsetParent !== null,
        position,
        width,
        height,
      };
    });
    expect(host).toEqual({ parent: 'BODY', offsetParent: true, position: 'absolute', width: '0px', height: '0px' });
  });

  it('has no picture of the film worked on for its looks', async () => {
    for (const state of ['party', 'party-faded', 'pill-offers']) {
      await open(state);
      const costly = await page.evaluate(() => {
        const elements = [...(document.querySelector('#opensyncparty')?.shadowRoot?.querySelectorAll('*') ?? [])];
        const styles = elements.map((element) => getComputedStyle(element));
        return styles.filter(
          ({ backdropFilter, mixBlendMode }) => `${backdropFilter} ${mixBlendMode}` !== 'none normal',
        ).length;
      });
      expect(costly, state).toBe(0);
    }
  });

  it('keeps keys, presses and the wheel to itself', async () => {
    await open('idle');
    await page.getByRole('textbox', { name: 'Invite link' }).click();
    await page.keyboard.type('k m 9j');
    await page.mouse.wheel(0, 50);
    await page.getByRole('heading', { name: 'Watch together' }).dblclick();
    expect(await page.getByRole('textbox', { name: 'Invite link' }).inputValue()).toBe('k m 9j');
    expect(await leaked()).toEqual([]);
  });

  it('leaves keys, presses and the wheel elsewhere to the page', async () => {
    await open('party');
    await page.evaluate(() => {
      const seen: string[] = [];
      for (const type of ['keydown', 'wheel', 'click']) document.addEventListener(type, () => seen.push(type));
      Object.assign(window, { seen });
    });
    await page.mouse.click(300, 300);
    await page.mouse.wheel(0, 50);
    await page.keyboard.press('k');
    await page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length >= 3);
  });

  it('takes no focus when it is found open, changes, or is shown over a focused control', async () => {
    await open('party');
    await page.locator('#search').focus();
    await page.evaluate(() => {
      const { model } = window.harness;
      model.problem.value = { code: 'relay-lost', params: [], action: 'dismiss' };
    });
    await page.getByRole('alert').waitFor();
    expect(await focused()).toBe('Search');
  });

  it('comes back when the page throws it out, and goes for good at the end of its life', async () => {
    await open('party');
    await page.evaluate(() => document.querySelector('#opensyncparty')?.remove());
    await page.getByRole('dialog', { name: 'Watch party' }).waitFor();
    await page.evaluate(() => window.harness.current.abort());
    expect(await page.locator('#opensyncparty').count()).toBe(0);
    await page.keyboard.press('Shift+W');
    expect(await actions()).toEqual([]);
  });

  it('gives way to a newer mount, its shortcut included', async () => {
    await open('closed');
    await page.evaluate(() => window.harness.mount());
    expect(await page.locator('#opensyncparty').count()).toBe(1);
    await page.keyboard.press('Shift+W');
    expect(await actions()).toEqual(['setPanelOpen true']);
    await page.getByRole('dialog', { name: 'Watch party' }).waitFor();
  });

  it('fades with the controls of the player, but not under the pointer', async () => {
    await open('party-faded');
    const panel = page.getByRole('dialog', { name: 'Watch party' });
    const opacity = () => panel.evaluate((element) => getComputedStyle(element).opacity);
    expect(await opacity()).toBe('0.2');
    await panel.hover();
    expect(await opacity()).toBe('1');
    await page.getByRole('button', { name: 'Keep visible' }).click();
    await page.mouse.move(100, 100);
    await page.locator('#search').focus();
    expect(await opacity()).toBe('1');
  });
});

describe('by keyboard', () => {
  it('opens on Shift+W at its first control and gives the focus back on Esc', async () => {
    await open('closed');
    await page.locator('#player-button').focus();
    await page.keyboard.press('Shift+W');
    await expect.poll(focused).toBe('Start a party');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Watch party');
    expect(await actions()).toEqual(['setPanelOpen true', 'setPanelOpen false']);
    expect(await leaked()).toEqual([]);
  });

  it('does not take a capital W for the shortcut where one is typed', async () => {
    await open('closed');
    await page.locator('#search').focus();
    await page.keyboard.press('Shift+W');
    expect(await page.locator('#search').inputValue()).toBe('W');
    await page.getByRole('slider').focus();
    await page.keyboard.press('Shift+W');
    await page.getByRole('textbox', { name: 'Invite link' }).fill('');
    await page.getByRole('textbox', { name: 'Invite link' }).press('Shift+W');
    expect(await page.getByRole('textbox', { name: 'Invite link' }).inputValue()).toBe('W');
    expect(await actions()).toEqual(['setPanelOpen true']);
  });

  it('goes through the controls in the order they are seen', async () => {
    await open('idle');
    await page.getByRole('button', { name: 'Close' }).focus();
    const order = [await focused()];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order.map((name) => name || 'INPUT')).toEqual([
      'Close',
      'Start a party',
      expect.stringMatching(/./),
      'Join',
      'Keep visible',
      'Settings',
    ]);
  });

  for (const key of ['Enter', ' ']) {
    it(`acts once on ${key === ' ' ? 'Space' : key}, even where clicks from keys are dropped (Firefox)`, async () => {
      await open('idle');
      await page.evaluate(() => {
        document.addEventListener('click', (event) => event.stopImmediatePropagation(), { capture: true });
      });
      await page.getByRole('button', { name: 'Start a party' }).press(key);
      await page.getByRole('textbox', { name: 'Invite link' }).fill('https://x');
      await page.getByRole('textbox', { name: 'Invite link' }).press('Enter');
      expect(await actions()).toEqual(['startParty', 'join "https://x"']);
    });
  }

  it('keeps the focus in the panel when the pressed control goes', async () => {
    await open('idle');
    await page.getByRole('button', { name: 'Start a party' }).press('Enter');
    await page.evaluate(() => {
      window.harness.model.screen.value = { state: 'setup', need: 'relay', next: 'start' };
    });
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Relay address' }).evaluate((box) => box.matches(':focus')))
      .toBe(true);
  });

  it('gives the focus to the pill that opened it', async () => {
    await open('pill-waiting');
    await page.getByRole('button', { name: 'Waiting for Ben' }).press('Enter');
    await page.getByRole('dialog', { name: 'Watch party' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toContain('Waiting for Ben');
  });
});

describe('what can be done', () => {
  it('copies the link, says so in place, and offers it for copying by hand when the browser refuses', async () => {
    await open('party', { reducedMotion: 'no-preference' });
    await page.getByRole('button', { name: 'Copy invite link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    await page.getByRole('button', { name: 'Copy invite link' }).waitFor();
    await page.evaluate(() => {
      window.harness.canCopy = false;
    });
    await page.getByRole('button', { name: 'Copy invite link' }).click();
    const byHand = page.getByRole('textbox', { name: 'copy the link' });
    expect(await byHand.inputValue()).toContain('https://party.example.org/join/');
  });

  it('takes a press while the link is still being made', async () => {
    await open('party-making-invite');
    await page.getByRole('button', { name: 'Copy invite link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await actions()).toEqual(['copyInvite']);
  });

  it('shows the QR code', async () => {
    await open('party');
    await page.getByRole('button', { name: 'QR code' }).click();
    await page.getByRole('img', { name: 'QR code of the invite link' }).waitFor();
    await page.screenshot({ path: `${SHOTS}party-qr-wide.png` });
    await page.setViewportSize(PHONE);
    await page.screenshot({ path: `${SHOTS}party-qr-tall.png` });
  });

  it('leaves with one click and says so', async () => {
    await open('party');
    await page.getByRole('button', { name: 'Leave party' }).click();
    await page.getByRole('status').getByText('You left the party').waitFor();
    expect(await actions()).toEqual(['leave']);
  });

  it('shows two toasts at most, each for four seconds', async () => {
    page = await bench.openState('pill-in-sync', { reducedMotion: 'no-preference' }, (blank) => blank.clock.install());
    await page.getByText('Ben joined').waitFor();
    expect(await page.locator('.toast').count()).toBe(2);
    await page.clock.runFor(4_100);
    await expect.poll(() => page.locator('.toast').count()).toBe(0);
  });

  it('keeps what one is about to press where it is, and there', async () => {
    const prepare = (blank: Page): Promise<void> => blank.clock.install({ time: 0 });
    page = await bench.openState('pill-offers', {}, prepare);
    await page.clock.pauseAt(60_000);
    await page.evaluate(() => {
      const { model } = window.harness;
      model.toasts.value = [
        { id: 101, text: 'Ben skipped', offer: { kind: 'undo' } },
        { id: 102, text: 'So far', offer: { kind: 'skip', part: 'recap', toMs: 84_000 } },
      ];
    });
    const skip = page.getByRole('button', { name: 'Skip recap' });
    await skip.waitFor();
    const before = await skip.boundingBox();
    // The mouse on its way wakes the player's controls, and the pill with them.
    await page.evaluate(() => {
      window.harness.model.osdVisible.value = true;
    });
    await page.getByRole('button', { name: /In sync/ }).waitFor();
    expect(await skip.boundingBox()).toEqual(before);
    await skip.hover();
    await page.clock.runFor(30_000);
    expect(await skip.boundingBox()).toEqual(before);
    await page.mouse.move(600, 600);
    await expect.poll(() => page.locator('.toast').count()).toBe(0);
  });

  it('edits the settings in the panel', async () => {
    await open('idle');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Relay address' }).fill(' https://party.example.org ');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ana');
    await page.getByRole('button', { name: 'Panel beside the film' }).click();
    await page.screenshot({ path: `${SHOTS}settings-wide.png` });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    const saved = { relay: 'https://party.example.org', name: 'Ana', beside: true };
    expect(await actions()).toEqual([`saveSettings ${JSON.stringify(saved)}`]);
    await page.getByRole('button', { name: 'Start a party' }).waitFor();
  });

  it('goes from a problem with the relay to its address', async () => {
    await open('problem-settings');
    await page.getByRole('button', { name: 'Open settings' }).click();
    await page.getByRole('textbox', { name: 'Relay address' }).waitFor();
    await page.getByRole('alert').getByText('We cannot reach the relay.').waitFor();
  });

  it('offers the way back, and the click that a blocked film needs', async () => {
    await open('pill-other-item');
    await page.getByRole('button', { name: 'Back to the film' }).click();
    await page.getByRole('button', { name: 'Bring everyone here' }).click();
    await page.evaluate(() => {
      const { screen } = window.harness.model;
      if (screen.value.state !== 'party') return;
      screen.value = { state: 'party', party: { ...screen.value.party, place: 'autoplay-blocked' } };
    });
    await page.getByRole('button', { name: 'Start watching' }).click();
    expect(await actions()).toEqual(['returnToFilm', 'bringEveryone', 'startPlayback']);
  });
});
