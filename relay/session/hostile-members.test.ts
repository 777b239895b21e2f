import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fixtures from '../../shared/fixtures/client-accepted.json' with { type: 'json' };
import type { TestClient } from '../testing/client.ts';
import { hello } from '../testing/client.ts';
import { askForInvite, startTestRelay, type TestRelay } from '../testing/relay.ts';
import { FILM } from '../testing/rooms.ts';

let relay: TestRelay;
beforeAll(async () => {
  // More sockets than one address opens otherwise.
  const many = { burst: 10_000, perSecond: 1000 };
  relay = await startTestRelay({ addressLimits: { sockets: 1000, handshakes: many, tokens: many } });
});
afterAll(() => relay.close());

const MESSAGES = (fixtures as readonly { name: string; message: { type: string } }[]).filter(
  ({ message }) => !['hello', 'ping'].includes(message.type),
);

/** What a member has heard of others so far, once everything sent before has been dealt with. */
async function heard(client: TestClient): Promise<string[]> {
  const types = client.rest().flatMap(({ type }) => (type === 'snapshot' ? [] : [type]));
  client.send({ type: 'ping', c: 1 });
  await client.next('pong');
  return types;
}

describe('who is not in the room', () => {
  it.each(MESSAGES)('[peer R-08][peer R-22] gets nowhere with "$name" before its hello', async ({ message }) => {
    const ana = await relay.host();
    const eve = await relay.knock(ana.room);
    eve.sendText(JSON.stringify(message));
    expect(await eve.next('error')).toMatchObject({ code: 'not-in-room', timeline: null });
    expect(await heard(ana)).toEqual([]);
    eve.close();
    ana.close();
  });

  it('[peer R-22] gets nowhere once it has left, or while its hello is looked at', async () => {
    const ana = await relay.host();
    const ben = await relay.guest(ana);
    await ana.next('member');
    const play = {
      type: 'command',
      id: 'c',
      base: 0,
      action: { kind: 'media', media: FILM, positionMs: 0, play: true },
    } as const;
    ben.send({ type: 'leave' });
    ben.send(play);
    await ben.closed;
    const eve = await relay.knock(ana.room);
    eve.send(hello({ kind: 'seat', seat: ben.seat }));
    eve.send(play);
    await eve.closed;
    await ana.next('left');
    expect((await heard(ana)).filter((type) => type === 'timeline')).toEqual([]);
    ana.close();
  });

  it('[peer R-29] is told of no room, by no address', async () => {
    const ana = await relay.host();
    for (const path of [
      '/',
      '/v1/info',
      '/v1/rooms',
      `/v1/rooms/${ana.room}`,
      '/healthz',
      '/readyz',
      `/join/${ana.room}`,
    ]) {
      expect(await (await fetch(relay.url + path)).text()).not.toContain(ana.room);
    }
    ana.close();
  });

  it('[peer R-24] takes no seat with a member’s public id, nor with the room’s', async () => {
    const ana = await relay.host();
    for (const guess of [ana.id, ana.room, `${ana.id}.${ana.room}`]) {
      const eve = await relay.knock(ana.room);
      eve.send(hello({ kind: 'seat', seat: guess.padEnd(20, '.') }));
      expect((await eve.closed).code).toBe(4401);
    }
    ana.close();
  });

  it('[peer R-28] an invite is for one room and for so many people', async () => {
    const [ana, ben] = [await relay.host(), await relay.host()];
    const invite = await askForInvite(ana, 1);
    const elsewhere = await relay.knock(ben.room);
    elsewhere.send(hello({ kind: 'invite', invite, name: 'Eve' }));
    expect(await elsewhere.closed).toEqual({ code: 4401, reason: 'token-invalid' });
    const [first, second] = [await relay.knock(ana.room), await relay.knock(ana.room)];
    // Both at once: one of them is too many, whichever it is.
    for (const client of [first, second]) client.send(hello({ kind: 'invite', invite, name: 'Eve' }));
    const outcomes = await Promise.all(
      [first, second].map((client) =>
        client.next('welcome').then(
          () => 'in',
          () => client.closed.then(({ reason }) => reason),
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['in', 'invite-used-up']);
    for (const client of [ana, ben, first, second]) client.close();
  });

  it('[peer R-25] who does not get into a room keeps the seat elsewhere', async () => {
    const [ana, ben] = [await relay.host(), await relay.host()];
    const invite = await askForInvite(ben, 1);
    const first = await relay.knock(ben.room);
    first.send(hello({ kind: 'invite', invite, name: 'Cem' }));
    await first.next('welcome');
    const late = await relay.knock(ben.room);
    late.send(hello({ kind: 'invite', invite, name: 'Ana' }));
    expect((await late.closed).code).toBe(4401);
    ana.send({ type: 'ping', c: 1 });
    await ana.next('pong');
    for (const client of [ana, ben, first]) client.close();
  });
});

describe('positions and rates', () => {
  const ACTIONS = [
    (value: string) => `{"kind":"pause","positionMs":${value}}`,
    (value: string) => `{"kind":"seek","positionMs":${value}}`,
    (value: string) => `{"kind":"rate","rate":${value}}`,
    (value: string) => `{"kind":"wait","waitMs":${value}}`,
    (value: string) => `{"kind":"media","media":${JSON.stringify(FILM)},"positionMs":${value},"play":true}`,
  ];

  it.each([
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '-1e999',
    '-1',
    '-1e-300',
    '172800001',
    '"0"',
    '""',
    'null',
    'true',
    '[]',
    '[0]',
    '{}',
  ])('[peer R-30] %s is neither, and changes nothing', async (value) => {
    for (const action of ACTIONS) {
      const ana = await relay.host();
      ana.sendText(`{"type":"command","id":"c","base":0,"action":${action(value)}}`);
      expect((await ana.next('error')).code).toBe('bad-message');
      expect(await heard(ana)).toEqual([]);
      ana.close();
    }
  });

  it.each(['0', '-0', '1e-320'])('[peer R-30] %s is the beginning of the film', async (value) => {
    const ana = await relay.host();
    const { runtimeMs: _, ...film } = FILM;
    const media = JSON.stringify({ ...film, runtimeMs: 60_000 });
    ana.sendText(
      `{"type":"command","id":"a","base":0,"action":{"kind":"media","media":${media},"positionMs":5000,"play":false}}`,
    );
    ana.sendText(`{"type":"command","id":"b","base":1,"action":{"kind":"seek","positionMs":${value}}}`);
    const { timeline } = await ana.next('timeline', ({ id }) => id === 'b');
    expect(timeline.positionMs).toBeCloseTo(0);
    ana.close();
  });

  it('[peer R-30] past the end of the film is refused', async () => {
    const ana = await relay.host();
    const action = { kind: 'media', media: { ...FILM, runtimeMs: 60_000 }, positionMs: 65_001, play: true } as const;
    ana.send({ type: 'command', id: 'c', base: 0, action });
    expect((await ana.next('error')).code).toBe('bad-position');
    ana.close();
  });

  it.each(['../../Users', 'javascript:alert(1)', 'A'.repeat(32), '0'.repeat(33), '', 'http://evil.test/'])(
    '[peer R-37] "%s" is no item and no server',
    async (id) => {
      for (const field of ['itemId', 'serverId']) {
        const ana = await relay.host();
        const media = { ...FILM, [field]: id };
        ana.sendText(
          JSON.stringify({
            type: 'command',
            id: 'c',
            base: 0,
            action: { kind: 'media', media, positionMs: 0, play: true },
          }),
        );
        expect((await ana.next('error')).code).toBe('bad-message');
        ana.close();
      }
    },
  );
});
