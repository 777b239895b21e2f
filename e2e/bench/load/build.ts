/** The servers as they run for people: bundled, not translated while they run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, createBuilder } from 'vite';
import { furnishRelay } from '../../../vite.config.ts';
import { ROOT } from '../../support/places.ts';

const SERVERS = ['uws', 'ws', 'socket-io'] as const;
const OUT_DIR = join(ROOT, 'e2e/.cache/load');

/** @returns the script of the relay as `npm run build` makes it. @param outDir where to put it. */
export async function buildRelay(outDir: string = join(ROOT, 'dist/relay')): Promise<string> {
  const environments = { relay: { build: { outDir, emptyOutDir: true } } };
  const builder = await createBuilder({ root: ROOT, logLevel: 'warn', environments });
  const { relay } = builder.environments;
  if (!relay) throw new Error('vite.config.ts builds no relay');
  await builder.build(relay);
  furnishRelay(outDir);
  return join(outDir, 'main.js');
}

/** @returns what Node is told where the relay ships: as the image's entry point has it. */
export function shippedNodeOptions(): string[] {
  const entry = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'))?.[1];
  const [node, ...args] = JSON.parse(entry ?? '[]') as string[];
  if (node !== 'node' || args.pop() !== 'main.js')
    throw new Error('deploy/Dockerfile does not start the relay with Node');
  return args;
}

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
