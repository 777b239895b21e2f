import { expectFilmGoesOn, expectPosition, expectSamePicture, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { type Member, PANEL } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import type { Target } from '../support/tab.ts';
import { type WordKey, words } from '../support/words.ts';

const FILM_SECONDS = 720;
const radio = (name: string): Target => ({ role: 'radio', name, within: PANEL });
const fold = (title: string): Target => ({ role: 'button', name: new RegExp(`^${title}`), within: PANEL });

async function follow(member: Member, how: WordKey): Promise<void> {
  await member.tab.click(fold(words('follow_title')));
  await member.tab.click(radio(words(how)));
}

/** One's film is so many seconds further than the other's. */
async function expectLaterBy(seconds: number, one: Member, other: Member): Promise<void> {
  await expect
    .poll(
      async () => {
        const [mine, theirs] = await Promise.all([one.film.playback(), other.film.playback()]);
        return mine && theirs ? Math.abs(mine.positionMs - theirs.positionMs - seconds * 1000) : null;
      },
      { timeout: 15_000 },
    )
    .toBeLessThan(150);
}

test.describe('following', () => {
  test('one goes their own way, moves nobody by it, and comes back with one press @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await follow(ben, 'follow_free');
    await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('follow_look_free'));
    await ben.film.togglePlay();
    await ben.film.paused();
    await expectFilmGoesOn(ana);
    await ana.film.seekTo(0.5);
    await expectPosition(ana, FILM_SECONDS * 0.5, 12);
    expect((await ben.film.paused()).positionMs).toBeLessThan(FILM_SECONDS * 300);
    await ben.screenshot('on-their-own');
    await ben.press('back_to_others');
    await inSync(ana, ben);
    await expectTogether(ana, ben);
  });

  test('who has another version of the film says where the same scene is, and is taken there @once @long', async ({
    createWorld,
  }) => {
    const versionsFor = { ben: { [ITEM_IDS.filmA]: 'filmProgressive' } } as const;
    const world = await createWorld({ jellyfin: { versionsFor } });
    const [ana, ben] = [await world.person('ana'), await world.person('ben')];
    await ana.watch(ITEM_IDS.filmA);
    await ana.startParty(world.relay.url);
    const link = await ana.copyInvite();
    await ben.film.visit();
    await ben.film.signIn(ben.name);
    await ben.joinByLink(link);
    await ben.openPanel();
    await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('reason_other_cut'));
    await expect.poll(() => ben.panelText()).toContain(words('cut_title'));
    expect(await ana.panelText()).not.toContain(words('cut_title'));

    await ben.tab.click(fold(words('cut_title')));
    const later = { role: 'button', name: words('cut_far_later', '10 s'), within: PANEL } as const;
    await ben.tab.click(later);
    await expectLaterBy(10, ben, ana);
    await ben.screenshot('own-version');
    await ben.film.togglePlay();
    await ana.film.paused();
    await expectLaterBy(10, ben, ana);
    await ben.tab.reload();
    await ben.openPanel();
    await expect.poll(() => ben.panelText()).toContain('+10 s');
    await expectLaterBy(10, ben, ana);
    await ben.tab.click(fold(words('cut_title')));
    await ben.press('cut_reset');
    await expectLaterBy(0, ben, ana);
  });

  test('who follows loosely comes along with a skip, and is hurried by nothing @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await follow(ben, 'follow_loosely');
    await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('follow_look_loosely'));
    await ana.film.seekTo(0.5);
    await expectPosition(ben, FILM_SECONDS * 0.5, 12);
    await ben.film.playing();
    expect((await ben.film.playback())?.rate).toBeCloseTo(1, 3);
    await ana.film.togglePlay();
    await ben.film.paused();
  });

  test('where only chosen people steer, a guest may once the host has made them co-host @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.tab.click(fold(words('control_title')));
    await ana.tab.click(radio(words('control_chosen')));
    await expect.poll(() => ben.panelText()).toContain(words('steer_chosen_only'));
    await ben.film.togglePlay();
    await expectFilmGoesOn(ana);
    await expectTogether(ana, ben);
    await ana.tab.click({ role: 'button', name: words('person_menu', ben.name), within: PANEL });
    await ana.press('make_co_host');
    await expect.poll(() => ben.notices()).toContain(words('toast_made_you_co_host', ana.name));
    await ben.film.togglePlay();
    await expect.poll(() => ana.notices()).toContain(words('toast_paused', ben.name));
    await expectSamePicture(ana, ben);
  });

  test('a party is taken up again where it was left, by the same people, on a relay that knew nothing of it @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.film.seekTo(0.5);
    await expectPosition(ben, FILM_SECONDS * 0.5, 12);
    // While the party waits for somebody to load, the player's button is one that plays.
    await inSync(ana, ben);
    await ana.film.togglePlay();
    await expectSamePicture(ana, ben);
    const left = (await ana.film.paused()).positionMs / 1_000;
    for (const member of [ana, ben]) await member.tab.close();
    await world.relay.kill();
    await world.relay.start();

    const again = { ana: await ana.secondTab(), ben: await ben.secondTab() };
    for (const member of [again.ana, again.ben]) {
      await member.film.visit();
      await member.openPanel();
      await expect.poll(() => member.panelText()).toContain(words('kept_take_up'));
      await member.press('kept_take_up');
    }
    await again.ana.screenshot('another-day');
    await expect.poll(() => again.ana.people(), { timeout: 20_000 }).toHaveLength(2);
    await expectPosition(again.ana, left, 2);
    await expectSamePicture(again.ana, again.ben);
    await again.ana.film.togglePlay();
    await inSync(again.ana, again.ben);
    await expectTogether(again.ana, again.ben);
  });
});
