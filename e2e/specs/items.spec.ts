import { expectItem, expectPosition, expectSamePicture, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { inSync, meet } from '../support/party.ts';
import { words } from '../support/words.ts';

const HLS_SECONDS = 200;
const PROGRESSIVE_SECONDS = 300;

test.describe('what is watched', () => {
  test('the next episode starts for both', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.episode1, world.relay.url);
    await ana.film.next();
    await Promise.all([expectItem(ana, 'episode2'), expectItem(ben, 'episode2')]);
    await expectTogether(ana, ben);
    await ben.screenshot('episode-2');
  });

  test('an episode that ends leads both into the next, and nobody jumps back @once', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.episode1, world.relay.url);
    await ana.film.seekTo(0.8);
    await Promise.all([ana, ben].map((member) => member.seesSoon({ role: 'button', name: words('stay_here') })));
    await ben.screenshot('countdown');
    await Promise.all([expectItem(ana, 'episode2'), expectItem(ben, 'episode2')]);
    await expectTogether(ana, ben);
  });

  test('[Q-04] what one finds in the library comes for both when the last episode is over @long @once', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.episode3, world.relay.url);
    await ben.film.leavePlayer();
    await ben.film.look(ITEM_IDS.filmB);
    await ben.tab.click({ role: 'button', name: words('queue_add') });
    await expect.poll(() => ana.panelText()).toContain(words('queue_heading'));
    await ana.screenshot('queue');
    await ben.tab.click({ role: 'button', name: words('back_to_film') });
    await inSync(ana, ben);
    await ana.film.seekTo(0.8);
    await Promise.all([ana, ben].map((member) => member.seesSoon({ role: 'button', name: words('stay_here') })));
    await Promise.all([expectItem(ana, 'filmB'), expectItem(ben, 'filmB')]);
    await expectTogether(ana, ben);
  });

  test('an HLS film @once', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmHls, world.relay.url);
    await expectTogether(ana, ben);
    await ben.film.seekTo(0.5);
    await expectPosition(ana, HLS_SECONDS * 0.5, 12);
    await expectTogether(ana, ben);
    await ana.film.togglePlay();
    await expectSamePicture(ana, ben);
  });

  test('a progressive transcode, whose element cannot seek @once', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmProgressive, world.relay.url);
    await expectTogether(ana, ben);
    await ana.film.seekTo(0.5);
    await expectPosition(ben, PROGRESSIVE_SECONDS * 0.5, 15);
    // Each restart of the encoder takes seconds.
    await expectTogether(ana, ben, 40_000);
  });

  test('the host puts on another film and takes everyone along @once', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.film.leavePlayer();
    await ana.film.open(ITEM_IDS.filmB);
    await ana.press('bring_everyone');
    await Promise.all([expectItem(ana, 'filmB'), expectItem(ben, 'filmB')]);
    await expectTogether(ana, ben);
  });
});
