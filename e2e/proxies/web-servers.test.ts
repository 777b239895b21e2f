import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { readConfig } from '../../relay/config.ts';
import { randomId } from '../../relay/rooms/registry.ts';
import { clientAddress, publicBase } from '../../relay/server/address.ts';
import { startTestRelay, type TestRelay } from '../../relay/testing/relay.ts';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { ROOT } from '../support/places.ts';
import { ask } from './ask.ts';
import { Member } from './member.ts';
import { proxyFolder } from './proxy-process.ts';
import { freePorts, type Site, type StartSite, startCaddy, startNginx } from './web-servers.ts';

/** How long the idle socket of a test is silent, in ms; what would cut it is set to half of it. */
const SILENCE_MS = 2_400;

const proxies = readConfig({ OSP_TRUSTED_PROXIES: '127.0.0.1' }).trustedProxies;
let certificate: Certificate;
const certificates = await proxyFolder();
beforeAll(async () => {
  certificate = await selfSigned(certificates);
});
afterAll(() => rm(certificates, { recursive: true }));

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** @returns whether it opened, or why not. */
const outcomeOf = (socket: WebSocket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('error', (error) => resolve(error.message));
  });

/** `npm run doctor`, for whom the certificate is one that browsers know. */
async function consult(...args: readonly string[]): Promise<{ code: number | null; says: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'relay/doctor/main.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate.file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let says = '';
  child.stdout.on('data', (chunk: Buffer) => {
    says += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, says };
}

const ANY_CERTIFICATE = { rejectUnauthorized: false };
const someDoor = (base: string): string => `${base.replace('http', 'ws')}/v1/rooms/${randomId()}`;

describe.each<[string, StartSite]>([
  ['Caddy', startCaddy],
  ['nginx', startNginx()],
])('a relay behind %s', (_, startSite) => {
  const relays: TestRelay[] = [];
  const members: Member[] = [];
  let site: Site;

  beforeAll(async () => {
    const ports = await freePorts();
    const root = await startTestRelay({ trustedProxies: proxies, publicUrl: null });
    const publicUrl = `https://127.0.0.1:${ports.below}/party`;
    const below = await startTestRelay({ trustedProxies: proxies, publicUrl });
    relays.push(root, below);
    site = await startSite({ root: root.url, below: below.url }, certificate, ports);
  });
  afterAll(async () => {
    for (const member of members) member.stop();
    await site?.close();
    for (const relay of relays) await relay.close();
  });

  it.each(['root', 'below'] as const)('lets a member in, and makes links to where it came in: %s', async (which) => {
    const base = site[which];
    const room = randomId();
    const claims = { room, sub: 'ana@test', name: 'Ana', verified: true };
    const grant = await (relays[0] as TestRelay).tokens.mint('grant', claims, 60_000);
    const member = new Member({ relay: base, room, credential: { kind: 'grant', grant } });
    members.push(member);
    await member.welcomed();
    member.send({ type: 'invite', id: 'i1', jellyfinUrl: 'http://jellyfin.test' });
    await member.until('an invite', () => member.messages.some(({ type }) => type === 'invite'));
    const invite = member.messages.find((message) => message.type === 'invite');
    expect(invite?.url).toMatch(new RegExp(`^${base}/join/${room}#`));
    expect((await ask(`${base}/join/${room}`)).body).toContain('<html');
    expect(JSON.parse((await ask(`${base}/v1/info`)).body)).toMatchObject({ app: 'opensyncparty' });
  });

  it.each(['root', 'below'] as const)('refuses the page of a stranger: %s', async (which) => {
    const socket = new WebSocket(someDoor(site[which]), { ...ANY_CERTIFICATE, origin: 'https://evil.test' });
    expect(await outcomeOf(socket)).toBe('Unexpected server response: 403');
  });

  it('has nothing in it that the doctor would change, below a path too', async () => {
    const claims = { sub: 'ana@test', name: 'Ana', verified: true };
    const identity = await (relays[0] as TestRelay).tokens.mint('identity', claims, 60_000);
    const { code, says } = await consult(site.below, '--token', identity);
    // The certificate of this test lives for a week, which is little for any other.
    expect(says.match(/^(look|FAIL|-).*/gm)).toEqual([expect.stringMatching(/^look {2}certificate: valid, but only/)]);
    for (const check of ['version', 'clock', 'socket', 'origin', 'token', 'links'])
      expect(says).toContain(`ok    ${check}: `);
    expect(code).toBe(0);
  });

  it.each(['root', 'below'] as const)('keeps the metrics from the internet: %s', async (which) => {
    expect((await ask(`${site[which]}/metrics`)).status).toBe(404);
  });
});

describe.each<[string, StartSite]>([
  ['Caddy', startCaddy],
  ['nginx', startNginx()],
])('what %s tells the relay', (_, startSite) => {
  let asked: { path: string; headers: IncomingHttpHeaders } | null = null;
  const upstream = createServer((request, response) => {
    asked = { path: request.url ?? '', headers: request.headers };
    response.end();
  });
  let site: Site;
  beforeAll(async () => {
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${portOf(upstream)}`;
    site = await startSite({ root: url, below: url }, certificate, await freePorts());
  });
  afterAll(async () => {
    await site?.close();
    upstream.close();
  });

  it('says who asks and by what address, whatever they claim to be', async () => {
    await ask(`${site.root}/v1/info`, {
      headers: {
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': 'gopher',
        'x-forwarded-host': 'evil.test',
      },
    });
    const request = { method: 'GET', path: '/', peerAddress: '198.51.100.7', body: '' };
    const header = (name: string): string => String(asked?.headers[name] ?? '');
    // As if the proxy stood on another machine: the one address it vouches for is the one it was asked from.
    const trusted = readConfig({ OSP_TRUSTED_PROXIES: '198.51.100.7' }).trustedProxies;
    expect(clientAddress({ ...request, header }, trusted)).toBe('127.0.0.1');
    expect(publicBase({ ...request, header }, trusted, null)).toBe(site.root);
  });
});

describe('a socket on which nobody speaks', () => {
  const silent = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  // A proxy that is stopped may take its leave with a frame that has no mask, which is no concern of this test.
  silent.on('connection', (socket) => socket.on('error', () => socket.terminate()));
  afterAll(() => silent.close());

  /** @returns what the socket was doing after the silence. */
  async function afterSilence(startSite: StartSite): Promise<'open' | 'cut'> {
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const site = await startSite({ root: url, below: url }, certificate, await freePorts());
    const socket = new WebSocket(someDoor(site.root), ANY_CERTIFICATE);
    try {
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      return await new Promise((resolve) => {
        const timer = setTimeout(() => resolve('open'), SILENCE_MS);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve('cut');
        });
      });
    } finally {
      socket.terminate();
      await site.close();
    }
  }

  it('is left alone by Caddy', async () => {
    expect(await afterSilence(startCaddy)).toBe('open');
  });

  it('is cut by nginx after proxy_read_timeout and nothing else: an hour in the file', async () => {
    const shortened = startNginx((sites) =>
      sites.replaceAll('proxy_read_timeout 1h', `proxy_read_timeout ${SILENCE_MS / 2}ms`),
    );
    const [short, asIs] = await Promise.all([afterSilence(shortened), afterSilence(startNginx())]);
    expect([short, asIs]).toEqual(['cut', 'open']);
  });
});

describe('nginx without the upgrade lines', () => {
  it('lets no socket through, so the tests above test those lines', async () => {
    const relay = await startTestRelay();
    const startSite = startNginx((sites) => sites.replaceAll(/proxy_set_header (Upgrade|Connection) .*;/g, ''));
    const site = await startSite({ root: relay.url, below: relay.url }, certificate, await freePorts());
    const socket = new WebSocket(someDoor(site.root), ANY_CERTIFICATE);
    expect(await outcomeOf(socket)).toBe('Unexpected server response: 404');
    const { code, says } = await consult(site.root);
    expect([code, says]).toEqual([1, expect.stringMatching(/^FAIL {2}socket: .*\n.*proxy_set_header Upgrade/m)]);
    await site.close();
    await relay.close();
  });
});
