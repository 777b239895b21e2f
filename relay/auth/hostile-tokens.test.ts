import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import { KINDS, type Kind } from './claims.ts';
import { createTokens } from './tokens.ts';

const SECRET = 'a secret of the relay, of more than thirty-two bytes';
const tokens = createTokens([SECRET]);
const nowS = (): number => Math.floor(Date.now() / 1000);

const CLAIMS: Readonly<Record<Kind, Record<string, unknown>>> = Object.freeze({
  identity: { sub: 'u@s', name: 'Ana', verified: true },
  grant: { room: 'r'.repeat(22), sub: 'u@s', name: 'Ana', verified: true },
  invite: {
    room: 'r'.repeat(22),
    by: 'Ana',
    title: null,
    itemId: null,
    serverId: null,
    jellyfinUrl: 'http://jf',
    jti: 'j',
    uses: 2,
  },
  seat: { room: 'r'.repeat(22), member: 'm', jti: 'j', no: 1 },
  snapshot: {
    room: 'r'.repeat(22),
    epoch: 1,
    serial: 1,
    issuedAtMs: 1,
    timeline: { seq: 0, phase: 'paused', positionMs: 0, rate: 1, startsInMs: 0, media: null },
    waitMs: 0,
    rules: { control: 'everyone', locked: false },
    handedOver: false,
    queue: { entries: [], next: 1 },
    bans: [],
    people: [],
    invites: [],
    invitesVoidUntil: 0,
  },
} as Record<Kind, Record<string, unknown>>);
const kinds = Object.keys(KINDS) as Kind[];

const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const good = (kind: Kind): Record<string, unknown> => ({
  ...CLAIMS[kind],
  iss: 'opensyncparty',
  aud: 'opensyncparty-relay',
  iat: nowS(),
  exp: nowS() + 60,
});
const header = (kind: Kind): Record<string, unknown> => ({ alg: 'HS256', typ: KINDS[kind].typ });
const mac = (text: string, key: string | Buffer = SECRET, hash = 'sha256'): string =>
  createHmac(hash, key).update(text).digest('base64url');
/** A token by hand, signed with the relay's own secret: what is wrong with it is what a test changes. */
const signed = (head: unknown, body: unknown, key: string | Buffer = SECRET): string => {
  const text = `${base64url(head)}.${base64url(body)}`;
  return `${text}.${mac(text, key)}`;
};
const verdict = (kind: Kind, token: string): Promise<ErrorCode | 'accepted'> =>
  tokens.verify(kind, token).then(
    () => 'accepted',
    (error: { code: ErrorCode }) => error.code,
  );

describe.each(kinds)('%s tokens', (kind) => {
  it('[peer R-02] made by hand are good, or nothing below would prove anything', async () => {
    expect(await verdict(kind, signed(header(kind), good(kind)))).toBe('accepted');
  });

  it.each([
    undefined,
    null,
    'none',
    'None',
    'NONE',
    '',
    'HS384',
    'HS512',
    'hs256',
    'HS256 ',
    ['HS256'],
    { HS256: 1 },
    'RS256',
    'dir',
    'PBES2-HS256+A128KW',
  ])('[peer R-02] whose header says alg %j are refused', async (alg) => {
    const head = { ...header(kind), alg };
    const token = signed(head, good(kind));
    const bare = token.slice(0, token.lastIndexOf('.') + 1);
    expect(await verdict(kind, token)).toBe('token-invalid');
    expect(await verdict(kind, bare)).toBe('token-invalid');
    expect(await verdict(kind, bare.slice(0, -1))).toBe('token-invalid');
  });

  it('[peer R-02] signed with RSA, or with a public key as the secret, are refused', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = `${base64url({ ...header(kind), alg: 'RS256' })}.${base64url(good(kind))}`;
    const signature = createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url');
    expect(await verdict(kind, `${text}.${signature}`)).toBe('token-invalid');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(await verdict(kind, signed(header(kind), good(kind), pem))).toBe('token-invalid');
  });

  it.each([
    ['a kid that is a path', { kid: '../../dev/null' }, ''],
    ['a kid that is SQL', { kid: "x' UNION SELECT 'k'--" }, 'k'],
    ['a key of their own', { jwk: { kty: 'oct', k: base64url('theirs') } }, 'theirs'],
    ['an address to fetch keys from', { jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/' }, 'theirs'],
    ['no kid, and an empty secret', {}, ''],
    ['a secret of zeros', {}, Buffer.alloc(32)],
  ] as const)('[peer R-02] with %s are refused', async (_, extra, key) => {
    expect(await verdict(kind, signed({ ...header(kind), ...extra }, good(kind), key))).toBe('token-invalid');
  });

  it('[peer R-02] may have a kid, which changes nothing', async () => {
    expect(await verdict(kind, signed({ ...header(kind), kid: '../../dev/null' }, good(kind)))).toBe('accepted');
  });

  it.each([
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { crit: [] },
    { crit: ['x'], x: 1 },
    { zip: 'DEF', crit: ['zip'] },
  ])('[peer R-02] with the critical header %j, which nobody here understands, are refused', async (extra) => {
    expect(await verdict(kind, signed({ ...header(kind), ...extra }, good(kind)))).toBe('token-invalid');
  });

  it.each(kinds.filter((other) => other !== kind))(
    '[peer R-02] are no %s tokens, even with all their claims',
    async (other) => {
      expect(await verdict(other, signed(header(kind), { ...good(other), ...good(kind) }))).toBe('token-invalid');
    },
  );

  it.each([undefined, 'JWT', 'osp', 'OSP-IDENTITY+JWT ', 7, ['osp-seat+jwt'], 'osp-seat+jwt,osp-grant+jwt'])(
    '[peer R-02] with typ %j are refused',
    async (typ) => {
      expect(await verdict(kind, signed({ alg: 'HS256', typ }, good(kind)))).toBe('token-invalid');
    },
  );

  it.each([
    ['aud', 'other'],
    ['aud', undefined],
    ['aud', ''],
    ['aud', ['a', 'b']],
    ['aud', { 'opensyncparty-relay': 1 }],
    ['iss', 'evil'],
    ['iss', undefined],
    ['iss', ''],
    ['iss', 'opensyncparty.evil.test'],
    ['exp', undefined],
    ['exp', null],
    ['exp', 'tomorrow'],
    ['exp', '99999999999'],
    ['exp', true],
    ['exp', {}],
    ['nbf', nowS() + 3_600],
    ['nbf', 'soon'],
    ['iat', 'once'],
  ])('[peer R-02] with %s = %j are refused', async (claim, value) => {
    expect(await verdict(kind, signed(header(kind), { ...good(kind), [claim]: value }))).toBe('token-invalid');
  });

  it.each([
    [29, 'accepted'],
    [61, 'token-expired'],
    [86_400, 'token-expired'],
  ])('[peer R-03] %i s after their end are %s', async (ageS, expected) => {
    expect(await verdict(kind, signed(header(kind), { ...good(kind), exp: nowS() - ageS }))).toBe(expected);
  });

  it.each([-1, 0, -1e300])('[peer R-02] that ended at %d are expired', async (exp) => {
    expect(await verdict(kind, signed(header(kind), { ...good(kind), exp }))).toBe('token-expired');
  });

  it('[peer R-02] lose their worth with any character changed, cut off, doubled or added', async () => {
    const token = signed(header(kind), good(kind));
    const change = fc.record({
      at: fc.nat(token.length - 1),
      how: fc.constantFrom('cut', 'double', 'swap', 'insert'),
      by: fc.constantFrom(...'ABCDwxyz0189-_.=+/ \n\0é'),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, how, by }) => {
        const [head, tail] = [token.slice(0, at), token.slice(at)];
        const forged = {
          cut: head,
          double: head + tail[0] + tail,
          swap: head + (tail[0] === by ? `${by}${by}` : by) + tail.slice(1),
          insert: head + by + tail,
        }[how];
        // Base64url has spare bits in its last character and forgives padding: the same bytes are the same token.
        const isSame = (a: string): boolean =>
          a
            .split('.')
            .map((part) => Buffer.from(part, 'base64url').toString('hex'))
            .join('.') ===
          token
            .split('.')
            .map((part) => Buffer.from(part, 'base64url').toString('hex'))
            .join('.');
        expect(isSame(forged) || (await verdict(kind, forged)) === 'token-invalid').toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['nothing', ''],
    ['dots', '..'],
    ['two parts', 'a.b'],
    ['five parts', 'a.b.c.d.e'],
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['a megabyte of dots', '.'.repeat(1_000_000)],
    ['a body of 4 MB', signed(header(kind), { ...good(kind), pad: 'x'.repeat(4_000_000) }).slice(0, -3)],
    ['claims that are an array', signed(header(kind), [good(kind)])],
    ['claims that are text', signed(header(kind), 'claims')],
    ['claims that are null', signed(header(kind), null)],
    ['claims in depth', signed(header(kind), `${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
    ['a header that is an array', signed([header(kind)], good(kind))],
    ['a header that is null', signed(null, good(kind))],
    ['a prototype', signed(`{"__proto__":${JSON.stringify(header(kind))}}`, good(kind))],
    ['claims in a prototype', signed(header(kind), `{"__proto__":${JSON.stringify(good(kind))}}`)],
  ])('[peer R-02] that are %s are refused', async (_, token) => {
    expect(await verdict(kind, token)).toBe('token-invalid');
  });

  it('[peer R-06] are good with either of two secrets, and with no third', async () => {
    const both = createTokens(['the new secret, which has more than 32 bytes', SECRET]);
    await both.verify(kind, signed(header(kind), good(kind)));
    const third = signed(header(kind), good(kind), 'a third secret, which has more than 32 bytes');
    await expect(both.verify(kind, third)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('[peer R-01] are not repeated by what is said against them', async () => {
    for (const token of [signed(header(kind), { ...good(kind), exp: 1 }), `${signed(header(kind), good(kind))}x`]) {
      const error = await tokens.verify(kind, token).catch((reason: unknown) => reason);
      expect(`${(error as Error).message}${JSON.stringify(error)}`).not.toContain(token.slice(0, 20));
    }
  });
});
