import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import { MAX_TITLE_LENGTH, MAX_TOKEN_LENGTH } from '../../shared/limits.ts';
import { tidyText } from './claims.ts';
import { createTokens } from './tokens.ts';

const SECRET = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const claims = { sub: 'u@s', name: 'Ana', verified: true };
const key = (secret: string): Uint8Array => new TextEncoder().encode(secret);

const codeOf = (promise: Promise<unknown>): Promise<ErrorCode | 'accepted'> =>
  promise.then(
    () => 'accepted',
    (error: { code: ErrorCode }) => error.code,
  );

/** A token made by hand, right in everything but what a test changes. */
const handmade = (header: Record<string, unknown> = {}, body: Record<string, unknown> = {}): Promise<string> => {
  const nowS = Math.floor(Date.now() / 1000);
  const payload = { ...claims, iss: 'opensyncparty', aud: 'opensyncparty-relay', exp: nowS + 60, ...body };
  const kept = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader({ alg: 'HS256', typ: 'osp-identity+jwt', ...header }).sign(key(SECRET));
};

describe('tokens', () => {
  const tokens = createTokens([SECRET]);

  it('[A-02] come back with what was put in; other services may make them too', async () => {
    expect(await tokens.verify('identity', await tokens.mint('identity', claims, 60_000))).toMatchObject(claims);
    expect(await tokens.verify('identity', await handmade({}, { verified: undefined }))).toMatchObject({
      verified: true,
    });
  });

  it('[A-01] of one kind never pass for another', async () => {
    const grant = await tokens.mint('grant', { ...claims, room: 'r' }, 60_000);
    expect(await codeOf(tokens.verify('identity', grant))).toBe('token-invalid');
    expect(await codeOf(tokens.verify('grant', await handmade({}, { room: 'r' })))).toBe('token-invalid');
    expect(await codeOf(tokens.verify('identity', await handmade({ typ: 'JWT' })))).toBe('token-invalid');
  });

  it.each([
    ['another issuer', { iss: 'evil' }],
    ['another audience', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['a beginning in the future', { nbf: Math.floor(Date.now() / 1000) + 120 }],
    ['no name', { name: undefined }],
    ['a name too long', { name: 'x'.repeat(65) }],
  ])('[A-01] with %s are refused', async (_, body) => {
    expect(await codeOf(tokens.verify('identity', await handmade({}, body)))).toBe('token-invalid');
  });

  it('[A-01] expire, with half a minute for clocks that differ', async () => {
    expect(await codeOf(tokens.verify('identity', await tokens.mint('identity', claims, -20_000)))).toBe('accepted');
    expect(await codeOf(tokens.verify('identity', await tokens.mint('identity', claims, -40_000)))).toBe(
      'token-expired',
    );
  });

  it('[A-01] without signature, with another algorithm or secret are refused', async () => {
    const body = { ...claims, iss: 'opensyncparty', aud: 'opensyncparty-relay' };
    const none = new UnsecuredJWT(body).setExpirationTime('1h').encode();
    const hs512 = new SignJWT(body)
      .setProtectedHeader({ alg: 'HS512', typ: 'osp-identity+jwt' })
      .setExpirationTime('1h');
    expect(await codeOf(tokens.verify('identity', none))).toBe('token-invalid');
    expect(await codeOf(tokens.verify('identity', await hs512.sign(key('c'.repeat(80)))))).toBe('token-invalid');
    const foreign = await createTokens([OTHER]).mint('identity', claims, 60_000);
    expect(await codeOf(tokens.verify('identity', foreign))).toBe('token-invalid');
    for (const junk of ['', 'x', 'a.b.c', `${await handmade()}.x`]) {
      expect(await codeOf(tokens.verify('identity', junk))).toBe('token-invalid');
    }
  });

  it('[peer R-06][A-06] of both secrets are accepted during a change, and the first signs', async () => {
    const old = await tokens.mint('identity', claims, 60_000);
    const both = createTokens([OTHER, SECRET]);
    expect(await codeOf(both.verify('identity', old))).toBe('accepted');
    const fresh = await both.mint('identity', claims, 60_000);
    expect(await codeOf(createTokens([OTHER]).verify('identity', fresh))).toBe('accepted');
    expect(await codeOf(tokens.verify('identity', fresh))).toBe('token-invalid');
  });

  it('[A-04] an invite with the longest of everything still fits', async () => {
    const invite = await tokens.mint(
      'invite',
      {
        jti: 'j'.repeat(22),
        uses: 50,
        room: 'r'.repeat(64),
        by: '漢'.repeat(64),
        title: '漢'.repeat(MAX_TITLE_LENGTH),
        itemId: 'a'.repeat(32),
        serverId: 'b'.repeat(32),
        jellyfinUrl: `https://${'h'.repeat(292)}`,
      },
      60_000,
    );
    expect(invite.length).toBeLessThanOrEqual(MAX_TOKEN_LENGTH);
  });
});

describe('tidyText', () => {
  it('[M-01] takes control characters and half characters out', () => {
    expect(tidyText(' A\u0000\u001b[31mna\n ', 64)).toBe('A [31mna');
    expect(tidyText('ab🎬', 3)).toBe('ab');
  });
});
