import * as v from 'valibot';
import { ProtocolError } from '../../shared/errors.ts';
import { MAX_NAME_LENGTH } from '../../shared/limits.ts';
import { type Identity, tidyText } from './claims.ts';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** A listed server that did not answer is asked again no sooner than this. */
const RETRY_MS = 5_000;

const jellyfinId = v.pipe(
  v.string(),
  v.transform((id) => id.replaceAll('-', '').toLowerCase()),
  v.regex(/^[0-9a-f]{32}$/),
);
const PublicInfoSchema = v.object({ Id: jellyfinId });
const UserSchema = v.object({
  Id: jellyfinId,
  Name: v.string(),
  Policy: v.optional(v.object({ IsDisabled: v.optional(v.boolean(), false) })),
});

/** Turns a Jellyfin token into an identity by asking that Jellyfin, then forgets it (PROTOCOL.md H-02). */
export type ExchangeJellyfin = (serverId: string, token: string) => Promise<Identity>;

/**
 * @param urls the only servers that are ever called; a client names one by its id.
 * @param nowMs monotonic clock.
 */
export function createJellyfinExchange(
  urls: readonly string[],
  nowMs: () => number = () => performance.now(),
): ExchangeJellyfin {
  const urlById = new Map<string, string>();
  const attempts = new Map<string, { atMs: number; done: Promise<void> }>();

  const learn = async (url: string): Promise<void> => {
    const info = await getJson(`${url}/System/Info/Public`, {}, PublicInfoSchema);
    const known = urlById.get(info.Id);
    // Two may claim one id: the same server under two addresses, or a thief. The one that is listed first has it.
    if (known === undefined || urls.indexOf(url) < urls.indexOf(known)) urlById.set(info.Id, url);
  };
  /** One question at a time to each server, shared by everyone who waits for the answer. */
  const attempt = (url: string): Promise<void> => {
    const last = attempts.get(url);
    if (last && nowMs() - last.atMs < RETRY_MS) return last.done;
    const done = learn(url);
    attempts.set(url, { atMs: nowMs(), done });
    return done;
  };
  const find = async (serverId: string): Promise<string> => {
    const known = urlById.get(serverId);
    if (known !== undefined) return known;
    const learned = new Set(urlById.values());
    const results = await Promise.allSettled(urls.filter((url) => !learned.has(url)).map(attempt));
    const url = urlById.get(serverId);
    if (url !== undefined) return url;
    if (results.some((result) => result.status === 'rejected')) {
      throw new ProtocolError('jellyfin-unreachable', 'a listed Jellyfin does not answer');
    }
    throw new ProtocolError('jellyfin-not-listed', 'this relay does not know that Jellyfin server');
  };
  return async (serverId, token) => {
    // Quotes or control characters would let a client write headers of its own.
    if (!/^[\w.~+/=-]+$/.test(token)) throw new ProtocolError('jellyfin-refused', 'not a Jellyfin token');
    const url = await find(serverId);
    const user = await getJson(`${url}/Users/Me`, { authorization: `MediaBrowser Token="${token}"` }, UserSchema);
    if (user.Policy?.IsDisabled) throw new ProtocolError('jellyfin-refused', 'this Jellyfin account is disabled');
    return {
      sub: `${user.Id}@${serverId}`,
      name: tidyText(user.Name, MAX_NAME_LENGTH) || 'Jellyfin user',
      verified: true,
    };
  };
}

async function getJson<S extends v.GenericSchema>(
  url: string,
  headers: Readonly<Record<string, string>>,
  schema: S,
): Promise<v.InferOutput<S>> {
  const response = await request(url, headers);
  if (!response.ok) {
    await response.body?.cancel();
    const code = response.status >= 500 ? 'jellyfin-unreachable' : 'jellyfin-refused';
    throw new ProtocolError(code, `Jellyfin answered ${response.status}`);
  }
  try {
    return v.parse(schema, JSON.parse(await readBounded(response)));
  } catch {
    throw new ProtocolError('jellyfin-unreachable', 'the answer is not one of a Jellyfin server');
  }
}

async function request(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      // A redirect could lead the token, or this relay, anywhere.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new ProtocolError('jellyfin-unreachable', 'Jellyfin does not answer');
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
