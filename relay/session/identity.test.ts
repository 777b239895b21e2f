import { describe, expect, it } from 'vitest';
import type { Credential } from '../../shared/protocol.ts';
import { randomId } from '../rooms/registry.ts';
import { hello, type TestClient } from '../testing/client.ts';
import { askForInvite, type TestRelay } from '../testing/relay.ts';
import { testRelays } from '../testing/relays.ts';
import { IdentityEnds } from './identity-ends.ts';
import type { Seated } from './session.ts';

const aRelay = testRelays();
const HOUR_MS = 3_600_000;
/** A-01 lets clocks differ by 30 s. */
const LEEWAY_MS = 30_000;
const ENDED = { code: 4440, reason: 'identity-expired' };

const identityOf = (relay: TestRelay, name: string, ttlMs = HOUR_MS, verified = true): Promise<string> =>
  relay.tokens.mint('identity', { sub: `${name}@server`, name, verified }, ttlMs);

async function knocks(relay: TestRelay, room: string, credential: Credential): Promise<TestClient> {
  const client = await relay.knock(room);
  client.send(hello(credential));
  return client;
}

/** Comes in by a link, signed in. */
async function enters(relay: TestRelay, identity: string) {
  const ana = await relay.host();
  const ben = await knocks(relay, ana.room, { kind: 'invite', invite: await askForInvite(ana), identity });
  const { seat, identityMs, you } = await ben.next('welcome');
  return { ana, ben, seat, identityMs: identityMs ?? null, you, room: ana.room };
}

/** A seat whose identity ended so long ago, of whoever this identity is. */
async function seatOf(relay: TestRelay, agoMs: number) {
  const { ben, seat, room, you, ana } = await enters(relay, await identityOf(relay, 'Ben', LEEWAY_MS - agoMs));
  ben.vanish();
  await ana.next('member', ({ member }) => member.id === you && !member.connected);
  return { seat, room, you, ana };
}

describe('how long an identity is good for', () => {
  it('[A-08] is in the welcome of who came with one', async () => {
    const relay = await aRelay();
    const { identityMs } = await enters(relay, await identityOf(relay, 'Ben'));
    expect(identityMs).toBeGreaterThan(HOUR_MS - 10_000);
    expect(identityMs).toBeLessThanOrEqual(HOUR_MS);
  });

  it('[A-08] is nothing for guests, and for names that somebody chose', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    const ben = await knocks(relay, ana.room, { kind: 'invite', invite: await askForInvite(ana), name: 'Ben' });
    expect((await ben.next('welcome')).identityMs).toBeNull();
    expect((await enters(relay, await identityOf(relay, 'Cem', HOUR_MS, false))).identityMs).toBeNull();
  });

  it('[A-08] goes with the grant of a room, and with the seat', async () => {
    const relay = await aRelay();
    const identity = await identityOf(relay, 'Ana');
    const { body } = await relay.post('/v1/rooms', {}, { authorization: `Bearer ${identity}` });
    const room = String(body.room);
    const ana = await knocks(relay, room, { kind: 'grant', grant: String(body.grant) });
    const first = await ana.next('welcome');
    expect(first.identityMs).toBeGreaterThan(HOUR_MS - 10_000);
    ana.vanish();
    const back = await knocks(relay, room, { kind: 'seat', seat: first.seat });
    expect((await back.next('welcome')).identityMs).toBeGreaterThan(HOUR_MS - 10_000);
  });
});

describe('an identity that ends', () => {
  it('[peer R-04][A-08] closes the socket of who came with it, keeps the seat, and lets the others be', async () => {
    const relay = await aRelay({ sweepMs: 50 });
    const { ana, ben, you } = await enters(relay, await identityOf(relay, 'Ben', 500 - LEEWAY_MS + 1_000));
    expect(await ben.closed).toEqual(ENDED);
    expect(await ana.next('member', ({ member }) => !member.connected)).toMatchObject({ member: { id: you } });
    ana.send({ type: 'ping', c: 1 });
    await ana.next('pong');
  });

  it('[A-08] lets nobody back with the seat alone, but with a new one beside it', async () => {
    const relay = await aRelay();
    const { seat, room, you } = await seatOf(relay, 0);
    const expired = await relay.tokens.verify('seat', seat);
    const ended = await relay.tokens.mint('seat', { ...expired, until: Math.floor(Date.now() / 1000) - 60 }, HOUR_MS);
    const alone = await knocks(relay, room, { kind: 'seat', seat: ended });
    expect(await alone.next('error')).toMatchObject({ code: 'identity-expired' });
    expect(await alone.closed).toEqual(ENDED);
    const identity = await identityOf(relay, 'Ben');
    const back = await knocks(relay, room, { kind: 'seat', seat: ended, identity });
    const welcome = await back.next('welcome');
    expect(welcome).toMatchObject({ you, resumed: true });
    expect(welcome.identityMs).toBeGreaterThan(HOUR_MS - 10_000);
    expect(await relay.tokens.verify('seat', welcome.seat)).toMatchObject({ member: you, until: expect.any(Number) });
  });

  it("[A-08] is not replaced by somebody else's", async () => {
    const relay = await aRelay();
    const { seat, room } = await seatOf(relay, 0);
    const identity = await identityOf(relay, 'Eve');
    const eve = await knocks(relay, room, { kind: 'seat', seat, identity });
    expect(await eve.next('error')).toMatchObject({ code: 'token-invalid' });
    expect(await eve.closed).toMatchObject({ code: 4401 });
  });
});

describe('renewal', () => {
  it('[peer R-04][A-09] keeps the socket open past the end, and gives a seat that says so', async () => {
    const relay = await aRelay({ sweepMs: 50 });
    const { ben, you, seat } = await enters(relay, await identityOf(relay, 'Ben', 2_000 - LEEWAY_MS));
    const { jti, no } = await relay.tokens.verify('seat', seat);
    ben.send({ type: 'renew', id: 'r1', identity: await identityOf(relay, 'Ben') });
    const renewed = await ben.next('renewed');
    expect(renewed).toMatchObject({ id: 'r1', identityMs: expect.any(Number) });
    expect(renewed.identityMs).toBeGreaterThan(HOUR_MS - 10_000);
    const claims = await relay.tokens.verify('seat', renewed.seat);
    expect(claims).toMatchObject({ member: you, jti, no });
    expect(claims.until).toBeGreaterThan(Date.now() / 1000 + 3_000);
    const other = await enters(relay, await identityOf(relay, 'Cem', 2_000 - LEEWAY_MS));
    expect(await other.ben.closed).toEqual(ENDED);
    ben.send({ type: 'ping', c: 1 });
    await ben.next('pong');
  });

  it.each([
    ["somebody else's identity", async (relay: TestRelay) => identityOf(relay, 'Eve'), 'token-invalid'],
    ['one that has ended', async (relay: TestRelay) => identityOf(relay, 'Ben', -2 * LEEWAY_MS), 'token-expired'],
    ['another kind of token', async (relay: TestRelay) => aGrant(relay), 'token-invalid'],
    ['no token at all', async () => 'x'.repeat(40), 'token-invalid'],
  ])('[A-09] is refused with %s, and nothing else changes', async (_what, token, code) => {
    const relay = await aRelay();
    const { ben } = await enters(relay, await identityOf(relay, 'Ben'));
    ben.send({ type: 'renew', id: 'r1', identity: await token(relay) });
    expect(await ben.next('error')).toMatchObject({ code, id: 'r1' });
    ben.send({ type: 'ping', c: 1 });
    await ben.next('pong');
  });

  it('[A-08] gives a name that somebody chose nothing that ends', async () => {
    const relay = await aRelay();
    const chosen = () => identityOf(relay, 'Cem', HOUR_MS, false);
    const { ben: cem } = await enters(relay, await chosen());
    cem.send({ type: 'renew', id: 'r1', identity: await chosen() });
    const { identityMs, seat } = await cem.next('renewed');
    expect(identityMs).toBeNull();
    expect(await relay.tokens.verify('seat', seat)).not.toHaveProperty('until');
  });

  it('[A-09] is not for who came without an identity', async () => {
    const relay = await aRelay();
    const ben = await relay.guest(await relay.host());
    ben.send({ type: 'renew', id: 'r1', identity: await identityOf(relay, 'Ben') });
    expect(await ben.next('error')).toMatchObject({ code: 'token-invalid', id: 'r1' });
  });
});

const aGrant = (relay: TestRelay): Promise<string> =>
  relay.tokens.mint('grant', { room: randomId(), sub: 'Ben@server', name: 'Ben', verified: true }, HOUR_MS);

describe('who has to be gone when', () => {
  const seated = (): Seated => ({ identityEndsAtMs: null }) as Seated;

  it('[A-08] is known in time, once, and never too early', () => {
    const ends = new IdentityEnds(60_000);
    const [ana, ben, cem] = [seated(), seated(), seated()];
    ends.watch(ana, 100_000);
    ends.watch(ben, 100_000);
    ends.watch(ben, 500_000);
    ends.watch(cem, null);
    expect(ends.take(120_000)).toEqual([]);
    expect(ends.take(180_000)).toEqual([ana]);
    expect(ends.take(480_000)).toEqual([]);
    ends.forget(ben);
    expect(ends.take(1_000_000)).toEqual([]);
  });
});
