import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { PANEL } from '../support/member.ts';

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
});
