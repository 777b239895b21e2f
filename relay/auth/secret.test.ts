import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../config.ts';
import { loadOrCreateSecret, SECRET_FILE } from './secret.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'osp-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the secret of a relay that was given none', () => {
  it('[A-06] is made once, long, for its owner only, and kept', () => {
    const dataDir = join(folder, 'new', 'data');
    const secret = loadOrCreateSecret(dataDir);
    expect(secret.length).toBeGreaterThanOrEqual(64);
    expect(statSync(join(dataDir, SECRET_FILE)).mode & 0o777).toBe(0o600);
    expect(loadOrCreateSecret(dataDir)).toBe(secret);
  });

  it('[peer R-05][A-06] is refused when the file holds something short, and left as it is', () => {
    writeFileSync(join(folder, SECRET_FILE), 'short\n');
    expect(() => loadOrCreateSecret(folder)).toThrow(ConfigError);
    expect(readFileSync(join(folder, SECRET_FILE), 'utf8')).toBe('short\n');
  });

  it('says what to do when the folder cannot be used', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => loadOrCreateSecret(join(folder, 'file'))).toThrow('OSP_DATA_DIR');
  });
});
