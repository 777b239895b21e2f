import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, secretProblem } from '../config.ts';

/** The one file a relay keeps. */
export const SECRET_FILE = 'secret';

/**
 * The relay's own secret, made the first time and kept, so that seats and invites outlive a restart.
 * @param dataDir made when missing; the file is for its owner only.
 * @throws ConfigError when it cannot be kept, or holds something too short.
 */
export function loadOrCreateSecret(dataDir: string): string {
  const path = join(dataDir, SECRET_FILE);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return readSecret(path) ?? createSecret(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([
      `Cannot keep a secret in "${dataDir}" (${(error as Error).message}). Set OSP_DATA_DIR to a folder the relay may write to, or set OSP_SECRET.`,
    ]);
  }
}

function readSecret(path: string): string | null {
  try {
    const secret = readFileSync(path, 'utf8').trim();
    const problem = secretProblem(secret);
    if (problem === null) return secret;
    throw new ConfigError([`The secret in "${path}" ${problem}: delete the file and start again to get a new one.`]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function createSecret(path: string): string {
  const secret = randomBytes(48).toString('base64url');
  try {
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (error) {
    // Another relay on the same folder was quicker: its secret is the one.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFileSync(path, 'utf8').trim();
    throw error;
  }
}
