import { expectFilmGoesOn, expectSamePicture, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { PANEL } from '../support/member.ts';
import { meet } from '../support/party.ts';
import type { Target } from '../support/tab.ts';
import { words } from '../support/words.ts';

test.describe('roles', () => {
  test('who may not steer is followed back to the film, asks, and the host gives it @once', async ({
    world,
    ana,
    ben,
  }) => {
    const control: Target = { role: 'button', name: new RegExp(`^${words('control_title')}`), within: PANEL };
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
});
