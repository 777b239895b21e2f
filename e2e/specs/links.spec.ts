import { createTokens } from '../../relay/auth/tokens.ts';
import { expectFilmGoesOn, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { LEAVE, PANEL, START } from '../support/member.ts';
import { inSync } from '../support/party.ts';
import { countPresses } from '../support/presses.ts';
import { scanQr } from '../support/qr-camera.ts';
import { words } from '../support/words.ts';

/** The link itself, in a message: nothing that a journey can press. */
const LINK = 1;

test.describe('links into a party', () => {
  test('one that was taken back lets nobody in, and a code read aloud does @once', async ({ world, ana, ben }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    const revoked = await ana.copyInvite();
    await ana.press('links_show');
    await ana.press('link_revoke');
    await expect.poll(() => ana.copyInvite()).not.toBe(revoked);

    await ben.film.visit();
    await ben.film.signIn(ben.name);
    await ben.tab.goto(revoked);
    await expect.poll(() => ben.alerts()).toContain('taken back');
    await ben.screenshot('revoked');

    await ana.press('code_show');
    await ana.press('code_make');
    await expect.poll(() => ana.panelText()).toMatch(/\d{4} \d{4}/);
    const [code = ''] = (await ana.panelText()).match(/\d{4} \d{4}/) ?? [];
    await ana.screenshot('code');
    await ben.tab.goto(`${world.relay.url}/join`);
    await ben.tab.fill({ role: 'textbox', name: /code/ }, code);
    await ben.screenshot('code');
    await ben.tab.click({ role: 'button', name: 'Join' });
    await expect.poll(() => ana.people()).toHaveLength(2);
    await expect.poll(() => ben.sees(PANEL)).toBe(true);
  });

  test('a phone’s camera reads the link off the screen @once @long', async ({ world, ana }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    const link = await ana.copyInvite();
    await ana.press('show_qr');
    expect(await scanQr(ana.tab)).toBe(link);
    await ana.screenshot('qr');
  });

  test('few presses lead into a party: the first time 4, later 2 for the host and 1 for a guest @once', async ({
    world,
    ana,
    ben,
  }) => {
    await ana.watch(ITEM_IDS.filmA);
    const anaPresses = countPresses(ana.tab);
    await ana.openPanelFromPlayer();
    await ana.startParty(world.relay.url);
    const link = await ana.linkOnClipboard();
    expect(anaPresses()).toBeLessThanOrEqual(4);

    // Signing in is the guest's first time; the film opens by itself.
    await ben.film.visit();
    const benPresses = countPresses(ben.tab);
    await ben.joinByLink(link);
    await ben.film.signIn(ben.name);
    await inSync(ben, ana);
    expect(LINK + benPresses()).toBeLessThanOrEqual(4);
    await expectTogether(ana, ben);

    await Promise.all([ana.leaveParty(), ben.leaveParty()]);
    await ana.closePanel();
    anaPresses();
    await ana.openPanelFromPlayer();
    await ana.tab.click(START);
    await ana.seesSoon(LEAVE);
    await expect.poll(() => ana.linkOnClipboard()).not.toBe(link);
    expect(anaPresses()).toBeLessThanOrEqual(2);

    benPresses();
    await ben.joinByLink(await ana.linkOnClipboard());
    await expectFilmGoesOn(ben);
    await expect
      .poll(async () => (await ana.people()).filter((row) => row.includes(words('state_in_sync'))))
      .toHaveLength(2);
    expect(LINK + benPresses()).toBe(1);
  });

  test('one that is used up or over says so before anybody signs in @once @long', async ({ world, ana, ben }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    const forMany = await ana.linkOnClipboard();
    await ana.press('links_show');
    await ana.press('link_make');
    await expect.poll(() => ana.copyInvite()).not.toBe(forMany);
    const forOne = await ana.linkOnClipboard();
    await ben.film.visit();
    await ben.film.signIn(ben.name);
    await ben.joinByLink(forOne);
    await expect.poll(() => ana.panelText()).toContain(words('people_heading', '2'));

    const cleo = await world.person('cleo');
    await cleo.tab.goto(forOne);
    await expect.poll(() => cleo.alerts()).toContain('used as often as it may');
    await cleo.screenshot('used-up');

    const claims = { by: 'ana', title: null, itemId: null, serverId: null, jellyfinUrl: world.jellyfin.url };
    const invite = { ...claims, room: 'anyRoomAtAllWillDo', jti: 'over', uses: 5 };
    const over = await createTokens([world.relay.secret]).mint('invite', invite, -120_000);
    await cleo.tab.goto(`${world.relay.url}/join/${invite.room}#${over}`);
    await expect.poll(() => cleo.alerts()).toContain('has expired');
    await cleo.screenshot('over');
  });

  test('a guest with another address for the same Jellyfin is led to that one @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    const own = new URL(world.jellyfin.url);
    own.hostname = 'localhost';
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    await ben.tab.goto(`${own.origin}/web/`);
    await ben.film.signIn(ben.name);
    await ben.joinByLink(await ana.copyInvite());
    await inSync(ana, ben);
    expect(await ben.tab.run(() => location.origin, null)).toBe(own.origin);
    await expectTogether(ana, ben);
  });
});
