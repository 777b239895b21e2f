/** The bare servers as a relay runs for people: bundled, not translated while they run. */
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../../support/places.ts';

const SERVERS = ['uws', 'ws', 'socket-io'] as const;
const OUT_DIR = join(ROOT, 'e2e/.cache/load');

/** @returns the scripts of the bare servers, by name. */
export async function buildServers(): Promise<Record<(typeof SERVERS)[number], string>> {
  const input = Object.fromEntries(SERVERS.map((name) => [name, join(ROOT, `e2e/bench/load/servers/${name}.ts`)]));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir: OUT_DIR,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { input, output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' } },
    },
    ssr: { external: true },
  });
  const script = (name: string): string => join(OUT_DIR, `${name}.mjs`);
  return { uws: script('uws'), ws: script('ws'), 'socket-io': script('socket-io') };
}
