import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Echo, startEcho } from '../testing/echo.ts';
import { frame, OPCODE, type RawSocket, rawConnect, rawWebSocket, request } from '../testing/raw.ts';
import { createNodeServer } from './node-ws.ts';
import type { CreateServer } from './port.ts';
import { loadUws } from './uws.ts';

const ADAPTERS: readonly [string, () => CreateServer][] = [
  ['uws', loadUws],
  ['ws', () => createNodeServer],
];
const GOOD = { origin: 'https://good.test' };

describe.each(ADAPTERS)('hostile bytes on %s', (_, load) => {
  let echo: Echo;
  let port = 0;
  beforeAll(async () => {
    echo = startEcho(load());
    port = Number(new URL(await echo.url).port);
  });
  afterAll(() => echo.server.close());

  const open = (): Promise<RawSocket> => rawWebSocket(port, '/socket', GOOD);
  /** Hangs up, and waits until that is noticed. */
  const leave = async (socket: RawSocket): Promise<void> => {
    const ends = echo.ends.length;
    socket.end();
    await expect.poll(() => echo.ends.length).toBe(ends + 1);
  };
  const isServing = async (): Promise<boolean> => {
    const socket = await open();
    socket.write(frame(OPCODE.text, 'still here'));
    await expect.poll(socket.received).toContain('echo still here');
    await leave(socket);
    return (await fetch(`http://127.0.0.1:${port}/`)).status === 200;
  };

  it('[peer R-14] a message in a thousand pieces, with pings between them, is one message', async () => {
    const socket = await open();
    const text = 'x'.repeat(1000);
    const pieces = [...text].flatMap((letter, index) => {
      const piece = frame(index === 0 ? OPCODE.text : OPCODE.continuation, letter, { fin: index === text.length - 1 });
      // A few: `ws` takes more than sixty pings in one breath for a flood, and hangs up.
      return index % 100 === 50 ? [piece, frame(OPCODE.ping, 'p')] : [piece];
    });
    for (const byte of Buffer.concat(pieces)) socket.write(Uint8Array.of(byte));
    await expect.poll(socket.received, { timeout: 10_000 }).toContain(`echo ${text}`);
    await leave(socket);
  });

  it.each([
    ['a frame over the limit', [frame(OPCODE.text, 'x'.repeat(100_000))]],
    ['a head that announces a gigabyte', [frame(OPCODE.text, '', { claims: 1n << 30n })]],
    ['a head that announces more than there is', [frame(OPCODE.text, '', { claims: (1n << 64n) - 1n })]],
    [
      'small pieces that never end',
      Array.from({ length: 500 }, (_, i) => frame(i && 0, 'x'.repeat(1000), { fin: false })),
    ],
    ['a compressed bomb', [frame(OPCODE.text, deflateRawSync(Buffer.alloc(1_000_000)), { rsv1: true })]],
    ['text that is no UTF-8', [frame(OPCODE.text, Uint8Array.of(0x68, 0xc3, 0x28))]],
    ['half a surrogate pair in UTF-8', [frame(OPCODE.text, Uint8Array.of(0xed, 0xa0, 0x80))]],
    ['half a character', [frame(OPCODE.text, Uint8Array.of(0x68, 0xe2, 0x82))]],
    ['a reserved opcode', [frame(3, 'x')]],
    ['a reserved control opcode', [frame(11, 'x')]],
    ['a ping in pieces', [frame(OPCODE.ping, 'x', { fin: false })]],
    ['a ping over 125 bytes', [frame(OPCODE.ping, 'x'.repeat(126))]],
    ['a continuation of nothing', [frame(OPCODE.continuation, 'x')]],
    ['a new message inside another', [frame(OPCODE.text, 'x', { fin: false }), frame(OPCODE.text, 'y')]],
  ])('[peer R-14][peer R-15] %s ends that socket, is not handed on and harms nobody else', async (_, frames) => {
    const [ends, heard] = [echo.ends.length, echo.heard.length];
    const socket = await open();
    for (const bytes of frames) socket.write(bytes);
    expect(await socket.hungUp(3_000)).toBe(true);
    socket.end();
    await expect.poll(() => echo.ends.length).toBe(ends + 1);
    expect(echo.heard.slice(heard)).toEqual([]);
    expect(await isServing()).toBe(true);
  });

  it.each([
    ['an empty close', frame(OPCODE.close, '')],
    ['a close of one byte', frame(OPCODE.close, 'x')],
    ['a close with a code that nobody may send', frame(OPCODE.close, Uint8Array.of(0x03, 0xed))],
    ['a close with a reason that is no UTF-8', frame(OPCODE.close, Uint8Array.of(0x03, 0xe8, 0xff))],
  ])('[peer R-14] %s is a close', async (_, bytes) => {
    const ends = echo.ends.length;
    const socket = await open();
    socket.write(bytes);
    // Nobody waits long for a peer that does not hang up after its close.
    await expect.poll(() => echo.ends.length, { timeout: 5_000 }).toBe(ends + 1);
    socket.end();
  });

  it('[peer R-14] compression is not agreed to, however it is asked for', async () => {
    for (const extension of [
      'permessage-deflate',
      'permessage-deflate; client_max_window_bits',
      'x-webkit-deflate-frame',
    ]) {
      const socket = await rawWebSocket(port, '/socket', { ...GOOD, 'sec-websocket-extensions': extension });
      expect(socket.received().toLowerCase()).not.toContain('sec-websocket-extensions');
      await leave(socket);
    }
  });

  it('[peer R-16] says each line of a repeated header, in order, in requests and handshakes', async () => {
    const twice = { 'x-test': ['first', 'last'] };
    const plain = await rawConnect(port);
    plain.write(request('GET', '/', { host: 'a', ...twice }));
    await expect.poll(plain.received).toContain('"header":"first, last"');
    const socket = await rawWebSocket(port, '/socket', { ...GOOD, ...twice });
    await expect.poll(socket.received).toContain('first, last');
    plain.end();
    await leave(socket);
  });

  it('[peer R-19] who sends pings and never reads the pongs is cut off, or no longer listened to', async () => {
    const ends = echo.ends.length;
    const socket = await open();
    socket.deafen();
    const pings = Buffer.concat(Array.from({ length: 2_000 }, () => frame(OPCODE.ping, 'x'.repeat(125))));
    const before = process.memoryUsage().rss;
    let sent = 0;
    for (; sent < 300 && echo.ends.length === ends; sent++) {
      socket.write(pings);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    socket.end();
    expect(sent).toBeLessThan(300);
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
    expect(await isServing()).toBe(true);
  });

  it('[peer R-19] who never reads what is published to its room is cut off, the others get everything', async () => {
    const ends = echo.ends.length;
    const [slow, quick] = [await open(), await open()];
    for (const socket of [slow, quick]) socket.write(frame(OPCODE.text, 'join flood'));
    await expect.poll(slow.received).toContain('echo join');
    await expect.poll(quick.received).toContain('echo join');
    slow.deafen();
    const text = 'y'.repeat(60_000);
    let rounds = 0;
    for (; rounds < 1000 && echo.ends.length === ends; rounds++) {
      echo.server.publish('flood', text);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(echo.ends.length).toBe(ends + 1);
    expect(rounds).toBeLessThan(1000);
    echo.server.publish('flood', 'the last word');
    await expect.poll(quick.received).toContain('the last word');
    expect(quick.received().length).toBeGreaterThan(rounds * text.length);
    slow.end();
    quick.end();
  });

  it.each([
    ['both a length and chunks', { 'content-length': '5', 'transfer-encoding': 'chunked' }, '0\r\n\r\n'],
    ['two lengths that differ', { 'content-length': ['0', '5'] }, ''],
    ['a length with a sign', { 'content-length': '+5' }, ''],
    ['a length in words', { 'content-length': 'five' }, ''],
    ['an endless length', { 'content-length': '99999999999999999999999' }, ''],
    ['an unknown encoding', { 'transfer-encoding': 'cow' }, ''],
    ['chunks that are none', { 'transfer-encoding': 'chunked' }, 'zz\r\nx\r\n'],
    ['a space before the colon', { 'content-length ': '5' }, ''],
  ])('[peer R-14] a request with %s hides no other request', async (_, headers, body) => {
    const heard = echo.heard.length;
    const socket = await rawConnect(port);
    socket.write(request('POST', '/outer', { host: 'a', ...headers }, body));
    socket.write(request('GET', '/hidden', { host: 'a' }));
    await socket.hungUp(500);
    socket.end();
    expect(echo.heard.slice(heard)).not.toContain('/hidden');
    expect(await isServing()).toBe(true);
  });
});
