import fc from 'fast-check';
import { jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { AUDIENCE, createCompact, ISSUER, LEEWAY_S } from './compact.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SECRET = bytes('a'.repeat(40));
const OTHER = bytes('b'.repeat(40));
const TYP = 'osp-seat+jwt';
const NOW_S = 1_800_000_000;

const judge = (token: string): Promise<unknown> =>
  jwtVerify(token, SECRET, {
    algorithms: ['HS256'],
    typ: TYP,
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ['exp'],
    clockTolerance: LEEWAY_S,
    currentDate: new Date(NOW_S * 1000),
  }).then(
    ({ payload }) => payload,
    () => null,
  );

const someClaims = fc.record(
  {
    iss: fc.constantFrom(ISSUER, 'evil'),
    aud: fc.constantFrom<unknown>(AUDIENCE, [AUDIENCE], 'other', 1),
    exp: fc.constantFrom<unknown>(NOW_S + 60, NOW_S - 60, NOW_S - LEEWAY_S, NOW_S - LEEWAY_S + 1, '9999999999', null),
    iat: fc.constantFrom<unknown>(NOW_S, 'now', NOW_S + 500),
    nbf: fc.constantFrom<unknown>(NOW_S - 5, NOW_S + 500),
    room: fc.string({ unit: 'binary' }),
  },
  { requiredKeys: ['room'] },
);

describe('compact tokens', () => {
  const compact = createCompact([SECRET]);
  const good = { iss: ISSUER, aud: AUDIENCE, exp: NOW_S + 60, iat: NOW_S, room: 'r', member: 'm', jti: 'j' };

  it('[A-01] are what a full JWT library makes and takes', async () => {
    const theirs = await new SignJWT(good).setProtectedHeader({ alg: 'HS256', typ: TYP }).sign(SECRET);
    expect(compact.read(TYP, theirs, NOW_S)).toEqual(good);
    expect(await judge(compact.sign(TYP, good))).toEqual(good);
  });

  it('[A-01] are taken only when a full JWT library takes them too, for the same claims', async () => {
    const taken = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(fc.oneof(someClaims, fc.constant(good)), async (claims) => {
        const token = compact.sign(TYP, claims);
        const read = compact.read(TYP, token, NOW_S);
        if (read !== null) expect(await judge(token)).toEqual(read);
        taken[read ? 'yes' : 'no'] += 1;
      }),
      { numRuns: 500 },
    );
    expect(Math.min(taken.yes, taken.no)).toBeGreaterThan(0);
  });

  it('[A-01] with one character changed, added or taken away are never taken', () => {
    const token = compact.sign(TYP, good);
    fc.assert(
      fc.property(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom('', 'A', 'B', '.', '=', ' ', '-', 'AA'),
        (at, text) => {
          const changed = token.slice(0, at) + text + token.slice(at + 1);
          fc.pre(changed !== token);
          expect(compact.read(TYP, changed, NOW_S)).toBeNull();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('[A-01][A-06] of another kind, algorithm or secret are never taken; any of ours will do', async () => {
    const header = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = compact.sign(TYP, good);
    const [, body, mac] = token.split('.');
    expect(compact.read('osp-grant+jwt', token, NOW_S)).toBeNull();
    expect(compact.read(TYP, `${header({ alg: 'none', typ: TYP })}.${body}.`, NOW_S)).toBeNull();
    expect(compact.read(TYP, `${header({ alg: 'HS256', typ: TYP, kid: '../x' })}.${body}.${mac}`, NOW_S)).toBeNull();
    expect(createCompact([OTHER]).read(TYP, token, NOW_S)).toBeNull();
    expect(createCompact([OTHER, SECRET]).read(TYP, token, NOW_S)).toEqual(good);
    expect(createCompact([OTHER, SECRET]).sign(TYP, good)).toBe(createCompact([OTHER]).sign(TYP, good));
  });
});
