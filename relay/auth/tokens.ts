import { errors, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { ProtocolError } from '../../shared/errors.ts';
import { type ClaimsOf, KINDS, type Kind } from './claims.ts';

const ISSUER = 'opensyncparty';
const AUDIENCE = 'opensyncparty-relay';
/** Clocks of relay and issuer may differ this much (PROTOCOL.md A-01: at most 60 s). */
const LEEWAY_S = 30;

/** Makes and checks every token of this relay. */
export interface Tokens {
  /** @param ttlMs how long it lives; `exp` in the claims is set from it. */
  mint<K extends Kind>(kind: K, claims: Unexpired<ClaimsOf[K]>, ttlMs: number): Promise<string>;
  /** @throws ProtocolError `token-expired` or `token-invalid`, saying no more than that. */
  verify<K extends Kind>(kind: K, token: string): Promise<ClaimsOf[K]>;
}

type Unexpired<C> = Omit<C, 'exp'>;

/** @param secrets at least 32 bytes each: the first signs, all verify (PROTOCOL.md A-06). */
export function createTokens(secrets: readonly string[]): Tokens {
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));
  const [signingKey] = keys;
  if (!signingKey) throw new Error('no secret to sign with');
  return {
    mint: (kind, claims, ttlMs) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: KINDS[kind].typ })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(new Date(Date.now() + ttlMs))
        .sign(signingKey),
    verify: async (kind, token) => {
      const payload = await verifyWithAny(keys, token, KINDS[kind].typ);
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
