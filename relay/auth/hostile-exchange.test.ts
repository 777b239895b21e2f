import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAKE_SERVER_ID, FAKE_USER_ID, type FakeJellyfin, startFakeJellyfin } from '../testing/fake-jellyfin.ts';
import { startTestRelay } from '../testing/relay.ts';
import { createJellyfinDirectory } from './jellyfin-directory.ts';
import { createJellyfinExchange } from './jellyfin-exchange.ts';

const INFO = { Id: FAKE_SERVER_ID };
const USER = { Id: FAKE_USER_ID, Name: 'Ana' };
/** The exchange waits five seconds for each of its two questions. */
const PATIENCE_MS = 12_000;
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function listen(server: ReturnType<typeof createServer> | ReturnType<typeof createTcpServer>): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A Jellyfin that is honest about itself, and does this when asked who somebody is. */
const serve = (me: RequestListener): Promise<string> =>
  listen(createServer((req, res) => (req.url === '/Users/Me' ? me(req, res) : void res.end(JSON.stringify(INFO)))));

const ask = (url: string): Promise<unknown> =>
  createJellyfinExchange(createJellyfinDirectory([url]))(FAKE_SERVER_ID, 'good-token').catch(
    (error: { code: string }) => error.code,
  );

describe('a Jellyfin that means harm', () => {
  let canary: FakeJellyfin;
  beforeAll(async () => {
    canary = await startFakeJellyfin();
    closers.push(() => void canary.close());
  });

  it.each([301, 302, 303, 307, 308])('[peer R-40] is not followed anywhere by a %i', async (status) => {
    const location = `${canary.url}/Users/Me`;
    const redirect: RequestListener = (_, res) => void res.writeHead(status, { location }).end();
    expect(await ask(await serve(redirect))).toBe('jellyfin-unreachable');
    expect(await ask(await listen(createServer(redirect)))).toBe('jellyfin-unreachable');
    expect(canary.asked).toEqual([]);
  });

  it('[peer R-40] leads nowhere by any other header', async () => {
    const headers = {
      location: canary.url,
      refresh: `0;url=${canary.url}`,
      'alt-svc': `h2="${new URL(canary.url).host}"`,
    };
    const url = await serve((_, res) => void res.writeHead(200, headers).end(JSON.stringify(USER)));
    expect(await ask(url)).toMatchObject({ name: 'Ana' });
    expect(canary.asked).toEqual([]);
  });

  it.concurrent.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    ['sends its head one byte at a time', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx: ')],
    ['sends its body one byte at a time', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n')],
    ['has only interim answers', (socket) => drip(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n')],
    [
      'has a head of a megabyte',
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}\r\n\r\n`),
    ],
    [
      'has a hundred thousand headers',
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}\r\n`),
    ],
    ['hangs up', (socket) => void socket.destroy()],
    ['speaks no HTTP', (socket) => void socket.write('220 mail.test ESMTP\r\n')],
    ['promises more than it sends', (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{}')],
  ])(
    '[peer R-42] and %s is given up in time',
    async (_, behave) => {
      const url = await listen(
        createTcpServer((socket) => {
          socket.on('error', () => socket.destroy());
          socket.once('data', () => behave(socket));
        }),
      );
      const startedMs = performance.now();
      expect(await ask(url)).toBe('jellyfin-unreachable');
      expect(performance.now() - startedMs).toBeLessThan(PATIENCE_MS);
    },
    20_000,
  );

  it('[peer R-42] and never stops answering is cut off, compressed or not', async () => {
    const endless = (): Readable => Readable.from(forever(), { objectMode: false });
    const before = process.memoryUsage().rss;
    const plain = await serve(
      (_, res) =>
        void endless()
          .on('error', () => undefined)
          .pipe(res.writeHead(200)),
    );
    expect(await ask(plain)).toBe('jellyfin-unreachable');
    const bomb = await serve((_, res) => {
      const zip = createGzip();
      res.writeHead(200, { 'content-encoding': 'gzip' });
      endless().pipe(zip).pipe(res);
      res.on('close', () => zip.destroy());
    });
    expect(await ask(bomb)).toBe('jellyfin-unreachable');
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });

  it.each([
    ['no JSON', 'hello'],
    ['HTML', '<html>'],
    ['nothing', ''],
    ['an array', '[]'],
    ['an id that is a path', JSON.stringify({ ...USER, Id: '../../Users' })],
    ['an id that is no text', JSON.stringify({ ...USER, Id: 7 })],
    ['no name', JSON.stringify({ Id: FAKE_USER_ID })],
    ['depth', '['.repeat(60_000)],
  ])('[peer R-42] and answers with %s makes nobody', async (_, body) => {
    expect(await ask(await serve((_req, res) => void res.end(body)))).toBe('jellyfin-unreachable');
  });

  it('[peer R-50] gives a name of control characters or none, and it is tidied', async () => {
    const named = async (Name: string): Promise<unknown> =>
      ask(await serve((_, res) => void res.end(JSON.stringify({ ...USER, Name }))));
    expect(await named('A\u0000\u001b[2J\r\nna'.repeat(50))).toMatchObject({
      name: expect.stringMatching(/^[^\p{Cc}]{1,64}$/u),
    });
    expect(await named('\u0007')).toMatchObject({ name: 'Jellyfin user' });
  });

  it('[peer R-40] that claims another listed server’s id does not get the tokens meant for that one', async () => {
    const honest = await startFakeJellyfin();
    const tokens: unknown[] = [];
    const thief = await listen(
      createServer((req, res) => {
        tokens.push(req.headers.authorization);
        res.end(JSON.stringify(req.url === '/Users/Me' ? USER : INFO));
      }),
    );
    const exchange = createJellyfinExchange(createJellyfinDirectory([honest.url, thief]));
    for (let count = 0; count < 5; count++) await exchange(FAKE_SERVER_ID, 'good-token');
    expect(tokens.filter((token) => token !== undefined)).toEqual([]);
    await honest.close();
  });
});

describe('who somebody is', () => {
  it.each<[string, unknown, string | undefined]>([
    ['with a picture', 'a1b2c3', 'a1b2c3'],
    ['without one', null, undefined],
    ['with a tag that would be part of an address', '../../evil?x=', undefined],
    ['with something else in its place', { nested: true }, undefined],
  ])('[M-14] %s', async (_, PrimaryImageTag, tag) => {
    const url = await serve((_req, res) => void res.end(JSON.stringify({ ...USER, PrimaryImageTag })));
    const avatar = tag && { serverId: FAKE_SERVER_ID, userId: FAKE_USER_ID, tag };
    expect(await ask(url)).toMatchObject({ name: 'Ana', verified: true });
    expect(((await ask(url)) as { avatar?: unknown }).avatar).toEqual(avatar);
  });

  it('[peer R-45] hangs on the server too: one user id on two servers is two people', async () => {
    const other = 'f'.repeat(32);
    const listener: RequestListener = (req, res) =>
      void res.end(JSON.stringify(req.url === '/Users/Me' ? USER : { Id: other }));
    const [one, two] = [
      await serve((_, res) => void res.end(JSON.stringify(USER))),
      await listen(createServer(listener)),
    ];
    const exchange = createJellyfinExchange(createJellyfinDirectory([one, two]));
    const subs = [(await exchange(FAKE_SERVER_ID, 'good-token')).sub, (await exchange(other, 'good-token')).sub];
    expect(subs).toEqual([`${FAKE_USER_ID}@${FAKE_SERVER_ID}`, `${FAKE_USER_ID}@${other}`]);
  });

  it('[peer R-40][peer R-41] nothing a client says makes the relay ask anything but its two questions, with one header', async () => {
    const jellyfin = await startFakeJellyfin();
    const limits = { burst: 10_000, perSecond: 1000 };
    const relay = await startTestRelay({
      jellyfinUrls: [jellyfin.url],
      addressLimits: { sockets: 1, handshakes: limits, tokens: limits },
    });
    const tricks = [
      'good-token',
      'x"y',
      'a\r\nHost: evil',
      '../System/Restart',
      'http://127.0.0.1:1/',
      '@evil.test',
      '%0d%0a',
      '\u0130',
    ];
    const text = fc.oneof(fc.constantFrom(...tricks, FAKE_SERVER_ID), fc.string({ maxLength: 40, unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (serverId, token, extra) => {
        const { status } = await relay.post('/v1/token', {
          kind: 'jellyfin',
          serverId,
          token,
          url: extra,
          jellyfinUrl: extra,
        });
        expect([200, 400, 403]).toContain(status);
      }),
      { numRuns: 150 },
    );
    for (const { path, headers } of jellyfin.asked) {
      expect(['/System/Info/Public', '/Users/Me']).toContain(path);
      expect(headers.authorization ?? 'MediaBrowser Token=""').toMatch(/^MediaBrowser Token="[\w.~+/=-]*"$/);
      for (const name of ['cookie', 'x-emby-token', 'x-emby-authorization', 'origin'])
        expect(headers[name]).toBeUndefined();
    }
    await relay.close();
    await jellyfin.close();
    // 450 questions over real sockets: 4 s alone, more than the usual 15 beside everything else.
  }, 60_000);
});

/** Says a little more every 300 ms for as long as anyone listens. */
function drip(socket: Socket, start: string, more = 'y'): void {
  socket.write(start);
  const timer = setInterval(() => socket.write(more), 300);
  socket.on('close', () => clearInterval(timer));
}

function* forever(): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, 32);
  for (;;) yield chunk;
}
