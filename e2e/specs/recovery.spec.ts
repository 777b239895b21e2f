import { expectFilmGoesOn, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { START } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import { words } from '../support/words.ts';

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

  test('a relay restart: a clear message, the film plays on, and a new party can start @once', async ({
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
    await world.relay.start();
    for (const member of [ana, ben]) {
      await expect.poll(() => member.alerts(), { timeout: 30_000 }).toContain(words('error_room_not_found'));
      await member.seesSoon(START);
    }
    await ana.screenshot('relay-back');
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

  test('the extension is updated under an open page: it says so and the film plays on', async ({ world, ana, ben }) => {
    const link = await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.seat.reloadExtension();
    await expectFilmGoesOn(ben);
    await expectFilmGoesOn(ana);
    await expect.poll(() => ben.alerts()).toContain(words('error_party_interrupted'));
    await ben.screenshot('updated');
    await ben.joinByPasting(link);
    await inSync(ana, ben);
  });

  test('signing out of Jellyfin ends the party for that person only @once', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.film.leavePlayer();
    await ben.film.signOut();
    await expect.poll(() => ana.people()).toHaveLength(1);
    await expect.poll(() => ben.alerts()).toContain(words('error_jellyfin_signed_out'));
    await ben.screenshot('signed-out');
    await expectFilmGoesOn(ana);
  });
});
