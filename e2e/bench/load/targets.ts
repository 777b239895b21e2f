/** The servers that are compared, and how one talks to each. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokens } from '../../../relay/auth/tokens.ts';
import { GRANT_TTL_MS } from '../../../shared/limits.ts';
import type { Credential } from '../../../shared/protocol.ts';
import { buildRelay, shippedNodeOptions } from '../../support/shipped-relay.ts';
import { buildServers } from './build.ts';
import { type ServerProcess, startServer } from './process.ts';

/** How messages are wrapped on the way to a server; inside they are the relay's own everywhere. */
export interface Dialect {
  path(room: string): string;
  /** Sent first of all, and answered before anything else may be said; null: nothing. */
  opening: string | null;
  prefix: string;
  suffix: string;
}

const PLAIN: Dialect = { path: (room) => `/v1/rooms/${room}`, opening: null, prefix: '', suffix: '' };
const SOCKET_IO: Dialect = {
  path: (room) => `/socket.io/?EIO=4&transport=websocket&room=${room}`,
  opening: '40',
  prefix: '42["m",',
  suffix: ']',
};

/** A server that runs. */
export interface Target extends ServerProcess {
  name: TargetName;
  isSecure: boolean;
  dialect: Dialect;
  /** @returns what the first member of a room, or another one, shows at the door. */
  credential(room: string, isFirst: boolean): Promise<Credential | null>;
}

export const TARGET_NAMES = ['osp', 'uws', 'ws', 'socketio'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export const isTargetName = (name: string): name is TargetName => (TARGET_NAMES as readonly string[]).includes(name);

type Start = (name: TargetName, nodeOptions?: readonly string[]) => Promise<Target>;

/** Builds what is measured. @returns starts a server of that name, each time a new process. */
export async function prepareTargets(): Promise<Start> {
  const [relay, servers] = [await buildRelay(), await buildServers()];
  const bare = async (name: TargetName, script: string, dialect: Dialect): Promise<Target> => {
    const server = await startServer(script, {}, /listening on (\d+)\n/);
    return { ...server, name, isSecure: false, dialect, credential: () => Promise.resolve(null) };
  };
  return (name, nodeOptions = []) => {
    switch (name) {
      case 'osp':
        return startRelay(relay, nodeOptions);
      case 'uws':
        return bare(name, servers.uws, PLAIN);
      case 'ws':
        return bare(name, servers.ws, PLAIN);
      case 'socketio':
        return bare(name, servers['socket-io'], SOCKET_IO);
    }
  };
}

/** It believes X-Forwarded-For, so each member has an address, and lets as many into a room as are measured. */
async function startRelay(script: string, nodeOptions: readonly string[]): Promise<Target> {
  const dataDir = await mkdtemp(join(tmpdir(), 'osp-load-'));
  const secret = randomBytes(48).toString('base64');
  const env = {
    OSP_HOST: '127.0.0.1',
    OSP_PORT: '0',
    OSP_SECRET: secret,
    OSP_DATA_DIR: dataDir,
    OSP_TRUSTED_PROXIES: '127.0.0.1',
    OSP_LOG_LEVEL: 'warn',
    OSP_MAX_MEMBERS: '500',
  };
  const options = [...shippedNodeOptions(), ...nodeOptions];
  const server = await startServer(script, env, /OpenSyncParty relay: http:\S+:(\d+)\n/, options);
  const tokens = createTokens([secret]);
  const invites = new Map<string, Promise<string>>();
  const inviteTo = (room: string): Promise<string> => {
    const known = invites.get(room);
    if (known) return known;
    const film = { by: 'Bench', title: null, itemId: null, serverId: null, jellyfinUrl: 'http://jellyfin.test' };
    const invite = tokens.mint('invite', { room, jti: room, uses: 1_000, ...film }, GRANT_TTL_MS);
    invites.set(room, invite);
    return invite;
  };
  const credential = async (room: string, isFirst: boolean): Promise<Credential> =>
    isFirst
      ? {
          kind: 'grant',
          grant: await tokens.mint('grant', { room, sub: 'bench@test', name: 'Host', verified: true }, GRANT_TTL_MS),
        }
      : { kind: 'invite', invite: await inviteTo(room), name: 'Guest' };
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...server, name: 'osp', isSecure: false, dialect: PLAIN, credential, stop };
}
