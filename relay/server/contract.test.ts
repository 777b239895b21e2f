import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ECHO_LIMITS, type Echo, startEcho } from '../testing/echo.ts';
import { createNodeServer } from './node-ws.ts';
import type { CreateServer, SocketServer } from './port.ts';
import { loadUws } from './uws.ts';

interface Client {
  socket: WebSocket;
  next: () => Promise<string>;
  closed: Promise<{ code: number; reason: string }>;
}

function open(url: string, origin = 'https://good.test', path = '/socket'): Promise<Client> {
  const socket = new WebSocket(url.replace('http', 'ws') + path, { origin });
  const inbox: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on('message', (data) => {
    const waiter = waiting.shift();
    if (waiter) waiter(data.toString());
    else inbox.push(data.toString());
  });
  const next = (): Promise<string> => {
    const text = inbox.shift();
    return text === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(text);
  };
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, next, closed }));
    socket.on('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)));
    socket.on('error', reject);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const ADAPTERS: readonly [string, () => CreateServer][] = [
  ['uws', loadUws],
  ['ws', () => createNodeServer],
];

describe.each(ADAPTERS)('socket server on %s', (_, load) => {
  let running: SocketServer | null = null;
  const start = (): Echo => {
    const echo = startEcho(load());
    running = echo.server;
    return echo;
  };
  afterEach(async () => {
    await running?.close();
    running = null;
  });

  it('carries text both ways, also what is not ASCII', async () => {
    const client = await open(await start().url);
    client.socket.send('grüße 🎬');
    expect(await client.next()).toBe('echo grüße 🎬');
  });

  it('publishes to those who are subscribed at that moment, in order with direct sends', async () => {
    const { server, url, last } = start();
    const [first, second] = [await open(await url), await open(await url)];
    first.socket.send('join a');
    await first.next();
    const secondSocket = last();
    second.socket.send('hi');
    await second.next();
    server.publish('a', 'one');
    secondSocket.send('snapshot');
    secondSocket.subscribe('a');
    server.publish('a', 'two');
    expect([await first.next(), await first.next()]).toEqual(['one', 'two']);
    expect([await second.next(), await second.next()]).toEqual(['snapshot', 'two']);
    first.socket.send('part a');
    expect(await first.next()).toBe('echo part a');
    server.publish('a', 'three');
    expect(await second.next()).toBe('three');
    first.socket.send('still here');
    expect(await first.next()).toBe('echo still here');
  });

  it('closes a socket that sends too much with 1009', async () => {
    const { url, ends } = start();
    const client = await open(await url);
    client.socket.send('x'.repeat(ECHO_LIMITS.maxMessageBytes + 1));
    expect((await client.closed).code).toBe(1009);
    expect(ends).toHaveLength(1);
  });

  it('hands a binary frame on as empty text, which no protocol accepts', async () => {
    const client = await open(await start().url);
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.next()).toBe('echo ');
  });

  it('refuses by origin with 403 and by path with 404 before a socket exists', async () => {
    const { url } = start();
    await expect(open(await url, 'https://evil.test')).rejects.toThrow('status 403');
    await expect(open(await url, 'https://good.test', '/other')).rejects.toThrow('status 404');
  });

  it('takes a handshake whose Upgrade a proxy has left out for the plain request that it is', async () => {
    const { url } = start();
    const headers = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
    const response = await fetch(`${await url}/socket`, { headers: { ...headers, origin: 'https://good.test' } });
    expect([response.status, await response.json()]).toMatchObject([200, { method: 'GET', path: '/socket' }]);
  });

  it('closes with the code and reason it is given, and a gone socket takes anything', async () => {
    const { url, ends, last } = start();
    const client = await open(await url);
    client.socket.send('close');
    expect(await client.closed).toEqual({ code: 4401, reason: 'token-invalid' });
    await expect.poll(() => ends.length).toBe(1);
    const gone = last();
    expect(gone.send('late')).toBe('dropped');
    gone.subscribe('a');
    gone.unsubscribe('a');
    gone.close(1000, 'again');
  });

  it('tells when the other side goes', async () => {
    const { url, ends } = start();
    const [polite, rude] = [await open(await url), await open(await url)];
    polite.socket.close(1000);
    rude.socket.terminate();
    await expect.poll(() => [...ends].sort()).toEqual([1000, 1006]);
  });

  it('answers HTTP with method, path, headers, body and peer at hand', async () => {
    const url = await start().url;
    const response = await fetch(`${url}/a/b?secret=1`, {
      method: 'POST',
      body: 'grüße',
      headers: { 'X-Test': 'yes' },
    });
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/a/b',
      body: 'grüße',
      header: 'yes',
      peer: '127.0.0.1',
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect((await fetch(`${url}/missing`)).status).toBe(404);
    expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).not.toBe('0');
  });

  it('refuses a body over the limit with 413', async () => {
    const url = await start().url;
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(ECHO_LIMITS.maxBodyBytes) })).status).toBe(200);
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(ECHO_LIMITS.maxBodyBytes + 1) })).status).toBe(413);
  });

  it('survives a request that is given up half-way', async () => {
    const url = await start().url;
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect((await fetch(url)).status).toBe(200);
  });

  it('cuts off a reader whose backlog grows over the limit', async () => {
    const { url, ends, last } = start();
    const client = await open(await url);
    client.socket.pause();
    const megabyte = 'x'.repeat(1024 * 1024);
    const send = (): number => {
      last().send(megabyte);
      return ends.length;
    };
    // A second is not enough on a machine that is busy with other tests.
    await expect.poll(send, { timeout: 10_000 }).toBe(1);
    client.socket.terminate();
  });

  it('does not share its port, and gets it back at once after a restart', async () => {
    const port = await freePort();
    const first = startEcho(load(), port);
    const client = await open(await first.url);
    await expect(startEcho(load(), port).url).rejects.toThrow(String(port));
    await first.server.close();
    await client.closed;
    const second = startEcho(load(), port);
    running = second.server;
    expect(await second.url).toBe(await first.url);
    await expect(startEcho(load(), port).url).rejects.toThrow(String(port));
  });

  it('closes every socket with 1001 when it stops, and frees the port', async () => {
    const { server, url } = start();
    const clients = [await open(await url), await open(await url)];
    await server.close();
    running = null;
    expect((await Promise.all(clients.map((client) => client.closed))).map(({ code }) => code)).toEqual([1001, 1001]);
    await expect(fetch(await url)).rejects.toThrow();
  });
});
