/**
 * Makes sure that the browsers, ffmpeg and the proxies are there: `tsx e2e/support/setup.ts`. Used by the journeys, the demo and CI.
 * On Debian and its relatives, as root, what is missing is installed from the distribution; elsewhere we say what to run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianPackagesFor, findProgram, installHint, PROXIES, type Program } from './programs.ts';

/** What `npm test` needs. */
const EVERYTHING: readonly Program[] = [
  'chromium',
  'firefox',
  'ffmpeg',
  ...(process.platform === 'win32' ? [] : PROXIES),
];

/** @param programs what is needed. @throws Error with one line per program that is missing and cannot be installed. */
export async function ensurePrograms(programs: readonly Program[]): Promise<void> {
  const missing = await missingOf(programs);
  if (missing.length === 0) return;
  if (await canInstall()) {
    const packages = missing.flatMap(debianPackagesFor);
    process.stderr.write(`Installing ${packages.join(', ')} with apt-get\n`);
    await run('apt-get', ['update', '-qq']);
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    await withoutServices(() => run('apt-get', install));
  }
  const still = await missingOf(programs);
  if (still.length > 0) throw new Error(still.map(installHint).join('\n'));
}

async function missingOf(programs: readonly Program[]): Promise<Program[]> {
  const found = await Promise.all(programs.map(findProgram));
  return programs.filter((_, index) => found[index] === null);
}

async function canInstall(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return access('/usr/bin/apt-get').then(
    () => true,
    () => false,
  );
}

const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/** Debian starts what it installs; a web server on this machine's port 80 is not what somebody who tests wants. */
async function withoutServices(install: () => Promise<void>): Promise<void> {
  const isOurs = await writeFile(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => true,
    () => false,
  );
  try {
    await install();
  } finally {
    if (isOurs) await rm(SERVICE_POLICY);
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // apt's chatter goes to stderr: stdout belongs to the caller's own table.
  const child = spawn(command, args, { env, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2) as Program[];
  await ensurePrograms(wanted.length > 0 ? wanted : EVERYTHING).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
