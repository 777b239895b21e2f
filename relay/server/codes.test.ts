import { describe, expect, it } from 'vitest';
import { CODE_TTL_MS } from '../../shared/limits.ts';
import { EXTENSION_ORIGIN } from '../testing/client.ts';
import { askForInvite, type TestRelay } from '../testing/relay.ts';
import { testRelays } from '../testing/relays.ts';
import { createCodes } from './codes.ts';

const INVITE = { room: 'r'.repeat(22), invite: 'a.b.c' };

/** @returns the code of the refusal, null when there was none. */
function refusalOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('codes', () => {
  it('[H-08] stand for an invite, for a quarter of an hour', () => {
    const codes = createCodes();
    codes.put('12345678', INVITE, 1000);
    expect(codes.find('12345678', 1000 + CODE_TTL_MS - 1)).toEqual(INVITE);
    expect(refusalOf(() => codes.find('12345679', 1000 + CODE_TTL_MS - 1))).toBe('code-unknown');
    expect(refusalOf(() => codes.find('12345678', 1000 + CODE_TTL_MS))).toBe('code-unknown');
  });

  it('[H-08] are taken from nobody, and may be proposed again by who has them', () => {
    const codes = createCodes();
    codes.put('12345678', INVITE, 0);
    codes.put('12345678', INVITE, 60_000);
    expect(codes.find('12345678', CODE_TTL_MS + 1)).toEqual(INVITE);
    const other = { ...INVITE, invite: 'd.e.f' };
    expect(refusalOf(() => codes.put('12345678', other, 60_001))).toBe('code-taken');
    codes.put('12345678', other, 60_000 + CODE_TTL_MS);
    expect(codes.find('12345678', 60_000 + CODE_TTL_MS)).toEqual(other);
  });

  it('[H-08] are not found by trying, from however many addresses', () => {
    const codes = createCodes();
    codes.put('99999999', INVITE, 0);
    let tried = 0;
    for (let atMs = 0; atMs < CODE_TTL_MS; atMs += 100) {
      if (refusalOf(() => codes.find(String(tried).padStart(8, '0'), atMs)) === 'code-unknown') tried += 1;
    }
    expect(tried).toBeGreaterThan(900);
    expect(tried).toBeLessThanOrEqual(100 + CODE_TTL_MS / 1000);
    // While they try, not even the right one is told.
    expect(refusalOf(() => codes.find('99999999', CODE_TTL_MS - 100))).toBe('rate-limited');
  });
});

describe('asking by a code', () => {
  const aRelay = testRelays();
  const ask = async (relay: TestRelay, method: 'PUT' | 'POST', code: string, body: unknown = {}) => {
    const headers = { origin: EXTENSION_ORIGIN };
    const response = await fetch(`${relay.url}/v1/codes/${code}`, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each(['ws', 'uws'] as const)('[H-08] leads to the invite, and to nothing else (%s)', async (socket) => {
    const relay = await aRelay({ socket });
    const ana = await relay.host();
    const invite = await askForInvite(ana);
    const put = await ask(relay, 'PUT', '12345678', { room: ana.room, invite });
    expect(put).toEqual({ status: 200, body: { ok: true, expiresInMs: CODE_TTL_MS } });
    expect(await ask(relay, 'POST', '12345678')).toEqual({ status: 200, body: { room: ana.room, invite } });
    expect(await ask(relay, 'POST', '12345679')).toMatchObject({ status: 404, body: { code: 'code-unknown' } });
    expect(await ask(relay, 'PUT', '12345670', { room: ana.room, invite: `${invite}x` })).toMatchObject({
      status: 401,
    });
    expect(await ask(relay, 'PUT', '12345670', { room: 'q'.repeat(22), invite })).toMatchObject({ status: 401 });
    for (const code of ['1234567', '123456789', '1234567a']) expect((await ask(relay, 'POST', code)).status).toBe(404);
    expect((await fetch(`${relay.url}/v1/codes/12345678`)).status).toBe(405);
  });

  it('[H-08][B-02] one address may try ten at once, and then one in ten seconds', async () => {
    const relay = await aRelay();
    const answers = await Promise.all(Array.from({ length: 11 }, (_, n) => ask(relay, 'POST', `${10_000_000 + n}`)));
    const codes = answers.map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'code-unknown')).toHaveLength(10);
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(1);
  });
});
