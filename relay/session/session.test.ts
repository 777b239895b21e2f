import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_CLIENT_MESSAGE_BYTES } from '../../shared/limits.ts';
import { connect, hello } from '../testing/client.ts';
import { askForInvite, type Entered, startTestRelay, type TestRelay } from '../testing/relay.ts';
import { FILM } from '../testing/rooms.ts';

let relay: TestRelay;
beforeEach(async () => {
  relay = await startTestRelay();
});
afterEach(() => relay.close());

const startFilm = {
  type: 'command',
  id: 'c1',
  base: 0,
  action: { kind: 'media', media: FILM, positionMs: 0, play: true },
} as const;

/** Ana and Ben in sync with a film that plays, at `seq` 1. */
async function watchTogether(): Promise<{ ana: Entered; ben: Entered }> {
  const ana = await relay.host();
  const ben = await relay.guest(ana);
  ana.send(startFilm);
  const inSync = { type: 'status', state: 'in-sync', reason: null, offsetMs: 0, errorMs: 1 } as const;
  for (const client of [ana, ben]) {
    client.send({ ...inSync, deliveryMs: 5, startMs: 5 });
    await ana.next('member', ({ member }) => member.id === client.id && member.state === 'in-sync');
  }
  return { ana, ben };
}

describe('coming in', () => {
  it('[R-02] a grant opens the room, an invite joins it', async () => {
    const ana = await relay.host('Ana');
    const ben = await relay.guest(ana, 'Ben');
    const { member } = await ana.next('member');
    expect(member).toMatchObject({ id: ben.id, name: 'Ben', role: 'guest', verified: false, connected: true });
  });

  it('[peer R-10][R-02] an identity with an invite wins over the name', async () => {
    const ana = await relay.host();
    const identity = await relay.tokens.mint('identity', { sub: 'b@s', name: 'Real Ben', verified: true }, 60_000);
    const ben = await relay.knock(ana.room);
    ben.send(hello({ kind: 'invite', invite: await askForInvite(ana), identity, name: 'Fake' }));
    const { members, you } = await ben.next('welcome');
    expect(members.find(({ id }) => id === you)).toMatchObject({ name: 'Real Ben', verified: true });
  });

  it('[R-03] the welcome is the whole state, in a late join too', async () => {
    const ana = await relay.host();
    ana.send(startFilm);
    const { timeline } = await ana.next('timeline');
    const ben = await relay.knock(ana.room);
    ben.send(hello({ kind: 'invite', invite: await askForInvite(ana), name: 'Ben' }));
    const welcome = await ben.next('welcome');
    expect(welcome).toMatchObject({ v: 1, room: ana.room, resumed: false, timeline, gate: null });
    expect(welcome.members.map(({ name }) => name)).toEqual(['Ana', 'Ben']);
    ana.send({ type: 'ping', c: 1 });
    await ana.next('pong');
    expect(ana.rest().filter(({ type }) => type === 'timeline')).toEqual([]);
  });

  it.each([0, 1, 2])('[V-01] version %i is understood', async (v) => {
    const room = 'r'.repeat(22);
    const grant = await relay.tokens.mint('grant', { room, sub: 'a', name: 'Ana', verified: true }, 60_000);
    const client = await relay.knock(room);
    client.send(hello({ kind: 'grant', grant }, v));
    expect((await client.next('welcome')).v).toBe(Math.min(v, 1));
  });

  it('[V-01][V-03] a version further away is refused, whatever else its hello says', async () => {
    for (const text of ['{"type":"hello","v":3}', JSON.stringify(hello({ kind: 'seat', seat: 'x'.repeat(20) }, 9))]) {
      const client = await relay.knock('r'.repeat(22));
      client.sendText(text);
      expect((await client.next('error')).code).toBe('unsupported-version');
      expect(await client.closed).toEqual({ code: 4426, reason: 'unsupported-version' });
    }
  });

  it('[A-01] a token that is wrong, expired, of another kind or for another room is refused', async () => {
    const ana = await relay.host();
    const claims = { room: ana.room, sub: 'e', name: 'Eve', verified: true };
    const { mint } = relay.tokens;
    const cases = [
      [`${await mint('grant', claims, 60_000)}x`, 'token-invalid'],
      [await mint('grant', claims, -60_000), 'token-expired'],
      [await mint('identity', claims, 60_000), 'token-invalid'],
      [await mint('grant', { ...claims, room: 'q'.repeat(22) }, 60_000), 'token-invalid'],
    ] as const;
    for (const [grant, code] of cases) {
      const eve = await relay.knock(ana.room);
      eve.send(hello({ kind: 'grant', grant }));
      expect(await eve.next('error')).toMatchObject({ code, timeline: null });
      expect(await eve.closed).toEqual({ code: 4401, reason: code });
    }
  });

  it('[M-07] an invite to a room that is gone says so', async () => {
    const ana = await relay.host();
    const room = 'q'.repeat(22);
    const claims = {
      room,
      jti: 'j',
      uses: 1,
      by: 'Ana',
      title: null,
      itemId: null,
      serverId: null,
      jellyfinUrl: 'http://a',
    };
    const ben = await relay.knock(room);
    ben.send(hello({ kind: 'invite', invite: await relay.tokens.mint('invite', claims, 60_000) }));
    expect(await ben.closed).toEqual({ code: 4404, reason: 'room-not-found' });
    ana.close();
  });

  it('[peer R-28][M-06] an invite works as often as it says', async () => {
    const ana = await relay.host();
    const invite = await askForInvite(ana, 1);
    const [ben, cem] = [await relay.knock(ana.room), await relay.knock(ana.room)];
    ben.send(hello({ kind: 'invite', invite, name: 'Ben' }));
    await ben.next('welcome');
    cem.send(hello({ kind: 'invite', invite, name: 'Cem' }));
    expect(await cem.closed).toEqual({ code: 4401, reason: 'invite-used-up' });
  });

  it('[R-01] a stranger may ping, and nothing else', async () => {
    const client = await relay.knock('r'.repeat(22));
    client.send({ type: 'ping', c: 7 });
    expect((await client.next('pong')).c).toBe(7);
    client.send(startFilm);
    expect(await client.next('error')).toMatchObject({ code: 'not-in-room', id: 'c1' });
  });

  it('[R-01] all that a stranger says at once is heard, in that order', async () => {
    const ana = await relay.host('Ana');
    const invite = await askForInvite(ana);
    const ben = await relay.knock(ana.room);
    const message = hello({ kind: 'invite', invite, name: 'Ben' });
    ben.sendText('{');
    ben.send(message);
    ben.send(message);
    ben.send({ type: 'ping', c: 7 });
    await vi.waitFor(() => expect(ben.rest().map(({ type }) => type)).toContain('welcome'));
    const told = ben
      .rest()
      .flatMap((one) => (one.type === 'error' ? [one.code] : one.type === 'pong' ? [] : [one.type]));
    expect(told.slice(0, 3)).toEqual(['bad-message', 'already-in-room', 'welcome']);
  });
});

describe('seats', () => {
  it('[M-04][A-05] a dropped member comes back as the same member with a new seat', async () => {
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    ben.vanish();
    await ana.next('member', ({ member }) => member.id === ben.id && !member.connected);
    const again = await relay.knock(ana.room);
    again.send(hello({ kind: 'seat', seat: ben.seat }));
    const welcome = await again.next('welcome');
    expect(welcome).toMatchObject({ you: ben.id, resumed: true });
    expect(welcome.seat).not.toBe(ben.seat);
    expect((await ana.next('member', ({ member }) => member.connected)).member.id).toBe(ben.id);
  });

  it('[peer R-24][M-04] taking a seat back closes the socket that had it, and that is no drop', async () => {
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    const again = await relay.knock(ana.room);
    again.send(hello({ kind: 'seat', seat: ben.seat }));
    await again.next('welcome');
    expect(await ben.closed).toEqual({ code: 4409, reason: 'seat-taken' });
    again.send({ type: 'command', id: 'm', base: 0, action: startFilm.action });
    await ana.next('timeline');
    expect(ana.rest().filter((message) => message.type === 'member' && !message.member.connected)).toEqual([]);
  });

  it('[peer R-24][A-05] a seat that has been replaced opens nothing', async () => {
    const ana = await relay.host();
    const again = await relay.knock(ana.room);
    again.send(hello({ kind: 'seat', seat: ana.seat }));
    await again.next('welcome');
    again.send({ type: 'ping', c: 1 });
    await again.next('pong');
    const thief = await relay.knock(ana.room);
    thief.send(hello({ kind: 'seat', seat: ana.seat }));
    expect(await thief.closed).toEqual({ code: 4401, reason: 'token-invalid' });
  });

  it('[R-02] leaving gives the seat up', async () => {
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    ben.send({ type: 'leave' });
    expect(await ben.closed).toEqual({ code: 1000, reason: 'left' });
    expect((await ana.next('left')).member).toBe(ben.id);
    const again = await relay.knock(ana.room);
    again.send(hello({ kind: 'seat', seat: ben.seat }));
    expect((await again.closed).code).toBe(4401);
  });
});

describe('in the room', () => {
  it('[R-11][K-02] a command reaches everyone as the same message, stamped with the relay clock', async () => {
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    ben.send(startFilm);
    const [atAna, atBen] = [await ana.next('timeline'), await ben.next('timeline')];
    expect(atAna).toEqual(atBen);
    expect(atAna).toMatchObject({ cause: 'media', by: ben.id, id: 'c1', timeline: { seq: 1, phase: 'playing' } });
    expect(Math.abs(atAna.s - atAna.timeline.atMs)).toBeLessThan(100);
  });

  it('[peer R-39][R-10] of two commands on the same timeline the second is told what happened', async () => {
    const ana = await relay.host();
    ana.send(startFilm);
    await ana.next('timeline');
    ana.send({ type: 'command', id: 'p1', base: 1, action: { kind: 'pause', positionMs: 0 } });
    ana.send({ type: 'command', id: 'p2', base: 1, action: { kind: 'play' } });
    expect(await ana.next('error')).toMatchObject({
      code: 'stale-command',
      id: 'p2',
      timeline: { seq: 2, phase: 'paused' },
    });
  });

  it('[T-07] a seek waits for both players and then starts for both', async () => {
    const { ana, ben } = await watchTogether();
    ana.send({ type: 'command', id: 's', base: 1, action: { kind: 'seek', positionMs: 9000 } });
    const { gate } = await ben.next('timeline', ({ cause }) => cause === 'seek');
    expect(gate?.waitingFor).toEqual([ana.id, ben.id]);
    for (const client of [ana, ben]) client.send({ type: 'ready', seq: 2 });
    const { timeline, s } = await ben.next('timeline', ({ cause }) => cause === 'ready');
    expect(timeline).toMatchObject({ phase: 'playing', positionMs: 9000, seq: 3 });
    expect(timeline.atMs).toBeGreaterThan(s);
  });

  it('[T-11] a stall holds the film for everyone, and it starts for everyone when that player is ready', async () => {
    const { ana, ben } = await watchTogether();
    ben.send({ type: 'stall', seq: 1, positionMs: 0 });
    const held = await ana.next('timeline', ({ cause }) => cause === 'stall');
    expect(held).toMatchObject({ by: ben.id, timeline: { phase: 'holding', seq: 2 }, gate: { waitingFor: [ben.id] } });
    expect(held.gate?.deadlineAtMs).toBe(held.timeline.atMs + held.waitMs);
    expect(await ben.next('timeline', ({ cause }) => cause === 'stall')).toEqual(held);
    ben.send({ type: 'ready', seq: 2 });
    const atAna = await ana.next('timeline', ({ cause }) => cause === 'ready');
    expect(await ben.next('timeline', ({ cause }) => cause === 'ready')).toEqual(atAna);
    const { positionMs } = held.timeline;
    expect(atAna).toMatchObject({ gate: null, timeline: { phase: 'playing', seq: 3, positionMs } });
    expect(atAna.timeline.atMs).toBeGreaterThan(atAna.s);
  });

  it('[T-13] a hold ends by itself after what the room chose, which newcomers are told', async () => {
    const { ana, ben } = await watchTogether();
    ana.send({ type: 'command', id: 'w', base: 1, action: { kind: 'wait', waitMs: 30 } });
    expect(await ben.next('timeline', ({ cause }) => cause === 'wait')).toMatchObject({ waitMs: 30 });
    const cem = await relay.knock(ana.room);
    cem.send(hello({ kind: 'invite', invite: await askForInvite(ana), name: 'Cem' }));
    expect(await cem.next('welcome')).toMatchObject({ waitMs: 30 });
    ben.send({ type: 'stall', seq: 2, positionMs: 0 });
    const held = await cem.next('timeline', ({ cause }) => cause === 'stall');
    const { s } = await cem.next('timeline', ({ cause }) => cause === 'deadline');
    expect(held.gate?.deadlineAtMs).toBe(held.timeline.atMs + 30);
    expect(s).toBeGreaterThanOrEqual(held.timeline.atMs + 30);
  });

  it('[peer R-15][R-05] three malformed messages are enough', async () => {
    const ana = await relay.host();
    for (const text of ['{', '[]', '{"type":"nonsense"}']) ana.sendText(text);
    expect(await ana.closed).toEqual({ code: 1008, reason: 'bad-message' });
  });

  it('[peer R-09][R-01] a second hello is refused and harms nobody', async () => {
    const ana = await relay.host();
    ana.send(hello({ kind: 'seat', seat: ana.seat }));
    expect((await ana.next('error')).code).toBe('already-in-room');
    ana.send({ type: 'ping', c: 1 });
    await ana.next('pong');
  });

  it('[peer R-14][C-01] a frame over the limit closes with 1009', async () => {
    const ana = await relay.host();
    ana.sendText('x'.repeat(MAX_CLIENT_MESSAGE_BYTES + 1));
    expect((await ana.closed).code).toBe(1009);
  });

  it('[peer R-18][B-01] a flood of messages closes with 4429', async () => {
    const ana = await relay.host();
    for (let count = 0; count < 200; count++) ana.send({ type: 'ping', c: count });
    expect(await ana.closed).toEqual({ code: 4429, reason: 'rate-limited' });
  });

  it('[C-03] stopping the relay closes with 1001', async () => {
    const ana = await relay.host();
    await relay.close();
    expect((await ana.closed).code).toBe(1001);
  });
});

describe('at the door', () => {
  it.each([
    ['a web page', 'https://evil.test'],
    ['a null origin', 'null'],
    ['no origin', ''],
    ['a name that looks like ours', 'chrome-extension://abc.evil.test'],
  ])('[O-02] %s is refused', async (_, origin) => {
    await expect(relay.knock('r'.repeat(22), { origin })).rejects.toThrow('refused with 403');
  });

  it('[O-01] other paths lead nowhere', async () => {
    for (const path of ['/v1/rooms/short', '/', `/v1/rooms/${'r'.repeat(22)}/x`]) {
      await expect(connect(relay.wsUrl + path)).rejects.toThrow('refused with 404');
    }
  });

  it('[peer R-17][B-02] one address has only so many sockets, and gets them back', async () => {
    const small = await startTestRelay({
      addressLimits: { sockets: 1, handshakes: { burst: 100, perSecond: 1 }, tokens: { burst: 1, perSecond: 0.01 } },
    });
    const first = await small.knock('r'.repeat(22));
    await expect(small.knock('r'.repeat(22))).rejects.toThrow('refused with 429');
    first.close();
    await first.closed;
    await expect
      .poll(() =>
        small.knock('r'.repeat(22)).then(
          () => 'in',
          () => 'out',
        ),
      )
      .toBe('in');
    await small.close();
  });

  it('[peer R-17][B-02] one address makes only so many connections in a row', async () => {
    const small = await startTestRelay({
      addressLimits: { sockets: 9, handshakes: { burst: 2, perSecond: 0.001 }, tokens: { burst: 1, perSecond: 0.01 } },
    });
    await small.knock('r'.repeat(22));
    await small.knock('r'.repeat(22));
    await expect(small.knock('r'.repeat(22))).rejects.toThrow('refused with 429');
    await small.close();
  });
});
