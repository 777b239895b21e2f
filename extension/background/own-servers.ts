import * as v from 'valibot';
import { browser } from '../platform/browser.ts';

const KEY = 'servers';
/** Far more than one person has accounts on. */
const MAX_SERVERS = 20;

const ServersSchema = v.fallback(v.array(v.object({ id: v.string(), url: v.string() })), []);

/** Where this person opens which Jellyfin, newest first. It never leaves this browser. */
async function loadServers(): Promise<v.InferOutput<typeof ServersSchema>> {
  return v.parse(ServersSchema, (await browser.storage.local.get(KEY))[KEY]);
}

/** @param pageUrl of a page of jellyfin-web, e.g. `https://home.example/jellyfin/web/#/home`. */
export async function rememberServer(id: string, pageUrl: string | undefined): Promise<void> {
  const url = pageUrl === undefined ? null : baseOf(pageUrl);
  const known = await loadServers();
  if (url === null || (known[0]?.id === id && known[0].url === url)) return;
  const others = known.filter((server) => server.id !== id);
  await browser.storage.local.set({ [KEY]: [{ id, url }, ...others].slice(0, MAX_SERVERS) });
}

/** @returns this person's own address of a server, null when they have not been there with us. */
export async function ownAddressOf(id: string): Promise<string | null> {
  return (await loadServers()).find((server) => server.id === id)?.url ?? null;
}

function baseOf(pageUrl: string): string | null {
  const url = URL.canParse(pageUrl) ? new URL(pageUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/web(\/.*)?$/, '');
}
