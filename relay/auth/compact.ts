import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** Seconds that the clocks of relay and issuer may differ (PROTOCOL.md A-01). */
export const LEEWAY_S = 30;
export const ISSUER = 'opensyncparty';
export const AUDIENCE = 'opensyncparty-relay';

type Claims = Readonly<Record<string, unknown>>;

/** Signs and reads the relay's own tokens in a few microseconds, on this thread. */
export interface Compact {
  /** @param claims JSON, an object. @returns a JWT (HS256) that holds just that. */
  sign(typ: string, claims: string): string;
  /**
   * @param nowS the time, in seconds since 1970.
   * @returns the claims of a token just as `sign` makes it, when it is valid; null for any other, which a full JWT library has
   * to judge: what is odd, old or wrong is never accepted here.
   */
  read(typ: string, token: string, nowS: number): Claims | null;
}

/** @param secrets the first signs, all verify. */
export function createCompact(secrets: readonly Uint8Array[]): Compact {
  const keys = secrets.map((secret) => createSecretKey(secret));
  const headers = new Map<string, string>();
  // The header is ours to the letter, so no algorithm, key or type is ever taken from a token.
  const headerOf = (typ: string): string => {
    const known = headers.get(typ) ?? encode(JSON.stringify({ alg: 'HS256', typ }));
    headers.set(typ, known);
    return known;
  };
  const macOf = (key: (typeof keys)[number], text: string): string =>
    createHmac('sha256', key).update(text).digest('base64url');
  return {
    sign: (typ, claims) => {
      const [key] = keys;
      if (!key) throw new Error('no secret to sign with');
      const text = `${headerOf(typ)}.${encode(claims)}`;
      return `${text}.${macOf(key, text)}`;
    },
    read: (typ, token, nowS) => {
      const header = headerOf(typ);
      const end = token.lastIndexOf('.');
      if (!token.startsWith(`${header}.`) || end <= header.length) return null;
      const [text, mac] = [token.slice(0, end), token.slice(end + 1)];
      if (!keys.some((key) => isSame(macOf(key, text), mac))) return null;
      const claims = decode(text.slice(header.length + 1));
      return claims && isInForce(claims, nowS) ? claims : null;
    },
  };
}

const encode = (json: string): string => Buffer.from(json).toString('base64url');

function decode(text: string): Claims | null {
  const bytes = Buffer.from(text, 'base64url');
  // Node forgives letters that make no byte; we never write any, and others refuse them.
  if (bytes.toString('base64url') !== text) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isInForce({ iss, aud, exp, iat, nbf }: Claims, nowS: number): boolean {
  if (iss !== ISSUER || aud !== AUDIENCE || nbf !== undefined) return false;
  if (iat !== undefined && typeof iat !== 'number') return false;
  return typeof exp === 'number' && exp > nowS - LEEWAY_S;
}
