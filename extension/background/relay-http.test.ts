import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isLocalHost } from './local-network.ts';
import { isRelayUrl, RelayHttp } from './relay-http.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json =
  (status: number, body: unknown): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  };

/** Node's fetch never ends a redirected `no-cors` request; browsers do. */
const nodeFetch: typeof fetch = (input, init) =>
  fetch(input, init?.mode === 'no-cors' ? { ...init, mode: 'cors' } : init);

const http = new RelayHttp({ fetch: nodeFetch, queryPermission: () => Promise.resolve('prompt') });
const INFO = { app: 'opensyncparty', version: '1.2.3', protocol: 1, signIn: 'jellyfin' };
const TOKEN = 'token-0123456789abcdef';

describe('RelayHttp', () => {
  it('reads what a relay is', async () => {
    expect(await http.info(await serve(json(200, INFO)))).toEqual({ ok: true, value: INFO });
  });

  it('keeps a base path and forgives a trailing slash', async () => {
    const paths: (string | undefined)[] = [];
    const relay = await serve((request, response) => {
      paths.push(request.url);
      json(200, INFO)(request, response);
    });
    await http.info(`${relay}/party/`);
    expect(paths).toEqual(['/party/v1/info']);
  });

  it('sends the identity in the header and nothing in the address', async () => {
    const seen: (string | undefined)[] = [];
    const relay = await serve((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization);
      json(200, { room: 'r', grant: TOKEN, expiresInMs: 1 })(request, response);
    });
    expect(await http.room(relay, TOKEN)).toMatchObject({ ok: true, value: { room: 'r' } });
    expect(seen).toEqual(['POST', '/v1/rooms', `Bearer ${TOKEN}`]);
  });

  it('passes on why a relay refuses', async () => {
    const relay = await serve(json(403, { code: 'pairing-code-wrong', message: 'wrong' }));
    const request = { kind: 'pairing' as const, code: 'x', name: 'Ana' };
    expect(await http.token(relay, request)).toEqual({ ok: false, code: 'pairing-code-wrong', message: 'wrong' });
  });

  it.each([
    ['a page', 200, '<html>'],
    ['other JSON', 200, { app: 'other' }],
    ['not found', 404, {}],
    ['a code of its own', 400, { code: 'weird' }],
  ])('takes %s for a wrong address', async (_case, status, body) => {
    expect(await http.info(await serve(json(status, body)))).toMatchObject({ ok: false, code: 'relay-address-wrong' });
  });

  it('takes a proxy that speaks for a relay that is down for that', async () => {
    expect(await http.info(await serve(json(502, {})))).toMatchObject({ ok: false, code: 'relay-unreachable' });
  });

  it('says that nobody is there', async () => {
    const relay = await serve(json(200, INFO));
    await closers.pop()?.();
    expect(await http.info(relay)).toMatchObject({ ok: false, code: 'relay-unreachable' });
  });

  it('follows no redirect with a token in hand', async () => {
    const other: string[] = [];
    const target = await serve((request, response) => {
      other.push(`${request.method} ${request.headers.authorization ?? 'without token'}`);
      json(200, { room: 'r', grant: TOKEN, expiresInMs: 1 })(request, response);
    });
    const relay = await serve((_request, response) =>
      response.writeHead(307, { location: target, connection: 'close' }).end(),
    );
    expect(await http.room(relay, TOKEN)).toMatchObject({ ok: false, code: 'relay-address-wrong' });
    expect(other).toEqual(['GET without token']);
  });

  it.each(['ftp://relay', 'relay.example', 'https://a:b@relay', 'https://relay/?x=1', 'https://relay/#x', ''])(
    'asks nobody at "%s"',
    async (relay) => {
      expect(isRelayUrl(relay)).toBe(false);
      expect(await http.info(relay)).toMatchObject({ code: 'relay-address-wrong' });
    },
  );

  const failing = () => Promise.reject(new TypeError('Failed to fetch'));

  it('names the browser only when it says it blocks', async () => {
    const blocked = new RelayHttp({ fetch: failing, queryPermission: () => Promise.resolve('denied') });
    expect(await blocked.info('http://192.168.1.5:8787')).toMatchObject({ code: 'relay-blocked-private' });
    expect(await blocked.info('https://relay.example')).toMatchObject({ code: 'relay-unreachable' });
    const never = new RelayHttp({ fetch: failing, queryPermission: () => Promise.reject(new TypeError('unknown')) });
    expect(await never.info('http://192.168.1.5:8787')).toMatchObject({ code: 'relay-unreachable' });
  });

  it('says wrong address when a server answers, but not to us (no CORS)', async () => {
    const opaque = new RelayHttp({
      fetch: (_input, init) => (init?.mode === 'no-cors' ? Promise.resolve(new Response()) : failing()),
      queryPermission: () => Promise.resolve('denied'),
    });
    expect(await opaque.info('http://192.168.1.5')).toMatchObject({ code: 'relay-address-wrong' });
  });
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.178.20', true],
  ['nas.local', true],
  ['nas', true],
  ['[::1]', true],
  ['[fd00::1]', true],
  ['[2001:db8::1]', false],
  ['relay.example', false],
  ['8.8.8.8', false],
])('%s is local: %s', (host, expected) => {
  expect(isLocalHost(host)).toBe(expected);
});
