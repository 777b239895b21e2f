import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../shared/protocol.ts';
import { hello, type TestClient } from '../testing/client.ts';
import { askForInvite, type Entered, type TestRelay } from '../testing/relay.ts';
import { testRelays } from '../testing/relays.ts';
import { FILM } from '../testing/rooms.ts';

const aRelay = testRelays();

const KICKED = { code: 1008, reason: 'kicked' };
const play = { kind: 'media', media: FILM, positionMs: 0, play: true } as const;

const identityOf = (relay: TestRelay, name: string): Promise<string> =>
  relay.tokens.mint('identity', { sub: `${name}@server`, name, verified: true }, 60_000);

/** @returns a socket that has shown an invite, and nothing more. */
async function tries(relay: TestRelay, room: string, invite: string, identity?: string): Promise<TestClient> {
  const client = await relay.knock(room);
  client.send(hello({ kind: 'invite', invite, ...(identity ? { identity } : { name: 'Somebody' }) }));
  return client;
}

async function comesBack(relay: TestRelay, who: Entered, snapshot?: Snapshot): Promise<TestClient> {
  const client = await relay.knock(who.room);
  client.send(hello({ kind: 'seat', seat: who.seat }, 1, snapshot ? { snapshot } : {}));
  return client;
}

const kick = (by: TestClient, member: string): void =>
  by.send({ type: 'manage', id: 'k', action: { kind: 'kick', member } });

/** The first snapshot that knows of a kick. */
const afterKick = async (client: TestClient): Promise<Snapshot> => {
  await client.next('left');
  return (await client.next('snapshot')).snapshot;
};

describe('who steers', () => {
  it('[P-03][P-04] is in the welcome, changes live, and who may not is refused', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    ana.send({ type: 'manage', id: 'm1', action: { kind: 'control', control: 'host' } });
    expect(await ana.next('rules')).toMatchObject({ by: ana.id, rules: { control: 'host', locked: false } });
    const invite = await askForInvite(ana);
    const ben = await tries(relay, ana.room, invite);
    const { rules, you } = await ben.next('welcome');
    expect(rules).toEqual({ control: 'host', locked: false });
    ben.send({ type: 'command', id: 'c1', base: 0, action: play });
    expect(await ben.next('error')).toMatchObject({ code: 'not-allowed', id: 'c1', timeline: null });
    ana.send({ type: 'manage', id: 'm2', action: { kind: 'control', control: 'chosen' } });
    ana.send({ type: 'manage', id: 'm3', action: { kind: 'role', member: you, role: 'co-host' } });
    expect(await ben.next('member', ({ member }) => member.role === 'co-host')).toMatchObject({ member: { id: you } });
    ben.send({ type: 'command', id: 'c2', base: 0, action: play });
    expect(await ana.next('timeline')).toMatchObject({ cause: 'media', by: you });
    ben.send({ type: 'command', id: 'c3', base: 1, action: { kind: 'seek', positionMs: 60_000 } });
    expect((await ana.next('timeline')).fromMs).toBeLessThan(5000);
    ana.send({ type: 'command', id: 'c4', base: 2, action: { kind: 'undo' } });
    expect(await ben.next('timeline', ({ cause }) => cause === 'undo')).toMatchObject({ by: ana.id });
  });

  it('[P-05] is asked by who does not', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    const cem = await relay.guest(ana);
    ana.send({ type: 'manage', id: 'm1', action: { kind: 'control', control: 'host' } });
    await ben.next('rules');
    ben.send({ type: 'manage', id: 'm2', action: { kind: 'ask', what: 'pause' } });
    expect(await ana.next('asked')).toMatchObject({ by: ben.id, what: 'pause' });
    expect(await ben.next('asked')).toMatchObject({ by: ben.id });
    ben.send({ type: 'manage', id: 'm3', action: { kind: 'ask', what: 'pause' } });
    expect(await ben.next('error')).toMatchObject({ code: 'rate-limited', id: 'm3' });
    cem.send({ type: 'ping', c: 1 });
    await cem.next('pong', () => cem.rest().every(({ type }) => type !== 'asked'));
  });
});

describe('a lock', () => {
  it('[P-07][H-04] holds at the door and at the landing page, but not for seats', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    const invite = await askForInvite(ana);
    ana.send({ type: 'manage', id: 'l', action: { kind: 'lock', locked: true } });
    await ben.next('rules');
    const cem = await tries(relay, ana.room, invite, await identityOf(relay, 'cem'));
    expect(await cem.closed).toEqual({ code: 1008, reason: 'room-locked' });
    expect(await relay.post('/v1/invites/check', { room: ana.room, invite })).toMatchObject({
      status: 403,
      body: { code: 'room-locked' },
    });
    ben.vanish();
    expect(await (await comesBack(relay, ben)).next('welcome')).toMatchObject({ rules: { locked: true } });
  });
});

describe('a kick', () => {
  it.each(['uws', 'ws'] as const)('[P-06][peer R-22] is final for the socket at once, on %s', async (socket) => {
    const relay = await aRelay({ socket });
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    kick(ana, ben.id);
    // On its way while the relay puts him out, or sent in spite of it.
    for (let i = 0; i < 20; i++) ben.send({ type: 'command', id: `c${i}`, base: 0, action: play });
    expect(await ben.closed).toEqual(KICKED);
    expect(await ana.next('left')).toMatchObject({ member: ben.id, by: ana.id });
    ana.send({ type: 'ping', c: 1 });
    const late: string[] = [];
    await ana.next('pong', () => late.push(...ana.rest().map(({ type }) => type)) >= 0);
    expect(late).not.toContain('timeline');
    expect(late).not.toContain('member');
  });

  it('[P-06][peer R-07][peer R-27] holds for seat, identity and link, and for nobody else', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    const invite = await askForInvite(ana);
    const identity = await identityOf(relay, 'ben');
    const first = await tries(relay, ana.room, invite, identity);
    const { you, seat } = await first.next('welcome');
    const ben = Object.assign(first, { room: ana.room, id: you, seat });
    kick(ana, ben.id);
    expect(await ben.closed).toEqual(KICKED);
    const other = await askForInvite(ana);
    const again = [
      await comesBack(relay, ben),
      await tries(relay, ana.room, invite, identity),
      await tries(relay, ana.room, other, identity),
      await tries(relay, ana.room, invite),
    ];
    for (const client of again) expect(await client.closed).toEqual(KICKED);
    const dan = await tries(relay, ana.room, invite, await identityOf(relay, 'dan'));
    expect(await dan.next('welcome')).toMatchObject({ members: [{ name: 'Ana' }, { name: 'dan' }] });
    expect(await (await tries(relay, ana.room, other)).next('welcome')).toBeTruthy();
  });

  it('[P-08][peer R-27][peer R-38] holds on the next relay, as soon as somebody comes who knows of it', async () => {
    const first = await aRelay();
    const ana = await first.host();
    const ben = await first.guest(ana);
    const { snapshot: before } = await ben.next('snapshot');
    kick(ana, ben.id);
    const after = await afterKick(ana);
    await first.close();

    const second = await aRelay();
    const benAgain = await comesBack(second, ben, before);
    expect(await benAgain.next('welcome')).toMatchObject({ you: ben.id });
    expect(await (await comesBack(second, ana, after)).next('welcome')).toMatchObject({ members: [{ id: ana.id }] });
    expect(await benAgain.closed).toEqual(KICKED);
    expect(await (await comesBack(second, ben, before)).closed).toEqual(KICKED);
  });

  it('[P-08] says nothing of who it was to those who keep it', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    const ben = await tries(relay, ana.room, await askForInvite(ana), await identityOf(relay, 'ben'));
    const { you } = await ben.next('welcome');
    kick(ana, you);
    const { token } = await afterKick(ana);
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({
      bans: [{}, {}, {}].map(() => expect.stringMatching(/^[mpi][\w-]{11}$/)),
    });
    expect(claims).not.toContain('ben');
    expect(claims).not.toContain(you);
  });
});
