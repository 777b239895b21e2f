import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TEST_SECRET } from './relay.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 30_000;

/** What is left in a process. */
export interface Held {
  heapBytes: number;
  handles: number;
}

/** A relay as people run it, and a look inside. */
export interface RelayProcess {
  url: string;
  wsUrl: string;
  port: number;
  /** Everything it has printed, logs included. */
  output(): string;
  isAlive(): boolean;
  /** @returns memory that is in use once all garbage is gone, in bytes, and what Node waits for: timers, pipes, requests. */
  held(): Promise<Held>;
  /** @returns memory that it has of the system, in bytes, and its open files and sockets. */
  footprint(): { residentBytes: number; files: number };
  stop(): Promise<void>;
}

/** @param env settings that differ; it trusts this machine as a proxy, so that a test can be many addresses. */
export async function startRelayProcess(env: Readonly<Record<string, string>> = {}): Promise<RelayProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'osp-process-'));
  const preload = ['--expose-gc', '--import', 'tsx', '--import', './relay/testing/gauge.ts'];
  const child = spawn(process.execPath, [...preload, 'relay/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      OSP_HOST: '127.0.0.1',
      OSP_PORT: '0',
      OSP_SECRET: TEST_SECRET,
      OSP_DATA_DIR: dataDir,
      OSP_TRUSTED_PROXIES: '127.0.0.1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const url = await addressOf(child, () => output);
  return {
    url,
    wsUrl: url.replace('http', 'ws'),
    port: Number(new URL(url).port),
    output: () => output,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    held: async () => {
      const answer = once(child, 'message');
      child.send('measure');
      return (await answer)[0] as Held;
    },
    footprint: () => {
      const pages = Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]);
      return { residentBytes: pages * 4096, files: readdirSync(`/proc/${child.pid}/fd`).length };
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** @returns the address that it says it listens on. */
async function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  for (const endMs = Date.now() + START_MS; Date.now() < endMs; ) {
    const url = /OpenSyncParty relay: (http:\S+)/.exec(output())?.[1];
    if (url !== undefined) return url;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`the relay did not start:\n${output()}`);
}
