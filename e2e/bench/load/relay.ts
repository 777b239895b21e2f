/** The relay under load: a process of its own, and what the system says it uses. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/places.ts';

const START_PATIENCE_MS = 20_000;
/** USER_HZ: Linux gives these times to user space in this unit on every architecture. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

export interface MeasuredRelay {
  url: string;
  secret: string;
  /** User and system time so far, in microseconds, to 10 ms; null where the system does not say (not Linux). */
  cpuUs(): Promise<number | null>;
  /** Resident memory in bytes; null where the system does not say. */
  residentBytes(): Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts the relay from its sources on a free loopback port. It believes X-Forwarded-For, so each member has an address. */
export async function startMeasuredRelay(): Promise<MeasuredRelay> {
  const dataDir = await mkdtemp(join(tmpdir(), 'osp-load-'));
  const secret = randomBytes(48).toString('base64');
  const child = spawn(process.execPath, ['--import', 'tsx', 'relay/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      OSP_HOST: '127.0.0.1',
      OSP_PORT: '0',
      OSP_SECRET: secret,
      OSP_DATA_DIR: dataDir,
      OSP_TRUSTED_PROXIES: '127.0.0.1',
      OSP_LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(child.stdout);
    return {
      url,
      secret,
      cpuUs: async () => cpuOf(await readProc(child.pid, 'stat')),
      residentBytes: async () => residentOf(await readProc(child.pid, 'status')),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the address that the relay prints when it listens. */
function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the relay did not start in time')), START_PATIENCE_MS);
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /OpenSyncParty relay: (http:\S+)\n/.exec(text)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    output.on('end', () => {
      clearTimeout(timer);
      reject(new Error('the relay ended before it listened'));
    });
  });
}

async function readProc(pid: number | undefined, file: 'stat' | 'status'): Promise<string | null> {
  if (process.platform !== 'linux' || pid === undefined) return null;
  return readFile(`/proc/${pid}/${file}`, 'utf8');
}

/** The name in the second field may hold spaces, so fields count from its closing bracket. */
function cpuOf(stat: string | null): number | null {
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields?.[11]), Number(fields?.[12])];
  return Number.isFinite(user + system) ? ((user + system) / TICKS_PER_SECOND) * 1e6 : null;
}

function residentOf(status: string | null): number | null {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return kib === undefined ? null : Number(kib) * KIB;
}
