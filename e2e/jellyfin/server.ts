/**
 * A stand-in Jellyfin server: enough of the API for our minimal web client (`web/`) and for a real jellyfin-web build to log in,
 * browse, play directly, as HLS and as a progressive transcode, report progress and be steered from elsewhere.
 *
 *   const jellyfin = await startJellyfin({ media: await ensureMedia() });
 *   await page.goto(jellyfin.url + '/web/');          // log in as ana/ana, ben/ben or cleo/cleo
 *
 * What it does as the real server does: tokens in the modern Authorization header and `?ApiKey=` always, the old Emby ways only
 * before 12.0; one session for each device; an administrator (ana) sees all sessions; anyone may steer a session they can name; an
 * episode that is played from outside brings the rest of its series; the latest active socket of a session gets the command.
 * What it leaves out: encoding delays, subtitles, live TV, SyncPlay, everything about managing a server.
 * Addresses without a route answer `{}` and are marked `known: false` in `log`.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MediaFiles, MediaKey } from '../support/media.ts';
import { Accounts, acceptsLegacyTokens, readClaims } from './auth.ts';
import { Encoders } from './encoders.ts';
import { Library, type LibraryItem, SERVER_ID } from './library.ts';
import { Router } from './router.ts';
import { addControlRoutes } from './routes-control.ts';
import { addItemRoutes } from './routes-items.ts';
import { addMiscRoutes } from './routes-misc.ts';
import { addPlaybackRoutes } from './routes-playback.ts';
import { addStreamRoutes } from './routes-streams.ts';
import { addUserRoutes } from './routes-users.ts';
import { type Session, Sessions } from './sessions.ts';
import { serveSockets } from './sockets.ts';
import { webFile } from './static-files.ts';
import {
  type Call,
  empty,
  isObject,
  type JsonObject,
  json,
  type LogEntry,
  type Reply,
  type UserSpec,
} from './types.ts';
import type { KnownSegment, World } from './world.ts';

export { ITEM_IDS } from './library.ts';
export type { Session } from './sessions.ts';
export type { LogEntry, UserSpec } from './types.ts';

export const DEFAULT_USERS: readonly UserSpec[] = [
  { name: 'ana', password: 'ana', admin: true, pictured: true },
  { name: 'ben', password: 'ben' },
  { name: 'cleo', password: 'cleo' },
];

export interface JellyfinOptions {
  media: MediaFiles;
  /** 0, the default, takes a free port. */
  port?: number;
  /** The name to listen on and to use in `url`. */
  host?: string;
  /** What the server says it is. From 12 on it refuses legacy tokens. */
  version?: string;
  basePath?: '' | `/${string}`;
  /** Folder of a real jellyfin-web build, served in place of the minimal client. */
  webDist?: string;
  /** Content-Security-Policy of html pages. */
  csp?: string;
  tls?: { key: string | Buffer; cert: string | Buffer };
  users?: readonly UserSpec[];
  /** What there is to watch, when not the usual. */
  items?: readonly LibraryItem[];
  /** Items that a user may not see, by user name. */
  hideItemsFrom?: Readonly<Record<string, readonly string[]>>;
  /** Items that a user gets as HLS although others play them directly, by user name. */
  forceHlsFor?: Readonly<Record<string, readonly string[]>>;
  /** Another version of an item's film for a user, by user name and item. */
  versionsFor?: Readonly<Record<string, Readonly<Record<string, MediaKey>>>>;
  /** What the server knows of intros and the like, by item. */
  segments?: Readonly<Record<string, readonly KnownSegment[]>>;
}

export interface Jellyfin {
  /** With base path, without a slash at the end. */
  url: string;
  port: number;
  serverId: string;
  log: LogEntry[];
  sessions: () => Session[];
  sessionsOf: (userName: string) => Session[];
  /** A token without the log-in form, for calls of a test's own. */
  logIn: (userName: string, deviceId?: string) => { token: string; userId: string };
  /** Invalidates all tokens of a user, as an administrator can. */
  revoke: (userName: string) => void;
  hideItems: (userName: string, itemIds: readonly string[]) => void;
  /** Cuts all web sockets; clients come back by themselves. */
  dropSockets: () => void;
  /** False: every request and socket is cut, as if the server were down. Log-ins and sessions outlast it. */
  setReachable: (isReachable: boolean) => void;
  close: () => Promise<void>;
}

const MINIMAL_CLIENT = join(dirname(fileURLToPath(import.meta.url)), 'web');
const TOKEN_IN_ADDRESS = /((?:api_?key|token)=)[^&]+/gi;

export async function startJellyfin(options: JellyfinOptions): Promise<Jellyfin> {
  const { basePath = '', host = '127.0.0.1', version = '10.11.0' } = options;
  const world = makeWorld(options, version);
  const router = makeRouter(world);
  const log: LogEntry[] = [];
  let isReachable = true;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isReachable) {
      request.socket.destroy();
      return;
    }
    answer({ world, router, log, options, basePath }, request, response).catch((error: unknown) => {
      console.error('stand-in Jellyfin:', error);
      response.destroy();
    });
  };
  const server: Server = options.tls ? createHttpsServer(options.tls, serve) : createHttpServer(serve);
  const sockets = serveSockets(server, world, basePath, () => isReachable);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const dropSockets = (): void => {
    for (const client of sockets.clients) client.terminate();
  };
  return {
    url: `${options.tls ? 'https' : 'http'}://${host}:${port}${basePath}`,
    port,
    serverId: SERVER_ID,
    log,
    ...testControls(world),
    dropSockets,
    setReachable: (value) => {
      isReachable = value;
      if (value) return;
      dropSockets();
      server.closeAllConnections();
    },
    close: async () => {
      world.encoders.stopAll();
      dropSockets();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function makeWorld(options: JellyfinOptions, version: string): World {
  const library = new Library(options.hideItemsFrom ?? {}, options.items);
  return {
    version,
    accounts: new Accounts(options.users ?? DEFAULT_USERS),
    library,
    sessions: new Sessions(library),
    media: options.media,
    encoders: new Encoders(),
    segmentsOf: (itemId) => options.segments?.[itemId] ?? [],
    versionOf: (user, item) => options.versionsFor?.[user.name]?.[item.id],
    forcesHls: (user, item) => options.forceHlsFor?.[user.name]?.includes(item.id) ?? false,
  };
}

function makeRouter(world: World): Router {
  const router = new Router();
  addUserRoutes(router, world);
  addControlRoutes(router, world);
  addPlaybackRoutes(router, world);
  addStreamRoutes(router, world);
  addItemRoutes(router, world);
  addMiscRoutes(router);
  return router;
}

function testControls(world: World): Pick<Jellyfin, 'sessions' | 'sessionsOf' | 'logIn' | 'revoke' | 'hideItems'> {
  const userNamed = (name: string) => {
    const user = world.accounts.byName(name);
    if (!user) throw new Error(`no user ${name} on the stand-in server`);
    return user;
  };
  return {
    sessions: () => world.sessions.all(),
    sessionsOf: (name) => world.sessions.all().filter((session) => session.login.user === userNamed(name)),
    logIn: (name, deviceId = `test-${name}`) => {
      const claims = { token: null, client: 'Test', device: 'Test', deviceId, appVersion: '1.0' };
      const login = world.accounts.logIn(userNamed(name), claims);
      return { token: login.token, userId: login.user.id };
    },
    revoke: (name) => world.accounts.logOutUser(userNamed(name)),
    hideItems: (name, itemIds) => world.library.hide(userNamed(name).name, itemIds),
  };
}

interface Desk {
  world: World;
  router: Router;
  log: LogEntry[];
  options: JellyfinOptions;
  basePath: string;
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, log, basePath } = desk;
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '', 'http://stand-in');
  allowOrigins(request, response);
  const path = url.pathname.startsWith(basePath) ? url.pathname.slice(basePath.length) : null;
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const entry: LogEntry = { atMs: performance.now(), method, path: '', status: 0, known: true };
  entry.path = (path ?? url.pathname) + url.search.replaceAll(TOKEN_IN_ADDRESS, '$1…');
  log.push(entry);
  response.once('finish', () => {
    entry.status = response.statusCode;
  });
  if (method === 'OPTIONS') return send(response, empty(204), method);
  if (path === null) return send(response, empty(404), method);
  if (path === '' || path === '/') return redirect(response, `${basePath}/web/`);
  if (path === '/web') return redirect(response, `${basePath}/web/`);
  const found = desk.router.find(method, path);
  if (!found && /^\/web\//i.test(path)) {
    const dist = desk.options.webDist ?? MINIMAL_CLIENT;
    return send(response, await webFile(dist, decodeURIComponent(path.slice(5)), desk.options.csp), method);
  }
  const claims = readClaims(request.headers, query, acceptsLegacyTokens(world.version));
  const login = world.accounts.find(claims.token);
  // Sending another device name with a token renames the device: a mistake that tests should be able to see.
  if (login && claims.device && claims.deviceId === login.deviceId) world.sessions.of(login).deviceName = claims.device;
  if (login && claims.device && !claims.deviceId) world.sessions.of(login).deviceName = claims.device;
  entry.known = found !== null;
  const call: Call = {
    method,
    path,
    params: found?.params ?? {},
    query,
    body: await readBody(request),
    login,
    request,
    response,
  };
  const reply = found ? await found.run(call) : login ? json({}) : empty(401);
  send(response, reply, method);
}

/** As ASP.NET's AllowAny policies do: any origin, and whatever headers a preflight asks for. */
function allowOrigins(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE, HEAD, OPTIONS');
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location }).end();
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const isJson = (request.headers['content-type'] ?? '').includes('json');
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : {};
  return isObject(body) ? body : {};
}

function send(response: ServerResponse, reply: Reply, method: string): void {
  switch (reply.type) {
    case 'streaming':
      return;
    case 'empty':
      response.writeHead(reply.status).end();
      return;
    case 'json': {
      response.writeHead(reply.status ?? 200, { 'Content-Type': 'application/json; charset=utf-8' });
      response.end(method === 'HEAD' ? undefined : JSON.stringify(reply.body));
      return;
    }
    case 'bytes':
      response.writeHead(reply.status ?? 200, { ...reply.headers, 'Content-Type': reply.mime });
      response.end(method === 'HEAD' ? undefined : reply.body);
  }
}
