import { createTokens } from '../../relay/auth/tokens.ts';
import { expectFilmGoesOn, expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test, type World } from '../support/fixtures.ts';
import { INVITE_LINK, type Member, PANEL, START } from '../support/member.ts';
import { inSync, meet } from '../support/party.ts';
import { type WordKey, words } from '../support/words.ts';

/** The panel says what is wrong and what to do, and the film plays on. */
async function expectProblem(member: Member, key: WordKey): Promise<void> {
  await expect.poll(() => member.alerts(), { message: key, timeout: 15_000 }).toContain(words(key));
  expect(await member.alerts()).toContain(words(`${key}_do` as WordKey));
  await member.screenshot(key);
  await expectFilmGoesOn(member);
}

/** An invite that the relay itself would sign, but for a room or a time of our choice. */
async function forgeInvite(world: World, room: string, ttlMs: number, secret = world.relay.secret): Promise<string> {
  const claims = { by: 'ana', title: null, itemId: null, serverId: null, jellyfinUrl: world.jellyfin.url };
  const invite = await createTokens([secret]).mint('invite', { ...claims, room, jti: 'forged', uses: 5 }, ttlMs);
  return `${world.relay.url}/join/${room}#${invite}`;
}

const ROOM = 'nobodyWasEverInThisRoom';

test.describe('bad input is explained in the panel', () => {
  test.beforeEach(async ({ ana }) => {
    await ana.watch(ITEM_IDS.filmA);
    await ana.openPanel();
  });

  test('text that is not an invite link', async ({ ana }) => {
    await ana.joinByPasting('not a link at all');
    await expectProblem(ana, 'error_invite_unreadable');
  });

  test('an invite signed by somebody else @once', async ({ world, ana }) => {
    await ana.joinByPasting(await forgeInvite(world, ROOM, 60_000, 'another relay had this secret, 32 bytes'));
    await expectProblem(ana, 'error_token_invalid');
  });

  test('an expired invite @once', async ({ world, ana }) => {
    await ana.joinByPasting(await forgeInvite(world, ROOM, -120_000));
    await expectProblem(ana, 'error_token_expired');
  });

  test('an unknown room @once', async ({ world, ana }) => {
    await ana.joinByPasting(await forgeInvite(world, ROOM, 60_000));
    await expectProblem(ana, 'error_room_not_found');
  });

  test('a relay that is down @once', async ({ world, ana }) => {
    await world.relay.stop();
    await ana.tab.click(START);
    await ana.enterRelay(world.relay.url);
    await expectProblem(ana, 'error_relay_unreachable');
    await world.relay.start();
    await ana.startParty(world.relay.url);
  });

  test('an address that is no relay @once', async ({ world, ana }) => {
    await ana.tab.click(START);
    await ana.enterRelay(world.jellyfin.url);
    await expectProblem(ana, 'error_relay_address_wrong');
  });

  test('text that is no address @once', async ({ ana }) => {
    await ana.tab.click(START);
    await ana.enterRelay('http://');
    await expectProblem(ana, 'error_relay_address_wrong');
  });
});

test('the item is not in the guest’s library @once', async ({ world, ana, ben }) => {
  world.jellyfin.hideItems('ben', [ITEM_IDS.filmA]);
  await ana.watch(ITEM_IDS.filmA);
  await ana.startParty(world.relay.url);
  const link = await ana.copyInvite();
  await ben.watch(ITEM_IDS.filmB);
  await ben.joinByPasting(link);
  await expectProblem(ben, 'error_item_missing');
  await expect.poll(async () => (await ana.people()).join('\n')).toContain(words('state_item_missing'));
  await expectFilmGoesOn(ana);
});

test('Jellyfin does not answer when the party moves on @once', async ({ world, ana, ben }) => {
  const link = await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
  await ben.leaveParty();
  await ben.film.leavePlayer();
  await world.jellyfin.close();
  await ben.openPanel();
  await ben.tab.fill(INVITE_LINK, link);
  await ben.joinByPasting(link);
  await expect.poll(() => ben.alerts(), { timeout: 20_000 }).toContain(words('error_jellyfin_unreachable'));
  await ben.screenshot('jellyfin-unreachable');
});

test('a second tab says that the party is in the other one, and takes it over with one click @once', async ({
  world,
  ana,
  ben,
}) => {
  await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
  const second = await ben.secondTab();
  await second.film.visit();
  await second.openPanel();
  await expect.poll(() => second.panelText()).toContain(words('error_second_tab'));
  await second.screenshot('second-tab');
  expect(await second.sees(PANEL)).toBe(true);
  await expect.poll(() => ana.people()).toHaveLength(2);
  await expectFilmGoesOn(ana);
  await second.press('problem_watch_here');
  await inSync(ana, second);
  await expect.poll(() => ana.people()).toHaveLength(2);
  await expectTogether(ana, second);
  await expectFilmGoesOn(ana);
});

test('a relay without Jellyfin asks the host for its pairing code @once', async ({ createWorld }) => {
  const world = await createWorld({ relay: { jellyfinUrls: [] } });
  const ana = await world.person('ana');
  await ana.watch(ITEM_IDS.filmA);
  await ana.openPanel();
  await ana.tab.click(START);
  await ana.enterRelay(world.relay.url);
  const field = { role: 'textbox', name: words('pairing_code'), within: PANEL } as const;
  await ana.tab.fill(field, 'WRONG-CODE');
  await ana.tab.click({ role: 'button', name: words('continue'), within: PANEL });
  await expectProblem(ana, 'error_pairing_code_wrong');
  await ana.tab.fill(field, await world.relay.pairingCode());
  await ana.tab.click({ role: 'button', name: words('continue'), within: PANEL });
  await expect.poll(() => ana.people()).toHaveLength(1);
});
