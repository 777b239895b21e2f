import { describe, expect, it } from 'vitest';
import { MAX_CLIENT_MESSAGE_BYTES, MAX_MEMBERS, MAX_NAME_LENGTH, MAX_SNAPSHOT_LENGTH } from '../../shared/limits.ts';
import type { Film, Snapshot } from '../../shared/protocol.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import { createTokens } from '../auth/tokens.ts';
import { MAX_KNOWN_INVITES } from '../rooms/invites.ts';
import { hello, type TestClient } from '../testing/client.ts';
import { askForInvite, type Entered, type TestRelay } from '../testing/relay.ts';
import { testRelays } from '../testing/relays.ts';
import { FILM } from '../testing/rooms.ts';

const aRelay = testRelays();

const play = { kind: 'media', media: FILM, positionMs: 60_000, play: true } as const;

/** What only a snapshot holds, so that one follows at once. */
const wait = { kind: 'wait', waitMs: 60_000 } as const;

async function snapshotAt(client: TestClient, serial: number): Promise<Snapshot> {
  return (await client.next('snapshot', ({ snapshot }) => snapshot.serial >= serial)).snapshot;
}

const film = (epoch: number, seq: number, positionMs: number, phase: Film['phase'] = 'playing'): Film => {
  return { epoch, seq, phase, positionMs, rate: 1, media: FILM };
};

interface Kept {
  ana: Entered;
  ben: Entered;
  /** Before and after the film began. */
  older: Snapshot;
  newer: Snapshot;
}

/** A party of two on a relay that is then gone. */
async function partyThatWas(): Promise<Kept> {
  const first = await aRelay();
  const ana = await first.host('Ana');
  const ben = await first.guest(ana, 'Ben');
  const older = await snapshotAt(ben, 2);
  ben.send({ type: 'command', id: 'c1', base: 0, action: play });
  ben.send({ type: 'command', id: 'c2', base: 1, action: wait });
  const newer = await snapshotAt(ana, 3);
  await first.close();
  return { ana, ben, older, newer };
}

async function back(relay: TestRelay, who: Entered, snapshot?: Snapshot, film?: Film): Promise<TestClient> {
  const client = await relay.knock(who.room);
  client.send(hello({ kind: 'seat', seat: who.seat }, 1, { ...(snapshot && { snapshot }), ...(film && { film }) }));
  return client;
}

describe('a relay that did not know the room', () => {
  it('[S-04][M-04] has it again from what members bring: seats, roles, item and position', async () => {
    const { ana, ben, newer } = await partyThatWas();
    const second = await aRelay();
    const [a, b] = await Promise.all([back(second, ana, newer), back(second, ben, newer)]);
    const [atAna, atBen] = [await a.next('welcome'), await b.next('welcome')];
    expect([atAna.you, atBen.you]).toEqual([ana.id, ben.id]);
    expect([atAna.resumed, atBen.resumed]).toEqual([true, true]);
    expect(atBen.members).toMatchObject([
      { name: 'Ana', role: 'host', verified: true },
      { name: 'Ben', role: 'guest', verified: false },
    ]);
    expect(atBen.timeline).toMatchObject({ epoch: 2, seq: 2, phase: 'playing', media: FILM });
    expect(atBen.waitMs).toBe(60_000);
    expect(atBen.timeline.positionMs).toBeGreaterThanOrEqual(60_000);
    // Nothing that stood is asked for again: a command based on it is accepted.
    b.send({ type: 'command', id: 'p', base: 2, action: { kind: 'pause', positionMs: atBen.timeline.positionMs } });
    expect(await a.next('timeline')).toMatchObject({ cause: 'pause', by: ben.id, timeline: { epoch: 2, seq: 3 } });
    b.send({ type: 'command', id: 'w', base: 3, action: wait });
    b.send({ type: 'command', id: 'w', base: 4, action: { ...wait, waitMs: 0 } });
    expect((await snapshotAt(a, 4)).epoch).toBe(2);
  });

  it('[S-05] takes the newest of the snapshots in the window, whoever comes first', async () => {
    const { ana, ben, older, newer } = await partyThatWas();
    const second = await aRelay();
    const a = await back(second, ana, older);
    const b = await back(second, ben, newer);
    for (const client of [a, b]) expect((await client.next('welcome')).timeline.media).toEqual(FILM);
  });

  it('[peer R-38][S-05] takes a newer one after the window too, and tells who is there; an older one changes nothing', async () => {
    const { ana, ben, older, newer } = await partyThatWas();
    const second = await aRelay();
    const a = await back(second, ana, older);
    expect((await a.next('welcome')).timeline).toMatchObject({ epoch: 2, seq: 0, media: null });
    const b = await back(second, ben, newer);
    expect((await b.next('welcome')).timeline).toMatchObject({ epoch: 3, seq: 2, media: FILM });
    expect(await a.next('timeline')).toMatchObject({ cause: 'welcome', timeline: { epoch: 3, media: FILM } });
    expect((await a.next('snapshot')).snapshot).toEqual(newer);
    // The seat counts from here on: an old one does not get in by an old snapshot.
    b.send({ type: 'ping', c: 1 });
    await b.next('pong');
    const again = await back(second, ben, older);
    expect(await again.closed).toEqual({ code: 4401, reason: 'token-invalid' });
    expect(a.rest().filter(({ type }) => type === 'timeline')).toEqual([]);
  });

  it('[S-01] gives the newest snapshot to who comes back without it', async () => {
    const { ana, ben, newer } = await partyThatWas();
    const second = await aRelay();
    const a = await back(second, ana, newer);
    await a.next('welcome');
    const b = await back(second, ben);
    await b.next('welcome');
    expect((await b.next('snapshot')).snapshot).toEqual(newer);
    expect(a.rest().filter(({ type }) => type === 'snapshot')).toEqual([]);
  });

  it('[S-04] lets a guest with an invite wait for those who bring the room', async () => {
    const first = await aRelay();
    const ana = await first.host('Ana');
    const invite = await askForInvite(ana);
    await first.guest(ana, 'Ben');
    const snapshot = await snapshotAt(ana, 2);
    await first.close();
    const second = await aRelay();
    const a = await back(second, ana, snapshot);
    a.send({ type: 'ping', c: 1 });
    await a.next('pong');
    const cem = await second.knock(ana.room);
    cem.send(hello({ kind: 'invite', invite, name: 'Cem' }));
    expect((await cem.next('welcome')).members.map(({ name }) => name)).toEqual(['Ana', 'Ben', 'Cem']);
  });

  it('[S-06] goes on where those who watched on are', async () => {
    const { ana, newer } = await partyThatWas();
    const second = await aRelay();
    const a = await back(second, ana, newer, film(1, 2, 62_500));
    const { timeline, s } = await a.next('welcome');
    const positionMs = timeline.positionMs + s - timeline.atMs;
    // Two and a half seconds of film are gone for Ana, although hardly any time is.
    expect(positionMs - 62_500).toBeGreaterThanOrEqual(0);
    expect(positionMs - 62_500).toBeLessThan(1500);
  });

  it('[S-06] has what was done after the last snapshot from whoever heard of it', async () => {
    const { ana, ben, newer } = await partyThatWas();
    const second = await aRelay();
    const [a, b] = await Promise.all([
      back(second, ana, newer, film(1, 2, 62_500)),
      back(second, ben, newer, film(1, 3, 7_000, 'paused')),
    ]);
    for (const client of [a, b]) {
      const { timeline } = await client.next('welcome');
      expect(timeline).toMatchObject({ epoch: 2, seq: 3, phase: 'paused', positionMs: 7_000, media: FILM });
    }
  });

  it('[S-06] has it also from who comes after the others', async () => {
    const { ana, ben, newer } = await partyThatWas();
    const second = await aRelay();
    const a = await back(second, ana, newer, film(1, 2, 62_500));
    expect((await a.next('welcome')).timeline).toMatchObject({ epoch: 2, seq: 2, phase: 'playing' });
    const b = await back(second, ben, newer, film(1, 3, 7_000, 'paused'));
    const went = { epoch: 3, seq: 3, phase: 'paused', positionMs: 7_000 };
    expect((await b.next('welcome')).timeline).toMatchObject(went);
    expect(await a.next('timeline')).toMatchObject({ cause: 'welcome', by: null, timeline: went });
  });

  it('[peer R-38][S-04] refuses what is forged, expired, of another room, of another kind or another than it says', async () => {
    const { ana, newer } = await partyThatWas();
    const second = await aRelay();
    const { mintNow, verify } = second.tokens;
    const claims = await verify('snapshot', newer.token);
    const stranger = createTokens(['another-secret-of-more-than-thirty-two-bytes']);
    const unsigned = `${Buffer.from('{"alg":"none","typ":"osp-snapshot+jwt"}').toString('base64url')}.${newer.token.split('.')[1]}.`;
    const cases: [string, string, string][] = [
      ['forged', `${newer.token.slice(0, -2)}AA`, 'token-invalid'],
      ['unsigned', unsigned, 'token-invalid'],
      ['another secret', stranger.mintNow('snapshot', claims, 60_000), 'token-invalid'],
      ['expired', mintNow('snapshot', claims, -60_000), 'token-expired'],
      ['another room', mintNow('snapshot', { ...claims, room: 'q'.repeat(22) }, 60_000), 'token-invalid'],
      ['another number', mintNow('snapshot', { ...claims, serial: 9 }, 60_000), 'token-invalid'],
      ['a seat', ana.seat, 'token-invalid'],
    ];
    for (const [what, token, code] of cases) {
      const client = await back(second, ana, { ...newer, token });
      expect(await client.closed, what).toEqual({ code: 4401, reason: code });
    }
    const without = await back(second, ana);
    expect(await without.closed).toEqual({ code: 4404, reason: 'room-not-found' });
  });

  it('[S-04] refuses a seat that the snapshot does not name', async () => {
    const { ana, newer } = await partyThatWas();
    const second = await aRelay();
    const seat = await second.tokens.mint('seat', { room: ana.room, member: 'eve', jti: 'x', no: 1 }, 60_000);
    const client = await back(second, { ...ana, seat }, newer);
    expect(await client.closed).toEqual({ code: 4401, reason: 'token-invalid' });
  });

  it('[S-04] a seat that was used meanwhile works, although no snapshot has its number', async () => {
    const first = await aRelay();
    const ana = await first.host('Ana');
    const snapshot = await snapshotAt(ana, 1);
    const again = await back(first, ana, snapshot);
    const { seat } = await again.next('welcome');
    await first.close();
    const second = await aRelay();
    const a = await back(second, { ...ana, seat }, snapshot);
    expect((await a.next('welcome')).you).toBe(ana.id);
    const thief = await back(second, ana, snapshot);
    expect(await thief.closed).toEqual({ code: 4401, reason: 'token-invalid' });
  });
});

describe('a relay that knows the room', () => {
  it('[S-05] takes it from another that went on with it', async () => {
    const first = await aRelay();
    const ana = await first.host('Ana');
    const ben = await first.guest(ana, 'Ben');
    const snapshot = await snapshotAt(ben, 2);
    // Cut off from the first, which does not know it, both go on at the second.
    const second = await aRelay();
    const [a, b] = await Promise.all([back(second, ana, snapshot), back(second, ben, snapshot)]);
    const seats = [(await a.next('welcome')).seat, (await b.next('welcome')).seat];
    a.send({ type: 'command', id: 'c1', base: 0, action: play });
    a.send({ type: 'command', id: 'c2', base: 1, action: wait });
    const newer = await snapshotAt(b, 3);
    const home = await back(first, { ...ben, seat: seats[1] ?? '' }, newer);
    const welcome = await home.next('welcome');
    expect(welcome.timeline).toMatchObject({ epoch: 3, seq: 2, media: FILM });
    expect(welcome.members.map(({ name }) => name)).toEqual(['Ana', 'Ben']);
  });

  it('[S-05] has the film back from there also when it went on under the number that the snapshot names', async () => {
    const first = await aRelay();
    const ana = await first.host('Ana');
    const ben = await first.guest(ana, 'Ben');
    await snapshotAt(ben, 2);
    ben.send({ type: 'command', id: 'c1', base: 0, action: play });
    ben.send({ type: 'command', id: 'c2', base: 1, action: wait });
    const snapshot = await snapshotAt(ana, 3);
    const second = await aRelay();
    const a = await back(second, ana, snapshot, film(1, 2, 62_500));
    const { seat, timeline } = await a.next('welcome');
    expect(timeline).toMatchObject({ epoch: 2, seq: 2, phase: 'playing' });
    // The last that the first relay was told before the network went; nobody heard of it.
    ben.send({ type: 'command', id: 'c3', base: 2, action: { kind: 'pause', positionMs: 61_000 } });
    expect((await ana.next('timeline', ({ cause }) => cause === 'pause')).timeline).toMatchObject({ epoch: 1, seq: 3 });
    const home = await back(first, { ...ana, seat }, snapshot, film(2, 2, 65_000));
    expect((await home.next('welcome')).timeline).toMatchObject({ epoch: 3, seq: 2, phase: 'playing' });
  });

  it('[S-08] takes no snapshot of a room that all have left', async () => {
    const relay = await aRelay();
    const ana = await relay.host('Ana');
    const snapshot = await snapshotAt(ana, 1);
    ana.send({ type: 'leave' });
    await ana.closed;
    const client = await back(relay, ana, snapshot);
    expect((await client.closed).code).toBe(4404);
  });

  it('[S-09] sends what waits before it stops', async () => {
    const relay = await aRelay();
    const ana = await relay.host('Ana');
    ana.send({ type: 'command', id: 'c', base: 0, action: play });
    await ana.next('timeline', ({ timeline }) => timeline.seq === 1);
    await relay.close();
    const claims = await relay.tokens.verify('snapshot', (await lastSnapshot(ana)).token);
    expect(claims.timeline).toMatchObject({ seq: 1, media: FILM });
  });
});

describe('sizes', () => {
  it('[S-03] a full room with the longest names fits into a hello', () => {
    // Three bytes each; what would be longer in JSON is not let in.
    const name = '漢'.repeat(MAX_NAME_LENGTH);
    const id = 'x'.repeat(22);
    const claims: SnapshotClaims = {
      room: id,
      epoch: 99,
      serial: 99_999,
      issuedAtMs: 1.7e12,
      timeline: {
        seq: 99_999,
        phase: 'playing',
        positionMs: 1e7 + 1 / 3,
        rate: 1.25,
        startsInMs: 1 / 3,
        media: { ...FILM, title: '\u0007'.repeat(200) },
      },
      waitMs: 120_000,
      rules: { control: 'everyone', locked: false },
      handedOver: false,
      queue: { entries: [], next: 1 },
      bans: Array.from({ length: 120 }, (_, i) => `p${i}`.padEnd(12, 'x')),
      people: Array.from({ length: MAX_MEMBERS }, () => ({ id, name, role: 'guest', verified: false, seatNo: 9999 })),
      invites: Array.from({ length: MAX_KNOWN_INVITES }, () => [id, id, 50, 50, 9_999_999_999, false]),
      invitesVoidUntil: 9_999_999_999,
    };
    const token = createTokens(['a-secret-of-more-than-thirty-two-bytes!']).mintNow('snapshot', claims, 60_000);
    expect(token.length).toBeLessThanOrEqual(MAX_SNAPSHOT_LENGTH);
    // With plain names it is the better part of that.
    expect(token.length).toBeGreaterThan(MAX_SNAPSHOT_LENGTH / 2);
  });

  it('[S-03] only a hello may be larger than other frames', async () => {
    const relay = await aRelay();
    const ana = await relay.host();
    const token = 'x'.repeat(MAX_SNAPSHOT_LENGTH);
    const again = await back(relay, ana, { epoch: 0, serial: 0, token });
    expect((await again.next('welcome')).you).toBe(ana.id);
    again.sendText(JSON.stringify({ type: 'ping', c: 1, extra: 'x'.repeat(MAX_CLIENT_MESSAGE_BYTES) }));
    expect((await again.closed).code).toBe(1009);
  });
});

async function lastSnapshot(client: TestClient): Promise<Snapshot> {
  await client.closed;
  const all = client.rest().flatMap((message) => (message.type === 'snapshot' ? [message.snapshot] : []));
  const last = all.at(-1);
  if (!last) throw new Error('no snapshot came');
  return last;
}
