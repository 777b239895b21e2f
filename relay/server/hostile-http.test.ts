import { BlockList } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { EXTENSION_ORIGIN, hello } from '../testing/client.ts';
import { rawConnect, rawWebSocket, request, upgradeRequest } from '../testing/raw.ts';
import { startTestRelay, type TestRelay } from '../testing/relay.ts';
import { isOriginAllowed } from './origin.ts';

const ROOM = `/v1/rooms/${'r'.repeat(22)}`;
const STRICT = {
  sockets: 3,
  handshakes: { burst: 12, perSecond: 0.001 },
  tokens: { burst: 2, perSecond: 0.001 },
};

/** @returns the status line's number of the answer to a request written by hand. */
async function statusOf(relay: TestRelay, text: string): Promise<number> {
  const socket = await rawConnect(relay.port);
  socket.write(text);
  await expect.poll(socket.received).toMatch(/^HTTP\/1\.1 \d{3}/);
  socket.end();
  return Number(socket.received().slice(9, 12));
}

describe.each(['uws', 'ws'] as const)('hostile requests on %s', (socket) => {
  let relay: TestRelay;
  beforeAll(async () => {
    relay = await startTestRelay({ socket });
  });
  afterAll(() => relay.close());

  it.each(['a:99999', '1.2.3.999', '[::::]', '[1.2.3.4]:80', '..', '-', '%', 'a b', '<script>', 'a'.repeat(3000), ''])(
    '[peer R-14] a Host header of "%s" is answered and ends nothing',
    async (host) => {
      expect([200, 400, 431]).toContain(await statusOf(relay, request('GET', '/healthz', { host })));
      const sent = request('POST', '/v1/invites/check', { host, origin: EXTENSION_ORIGIN, 'content-length': '0' });
      expect([400, 431]).toContain(await statusOf(relay, sent));
      expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
    },
  );

  it.each([
    ['a WebSocket key of the wrong length', { 'sec-websocket-key': 'abc' }, 'GET'],
    ['no WebSocket key', { 'sec-websocket-key': undefined }, 'GET'],
    ['an upgrade to something else', { upgrade: 'h2c', 'sec-websocket-key': undefined }, 'GET'],
    ['a POST', {}, 'POST'],
  ] as const)('[peer R-17] handshakes with %s use up no socket of their address', async (_, headers, method) => {
    const strict = await startTestRelay({ socket, addressLimits: STRICT });
    for (let count = 0; count < STRICT.sockets + 2; count++) {
      expect(await statusOf(strict, upgradeRequest(ROOM, headers, method))).toBeGreaterThanOrEqual(400);
    }
    (await rawWebSocket(strict.port, ROOM)).end();
    await strict.close();
  });

  it('[peer R-16] an address that is not a trusted proxy gains nothing by X-Forwarded-For', async () => {
    const strict = await startTestRelay({ socket, addressLimits: STRICT });
    const guess = (from: string) =>
      strict.post('/v1/token', { kind: 'pairing', code: 'GUESS', name: 'Eve' }, { 'x-forwarded-for': from });
    expect([(await guess('1.1.1.1')).status, (await guess('1.1.1.2')).status]).toEqual([403, 403]);
    expect((await guess('1.1.1.3')).status).toBe(429);
    await strict.close();
  });

  it.each([
    ['in one line', (claimed: string) => `${claimed}, 203.0.113.9`],
    ['in a line of its own', (claimed: string) => [claimed, '203.0.113.9']],
    ['through a second proxy', (claimed: string) => [claimed, '203.0.113.9', '127.0.0.1']],
  ] as const)(
    '[peer R-16] behind a proxy that adds the address %s, what the client claims counts for nothing',
    async (_, forwarded) => {
      const trustedProxies = new BlockList();
      trustedProxies.addAddress('127.0.0.1');
      const strict = await startTestRelay({ socket, addressLimits: STRICT, trustedProxies });
      for (let count = 0; count < STRICT.sockets; count++) {
        await rawWebSocket(strict.port, ROOM, { 'x-forwarded-for': forwarded(`10.0.0.${count}`) });
      }
      const more = upgradeRequest(ROOM, { 'x-forwarded-for': forwarded('10.0.0.99') });
      expect(await statusOf(strict, more)).toBe(429);
      expect(await statusOf(strict, upgradeRequest(ROOM, { 'x-forwarded-for': '203.0.113.10' }))).toBe(101);
      await strict.close();
    },
  );

  it.each([
    ['', ''],
    ['https://jf.example', ''],
    ['https://jf.example', EXTENSION_ORIGIN],
  ])('[peer R-11] two Origin lines ("%s", "%s") are no origin', async (first, second) => {
    const strict = await startTestRelay({ socket, allowedOrigins: ['https://jf.example'] });
    const two = upgradeRequest(ROOM, { origin: [first, second] });
    expect(await statusOf(strict, two)).toBe(403);
    await strict.close();
  });

  it('[peer R-11] a page whose name was bound to the relay’s address is refused once OSP_PUBLIC_URL says the relay’s own', async () => {
    const own = await startTestRelay({ socket, publicUrl: 'https://party.test' });
    const headers = { host: 'evil.test', origin: 'http://evil.test', 'content-length': '0' };
    expect(await statusOf(own, request('POST', '/v1/token', headers))).toBe(403);
    expect(await statusOf(own, upgradeRequest(ROOM, headers))).toBe(403);
    await own.close();
  });

  it('[peer R-01] a token in the query or path is not taken, nor told again', async () => {
    const identity = await relay.tokens.mint('identity', { sub: 'a@b', name: 'Ana', verified: true }, 60_000);
    const grant = await relay.tokens.mint(
      'grant',
      { room: 'r'.repeat(22), sub: 'a', name: 'A', verified: true },
      60_000,
    );
    for (const path of [`/v1/rooms?identity=${identity}`, `/v1/rooms/${identity}`, `/join/${grant}`]) {
      const response = await fetch(relay.url + path, { method: 'POST', headers: { origin: EXTENSION_ORIGIN } });
      expect([401, 404, 405]).toContain(response.status);
      const told = `${await response.text()}${JSON.stringify([...response.headers])}`;
      expect(told).not.toContain(identity);
      expect(told).not.toContain(grant);
    }
    const client = await relay.knock(`${'r'.repeat(22)}?grant=${grant}`);
    client.send({ type: 'leave' });
    expect((await client.next('error')).code).toBe('not-in-room');
    client.close();
  });

  it('[peer R-23] an unknown room and a wrong secret for a known one are told apart by nobody', async () => {
    const ana = await relay.host();
    const answers: unknown[] = [];
    for (const room of [ana.room, 'q'.repeat(22)]) {
      const eve = await relay.knock(room);
      eve.send(hello({ kind: 'invite', invite: 'guess.guess.guess.guess' }));
      answers.push([await eve.next('error'), await eve.closed]);
    }
    expect(answers[0]).toEqual(answers[1]);
    ana.close();
  });

  it('[peer R-17] one person opens only so many parties, from however many addresses', async () => {
    const trustedProxies = new BlockList();
    trustedProxies.addAddress('127.0.0.1');
    const open = await startTestRelay({ socket, trustedProxies });
    const bearer = async (sub: string): Promise<string> =>
      `Bearer ${await open.tokens.mint('identity', { sub, name: 'Ana', verified: true }, 60_000)}`;
    const [ana, ben] = [await bearer('ana@s'), await bearer('ben@s')];
    const statuses = new Set<number>();
    for (let count = 0; count < 110; count++) {
      const from = { authorization: ana, 'x-forwarded-for': `198.51.100.${count}` };
      statuses.add((await open.post('/v1/rooms', undefined, from)).status);
    }
    expect([...statuses]).toEqual([200, 429]);
    expect((await open.post('/v1/rooms', undefined, { authorization: ben })).status).toBe(200);
    await open.close();
  });
});

describe('origins', () => {
  const allowed = readConfig({
    OSP_ALLOWED_ORIGINS: 'https://JF.Example:443/, https://jf.example:8443',
  }).allowedOrigins;

  it.each(['https://jf.example', 'https://jf.example:8443', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'])(
    '[peer R-11] %s is allowed, however the list spells it',
    (origin) => {
      expect(isOriginAllowed(origin, allowed)).toBe(true);
    },
  );

  it.each([
    '',
    'null',
    '*',
    'https://jf.example.evil.test',
    'https://evil-jf.example',
    'https://jf.example@evil.test',
    'https://jf.example:443',
    'https://jf.example:80',
    'https://jf.example/',
    'HTTPS://JF.EXAMPLE',
    'http://jf.example',
    'https://jf.example, https://evil.test',
    'https://jf.example\n',
    'https://jf.example.',
    'chrome-extension://',
    'chrome-extension://abc.evil.test',
    'chrome-extension://ABC',
    'chrome-extension://abc/',
    'moz-extension://abc\n',
    'safari-web-extension://abc',
    'https://chrome-extension://abc',
  ])('[peer R-11] "%s" is not', (origin) => {
    expect(isOriginAllowed(origin, allowed)).toBe(false);
  });

  it('[peer R-12] a list that names an extension lets no other extension in', () => {
    const pinned = readConfig({ OSP_ALLOWED_ORIGINS: 'chrome-extension://ours' }).allowedOrigins;
    expect(isOriginAllowed('chrome-extension://ours', pinned)).toBe(true);
    for (const other of ['chrome-extension://other', 'moz-extension://ours']) {
      expect(isOriginAllowed(other, pinned)).toBe(false);
    }
  });
});
