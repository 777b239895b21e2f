import type { StreamKind } from './player.ts';

/** What a source address says about its stream. */
export interface Stream {
  kind: StreamKind;
  /** Media time of the element's zero, in ms: an encoder that was started in the middle counts from there. */
  offsetMs: number;
  /** Names the stream without its secrets: the address's path; '' when there is none. */
  path: string;
}

/** Jellyfin's ticks are 100 ns. */
const TICKS_PER_MS = 10_000;

let last: { currentSrc: string; stream: Stream } | null = null;

/**
 * Reads how a stream may be steered from its address (jellyfin-web.md section 4). The address holds secrets: it goes no
 * further than this, where the newest is remembered because each look at the player asks.
 * @param currentSrc the element's `currentSrc`.
 */
export function streamOf(currentSrc: string): Stream {
  if (last?.currentSrc !== currentSrc) last = { currentSrc, stream: readAddress(currentSrc) };
  return last.stream;
}

function readAddress(currentSrc: string): Stream {
  if (!/^https?:/i.test(currentSrc))
    return { kind: /^(blob|mediasource):/i.test(currentSrc) ? 'hls' : 'direct', offsetMs: 0, path: '' };
  const url = new URL(currentSrc);
  if (/\.m3u8$/i.test(url.pathname)) return { kind: 'hls', offsetMs: 0, path: url.pathname };
  const params = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
  const encoded = /\/videos\//i.test(url.pathname) && params.get('static')?.toLowerCase() !== 'true';
  if (!encoded) return { kind: 'direct', offsetMs: 0, path: url.pathname };
  const copies = params.get('copytimestamps')?.toLowerCase() === 'true';
  const ticks = Number(params.get('starttimeticks') ?? 0);
  const offsetMs = copies || !Number.isFinite(ticks) ? 0 : ticks / TICKS_PER_MS;
  return { kind: 'progressive-transcode', offsetMs, path: url.pathname };
}
