import * as v from 'valibot';
import { ProtocolError } from '../../shared/errors.ts';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** A listed server that did not answer is asked again no sooner than this. */
const RETRY_MS = 5_000;

export const jellyfinId = v.pipe(
  v.string(),
  v.transform((id) => id.replaceAll('-', '').toLowerCase()),
  v.regex(/^[0-9a-f]{32}$/),
);
const PublicInfoSchema = v.object({ Id: jellyfinId });

/** @returns the address of the listed server with this id. */
export type FindJellyfin = (serverId: string) => Promise<string>;

/**
 * @param urls the only servers that are ever called; a client names one by its id.
 * @param nowMs monotonic clock.
 */
export function createJellyfinDirectory(
  urls: readonly string[],
  nowMs: () => number = () => performance.now(),
): FindJellyfin {
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
  return async (serverId) => {
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
}

export async function getJson<S extends v.GenericSchema>(
  url: string,
  headers: Readonly<Record<string, string>>,
  schema: S,
): Promise<v.InferOutput<S>> {
  const response = await askJellyfin(url, { accept: 'application/json', ...headers });
  try {
    return v.parse(schema, JSON.parse((await readBounded(response, MAX_ANSWER_BYTES)).toString()));
  } catch {
    throw new ProtocolError('jellyfin-unreachable', 'the answer is not one of a Jellyfin server');
  }
}

/** @returns a good answer. @throws ProtocolError for any other, or none. */
export async function askJellyfin(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const response = await request(url, headers);
  if (response.ok) return response;
  await response.body?.cancel();
  const code = response.status >= 500 ? 'jellyfin-unreachable' : 'jellyfin-refused';
  throw new ProtocolError(code, `Jellyfin answered ${response.status}`);
}

async function request(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await fetch(url, {
      headers,
      // A redirect could lead the token, or this relay, anywhere.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new ProtocolError('jellyfin-unreachable', 'Jellyfin does not answer');
  }
}

/** @throws Error when there is more of it than that. */
export async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
