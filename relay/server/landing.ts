import { readFileSync } from 'node:fs';
import type { HttpResponse } from './port.ts';

/** The pages people see. */
export interface Landing {
  /** What `/` says. */
  home: () => HttpResponse;
  /** @returns the page or asset at this path, undefined when there is none. */
  find: (path: string) => (() => HttpResponse) | undefined;
}

/** Nothing from elsewhere, nothing inline: a hostile name or title has nowhere to go. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // A blob is what the page's own script has got from the relay: the poster.
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
const ASSETS = ['landing.css', 'landing.js', 'invite.js', 'relay.js', 'words.js', 'code.js', 'icon.svg'];
const JOIN_PATH = /^\/join\/[A-Za-z0-9_-]{16,64}\/?$/;
/** Relative links on a join page lead to one of these, with or without a slash at its end. */
const ASSET_PATH = /^\/(?:join\/)?assets\/([a-z.]+)$/;

/** @param folder where the files lie; in a bundle they stand in `landing/` beside it. */
export function loadLanding(folder: URL = new URL('./landing/', import.meta.url)): Landing {
  const page = (name: string): (() => HttpResponse) => {
    const body = readFileSync(new URL(name, folder), 'utf8');
    const type = TYPES[name.split('.').pop() ?? ''] ?? 'text/plain';
    const headers = { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': POLICY };
    return () => ({ status: 200, headers, body });
  };
  const join = page('join.html');
  const code = page('code.html');
  const assets = new Map(ASSETS.map((name) => [name, page(name)]));
  return {
    home: page('home.html'),
    find: (path) => {
      if (JOIN_PATH.test(path)) return join;
      return /^\/join\/?$/.test(path) ? code : assets.get(ASSET_PATH.exec(path)?.[1] ?? '');
    },
  };
}
