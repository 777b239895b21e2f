/** A proxy from the distribution's packages, on its own ports and with its own files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Program, requireProgram } from '../support/programs.ts';
import { until } from '../support/tab.ts';

/** @returns a folder for one proxy's files. */
export const proxyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'osp-proxy-'));

export class ProxyProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #output = '';

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  /**
   * @param port that it listens on once it is up.
   * @param folder its files; goes with it.
   */
  static async start(
    program: Program,
    args: readonly string[],
    { port, folder, env = {} }: { port: number; folder: string; env?: Readonly<Record<string, string>> },
  ): Promise<ProxyProcess> {
    const child = spawn(await requireProgram(program), args, {
      cwd: folder,
      // Nothing is written outside of the folder.
      env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const proxy = new ProxyProcess(child, folder);
    await until(`${program} to listen`, async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${proxy.#output}`);
      return (await accepts(port)) || null;
    });
    return proxy;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** @returns whether somebody listens there. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
