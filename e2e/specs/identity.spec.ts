import { expectFilmGoesOn, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { LEAVE, PANEL, START } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import { words } from '../support/words.ts';

/** The shortest that a relay can be told, and what a socket lives on after it at most. */
const IDENTITY_MINUTES = 1;
const OVER_MS = IDENTITY_MINUTES * 60_000 + 90_000;

test.describe('who one is', () => {
  test('[M-11] two browsers of one person are two members, told apart by name @once @long', async ({ world, ana }) => {
    const twin = await world.person('ana');
    await meet(ana, twin, ITEM_IDS.filmA, world.relay.url);
    const [first, second] = await ana.people();
    expect(first).toMatch(/\bana\b/);
    expect(second).toContain('ana (2)');
    // Jellyfin vouches for both.
    for (const row of [first, second]) expect(row).not.toContain(words('people_guest'));
    await twin.film.togglePlay();
    await expect.poll(() => ana.notices()).toContain(words('toast_paused', 'ana (2)'));
  });

  test('a name that nobody vouches for is marked @once @long', async ({ createWorld }) => {
    const world = await createWorld({ relay: { jellyfinUrls: [] } });
    const [ana, ben] = [await world.person('ana'), await world.person('ben')];
    await ana.watch(ITEM_IDS.filmA);
    await ana.openPanel();
    await ana.tab.click(START);
    await ana.enterRelay(world.relay.url);
    await ana.tab.fill(
      { role: 'textbox', name: words('pairing_code'), within: PANEL },
      await world.relay.pairingCode(),
    );
    await ana.tab.click({ role: 'button', name: words('continue'), within: PANEL });
    await ana.seesSoon(LEAVE);
    const link = await ana.copyInvite();
    await ben.film.visit();
    await ben.film.signIn(ben.name);
    await ben.joinByLink(link);
    await inSync(ana, ben);
    const rows = await ana.people();
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toContain(words('people_guest'));
    expect(rows[1]).toContain('ben');
    await ana.screenshot('guests');
  });

  test('who signs in to the same page after somebody is not taken for them @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    const link = await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.film.leavePlayer();
    await ben.film.signOut();
    await expect.poll(async () => (await ana.people())[1]).toContain(words('state_disconnected'));
    await ben.film.visit();
    await ben.film.signIn('cleo');
    await ben.openPanel();
    await ben.seesSoon(START);
    expect(await ben.sees(LEAVE)).toBe(false);
    await ben.joinByLink(link);
    await inSync(ana, ben);
    const [, away, other] = await ana.people();
    // The seat of who left it without a word is kept for a while, and it is nobody else's.
    expect(away).toMatch(new RegExp(`ben[^]*${words('state_disconnected')}`));
    expect(other).toContain('cleo');
    await expectTogether(ana, ben);
  });

  test('[H-07] an invite shows who asks, the title, and the poster where its maker wants that @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    await ana.copyInvite();
    await ana.press('links_show');
    await ana.press('link_make');
    const link = await ana.linkOnClipboard();
    await ben.tab.goto(link);
    await ben.seesSoon({ role: 'heading', name: /ana.*Harbour Lights/ });
    const poster = () => ben.tab.run(() => [...document.images].some(({ naturalWidth }) => naturalWidth > 100), null);
    await expect.poll(poster).toBe(true);
    await ben.screenshot('poster');
  });

  test('[T-13] a party that never waits starts without who has to click first @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.film.togglePlay();
    await ana.startParty(world.relay.url);
    const link = await ana.copyInvite();
    await ana.tab.click({ role: 'button', name: new RegExp(`^${words('timing')}`), within: PANEL });
    await ana.tab.click({ role: 'radio', name: words('wait_never'), within: PANEL });
    await ben.film.visit();
    await ben.film.signIn(ben.name);
    await ben.tab.goto(link);
    await expect.poll(() => ana.panelText()).toContain(words('preflight_blocked', 'ben'));
    await ana.film.togglePlay();
    await expectFilmGoesOn(ana);
    await inSync(ana, ben);
    await expectTogether(ana, ben);
  });

  test('[A-08][A-09] is confirmed unseen all through the film, and who is signed out elsewhere is out until they sign in @once @long', async ({
    createWorld,
  }) => {
    test.setTimeout(8 * 60_000);
    const world = await createWorld({ relay: { env: { OSP_IDENTITY_MINUTES: String(IDENTITY_MINUTES) } } });
    const [ana, ben] = [await world.person('ana'), await world.person('ben')];
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    const before = await ana.people();
    const disturbances = await Promise.all([ana.noteDisturbances(), ben.noteDisturbances()]);
    const { positionMs } = await ana.film.playing();
    await expect
      .poll(async () => (await ana.film.playing()).positionMs - positionMs, { timeout: 2 * OVER_MS })
      .toBeGreaterThan(OVER_MS);
    for (const toldOf of disturbances) expect(await toldOf()).toEqual([]);
    expect(await ana.people()).toHaveLength(before.length);
    expect(await ana.notices()).not.toMatch(/ben/);
    await expectTogether(ana, ben);

    world.jellyfin.revoke('ben');
    await expect.poll(() => ben.alerts(), { timeout: 2 * OVER_MS }).toContain(words('error_identity_expired'));
    await ben.screenshot('signed-out-elsewhere');
    await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('state_disconnected'));
    await expectFilmGoesOn(ana);
    await ben.film.visit();
    await ben.film.signIn(ben.name);
    await inSync(ana, ben);
    await expectTogether(ana, ben);
    await expect.poll(() => ana.people()).toHaveLength(before.length);
    expect(await ana.notices()).not.toContain(words('toast_joined', 'ben'));
  });
});
