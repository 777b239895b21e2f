import { createHmac } from 'node:crypto';
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

/** Claims as text: JSON that is odd, or none; numbers that only JSON can write. */
const CLAIMS_TEXT = (base: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(base),
    fc.json(),
    fc.constantFrom(
      '',
      'null',
      '[]',
      '"x"',
      '{}',
      `[${base}]`,
      `${base} `,
      `\ufeff${base}`,
      `${base}}`,
      base.slice(0, -1),
    ),
    fc
      .record({
        claim: fc.constantFrom('iss', 'aud', 'exp', 'iat', 'nbf', 'crit', '__proto__', 'constructor'),
        value: fc.oneof(
          fc.constantFrom(
            '1e999',
            '-1e999',
            '-0',
            '0',
            '1e308',
            'NaN',
            '""',
            '{}',
            '[]',
            'null',
            'true',
            '"opensyncparty"',
          ),
          fc.json(),
          fc.double().map(String),
          fc.integer({ min: NOW_S - 40, max: NOW_S + 40 }).map(String),
        ),
      })
      // A second one of the same name: the last counts.
      .map(({ claim, value }) => `${base.slice(0, -1)},"${claim}":${value}}`),
  );

const HEADERS = fc.oneof(
  { weight: 4, arbitrary: fc.constant<object>({ alg: 'HS256', typ: TYP }) },
  fc.record(
    {
      alg: fc.constantFrom<unknown>('HS256', 'none', 'HS512', 'RS256', 'hs256', null),
      typ: fc.constantFrom<unknown>(TYP, 'osp-grant+jwt', 'JWT', `application/${TYP}`, 7),
      kid: fc.constantFrom('../../dev/null', ''),
      crit: fc.constantFrom<unknown>(['exp'], ['b64'], []),
      b64: fc.boolean(),
    },
    { requiredKeys: ['alg'] },
  ),
);

/** Ways to write the bytes of the claims in base64url, the usual one first. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `${text}=`,
  (text) => `${text}A`,
  (text) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`,
  (text) => ` ${text}`,
  (text) => `${text}.`,
  (text) => text.slice(0, -1),
];

describe('compact tokens', () => {
  const compact = createCompact([SECRET]);
  const good = { iss: ISSUER, aud: AUDIENCE, exp: NOW_S + 60, iat: NOW_S, room: 'r', member: 'm', jti: 'j' };

  it('[A-01] are what a full JWT library makes and takes', async () => {
    const theirs = await new SignJWT(good).setProtectedHeader({ alg: 'HS256', typ: TYP }).sign(SECRET);
    expect(compact.read(TYP, theirs, NOW_S)).toEqual(good);
    expect(await judge(compact.sign(TYP, JSON.stringify(good)))).toEqual(good);
  });

  it('[A-01] are taken only when a full JWT library takes them too, for the same claims', async () => {
    const taken = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(fc.oneof(someClaims, fc.constant(good)), async (claims) => {
        const token = compact.sign(TYP, JSON.stringify(claims));
        const read = compact.read(TYP, token, NOW_S);
        if (read !== null) expect(await judge(token)).toEqual(read);
        taken[read ? 'yes' : 'no'] += 1;
      }),
      { numRuns: 500 },
    );
    expect(Math.min(taken.yes, taken.no)).toBeGreaterThan(0);
  });

  it('[A-01][peer R-02] are never taken when a full JWT library refuses them, whatever is signed with the very secret', async () => {
    const taken = { yes: 0, no: 0 };
    const spelling = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(SPELLINGS.length - 1));
    await fc.assert(
      fc.asyncProperty(HEADERS, CLAIMS_TEXT(JSON.stringify(good)), spelling, async (header, claims, index) => {
        const head = Buffer.from(JSON.stringify(header)).toString('base64url');
        const body = (SPELLINGS[index] ?? String)(Buffer.from(claims).toString('base64url'));
        const mac = createHmac('sha256', SECRET).update(`${head}.${body}`).digest('base64url');
        const token = `${head}.${body}.${mac}`;
        const read = compact.read(TYP, token, NOW_S);
        if (read !== null) expect(await judge(token)).toEqual(read);
        taken[read ? 'yes' : 'no'] += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(taken.yes, taken.no)).toBeGreaterThan(100);
  });

  it('[A-01] with one character changed, added or taken away are never taken', () => {
    const token = compact.sign(TYP, JSON.stringify(good));
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
    const token = compact.sign(TYP, JSON.stringify(good));
    const [, body, mac] = token.split('.');
    expect(compact.read('osp-grant+jwt', token, NOW_S)).toBeNull();
    expect(compact.read(TYP, `${header({ alg: 'none', typ: TYP })}.${body}.`, NOW_S)).toBeNull();
    expect(compact.read(TYP, `${header({ alg: 'HS256', typ: TYP, kid: '../x' })}.${body}.${mac}`, NOW_S)).toBeNull();
    expect(createCompact([OTHER]).read(TYP, token, NOW_S)).toBeNull();
    expect(createCompact([OTHER, SECRET]).read(TYP, token, NOW_S)).toEqual(good);
    expect(createCompact([OTHER, SECRET]).sign(TYP, JSON.stringify(good))).toBe(
      createCompact([OTHER]).sign(TYP, JSON.stringify(good)),
    );
  });
});
