/** A relay as people run it: its own process, told everything by its environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './places.ts';
import { until } from './tab.ts';

const START_PATIENCE_MS = 20_000;
const FROM_SOURCES = ['--import', 'tsx', 'relay/main.ts'];

export interface RelayOptions {
  /** Servers whose users the relay signs in; none: it prints a pairing code. */
  jellyfinUrls: readonly string[];
  host?: string;
  port?: number;
  /** Signs its tokens; unset: one of its own. */
  secret?: string;
  /** Further settings, or others than these. */
  env?: Readonly<Record<string, string>>;
  /** Arguments of Node; unset: it runs from its sources. */
  program?: readonly string[];
  /** Certificate to trust besides the usual ones, for a self-signed Jellyfin. */
  caFile?: string;
}

export class RelayProcess {
  readonly url: string;
  /** For journeys that forge tokens. */
  readonly secret: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #dataDir: string;
  readonly #program: readonly string[];
  #child: ChildProcess | null = null;
  #output = '';

  constructor(options: RelayOptions & { host: string; port: number; dataDir: string }) {
    const { host, port, dataDir, jellyfinUrls, caFile, env } = options;
    this.url = `http://${host}:${port}`;
    this.secret = options.secret ?? randomBytes(48).toString('base64');
    this.#dataDir = dataDir;
    this.#program = options.program ?? FROM_SOURCES;
    this.#environment = {
      ...process.env,
      OSP_HOST: host,
      OSP_PORT: String(port),
      OSP_JELLYFIN_URLS: jellyfinUrls.join(','),
      OSP_DATA_DIR: dataDir,
      OSP_LOG_LEVEL: 'info',
      ...env,
      ...(caFile ? { NODE_EXTRA_CA_CERTS: caFile } : {}),
    };
  }

  /** @param secret another one than before, as when the data folder was lost. */
  async start(secret = this.secret): Promise<void> {
    const child = spawn(process.execPath, this.#program, {
      cwd: ROOT,
      env: { ...this.#environment, OSP_SECRET: secret },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    const healthy = async (): Promise<true | null> => {
      if (child.exitCode !== null) throw new Error(`the relay ended with ${child.exitCode}:\n${this.#output}`);
      return fetch(`${this.url}/healthz`).then(
        (response) => (response.ok ? true : null),
        () => null,
      );
    };
    await until('the relay to answer', healthy, START_PATIENCE_MS);
  }

  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Takes it away in the middle of whatever it does. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Stops it for good and removes its data. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** The newest code that it printed for a host. */
  pairingCode(): Promise<string> {
    return until('a pairing code on the console', async () => {
      const codes = [...this.#output.matchAll(/Pairing code for the next host: (\S+)/g)];
      return codes.at(-1)?.[1] ?? null;
    });
  }
}

export async function startRelayProcess(options: RelayOptions): Promise<RelayProcess> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? (await freePort(host));
  const dataDir = await mkdtemp(join(tmpdir(), 'osp-relay-'));
  const relay = new RelayProcess({ ...options, host, port, dataDir });
  await relay.start();
  return relay;
}

/** @returns a port that nobody listened on just now. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port for the relay');
  return address.port;
}
