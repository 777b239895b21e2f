import {
  expectFilmGoesOn,
  expectItem,
  expectPosition,
  expectSamePicture,
  expectTogether,
} from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { type Member, PANEL } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import type { Target } from '../support/tab.ts';
import { words } from '../support/words.ts';

const FILM_SECONDS = 720;
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

  // Firefox calls what has come of such a stream seekable, so jellyfin-web seeks in it, and gets to the end of that at most.
  test('a progressive transcode, whose element cannot seek @once @chromium', async ({ world, ana, ben }) => {
    test.slow();
    await meet(ana, ben, ITEM_IDS.filmProgressive, world.relay.url);
    await expectTogether(ana, ben);
    await ana.film.seekTo(0.5);
    await expectPosition(ben, PROGRESSIVE_SECONDS * 0.5, 15);
    // Each restart of the encoder takes seconds, and two of them share the cores with all that is shown.
    await expectTogether(ana, ben, 90_000);
  });

  test('how the film comes to one and what one hears of it stays one’s own, also in the next episode @once @long', async ({
    createWorld,
  }) => {
    const forceHlsFor = { ben: [ITEM_IDS.episode1, ITEM_IDS.episode2] };
    const world = await createWorld({ jellyfin: { forceHlsFor } });
    const [ana, ben] = [await world.person('ana'), await world.person('ben')];
    /** What the server hears of their players. */
    const heard = (name: string) =>
      world.jellyfin
        .sessionsOf(name)
        .flatMap(({ nowPlaying }) => (nowPlaying ? [`${nowPlaying.playMethod} ${nowPlaying.isMuted}`] : []));
    const expectOwn = async (): Promise<void> => {
      await expect.poll(() => [...heard('ana'), ...heard('ben')]).toEqual(['DirectPlay false', 'Transcode true']);
      expect(await ana.film.playback()).toMatchObject({ muted: false });
      expect(await ben.film.playback()).toMatchObject({ muted: true });
    };
    await meet(ana, ben, ITEM_IDS.episode1, world.relay.url);
    await ben.closePanel();
    await ben.film.showControls();
    await ben.tab.press('m');
    await expectOwn();
    await ana.film.seekTo(0.4);
    await expectTogether(ana, ben);
    await expectOwn();
    await ana.film.next();
    await Promise.all([expectItem(ana, 'episode2'), expectItem(ben, 'episode2')]);
    await expectTogether(ana, ben);
    await expectOwn();
  });

  test('the host puts on another film and takes everyone along @once', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.film.leavePlayer();
    await ana.film.open(ITEM_IDS.filmB);
    await ana.press('bring_everyone');
    await Promise.all([expectItem(ana, 'filmB'), expectItem(ben, 'filmB')]);
    await expectTogether(ana, ben);
  });

  test('another film opened by somebody who may not steer is theirs alone, with a way back @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.tab.click({ role: 'button', name: new RegExp(`^${words('control_title')}`), within: PANEL });
    await ana.tab.click({ role: 'radio', name: words('control_host'), within: PANEL });
    await expect.poll(() => ben.panelText()).toContain(words('steer_host_only'));
    await ben.film.leavePlayer();
    await ben.film.open(ITEM_IDS.filmB);
    await expectItem(ben, 'filmB');
    await expect.poll(async () => (await ana.people()).join()).toContain(words('state_other_item'));
    await expectItem(ana, 'filmA');
    await expectFilmGoesOn(ana);
    await ben.screenshot('other-film');
    await ben.tab.click({ role: 'button', name: words('back_to_film') });
    await expectItem(ben, 'filmA');
    await expectTogether(ana, ben);
  });

  test('an intro is skipped for both by the page’s own button, and a recap by ours @once @long', async ({
    createWorld,
  }) => {
    const segments = {
      [ITEM_IDS.filmA]: [
        { type: 'Intro', from: 72, to: 150 },
        { type: 'Recap', from: 216, to: 300 },
      ],
    };
    const world = await createWorld({ jellyfin: { segments } });
    const [ana, ben] = [await world.person('ana'), await world.person('ben')];
    const intro: Target = { role: 'button', name: /Skip Intro/ };
    const recap: Target = { role: 'button', name: words('skip_recap') };
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.closePanel();
    await ana.film.seekTo(90 / FILM_SECONDS);
    // The page shows its own for eight seconds, and where the panel is on it there is one of ours beside it.
    await Promise.all([ana.seesSoon({ role: 'button', name: words('skip_intro') }), ben.seesSoon(intro)]);
    await ben.tab.click(intro);
    await expect.poll(() => ana.notices()).toContain(ben.name);
    await Promise.all([expectPosition(ana, 150, 10), expectPosition(ben, 150, 10)]);
    await expectTogether(ana, ben);

    await ana.film.seekTo(225 / FILM_SECONDS);
    await Promise.all([ana.seesSoon(recap), ben.seesSoon(recap)]);
    await ben.screenshot('skip-recap');
    await ben.tab.click(recap);
    await Promise.all([expectPosition(ana, 300, 10), expectPosition(ben, 300, 10)]);
    await expectTogether(ana, ben);
  });

  test('the queue is added to, voted for, put in order and taken from by both @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    const lanterns = 'Paper Lanterns';
    const ferry = 'Night Ferry';
    const queued = async (member: Member): Promise<string[]> =>
      (await member.people()).flatMap((row) => [lanterns, ferry].filter((title) => row.startsWith(title)));
    const vote = (title: string): Target => ({ role: 'button', name: new RegExp(`Vote for ${title}`), within: PANEL });
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.film.leavePlayer();
    for (const [item, title] of [
      [ITEM_IDS.filmB, lanterns],
      [ITEM_IDS.filmHls, ferry],
    ] as const) {
      await ben.film.look(item);
      await ben.tab.click({ role: 'button', name: words('queue_add') });
      await expect.poll(() => queued(ana)).toContain(title);
    }
    expect(await queued(ana)).toEqual([lanterns, ferry]);
    await ana.tab.click(vote(ferry));
    await expect.poll(() => queued(ana)).toEqual([ferry, lanterns]);
    await ana.tab.click({ role: 'button', name: words('queue_up', lanterns), within: PANEL });
    await expect.poll(() => queued(ana)).toEqual([lanterns, ferry]);
    await ana.tab.click({ role: 'button', name: words('queue_remove', lanterns), within: PANEL });
    await expect.poll(() => queued(ana)).toEqual([ferry]);
    await ana.screenshot('queue-of-one');
    await expectFilmGoesOn(ana);
  });
});
