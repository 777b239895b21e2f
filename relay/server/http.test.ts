import { BlockList } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseInviteLink } from '../../shared/invite-link.ts';
import type { RelayOptions } from '../app.ts';
import { EXTENSION_ORIGIN } from '../testing/client.ts';
import { FAKE_SERVER_ID, FAKE_USER_ID, startFakeJellyfin } from '../testing/fake-jellyfin.ts';
import { askForInvite, startTestRelay, type TestRelay } from '../testing/relay.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: RelayOptions = {}): Promise<TestRelay> {
  const relay = await startTestRelay(options);
  closers.push(relay.close);
  return relay;
}

async function startJellyfin(...behaviour: Parameters<typeof startFakeJellyfin>): ReturnType<typeof startFakeJellyfin> {
  const jellyfin = await startFakeJellyfin(...behaviour);
  closers.push(jellyfin.close);
  return jellyfin;
}

const jellyfinToken = (token = 'good-token', serverId = FAKE_SERVER_ID) => ({ kind: 'jellyfin', serverId, token });

describe('GET', () => {
  it('[H-01] says what it is and how to sign in', async () => {
    const relay = await start();
    const info = await (await fetch(`${relay.url}/v1/info`)).json();
    expect(info).toEqual({ app: 'opensyncparty', version: expect.any(String), protocol: 1, signIn: 'pairing' });
  });

  it('[H-05] is alive and ready, has a page for people and nothing else', async () => {
    const relay = await start();
    const statusOf = async (path: string): Promise<number> => (await fetch(relay.url + path)).status;
    for (const path of [
      '/healthz',
      '/readyz',
      '/',
      `/join/${'r'.repeat(22)}`,
      '/assets/landing.js',
      '/join/assets/landing.css',
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    }
    for (const path of ['/nothing', '/v1/token/x', '/assets/../../package.json', '/join/x', '/v1/rooms/']) {
      expect([path, await statusOf(path)]).toEqual([path, 404]);
    }
    expect(await statusOf('/v1/token')).toBe(405);
  });
});

describe('signing in with Jellyfin', () => {
  it('[peer R-46][H-02][A-02] makes an identity of who the listed server says it is', async () => {
    const jellyfin = await startJellyfin();
    const relay = await start({ jellyfinUrls: [jellyfin.url] });
    const { status, body } = await relay.post('/v1/token', jellyfinToken());
    expect([status, body.name, body.expiresInMs]).toEqual([200, 'Ana', 3_600_000]);
    const identity = await relay.tokens.verify('identity', String(body.identity));
    expect(identity).toMatchObject({ sub: `${FAKE_USER_ID}@${FAKE_SERVER_ID}`, name: 'Ana', verified: true });
    expect(relay.pairingCode()).toBeNull();
  });

  it('[peer R-41][H-02] shows the token to Users/Me in the one header and to nothing else', async () => {
    const jellyfin = await startJellyfin();
    const relay = await start({ jellyfinUrls: [jellyfin.url] });
    await relay.post('/v1/token', jellyfinToken());
    expect(jellyfin.asked.map(({ path }) => path)).toEqual(['/System/Info/Public', '/Users/Me']);
    expect(jellyfin.asked[0]?.headers.authorization).toBeUndefined();
    expect(jellyfin.asked[1]?.headers.authorization).toBe('MediaBrowser Token="good-token"');
  });

  it.each([
    ['a wrong token', jellyfinToken('wrong-token'), 'honest', 403, 'jellyfin-refused'],
    ['a token that would write headers', jellyfinToken('x", Device="y'), 'honest', 403, 'jellyfin-refused'],
    ['a server that is not listed', jellyfinToken('good-token', 'f'.repeat(32)), 'honest', 403, 'jellyfin-not-listed'],
    ['a server that redirects', jellyfinToken(), 'redirect', 502, 'jellyfin-unreachable'],
    ['an endless answer', jellyfinToken(), 'flood', 502, 'jellyfin-unreachable'],
    ['a disabled account', jellyfinToken(), 'disabled-user', 403, 'jellyfin-refused'],
    ['an address instead of an id', { ...jellyfinToken(), serverId: 'http://evil.test' }, 'honest', 400, 'bad-message'],
  ] as const)('[peer R-40][H-02] refuses %s', async (_, request, behaviour, status, code) => {
    const jellyfin = await startJellyfin(behaviour);
    const relay = await start({ jellyfinUrls: [jellyfin.url] });
    expect(await relay.post('/v1/token', request)).toMatchObject({ status, body: { type: 'error', code } });
    expect(jellyfin.asked.every(({ path }) => path !== '/elsewhere')).toBe(true);
  });

  it('[H-02] says when the listed server is down', async () => {
    const relay = await start({ jellyfinUrls: ['http://127.0.0.1:1'] });
    expect(await relay.post('/v1/token', jellyfinToken())).toMatchObject({
      status: 502,
      body: { code: 'jellyfin-unreachable' },
    });
  });

  it('[H-02] takes no pairing code then', async () => {
    const relay = await start({ jellyfinUrls: ['http://127.0.0.1:1'] });
    const answer = await relay.post('/v1/token', { kind: 'pairing', code: 'AAAA-AAAA', name: 'Eve' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'pairing-code-wrong' } });
  });
});

describe('pairing, renewing and opening a room', () => {
  it('[H-02] a code works once, in any spelling, and a new one is announced', async () => {
    const announced: string[] = [];
    const relay = await start({ onPairingCode: (code) => announced.push(code) });
    const code = relay.pairingCode() ?? '';
    const pair = (attempt: string) => relay.post('/v1/token', { kind: 'pairing', code: attempt, name: ' Ana ' });
    expect((await pair('WRONG-00')).body.code).toBe('pairing-code-wrong');
    const { status, body } = await pair(code.toLowerCase().replace('-', ' '));
    expect([status, body.name]).toEqual([200, 'Ana']);
    expect(await relay.tokens.verify('identity', String(body.identity))).toMatchObject({ verified: false });
    expect((await pair(code)).status).toBe(403);
    expect(announced).toEqual([code, relay.pairingCode()]);
  });

  it('[peer R-44][A-02] an identity is renewed while it is good, but not for ever', async () => {
    const relay = await start();
    const renew = async (ttlMs: number, authTimeS: number) => {
      const claims = { sub: 'a@b', name: 'Ana', verified: true, auth_time: authTimeS };
      return relay.post('/v1/token', { kind: 'renew', identity: await relay.tokens.mint('identity', claims, ttlMs) });
    };
    const nowS = Date.now() / 1000;
    expect((await renew(60_000, nowS - 3600)).status).toBe(200);
    expect(await renew(-60_000, nowS)).toMatchObject({ status: 401, body: { code: 'token-expired' } });
    expect(await renew(60_000, nowS - 25 * 3600)).toMatchObject({ status: 401, body: { code: 'token-expired' } });
  });

  it('[H-03] an identity opens a room, and nothing else does', async () => {
    const relay = await start();
    const identity = await relay.tokens.mint('identity', { sub: 'a@b', name: 'Ana', verified: true }, 60_000);
    const { status, body } = await relay.post('/v1/rooms', undefined, { authorization: `Bearer ${identity}` });
    expect([status, body.expiresInMs]).toEqual([200, 600_000]);
    expect(await relay.tokens.verify('grant', String(body.grant))).toMatchObject({ room: body.room, name: 'Ana' });
    for (const authorization of ['', 'Bearer x', `Bearer ${String(body.grant)}`]) {
      expect((await relay.post('/v1/rooms', undefined, { authorization })).status).toBe(401);
    }
  });

  it('[peer R-43][B-02] tries for a token are limited', async () => {
    const relay = await start({
      addressLimits: { sockets: 1, handshakes: { burst: 9, perSecond: 1 }, tokens: { burst: 2, perSecond: 0.001 } },
    });
    const guess = () => relay.post('/v1/token', { kind: 'pairing', code: 'GUESS', name: 'Eve' });
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([403, 403, 429]);
  });

  it('[H-00] a body that is too large or no JSON is refused', async () => {
    const relay = await start();
    expect((await relay.post('/v1/token', 'x'.repeat(9000))).status).toBe(413);
    expect(await relay.post('/v1/token', '{')).toMatchObject({ status: 400, body: { code: 'bad-message' } });
  });
});

describe('checking an invite', () => {
  it('[H-04] says whether it would let somebody in, and why not', async () => {
    const relay = await start();
    const ana = await relay.host();
    const check = async (room: string, invite: string) =>
      (await relay.post('/v1/invites/check', { room, invite })).body;
    const invite = await askForInvite(ana, 1);
    expect(await check(ana.room, invite)).toEqual({ ok: true, usesLeft: 1 });
    expect(await check('q'.repeat(22), invite)).toMatchObject({ code: 'token-invalid' });
    expect(await check(ana.room, `${invite}x`)).toMatchObject({ code: 'token-invalid' });
    const { mint, verify } = relay.tokens;
    const claims = await verify('invite', invite);
    expect(await check(ana.room, await mint('invite', claims, -60_000))).toMatchObject({ code: 'token-expired' });
    const gone = await mint('invite', { ...claims, room: 'q'.repeat(22) }, 60_000);
    expect(await check('q'.repeat(22), gone)).toMatchObject({ code: 'room-not-found' });
    await relay.guest(ana);
    const used = await mint('invite', { ...claims, uses: 0 }, 60_000);
    expect(await check(ana.room, used)).toMatchObject({ code: 'invite-used-up' });
  });
});

describe('origins', () => {
  const preflight = (relay: TestRelay, origin: string, path = '/v1/token') =>
    fetch(relay.url + path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it('[O-04] answers a preflight of an extension, echoing its origin', async () => {
    const response = await preflight(await start(), EXTENSION_ORIGIN);
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(EXTENSION_ORIGIN);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  it.each(['https://evil.test', 'null'])('[O-02] refuses %s, in preflights and in requests', async (origin) => {
    const relay = await start();
    const response = await preflight(relay, origin);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await relay.post('/v1/token', {}, { origin })).toMatchObject({
      status: 403,
      body: { code: 'origin-refused' },
    });
  });

  it('[O-03] a POST without Origin is refused', async () => {
    const relay = await start();
    expect((await relay.post('/v1/token', {}, { origin: '' })).status).toBe(403);
  });

  it('[O-04] the own page may check invites', async () => {
    const relay = await start();
    expect((await relay.post('/v1/invites/check', {}, { origin: relay.url })).status).toBe(400);
  });

  it('[O-01] a listed extension pins, a listed page passes', async () => {
    const relay = await start({ allowedOrigins: ['chrome-extension://ours', 'https://app.test'] });
    expect((await preflight(relay, 'chrome-extension://ours')).status).toBe(204);
    expect((await preflight(relay, 'https://app.test')).status).toBe(204);
    expect((await preflight(relay, 'chrome-extension://other')).status).toBe(403);
    expect((await preflight(relay, 'moz-extension://other')).status).toBe(403);
  });
});

describe('links', () => {
  const linkOf = async (
    relay: TestRelay,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string | undefined> => {
    const room = 'r'.repeat(22);
    const grant = await relay.tokens.mint('grant', { room, sub: 'a', name: 'Ana', verified: true }, 60_000);
    const client = await relay.knock(room, headers);
    client.send({ type: 'hello', v: 1, client: 't', credential: { kind: 'grant', grant } });
    client.send({ type: 'ping', c: 1 });
    await client.next('welcome');
    client.send({ type: 'invite', id: 'i', jellyfinUrl: 'http://jf:8096' });
    return parseInviteLink((await client.next('invite')).url)?.relay;
  };

  it('[L-04] are made of how the member reached the relay', async () => {
    const relay = await start();
    expect(await linkOf(relay)).toBe(relay.url);
    expect(await linkOf(relay, { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test' })).toBe(relay.url);
  });

  it('[L-04] believe a trusted proxy', async () => {
    const trustedProxies = new BlockList();
    trustedProxies.addAddress('127.0.0.1');
    const relay = await start({ trustedProxies });
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'party.test' };
    expect(await linkOf(relay, headers)).toBe('https://party.test');
  });

  it('[L-04] follow OSP_PUBLIC_URL, whether or not the proxy takes its path off', async () => {
    const relay = await start({ publicUrl: 'https://party.test/relay' });
    expect(await linkOf(relay)).toBe('https://party.test/relay');
    expect((await fetch(`${relay.url}/relay/v1/info`)).status).toBe(200);
    expect((await fetch(`${relay.url}/v1/info`)).status).toBe(200);
  });
});
