/** HTTP ranges, and sending files by them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Call, Reply } from './types.ts';

export type Range = { type: 'whole' } | { type: 'part'; start: number; end: number } | { type: 'unsatisfiable' };

/** One range as RFC 9110 has it (`end` inclusive). Several ranges, or nonsense, mean the whole file. */
export function parseRange(header: string | undefined, size: number): Range {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return { type: 'whole' };
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? { type: 'unsatisfiable' } : { type: 'part', start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return { type: 'whole' };
  return start >= size ? { type: 'unsatisfiable' } : { type: 'part', start, end };
}

export async function sendFile(call: Call, file: string, mime: string): Promise<Reply> {
  const { size } = await stat(file);
  const range = parseRange(call.request.headers.range, size);
  const { response } = call;
  response.setHeader('Content-Type', mime);
  response.setHeader('Accept-Ranges', 'bytes');
  if (range.type === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return { type: 'streaming' };
  }
  const { start, end } = range.type === 'part' ? range : { start: 0, end: size - 1 };
  const headers: Record<string, string | number> = { 'Content-Length': end - start + 1 };
  if (range.type === 'part') headers['Content-Range'] = `bytes ${start}-${end}/${size}`;
  response.writeHead(range.type === 'part' ? 206 : 200, headers);
  if (call.method === 'HEAD') {
    response.end();
    return { type: 'streaming' };
  }
  await pipeline(createReadStream(file, { start, end }), response).catch(ignoreHangUp);
  return { type: 'streaming' };
}

/** A player closes its connection in the middle of a file all the time: that is no fault. */
export function ignoreHangUp(error: NodeJS.ErrnoException): void {
  const hangUps = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED'];
  if (!hangUps.includes(error.code ?? '')) throw error;
}
