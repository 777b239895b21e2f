import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BIOME = resolve('node_modules/@biomejs/biome/bin/biome');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'osp-boundaries-'));
  cpSync('biome.json', join(folder, 'biome.json'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lints a tree that holds only these files under the project's own configuration. */
function lint(files: Record<string, string>): { failed: boolean; report: string } {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const args = [
    BIOME,
    'ci',
    '--vcs-enabled=false',
    '--formatter-enabled=false',
    '--assist-enabled=false',
    '--error-on-warnings',
    '.',
  ];
  const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { failed: run.status !== 0, report: run.stdout + run.stderr };
}

const imports = (from: string): string => `import { x } from '${from}';\nexport const y = x;\n`;

const FORBIDDEN: [file: string, from: string, why: string][] = [
  ['shared/a.ts', '../relay/b.ts', 'shared imports nothing'],
  ['shared/a.ts', 'node:fs', 'shared imports nothing'],
  ['relay/a.ts', '../extension/sync/b.ts', 'relay and extension never import each other'],
  ['relay/rooms/a.ts', 'jose', 'only relay/auth/tokens.ts'],
  ['relay/server/http.ts', 'uWebSockets.js', 'only relay/server/uws.ts'],
  ['relay/app.ts', 'ws', 'only relay/server/node-ws.ts'],
  ['relay/app.ts', 'pino', 'only relay/log.ts'],
  ['relay/server/http.ts', 'prom-client', 'only relay/metrics.ts'],
  ['extension/sync/a.ts', '../player/player.ts', 'parts of the extension never import each other'],
  ['extension/overlay/a.ts', '../jellyfin/host.ts', 'parts of the extension never import each other'],
  ['extension/connection/a.ts', '../../relay/app.ts', 'relay and extension never import each other'],
  ['extension/content/a.ts', '../overlay/mount.tsx', 'what shows anything is in overlay.js'],
  ['extension/content/a.ts', '../overlay/views/panel.tsx', 'what shows anything is in overlay.js'],
  ['extension/content/a.ts', 'preact', 'what shows anything is in overlay.js'],
  ['extension/content/a.ts', 'webextension-polyfill', 'only extension/platform/browser.ts'],
];

describe('boundaries', () => {
  it.each(FORBIDDEN)('%s may not import %s', (file, from, why) => {
    const { failed, report } = lint({ [file]: imports(from) });
    expect(failed).toBe(true);
    expect(report).toContain('noRestrictedImports');
    expect(report).toContain(why);
  });

  it('lets a clean tree pass', () => {
    const { failed, report } = lint({ 'relay/a.ts': imports('./b.ts'), 'relay/b.ts': 'export const x = 1;\n' });
    expect(report).not.toContain('lint/');
    expect(failed).toBe(false);
  });

  it('keeps Web Audio in its one file', () => {
    const { failed, report } = lint({ 'extension/content/a.ts': 'export const context = new AudioContext();\n' });
    expect(failed).toBe(true);
    expect(report).toContain('only extension/player/sound-output.ts talks to Web Audio');
  });

  it('refuses an import cycle', () => {
    const { failed, report } = lint({
      'relay/a.ts': `import { b } from './b.ts';\nexport const a = (): number => b() + 1;\n`,
      'relay/b.ts': `import { a } from './a.ts';\nexport const b = (): number => a() + 1;\n`,
    });
    expect(failed).toBe(true);
    expect(report).toContain('noImportCycles');
  });

  it('refuses a file of 400 lines', () => {
    const lines = Array.from({ length: 400 }, (_, i) => `export const line${i} = ${i};`).join('\n');
    const { failed, report } = lint({ 'relay/a.ts': `${lines}\n` });
    expect(failed).toBe(true);
    expect(report).toContain('noExcessiveLinesPerFile');
  });

  it('refuses a clock in a pure file', () => {
    const { failed, report } = lint({ 'extension/sync/a.ts': 'export const now = (): number => performance.now();\n' });
    expect(failed).toBe(true);
    expect(report).toContain('noRestrictedGlobals');
  });

  it('refuses a skipped test', () => {
    const { failed, report } = lint({ 'relay/a.test.ts': `it.skip('later', () => {});\n` });
    expect(failed).toBe(true);
    expect(report).toContain('noSkippedTests');
  });
});
