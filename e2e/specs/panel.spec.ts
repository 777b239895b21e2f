import { expectFilmGoesOn, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { INVITE_LINK, LEAVE, PANEL } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import type { Target } from '../support/tab.ts';
import { words } from '../support/words.ts';

/** An offset with its bound, as a row says it: "+3 ±2 ms". */
const MEASURED = /\d+ ±\d+ ms/;

test.describe('the panel', () => {
  test('typing and scrolling in it never reach the player', async ({ ana }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.openPanel();
    const before = await ana.film.playing();
    await ana.tab.fill(INVITE_LINK, 'k m 9j f');
    expect(await ana.tab.texts(INVITE_LINK)).toEqual(['k m 9j f']);
    await ana.tab.wheel({ x: 1150, y: 300 }, 240);
    // More than the 10 px at which jellyfin-web wakes its controls and takes the focus.
    await ana.tab.moveMouse({ x: 400, y: 300 });
    await ana.tab.moveMouse({ x: 500, y: 360 });
    await ana.tab.type(' 0l');
    await expect.poll(() => ana.tab.texts(INVITE_LINK)).toEqual(['k m 9j f 0l']);
    await ana.screenshot('typed');
    const after = await ana.film.playing();
    expect(after).toMatchObject({ paused: false, muted: false, volume: before.volume, fullscreen: false });
    expect(after.positionMs - before.positionMs).toBeLessThan(15_000);
    expect(after.positionMs).toBeGreaterThan(before.positionMs);
    await expectFilmGoesOn(ana);
  });

  test('is opened and closed by keyboard, and gives the focus back', async ({ ana }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.tab.press('Shift+W');
    await ana.seesSoon(PANEL);
    await ana.tab.press('Escape');
    await expect.poll(() => ana.sees(PANEL)).toBe(false);
    await expectFilmGoesOn(ana);
  });

  test('stays in sight in fullscreen', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.closePanel();
    await ana.film.toggleFullscreen();
    await expect.poll(async () => (await ana.film.playback())?.fullscreen).toBe(true);
    await ana.openPanel();
    await expect.poll(() => ana.sees(LEAVE)).toBe(true);
    await ana.screenshot('fullscreen');
    await expectTogether(ana, ben);
  });

  test('does not show on pages that are not Jellyfin', async ({ world, ana }) => {
    await ana.tab.goto(`${world.relay.url}/`);
    await ana.tab.press('Shift+W');
    await ana.seesSoon({ role: 'heading' });
    expect(await ana.sees(PANEL)).toBe(false);
  });

  test('shows how far apart people are, and sets how long to wait and one’s own sound delay @once', async ({
    world,
    ana,
    ben,
  }) => {
    const timing: Target = { role: 'button', name: new RegExp(`^${words('timing')}`), within: PANEL };
    const delay: Target = { role: 'spinbutton', name: words('sound_delay'), within: PANEL };
    const neverWaits: Target = { role: 'radio', name: words('wait_never'), within: PANEL };
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    for (const member of [ana, ben]) {
      await expect.poll(async () => (await member.people()).filter((row) => MEASURED.test(row)).length).toBe(2);
    }
    await ana.tab.click(timing);
    await ana.tab.click(neverWaits);
    await expect.poll(() => ben.panelText()).toContain(words('wait_hint_never'));
    await expect.poll(() => ben.notices()).toContain(words('toast_wait_never', ana.name));
    await ana.tab.click({ role: 'button', name: words('sound_delay_more', words('amount_ms', '5')), within: PANEL });
    await ana.tab.press('Enter');
    await expect.poll(() => ana.tab.texts(delay)).toEqual([words('amount_ms', '+10')]);
    await ana.screenshot('timing');

    await ana.tab.reload();
    await inSync(ana, ben);
    await ana.tab.click(timing);
    await expect.poll(() => ana.tab.texts(delay)).toEqual([words('amount_ms', '+10')]);
    await expect.poll(() => ana.panelText()).toContain(words('wait_hint_never'));
    await expectTogether(ana, ben);
  });

  test('asks once where the relay is and remembers it @once', async ({ world, ana }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    await ana.leaveParty();
    await ana.startParty('http://127.0.0.1:1');
    await expect.poll(() => ana.panelText()).toContain(words('people_heading', '1'));
  });
});
