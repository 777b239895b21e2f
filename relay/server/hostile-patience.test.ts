import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ECHO_LIMITS, type Echo, startEcho } from '../testing/echo.ts';
import { frame, OPCODE, type RawSocket, rawConnect, rawWebSocket, request, upgradeRequest } from '../testing/raw.ts';
import { startTestRelay } from '../testing/relay.ts';
import { createNodeServer } from './node-ws.ts';
import type { CreateServer } from './port.ts';
import { loadUws } from './uws.ts';

const ADAPTERS: readonly [string, () => CreateServer][] = [
  ['uws', loadUws],
  ['ws', () => createNodeServer],
];
const GOOD = { origin: 'https://good.test' };
/** A silent peer is cut off after this long, give or take the steps of four seconds that uWS counts in. */
const IDLE_MS = 8_000;
/** Nobody needs this long to say what they want; uWS allows ten seconds. */
const SLOW_MS = 17_000;

/** These wait for a long time and do little, so all of them wait together. */
describe.concurrent.each(ADAPTERS)('slow and half-open connections on %s', (_, load) => {
  let echo: Echo;
  let port = 0;
  beforeAll(async () => {
    echo = startEcho(load(), 0, { ...ECHO_LIMITS, idleTimeoutMs: IDLE_MS });
    port = Number(new URL(await echo.url).port);
  });
  afterAll(() => echo.server.close());

  it.concurrent.each([
    ['a head of 100 KiB in one line', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(100_000)}`],
    ['ten thousand headers', `GET / HTTP/1.1\r\nhost: a\r\n${'x: y\r\n'.repeat(10_000)}`],
    ['a path of 100 KiB', `GET /${'y'.repeat(100_000)}`],
    ['TLS', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x00'.repeat(600)}`],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no HTTP at all', '\r\n\r\n\r\n\0\0\0\0{}{}{}\r\n\r\n'],
  ])(
    '[peer R-14] %s is hung up on',
    async (_, text) => {
      const socket = await rawConnect(port);
      socket.write(Buffer.from(text, 'latin1'));
      expect(await socket.hungUp(SLOW_MS)).toBe(true);
      socket.end();
    },
    20_000,
  );

  /** Writes one byte now and then until the other side hangs up. */
  const drip = async (start: string, byte: string): Promise<boolean> => {
    const socket = await rawConnect(port);
    socket.write(start);
    const timer = setInterval(() => socket.write(byte), 700);
    const result = await socket.hungUp(SLOW_MS);
    clearInterval(timer);
    socket.end();
    return result;
  };

  it.concurrent.each([
    ['says nothing', '', ''],
    ['starts a request and falls asleep', 'GET / HTTP/1.1\r\nhost: a\r\n', ''],
    ['sends its head one byte at a time', 'GET / HTTP/1.1\r\nhost: a\r\nx: ', 'y'],
    ['sends its handshake one byte at a time', upgradeRequest('/socket').slice(0, -2), 'y'],
    ['sends its body one byte at a time', request('POST', '/', { host: 'a', 'content-length': '1000' }), 'y'],
  ])(
    '[peer R-21] who %s is hung up on',
    async (_, start, byte) => {
      expect(await drip(start, byte)).toBe(true);
    },
    25_000,
  );

  it.concurrent('[peer R-21] a socket whose other end is gone without a word is given up, one that answers pings stays', async ({
    expect,
  }) => {
    // Reads nothing and says nothing, as a machine that lost its network does.
    const dead = await rawWebSocket(port, '/socket', { ...GOOD, 'x-test': 'dead' });
    dead.deafen();
    const { default: WebSocket } = await import('ws');
    const live = new WebSocket(`ws://127.0.0.1:${port}/socket`, { origin: GOOD.origin });
    await new Promise<void>((resolve) => live.once('open', () => resolve()));
    await expect.poll(() => echo.gone.includes('dead'), { timeout: 3 * IDLE_MS }).toBe(true);
    expect(live.readyState).toBe(live.OPEN);
    live.close();
    dead.end();
  }, 30_000);

  it.concurrent('[peer R-21] a refusal or close that the other side ignores is over all the same', async ({
    expect,
  }) => {
    const refused = await rawConnect(port);
    refused.write(upgradeRequest('/nowhere', GOOD));
    const closed = await rawWebSocket(port, '/socket', GOOD);
    closed.write(frame(OPCODE.text, 'close'));
    for (const socket of [refused, closed]) {
      expect(await socket.hungUp(3_000)).toBe(true);
      // It has heard the end, and goes on talking: only when the other end is really gone is that an error.
      await expect.poll(() => isReset(socket), { timeout: 40_000, interval: 250 }).toBe(true);
    }
  }, 60_000);
});

describe.concurrent.each(['uws', 'ws'] as const)('the door of a relay on %s', (socket) => {
  it('[peer R-08] is open for a stranger for ten seconds without a hello, whatever else it says', async ({
    expect,
  }) => {
    const relay = await startTestRelay({ socket });
    const startedMs = performance.now();
    const stranger = await relay.knock('r'.repeat(22));
    const timer = setInterval(() => stranger.send({ type: 'ping', c: 1 }), 500);
    expect(await stranger.closed).toEqual({ code: 4408, reason: 'hello-timeout' });
    clearInterval(timer);
    expect(performance.now() - startedMs).toBeLessThan(14_000);
    await relay.close();
  }, 25_000);
});

/** @returns whether the other end refuses what is said to it. */
function isReset(socket: RawSocket): boolean {
  socket.write('x');
  return socket.broken();
}
