import {
  HELLO_DEADLINE_MS,
  IDLE_TIMEOUT_MS,
  MAX_HELLO_BYTES,
  MAX_HTTP_BODY_BYTES,
  MAX_RELAY_MESSAGE_BYTES,
  RESUME_TTL_MS,
} from '../shared/limits.ts';
import { createJellyfinDirectory } from './auth/jellyfin-directory.ts';
import { createJellyfinExchange } from './auth/jellyfin-exchange.ts';
import { createJellyfinPosters } from './auth/jellyfin-poster.ts';
import { createPairingDesk, type PairingDesk } from './auth/pairing.ts';
import { createPersonKeys } from './auth/persons.ts';
import { loadOrCreateSecret } from './auth/secret.ts';
import { createTokens } from './auth/tokens.ts';
import { type Config, readConfig } from './config.ts';
import { type AddressLimiter, createAddressLimiter } from './limits/address-limits.ts';
import { createLog, createRoomTag, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createGatherings } from './rooms/gathering.ts';
import { createRegistry } from './rooms/registry.ts';
import { clientAddress, limitKey, publicBase } from './server/address.ts';
import type { SignIn } from './server/api.ts';
import { createCodes } from './server/codes.ts';
import { refusal } from './server/errors.ts';
import { createHttp, stripPrefix } from './server/http.ts';
import { loadLanding } from './server/landing.ts';
import { createNodeServer } from './server/node-ws.ts';
import { isOriginAllowed } from './server/origin.ts';
import type { CreateServer, HttpRequest, ServerHandlers, ServerLimits, SocketServer } from './server/port.ts';
import { loadUws } from './server/uws.ts';
import { Deadlines } from './session/deadlines.ts';
import { createSession } from './session/handle.ts';
import { IdentityEnds } from './session/identity-ends.ts';
import type { SessionContext } from './session/session.ts';
import { Turns } from './session/turns.ts';
import { createTally } from './tally.ts';

const SERVER_LIMITS: ServerLimits = {
  maxMessageBytes: MAX_HELLO_BYTES,
  maxBodyBytes: MAX_HTTP_BODY_BYTES,
  maxBacklogBytes: 8 * MAX_RELAY_MESSAGE_BYTES,
  idleTimeoutMs: IDLE_TIMEOUT_MS,
};
const SWEEP_MS = 60_000;

/** A relay that is up. */
export interface Relay {
  /** Base URL on this machine, e.g. `http://127.0.0.1:8787`. */
  url: string;
  /** The same for sockets, e.g. `ws://127.0.0.1:8787`. */
  wsUrl: string;
  port: number;
  /** The adapter in use. */
  socket: Config['socket'];
  /** @returns the code that lets the next host in; null when hosts sign in with Jellyfin. */
  pairingCode(): string | null;
  /** Closes every socket with 1001 and frees the port, within seconds. */
  close(): Promise<void>;
}

export interface RelayOptions extends Partial<Config> {
  /** How often is looked for what has ended, in ms. */
  sweepMs?: number;
  /** Told each new pairing code. */
  onPairingCode?: (code: string) => void;
}

/**
 * Starts a relay in this process.
 * @param overrides settings that win over the environment.
 * @throws ConfigError when the settings are wrong, Error when the port is taken.
 */
export async function startRelay({
  onPairingCode,
  sweepMs = SWEEP_MS,
  ...overrides
}: RelayOptions = {}): Promise<Relay> {
  const config: Config = Object.freeze({ ...readConfig(), ...overrides });
  const secrets = config.secrets.length > 0 ? config.secrets : [loadOrCreateSecret(config.dataDir)];
  const log = createLog(config.logLevel);
  const desk = config.jellyfinUrls.length === 0 ? createPairingDesk(onPairingCode ?? (() => undefined)) : null;
  const { server, socket, stop } = assemble(config, secrets, desk, log, sweepMs);
  const port = await server.listen(config.host, config.port);
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  log.info({ port, socket }, 'relay up');
  return {
    url: `http://${authority}`,
    wsUrl: `ws://${authority}`,
    port,
    socket,
    pairingCode: () => desk?.code() ?? null,
    close: stop,
  };
}

interface Assembly {
  server: SocketServer;
  socket: Config['socket'];
  stop: () => Promise<void>;
}

function assemble(
  config: Config,
  secrets: readonly string[],
  desk: PairingDesk | null,
  log: Log,
  sweepMs: number,
): Assembly {
  const nowMs = (): number => performance.now();
  const tokens = createTokens(secrets);
  const limiter = createAddressLimiter(config.addressLimits);
  const tally = createTally();
  const roomTag = createRoomTag(secrets[0] ?? '');
  const registry = createRegistry({
    publish: (topic, text) => {
      tally.published += 1;
      server.publish(topic, text);
    },
    nowMs,
    maxMembers: config.maxMembers,
    signSnapshot: (snapshot) => tokens.mintNow('snapshot', snapshot, RESUME_TTL_MS),
    onRefused: (code) => {
      tally.refusals[code] += 1;
    },
    onChange: (event, room) => log.info({ room: roomTag(room), rooms: registry.size() }, `room ${event}`),
  });
  const gatherings = createGatherings({ registry, nowMs });
  const signIn = desk ? { kind: 'pairing' as const, desk } : withJellyfin(config.jellyfinUrls);
  let stopping = false;
  const isStopping = (): boolean => stopping;
  const mayOpenRoom = (sub: string): boolean => limiter.take('rooms', sub, nowMs());
  const { identityMs } = config;
  const api = { tokens, registry, signIn, codes: createCodes(), identityMs, nowMs, mayOpenRoom };
  const { create, socket } = chooseServer(config.socket, log);
  const metrics = createMetrics({ tally, registry, socket });
  const http = createHttp({ config, api, landing: loadLanding(), limiter, tally, metrics, log, nowMs, isStopping });
  const socketGone = (address: string): void => {
    tally.sockets -= 1;
    limiter.closeSocket(address);
  };
  const personKeys = createPersonKeys(secrets);
  const showsPosters = signIn.kind === 'jellyfin';
  const identityEnds = new IdentityEnds(sweepMs);
  const turns = new Turns(nowMs);
  const deadlines = new Deadlines(nowMs, HELLO_DEADLINE_MS);
  const people = { tokens, personKeys, identityEnds };
  const sessions = {
    ...people,
    registry,
    gatherings,
    turns,
    deadlines,
    tally,
    log,
    roomTag,
    showsPosters,
    nowMs,
    socketGone,
  };
  const decide = createUpgrade(config, limiter, sessions, isStopping);
  const upgrade: ServerHandlers['upgrade'] = (request) => {
    const decision = decide(request);
    if ('refuse' in decision && decision.refuse.refused) tally.refusals[decision.refuse.refused] += 1;
    return decision;
  };
  const server = create({ http, upgrade }, SERVER_LIMITS);
  const sweep = (): void => {
    limiter.sweep(nowMs());
    for (const seated of identityEnds.take(nowMs())) seated.identityEnded();
  };
  const sweeper = setInterval(sweep, sweepMs).unref();
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    clearInterval(sweeper);
    registry.flush();
    await server.close();
    deadlines.stop();
    gatherings.close();
    registry.close();
    log.info('relay down');
  };
  return { server, socket, stop };
}

function withJellyfin(urls: readonly string[]): SignIn {
  const find = createJellyfinDirectory(urls);
  return { kind: 'jellyfin', exchange: createJellyfinExchange(find), poster: createJellyfinPosters(find) };
}

function chooseServer(wanted: Config['socket'], log: Log): { create: CreateServer; socket: Config['socket'] } {
  if (wanted === 'ws') return { create: createNodeServer, socket: 'ws' };
  try {
    return { create: loadUws(), socket: 'uws' };
  } catch (error) {
    log.warn({ err: error }, 'uWebSockets.js does not load here: using ws, which is slower but does the same');
    return { create: createNodeServer, socket: 'ws' };
  }
}

const ROOM_PATH = /^\/v1\/rooms\/([A-Za-z0-9_-]{16,64})$/;

function createUpgrade(
  config: Config,
  limiter: AddressLimiter,
  context: SessionContext,
  isStopping: () => boolean,
): ServerHandlers['upgrade'] {
  // Nearly everyone comes by the same address, and one text for all of them is enough.
  let base = '';
  return (request: HttpRequest) => {
    const room = ROOM_PATH.exec(stripPrefix(request.path, config.publicUrl))?.[1];
    if (room === undefined) return { refuse: refusal('not-found', 'nothing here') };
    if (!isOriginAllowed(request.header('origin'), config.allowedOrigins)) {
      return { refuse: refusal('origin-refused', 'this origin may not use the relay') };
    }
    if (isStopping()) return { refuse: refusal('shutting-down', 'stopping') };
    const address = limitKey(clientAddress(request, config.trustedProxies));
    if (!limiter.take('handshakes', address, context.nowMs())) {
      return { refuse: refusal('rate-limited', 'too many connections in a short time') };
    }
    if (limiter.isFull(address)) return { refuse: refusal('too-many-connections', 'too many connections') };
    const asked = publicBase(request, config.trustedProxies, config.publicUrl);
    base = asked === base ? base : asked;
    // The room's own text for its id, not one more piece of a path for each member.
    const door = { room: context.registry.get(room)?.id ?? room, publicBase: base, address };
    return {
      accept: (socket) => {
        // Counted only now: a handshake that turns out malformed never becomes a socket, and would never be counted out.
        limiter.openSocket(address);
        context.tally.sockets += 1;
        return createSession(context, door, socket);
      },
    };
  };
}
