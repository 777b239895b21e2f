/** Who is asking: Jellyfin's ways to send a token, and the log-ins that exist. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Login, User, UserSpec } from './types.ts';

export interface Claims {
  token: string | null;
  client: string | null;
  device: string | null;
  deviceId: string | null;
  appVersion: string | null;
}

/** Jellyfin 12 switches the old Emby headers and `api_key` off; up to 10.11 they are on by default. */
export const acceptsLegacyTokens = (version: string): boolean => Number.parseInt(version, 10) < 12;

export function readClaims(headers: IncomingHttpHeaders, query: ReadonlyMap<string, string>, legacy: boolean): Claims {
  const fields = readHeader(headers, legacy);
  const token =
    fields.get('token') ||
    (legacy && headerText(headers, 'x-emby-token')) ||
    (legacy && headerText(headers, 'x-mediabrowser-token')) ||
    query.get('apikey') ||
    (legacy && query.get('api_key')) ||
    null;
  return {
    token,
    client: fields.get('client') ?? null,
    device: fields.get('device') ?? null,
    deviceId: fields.get('deviceid') ?? null,
    appVersion: fields.get('version') ?? null,
  };
}

/** `MediaBrowser Client="Jellyfin Web", Device="Chrome", DeviceId="…", Version="…", Token="…"`, values percent-encoded. */
function readHeader(headers: IncomingHttpHeaders, legacy: boolean): Map<string, string> {
  const text = (legacy && headerText(headers, 'x-emby-authorization')) || headers.authorization || '';
  const fields = new Map<string, string>();
  const [scheme = ''] = text.split(' ', 1);
  const accepted = scheme === 'MediaBrowser' || (legacy && scheme === 'Emby');
  if (!accepted) return fields;
  for (const [, name = '', value = ''] of text.slice(scheme.length).matchAll(/(\w+)="([^"]*)"/g)) {
    fields.set(name.toLowerCase(), decode(value));
  }
  return fields;
}

function headerText(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // Not percent-encoded after all: a plain device name with a % in it.
  }
}

export class Accounts {
  readonly users: readonly User[];
  readonly #logins = new Map<string, Login>();

  constructor(specs: readonly UserSpec[]) {
    this.users = specs.map((spec) => ({ admin: false, pictured: false, ...spec, id: md5(`user:${spec.name}`) }));
  }

  byId(id: string): User | undefined {
    return this.users.find((user) => user.id === id);
  }

  byName(name: string): User | undefined {
    return this.users.find((user) => user.name.toLowerCase() === name.toLowerCase());
  }

  /** A new token; earlier ones of the same user on the same device die, as on the real server. */
  logIn(user: User, claims: Claims): Login {
    const deviceId = claims.deviceId ?? randomBytes(8).toString('hex');
    for (const login of this.#logins.values()) {
      if (login.deviceId === deviceId && login.user === user) this.#logins.delete(login.token);
    }
    const login: Login = {
      token: randomBytes(16).toString('hex'),
      user,
      client: claims.client ?? 'Jellyfin Web',
      device: claims.device ?? 'Browser',
      deviceId,
      appVersion: claims.appVersion ?? '0.0.0',
    };
    this.#logins.set(login.token, login);
    return login;
  }

  find(token: string | null): Login | null {
    return (token && this.#logins.get(token)) || null;
  }

  logOut(token: string): void {
    this.#logins.delete(token);
  }

  logOutUser(user: User): void {
    for (const login of this.#logins.values()) {
      if (login.user === user) this.#logins.delete(login.token);
    }
  }
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
