/** What the parts of the stand-in pass to each other. JSON shapes are Jellyfin's; only the members that clients read are typed. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

export interface UserSpec {
  name: string;
  password: string;
  admin?: boolean;
  /** Has a picture of its own. */
  pictured?: boolean;
}

export interface User extends Required<UserSpec> {
  id: string;
}

/** One log-in: what the server remembers about a token. */
export interface Login {
  token: string;
  user: User;
  client: string;
  device: string;
  deviceId: string;
  appVersion: string;
}

export interface LogEntry {
  atMs: number;
  method: string;
  /** Path with query, tokens replaced. */
  path: string;
  status: number;
  /** False when no route answers this address: the client was given an empty object. */
  known: boolean;
}

/** One request on its way through a route. */
export interface Call {
  method: string;
  path: string;
  params: Readonly<Record<string, string>>;
  /** Query members by lower-case name: Jellyfin does not care about case. */
  query: ReadonlyMap<string, string>;
  body: JsonObject;
  login: Login | null;
  request: IncomingMessage;
  response: ServerResponse;
}

/** A call on a route that needs a log-in. */
export type UserCall = Call & { login: Login };

export type Reply =
  | { type: 'json'; body: Json; status?: number }
  | { type: 'bytes'; body: Buffer | string; mime: string; status?: number; headers?: Record<string, string> }
  | { type: 'empty'; status: number }
  /** The route has written, or is writing, the response itself. */
  | { type: 'streaming' };

export const TICKS_PER_SECOND = 10_000_000;

export const json = (body: Json, status = 200): Reply => ({ type: 'json', body, status });
export const empty = (status: number): Reply => ({ type: 'empty', status });

/** Ids travel with and without dashes. */
export const plainId = (id: string): string => id.replaceAll('-', '').toLowerCase();

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asString = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const asNumber = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
