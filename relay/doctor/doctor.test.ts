import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, request, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, selfSigned } from '../../e2e/support/certificate.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import { createTokens } from '../auth/tokens.ts';
import { readConfig } from '../config.ts';
import { startTestRelay, type TestRelay } from '../testing/relay.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';
import { linkFinding } from './visit.ts';
import { describeFailure, describeRefusal } from './words.ts';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

let certificate: Certificate;
const folder = mkdtempSync(join(tmpdir(), 'osp-doctor-'));
beforeAll(async () => {
  certificate = await selfSigned(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function relay(options: Parameters<typeof startTestRelay>[0] = {}): Promise<TestRelay> {
  const started = await startTestRelay(options);
  ending.push(() => started.close());
  return started;
}

async function findings(url: string, token: string | null = null): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of diagnose(new URL(url), token)) all.push(finding);
  return all;
}

const verdicts = (all: readonly Finding[]): Record<string, string> =>
  Object.fromEntries(all.map(({ check, verdict }) => [check, verdict]));

/** The one thing that is broken. */
async function complaint(url: string, token: string | null = null): Promise<Finding> {
  const bad = (await findings(url, token)).filter(({ verdict }) => verdict === 'broken');
  expect(bad).toHaveLength(1);
  expect(bad[0]?.fix).toMatch(/\w{3}/);
  return bad[0] as Finding;
}

/** A proxy that knows nothing of upgrades: it passes requests on without their Connection and Upgrade. */
function deafProxy(target: string): Promise<string> {
  const pass = createHttpServer((incoming, outgoing) => {
    const { connection: _, upgrade: __, ...headers } = incoming.headers;
    const inner = request(`${target}${incoming.url}`, { method: incoming.method ?? 'GET', headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(inner);
  });
  return listen(pass);
}

const answering = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  listen(createHttpServer((_, response) => response.writeHead(status, headers).end(body)));

const infoOf = (protocol: number): string =>
  JSON.stringify({ app: 'opensyncparty', version: '9.9.9', protocol, signIn: 'pairing' });

describe('the doctor finds', () => {
  it('nothing wrong with a relay that is well', async () => {
    const { url } = await relay();
    const all = await findings(url);
    expect(verdicts(all)).toEqual({
      reachable: 'fine',
      certificate: 'fine',
      relay: 'fine',
      version: 'fine',
      ready: 'fine',
      clock: 'fine',
      socket: 'fine',
      origin: 'fine',
      token: 'left out',
    });
    for (const { verdict, fix } of all) if (verdict === 'fine') expect(fix).toBeNull();
  });

  it('the same on the portable sockets', async () => {
    const { url } = await relay({ socket: 'ws' });
    expect(verdicts(await findings(url))).toMatchObject({ clock: 'fine', socket: 'fine', origin: 'fine' });
  });

  it('that a good token works all the way to an invite link', async () => {
    const { url, tokens } = await relay();
    const identity = await tokens.mint('identity', { sub: 'ana@test', name: 'Ana', verified: true }, 60_000);
    expect(verdicts(await findings(url, identity))).toMatchObject({ token: 'fine', links: 'fine' });
  });

  it('that links lead elsewhere', async () => {
    const { url, tokens } = await relay({ publicUrl: 'https://elsewhere.test' });
    const identity = await tokens.mint('identity', { sub: 'ana@test', name: 'Ana', verified: true }, 60_000);
    const links = (await findings(url, identity)).find(({ check }) => check === 'links');
    expect(links).toMatchObject({ verdict: 'look', fix: expect.stringContaining(`OSP_PUBLIC_URL=${url}`) });
  });

  it('that a token is of another relay', async () => {
    const { url } = await relay();
    const other = await relay({ secrets: ['another secret of at least thirty-two bytes'] });
    const identity = await createTokens(['another secret of at least thirty-two bytes']).mint(
      'identity',
      { sub: 'ana@test', name: 'Ana', verified: true },
      60_000,
    );
    expect(await complaint(url, identity)).toMatchObject({
      check: 'token',
      fix: expect.stringContaining('OSP_SECRET'),
    });
    expect(verdicts(await findings(other.url, identity))).toMatchObject({ token: 'fine' });
  });

  it('that nothing listens', async () => {
    const server = createTcpServer();
    const url = await listen(server);
    await ending.pop()?.();
    expect(await complaint(url)).toMatchObject({ check: 'reachable', fix: expect.stringContaining('OSP_PORT') });
  });

  it('that a name does not exist', async () => {
    expect(describeFailure('ENOTFOUND', 'getaddrinfo').fix).toContain('DNS');
  });

  it('a proxy that does not pass the upgrade on', async () => {
    const { url } = await relay();
    const found = await complaint(await deafProxy(url));
    expect(found).toMatchObject({ check: 'socket', fix: expect.stringContaining('proxy_set_header Upgrade') });
  });

  it('plain http where https was asked for', async () => {
    const { url } = await relay();
    const found = await complaint(url.replace('http', 'https'));
    expect(found).toMatchObject({ check: 'certificate', fix: expect.stringContaining(url) });
  });

  it('https where plain http was asked for', async () => {
    const server = createHttpsServer(certificate, (_, response) => response.end('hello'));
    const found = await complaint(await listen(server));
    expect(found).toMatchObject({ check: 'reachable', fix: expect.stringContaining('https://127.0.0.1') });
  });

  it('a certificate that browsers do not know', async () => {
    const server = createHttpsServer(certificate, (_, response) => response.end('hello'));
    const found = await complaint((await listen(server)).replace('http', 'https'));
    expect(found).toMatchObject({ check: 'certificate', says: expect.stringContaining('signed by itself') });
  });

  it.each([PROTOCOL_VERSION + 2, PROTOCOL_VERSION + 7])('a relay of version %i, which is too far', async (protocol) => {
    const bad = (await findings(await answering(200, infoOf(protocol)))).filter(({ check }) => check === 'version');
    expect(bad).toMatchObject([{ verdict: 'broken', fix: expect.stringContaining('Update the extension') }]);
  });

  it('a neighbouring version, which will do', async () => {
    const all = await findings(await answering(200, infoOf(PROTOCOL_VERSION + 1)));
    expect(verdicts(all).version).toBe('look');
  });

  it('a clock that is off', async () => {
    const date = new Date(Date.now() - 90_000).toUTCString();
    const all = await findings(await answering(200, infoOf(PROTOCOL_VERSION), { date }));
    expect(all.find(({ check }) => check === 'clock')).toMatchObject({
      verdict: 'look',
      says: expect.stringMatching(/^9[01] s apart from this machine$/),
    });
  });

  it.each<[string, number, string, Readonly<Record<string, string>>]>([
    ['a proxy without a relay', 502, 'Start the relay', {}],
    ['a login in front', 401, 'access rules', {}],
    ['a page of something else', 200, 'Jellyfin', {}],
    ['a redirect', 301, 'that address', { location: 'https://party.test/' }],
  ])('%s', async (_, status, fix, headers) => {
    expect(await complaint(await answering(status, '<html></html>', headers))).toMatchObject({
      check: 'relay',
      fix: expect.stringContaining(fix),
    });
  });

  it('a relay that lets in one extension only', async () => {
    const { url } = await relay({ allowedOrigins: ['chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba'] });
    expect(await complaint(url)).toMatchObject({
      check: 'socket',
      fix: expect.stringContaining('OSP_ALLOWED_ORIGINS'),
    });
  });

  it('a relay that lets in any page', async () => {
    const { url } = await relay({ allowedOrigins: ['https://not-your-relay.example'] });
    expect(verdicts(await findings(url))).toMatchObject({ socket: 'fine', origin: 'look' });
  });

  it('that everybody counts as one address', async () => {
    const { addressLimits } = readConfig({});
    const { url } = await relay({ addressLimits: { ...addressLimits, sockets: 0 } });
    expect(await complaint(url)).toMatchObject({
      check: 'socket',
      fix: expect.stringContaining('OSP_TRUSTED_PROXIES'),
    });
  });

  it('a socket over which nothing comes back', async () => {
    const mute = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (head) => {
        const isUpgrade = head.toString().includes('Upgrade: websocket');
        const body = infoOf(PROTOCOL_VERSION);
        socket.end(
          isUpgrade ? '' : `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
        );
      });
    });
    expect(await complaint(await listen(mute))).toMatchObject({
      check: 'socket',
      says: expect.stringContaining('no socket'),
    });
  });
});

describe('words', () => {
  it.each([
    [503, '{"type":"error","code":"shutting-down"}', 'stopping'],
    [504, '', 'proxy answers 504'],
    [403, 'Access denied', 'login'],
    [404, '{"type":"error","code":"not-found"}', 'does not reach'],
    [400, 'Bad Request', 'does not reach'],
  ])('a door that answers %i with %s', (status, body, says) => {
    expect(describeRefusal(status, body).says).toContain(says);
  });

  it('a base with a path keeps it', () => {
    expect(linkFinding(new URL('https://a.test/party/'), 'https://a.test/party/join/r#i').verdict).toBe('fine');
    expect(linkFinding(new URL('https://a.test/party'), 'https://a.test/join/r#i').verdict).toBe('look');
    expect(linkFinding(new URL('https://a.test'), null).verdict).toBe('broken');
  });
});
