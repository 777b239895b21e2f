/** A relay as it runs for people, to be killed and started again on the same port with the same secret. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../support/places.ts';

const START_PATIENCE_MS = 30_000;
const CLOCK = fileURLToPath(new URL('clock.ts', import.meta.url));

export class RelayNode {
  readonly port: number;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;

  constructor(port: number, secret: string) {
    this.port = port;
    this.#env = {
      ...process.env,
      OSP_HOST: '127.0.0.1',
      OSP_PORT: String(port),
      OSP_SECRET: secret,
      // Each member comes from an address of its own.
      OSP_TRUSTED_PROXIES: '127.0.0.1',
      OSP_LOG_LEVEL: 'warn',
    };
  }

  /** Resolves once it takes connections. @param clockStepMs how wrong its time of day is. */
  async start(clockStepMs = 0): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', '--import', CLOCK, 'relay/main.ts'], {
      cwd: ROOT,
      env: { ...this.#env, OSP_CHAOS_CLOCK_STEP_MS: String(clockStepMs) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('a relay did not start in time')), START_PATIENCE_MS);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (!text.includes('OpenSyncParty relay:')) return;
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`a relay ended with ${code} before it listened`));
      });
    });
  }

  /** Sets its time of day while it runs. */
  setClock(): void {
    this.#child?.kill('SIGUSR2');
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
