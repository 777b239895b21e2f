/** The web client's files: the minimal one beside this file, or a real jellyfin-web build. */
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { empty, type Reply } from './types.ts';

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export async function webFile(dist: string, path: string, csp: string | undefined): Promise<Reply> {
  const relative = normalize(path === '' || path.endsWith('/') ? `${path}index.html` : path);
  const file = join(dist, relative);
  if (!file.startsWith(join(dist, sep))) return empty(404);
  const found = await stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!found) return empty(404);
  const mime = MIME[extname(file)] ?? 'application/octet-stream';
  const headers: Record<string, string> = { 'Cache-Control': 'no-cache' };
  if (csp && extname(file) === '.html') headers['Content-Security-Policy'] = csp;
  return { type: 'bytes', body: await readFile(file), mime, headers };
}
