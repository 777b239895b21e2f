import { expectFilmGoesOn, expectPosition, expectSamePicture, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { PANEL } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import type { Target } from '../support/tab.ts';
import { words } from '../support/words.ts';

const FILM_SECONDS = 720;
const lock: Target = { role: 'button', name: words('lock_party'), within: PANEL };
const control: Target = { role: 'button', name: new RegExp(`^${words('control_title')}`), within: PANEL };

test.describe('roles', () => {
  test('who may not steer is followed back to the film, asks, and the host gives it @once', async ({
    world,
    ana,
    ben,
  }) => {
    const hostOnly: Target = { role: 'radio', name: words('control_host'), within: PANEL };
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.tab.click(control);
    await ana.tab.click(hostOnly);
    await expect.poll(() => ben.panelText()).toContain(words('steer_host_only'));
    await expect.poll(() => ben.notices()).toContain(words('toast_host_steers', ana.name));

    await ben.film.togglePlay();
    await expect.poll(() => ben.notices()).toContain(words('steer_host_only'));
    await expectFilmGoesOn(ana);
    await expectTogether(ana, ben);

    await ben.tab.click({ role: 'button', name: words('ask_pause'), within: PANEL });
    await expect.poll(() => ana.notices()).toContain(words('toast_asks_pause', ben.name));
    await ana.screenshot('asked');
    await ana.tab.click({ role: 'button', name: words('steer_pause'), within: PANEL });
    await expectSamePicture(ana, ben);
  });

  test('a skip is taken back for both, and who did it is named @once @long', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ben.film.seekTo(0.5);
    await expectPosition(ana, FILM_SECONDS * 0.5, 12);
    await expect.poll(() => ana.notices()).toContain(ben.name);
    await ana.press('undo_move');
    await expect.poll(() => ben.notices()).toContain(words('toast_undone', ana.name));
    await expectPosition(ben, 30, 30);
    await expectTogether(ana, ben);
  });

  test('the host hands over, the new one locks the party, and who is removed stays out @once @long', async ({
    world,
    ana,
    ben,
  }) => {
    const link = await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.tab.click({ role: 'button', name: words('person_menu', ben.name), within: PANEL });
    await ana.press('hand_over');
    await ana.press('hand_over');
    await expect.poll(() => ben.notices()).toContain(words('toast_made_you_host', ana.name));
    await expect
      .poll(async () => (await ana.people()).find((row) => row.includes(ben.name)))
      .toContain(words('people_host'));

    await ben.tab.click(control);
    await ben.tab.click(lock);
    await expect.poll(() => ana.notices()).toContain(words('toast_locked', ben.name));
    await ana.leaveParty();
    await ana.joinByPasting(link);
    await expect.poll(() => ana.alerts()).toContain(words('error_room_locked'));
    await ben.tab.click(lock);
    await ana.joinByPasting(link);
    await inSync(ana, ben);

    await ben.tab.click({ role: 'button', name: words('person_menu', ana.name), within: PANEL });
    await ben.press('remove_member');
    await ben.screenshot('remove');
    await ben.press('remove_member');
    await expect.poll(() => ana.alerts()).toContain(words('error_kicked'));
    await expectFilmGoesOn(ana);
    await expect.poll(() => ben.people()).toHaveLength(1);
    await ana.press('problem_dismiss');
    await ana.joinByPasting(link);
    await expect.poll(() => ana.alerts()).toContain(words('error_kicked'));
    await ana.screenshot('kicked');
  });

  test('the oldest guest becomes host when the host leaves @once @long', async ({ world, ana, ben }) => {
    await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
    await ana.leaveParty();
    await expect.poll(() => ben.notices()).toContain(words('toast_you_host'));
    await expectFilmGoesOn(ben);
    await expect.poll(async () => (await ben.people()).join('')).toContain(words('people_host'));
  });
});
