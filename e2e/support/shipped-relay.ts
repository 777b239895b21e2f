/** The relay as it ships: bundled, not translated while it runs, and started as the image starts it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { furnishRelay } from '../../vite.config.ts';
import { ROOT } from './places.ts';

/** Where `npm run build` puts it as well. */
const OUT_DIR = join(ROOT, 'dist/relay');
export const SHIPPED_RELAY = join(OUT_DIR, 'main.js');

/** @returns the script of the relay as `npm run build` makes it. @param outDir where to put it. */
export async function buildRelay(outDir: string = OUT_DIR): Promise<string> {
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
