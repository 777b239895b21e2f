import { errors, jwtVerify } from 'jose';
import * as v from 'valibot';
import { ProtocolError } from '../../shared/errors.ts';
import { type ClaimsOf, KINDS, type Kind } from './claims.ts';
import { AUDIENCE, createCompact, ISSUER, LEEWAY_S } from './compact.ts';

/** Makes and checks every token of this relay. */
export interface Tokens {
  /** @param ttlMs how long it lives; `exp` in the claims is set from it. */
  mint<K extends Kind>(kind: K, claims: Unexpired<ClaimsOf[K]>, ttlMs: number): Promise<string>;
  /** The same at once: a snapshot goes out right behind the change that it holds. */
  mintNow<K extends Kind>(kind: K, claims: Unexpired<ClaimsOf[K]>, ttlMs: number): string;
  /** @throws ProtocolError `token-expired` or `token-invalid`, saying no more than that. */
  verify<K extends Kind>(kind: K, token: string): Promise<ClaimsOf[K]>;
}

/**
 * Put behind the claims as text: to copy them into one more object took as long as to sign them.
 * @param iat when it was made. @param exp when it ends: both in seconds since 1970.
 */
const withLife = (claims: string, iat: number, exp: number): string =>
  `${claims.slice(0, -1)},"iss":"${ISSUER}","aud":"${AUDIENCE}","iat":${iat},"exp":${exp}}`;

type Unexpired<C> = Omit<C, 'exp'>;

/** @param secrets at least 32 bytes each: the first signs, all verify (PROTOCOL.md A-06). */
export function createTokens(secrets: readonly string[]): Tokens {
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));
  if (keys.length === 0) throw new Error('no secret to sign with');
  const compact = createCompact(keys);
  const mintNow: Tokens['mintNow'] = (kind, claims, ttlMs) => {
    const nowS = Math.floor(Date.now() / 1000);
    const exp = Math.floor((Date.now() + ttlMs) / 1000);
    return compact.sign(KINDS[kind].typ, withLife(JSON.stringify(claims), nowS, exp));
  };
  return {
    mint: async (kind, claims, ttlMs) => mintNow(kind, claims, ttlMs),
    mintNow,
    verify: async (kind, token) => {
      const { typ } = KINDS[kind];
      // Nearly all are our own and good; a crowd that comes back after a drop is let in by a few microseconds each.
      const own = compact.read(typ, token, Math.floor(Date.now() / 1000));
      const payload = own ?? (await verifyWithAny(keys, token, typ));
      const result = v.safeParse(KINDS[kind].schema, payload);
      if (!result.success) throw new ProtocolError('token-invalid', `not a valid ${kind} token`);
      // The schema of this kind has just produced it; TypeScript cannot follow the lookup.
      return result.output as ClaimsOf[typeof kind];
    },
  };
}

async function verifyWithAny(keys: readonly Uint8Array[], token: string, typ: string): Promise<unknown> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        typ,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp'],
        clockTolerance: LEEWAY_S,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      throw error instanceof errors.JWTExpired
        ? new ProtocolError('token-expired', 'the token has expired')
        : new ProtocolError('token-invalid', 'the token is not valid here');
    }
  }
  throw new ProtocolError('token-invalid', 'the token is not valid here');
}
