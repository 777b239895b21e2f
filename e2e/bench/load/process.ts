/** A server under load: a process of its own on a core of its own, and what the system says it uses. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const START_PATIENCE_MS = 20_000;
const KIB = 1024;
const SERVER_CORE = 0;
const DRIVER_CORE = 1;

const canPin = process.platform === 'linux' && availableParallelism() > 1;

/** @throws Error where the system does not say what a process uses. */
export function assertMeasurable(): void {
  if (process.platform !== 'linux') throw new Error('this bench reads /proc, so it runs on Linux only');
}

/** Keeps this process, which drives the load, off the servers' core. */
export async function pinDriver(): Promise<void> {
  if (canPin) await promisify(execFile)('taskset', ['-a', '-p', '-c', String(DRIVER_CORE), String(process.pid)]);
}

export interface ServerProcess {
  port: number;
  /** CPU time of all its threads so far, in us. */
  cpuUs(): Promise<number>;
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a script with Node, pinned to the servers' core.
 * @param saysPort finds the port in what it prints. @param nodeOptions e.g. `--cpu-prof`.
 */
export async function startServer(
  script: string,
  env: Readonly<Record<string, string>>,
  saysPort: RegExp,
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess> {
  const command = [process.execPath, ...nodeOptions, script];
  const [program = '', ...args] = canPin ? ['taskset', '-c', String(SERVER_CORE), ...command] : command;
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  // Whatever ends this process, no server is left behind (`main.ts` makes an exit of a signal).
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  try {
    const port = await portOf(child, saysPort);
    return { port, cpuUs: () => cpuOf(child.pid), residentBytes: () => residentOf(child.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function portOf({ stdout }: ChildProcess, saysPort: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a server did not start in time')), START_PATIENCE_MS);
    let text = '';
    stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const port = saysPort.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    stdout?.on('end', () => {
      clearTimeout(timer);
      reject(new Error('a server ended before it listened'));
    });
  });
}

/** @returns CPU time of all its threads so far, in us: to the nanosecond, unlike the 10 ms of /proc/<pid>/stat. */
export async function cpuOf(pid: number | undefined): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const spent = threads.map(async (thread) => {
    const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
    return Number(text.split(' ')[0]) / 1000;
  });
  return (await Promise.all(spent)).reduce((sum, us) => sum + us, 0);
}

export async function residentOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
}
