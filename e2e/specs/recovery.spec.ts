import { randomBytes } from 'node:crypto';
import { openPaths } from '../bench/tabs/paths.ts';
import { devtoolsOf, restart, setAsleep } from '../support/chromium.ts';
import { expectFilmGoesOn, expectSamePicture, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { START } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import { words } from '../support/words.ts';

/** Longer than it takes to notice that nothing is answered. */
const GONE_MS = 15_000;

/** From the relay being up to everybody being back. */
const BACK_MS = 3_000;

/** A socket that answers no ping is closed after 30 s (C-04), with some room for the relay's own beat. */
const ASLEEP_MS = 60_000;

/** A row of the people list without what changes all the time: name, marks and role. */
const whoIs = (row: string): string => row.split(words('state_in_sync'))[0] ?? row;

test.describe('when something dies', () => {
  test('a reload takes the same seat back', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.tab.reload();
    await inSync(ana, ben);
    await expectTogether(ana, ben);
    // The same seat: still two rows, and nobody "joined" anew.
    await expect.poll(() => ana.people()).toHaveLength(2);
    expect(await ana.notices()).not.toContain(words('toast_joined', 'ben'));
  });

  test('[S-04][S-06] the relay is killed and comes back: the party goes on as if nothing had been', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await expectTogether(ana, ben);
    const before = await ana.people();
    const disturbances = await Promise.all([ana.noteDisturbances(), ben.noteDisturbances()]);
    await world.relay.kill();
    for (const member of [ana, ben]) {
      await expect.poll(() => member.panelText()).toContain(words('connection_film_plays'));
    }
    await ana.screenshot('relay-killed');
    await Promise.all([expectFilmGoesOn(ana), expectFilmGoesOn(ben)]);
    await world.relay.start();
    for (const member of [ana, ben]) {
      await expect.poll(() => member.panelText(), { timeout: BACK_MS }).not.toContain(words('connection_film_plays'));
    }
    await inSync(ana, ben);
    await ana.screenshot('relay-back');
    // The same two, in the same order and roles, and nobody was told that anybody came or went.
    await expect.poll(async () => (await ana.people()).map(whoIs)).toEqual(before.map(whoIs));
    for (const member of [ana, ben]) {
      expect(await member.notices()).not.toMatch(/joined|left/);
      // A moment before it is back it is connecting, with people's rows still those of before.
      await expect.poll(() => member.alerts()).toBe('');
    }
    for (const toldOf of disturbances) expect(await toldOf()).toEqual([]);
    await expectTogether(ana, ben);
    await ben.film.togglePlay();
    await ana.film.paused();
    await expectSamePicture(ana, ben);
  });

  test('[S-03] a reload while the relay is down takes the seat back when it returns @once', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await world.relay.kill();
    await ben.tab.reload();
    await world.relay.start();
    await inSync(ana, ben);
    await expectTogether(ana, ben);
    await expect.poll(() => ana.people()).toHaveLength(2);
    expect(await ana.notices()).not.toContain(words('toast_joined', 'ben'));
  });

  test('a relay that lost its secret: a clear message, the film plays on, and a new party can start @once', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await world.relay.stop();
    for (const member of [ana, ben]) {
      await expect.poll(() => member.panelText()).toContain(words('connection_film_plays'));
    }
    await ana.screenshot('relay-down');
    await Promise.all([expectFilmGoesOn(ana), expectFilmGoesOn(ben)]);
    await world.relay.start(randomBytes(48).toString('base64'));
    for (const member of [ana, ben]) {
      await expect.poll(() => member.alerts(), { timeout: 30_000 }).toContain(words('error_token_invalid'));
      await member.seesSoon(START);
    }
    await ana.screenshot('relay-other');
    await Promise.all([expectFilmGoesOn(ana), expectFilmGoesOn(ben)]);
    await ana.startParty(world.relay.url);
    const link = await ana.copyInvite();
    await ben.joinByPasting(link);
    await inSync(ana, ben);
  });

  test('the background is stopped: it comes back by itself @chromium', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.seat.stopBackground();
    await expectFilmGoesOn(ben);
    await inSync(ana, ben);
    await ana.film.togglePlay();
    await ben.film.paused();
    await expect.poll(() => ana.people()).toHaveLength(2);
  });

  test('the extension is updated under an open page: the film plays on, and the seat is taken back', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.seat.reloadExtension();
    await expectFilmGoesOn(ben);
    await expectFilmGoesOn(ana);
    await inSync(ana, ben);
    await ben.screenshot('updated');
    await expect.poll(() => ana.people()).toHaveLength(2);
    expect(await ana.notices()).not.toContain(words('toast_joined', 'ben'));
    expect(await ben.alerts()).toBe('');
  });

  test('the browser is closed and opened again: seat and place in the film come back by themselves @chromium @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await restart(ben.seat);
    await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('state_disconnected'));
    const again = await ben.secondTab();
    await again.film.visit();
    await inSync(ana, again);
    await expectTogether(ana, again);
    await expect.poll(() => ana.people()).toHaveLength(2);
    expect(await ana.notices()).not.toContain(words('toast_joined', 'ben'));
  });

  test('a laptop that sleeps holds nobody up, and is in step again when it wakes @chromium @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    test.slow();
    await expectTogether(ana, ben);
    const disturbances = await ana.noteDisturbances();
    await setAsleep(ben.seat, true);
    await expect
      .poll(async () => (await ana.people()).join('\n'), { timeout: ASLEEP_MS })
      .toContain(words('state_disconnected'));
    await expectFilmGoesOn(ana);
    await setAsleep(ben.seat, false);
    await inSync(ana, ben);
    await expectTogether(ana, ben);
    await expect.poll(() => ana.people()).toHaveLength(2);
    expect(await disturbances()).toEqual([]);
  });

  test('a network that goes and another that comes: the film plays on, and the seat is taken back @chromium @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    const paths = await openPaths(world.relay.url, 1, [{ upMs: 20, downMs: 20, jitterMs: 2 }]);
    try {
      await ana.watch(ITEM_IDS.filmA);
      await ana.startParty(world.relay.url);
      const link = await ana.copyInvite();
      await ben.film.visit();
      await ben.film.signIn(ben.name);
      await ben.joinByLink(link.replace(world.relay.url, paths.urls[0] ?? ''));
      await inSync(ana, ben);
      const before = await ana.people();
      const toldOf = await ben.noteDisturbances();
      const devtools = await devtoolsOf(ben.tab);
      const reach = (offline: boolean) =>
        devtools.send('Network.emulateNetworkConditions', {
          offline,
          latency: 0,
          downloadThroughput: -1,
          uploadThroughput: -1,
        });
      const overMs = performance.now() + GONE_MS;
      await Promise.all([paths.cut(0, GONE_MS), reach(true)]);
      await expect.poll(() => ben.panelText(), { timeout: GONE_MS }).toContain(words('error_relay_lost'));
      await ben.screenshot('no-network');
      await expectFilmGoesOn(ben);
      await expectFilmGoesOn(ana);
      await expect.poll(() => performance.now() > overMs, { timeout: 2 * GONE_MS }).toBe(true);
      await reach(false);
      await expect.poll(() => ben.panelText(), { timeout: BACK_MS }).not.toContain(words('error_relay_lost'));
      await inSync(ana, ben);
      expect((await ana.people()).map(whoIs)).toEqual(before.map(whoIs));
      expect(await toldOf()).toEqual([]);
      await expectTogether(ana, ben);
    } finally {
      await paths.close();
    }
  });

  test('signing out of Jellyfin keeps the seat until the same person signs in again, and disturbs nobody @once', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    const before = await ana.people();
    const disturbances = await ana.noteDisturbances();
    await ben.film.leavePlayer();
    await ben.film.signOut();
    await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('state_disconnected'));
    await expect.poll(() => ben.alerts()).toContain(words('error_jellyfin_signed_out'));
    await ben.screenshot('signed-out');
    await expectFilmGoesOn(ana);
    await ben.film.signIn(ben.name);
    await inSync(ana, ben);
    await expectTogether(ana, ben);
    await expect.poll(async () => (await ana.people()).map(whoIs)).toEqual(before.map(whoIs));
    expect(await ana.notices()).not.toContain(words('toast_joined', 'ben'));
    expect(await ben.alerts()).toBe('');
    expect(await disturbances()).toEqual([]);
  });
});
