import { plainId } from './credentials.ts';

const STREAM = /\/videos\/([0-9a-f]{32}|[0-9a-f-]{36})\/(?:stream(?:\.\w+)?|(?:master|main|live)\.m3u8)$/i;

/**
 * The item in the address of a stream or HLS playlist.
 * @param address `currentSrc` or the name of a resource entry; it holds secrets, so it is only read, never kept.
 * @returns 32 hex digits, or null for any other address (segments, subtitles, `blob:`).
 */
export function itemIdOfStream(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const match = new URL(address).pathname.match(STREAM);
  return match?.[1] ? plainId(match[1]) : null;
}

/** @returns whether this is the address of an HLS playlist. */
export const isPlaylist = (address: string): boolean => /\.m3u8(\?|$)/i.test(address);
