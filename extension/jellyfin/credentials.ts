import * as v from 'valibot';
import type { JellyfinSession } from './host.ts';

const text = v.fallback(v.string(), '');

const ServerSchema = v.object({
  Id: text,
  AccessToken: text,
  UserId: text,
  ManualAddress: text,
  LocalAddress: text,
  RemoteAddress: text,
  LastConnectionMode: v.fallback(v.nullable(v.number()), null),
  DateLastAccessed: v.fallback(v.number(), 0),
});
type Server = v.InferOutput<typeof ServerSchema>;

const CredentialsSchema = v.object({ Servers: v.array(ServerSchema) });
const UserSchema = v.object({ Name: v.string() });

/** jellyfin-web's numbers in `LastConnectionMode`. */
const LOCAL = 0;
const REMOTE = 1;

function parse<T>(schema: v.GenericSchema<unknown, T>, json: string | null): T | null {
  if (json === null) return null;
  try {
    return v.parse(schema, JSON.parse(json));
  } catch {
    return null;
  }
}

/** Jellyfin writes ids with and without dashes; the protocol wants 32 hex digits. */
export const plainId = (id: string): string => id.replaceAll('-', '').toLowerCase();

/**
 * Who is signed in, as jellyfin-web keeps it in localStorage (the same keys in 10.8 to 12.0).
 * @param baseUrl the server the page itself seems to come from; decides between several signed-in servers.
 * @returns null when nobody is.
 */
export function readSession(storage: Pick<Storage, 'getItem'>, baseUrl: string): JellyfinSession | null {
  const servers = parse(CredentialsSchema, storage.getItem('jellyfin_credentials'))?.Servers ?? [];
  const deviceId = storage.getItem('_deviceId2');
  const server = pickServer(servers, baseUrl);
  if (!server || !deviceId) return null;
  const user = parse(UserSchema, storage.getItem(`user-${server.UserId}-${server.Id}`));
  return {
    serverId: plainId(server.Id),
    baseUrl: addressOf(server) || baseUrl,
    userId: server.UserId,
    userName: user?.Name ?? '',
    token: server.AccessToken,
    deviceId,
  };
}

function pickServer(servers: Server[], baseUrl: string): Server | null {
  const signedIn = servers
    .filter((server) => server.AccessToken && server.UserId && /^[0-9a-f]{32}$/.test(plainId(server.Id)))
    .sort((a, b) => b.DateLastAccessed - a.DateLastAccessed);
  return signedIn.find((server) => addressOf(server) === baseUrl) ?? signedIn[0] ?? null;
}

function addressOf(server: Server): string {
  return chosenAddress(server).replace(/\/+$/, '');
}

function chosenAddress(server: Server): string {
  if (server.LastConnectionMode === LOCAL && server.LocalAddress) return server.LocalAddress;
  if (server.LastConnectionMode === REMOTE && server.RemoteAddress) return server.RemoteAddress;
  return server.ManualAddress || server.LocalAddress || server.RemoteAddress;
}

/** @returns whether two readings of the session mean the same person in the same place. */
export function sameSession(a: JellyfinSession | null, b: JellyfinSession | null): boolean {
  if (a === null || b === null) return a === b;
  return (Object.keys(a) as (keyof JellyfinSession)[]).every((key) => a[key] === b[key]);
}
