/** The media themselves: files with ranges, HLS playlists and segments, progressive transcodes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEGMENT_SECONDS } from '../support/media.ts';
import type { LibraryItem } from './library.ts';
import { sendFile } from './ranges.ts';
import type { Router } from './router.ts';
import { type Call, empty, plainId, type Reply, TICKS_PER_SECOND, type UserCall } from './types.ts';
import type { World } from './world.ts';

const PLAYLIST = 'application/vnd.apple.mpegurl';

export function addStreamRoutes(router: Router, world: World): void {
  const stream = (call: UserCall): Promise<Reply> | Reply => sendStream(world, call);
  router.user('GET', '/Videos/:itemId/stream', stream);
  router.user('GET', '/Videos/:itemId/stream.:container', stream);
  router.user('GET', '/Videos/:itemId/master.m3u8', (call) => (playable(world, call) ? master(call) : empty(404)));
  router.user('GET', '/Videos/:itemId/main.m3u8', (call) => mediaPlaylist(world, call));
  router.user('GET', '/Videos/:itemId/hls1/main/:segment.:container', (call) => segment(world, call));
}

function playable(world: World, call: UserCall): (LibraryItem & { media: NonNullable<LibraryItem['media']> }) | null {
  const item = world.library.find(call.login.user, plainId(call.params.itemId ?? ''));
  if (!item?.media) return null;
  const key = world.versionOf(call.login.user, item) ?? item.media.key;
  return { ...item, media: { ...item.media, key } };
}

function sendStream(world: World, call: UserCall): Promise<Reply> | Reply {
  const item = playable(world, call);
  if (!item) return empty(404);
  const file = world.media.file(item.media.key);
  if (call.query.get('static')?.toLowerCase() === 'true') return sendFile(call, file, 'video/mp4');
  const startSeconds = (Number(call.query.get('starttimeticks')) || 0) / TICKS_PER_SECOND;
  return world.encoders.send(call, file, startSeconds, call.query.get('playsessionid') ?? '');
}

const queryOf = (call: Call): string => new URL(call.request.url ?? '', 'http://stand-in').search;

function master(call: Call): Reply {
  const codecs = 'CODECS="avc1.42C00D,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=24';
  const lines = ['#EXTM3U', `#EXT-X-STREAM-INF:BANDWIDTH=200000,AVERAGE-BANDWIDTH=200000,${codecs}`];
  return { type: 'bytes', mime: PLAYLIST, body: [...lines, `main.m3u8${queryOf(call)}`, ''].join('\n') };
}

const container = (call: Call): 'ts' | 'mp4' => (call.query.get('segmentcontainer') === 'mp4' ? 'mp4' : 'ts');

/** The playlist that ffmpeg wrote, with the addresses that Jellyfin gives to segments (the init segment is number -1). */
async function mediaPlaylist(world: World, call: UserCall): Promise<Reply> {
  const item = playable(world, call);
  if (!item) return empty(404);
  const kind = container(call);
  const text = await readFile(join(world.media.hls(item.media.key, kind), 'main.m3u8'), 'utf8');
  const query = queryOf(call);
  const body = text
    .replace('URI="init.mp4"', `URI="hls1/main/-1.mp4${query}"`)
    .replaceAll(/^seg(\d+)\.(?:m4s|ts)$/gm, `hls1/main/$1.${kind}${query.replaceAll('$', '$$$$')}`);
  return { type: 'bytes', mime: PLAYLIST, body };
}

function segment(world: World, call: UserCall): Promise<Reply> | Reply {
  const item = playable(world, call);
  const number = Number(call.params.segment);
  const kind = call.params.container === 'mp4' ? 'mp4' : 'ts';
  if (!item || !Number.isInteger(number) || number >= segmentCount(item)) return empty(404);
  const dir = world.media.hls(item.media.key, kind);
  if (kind === 'ts') return sendFile(call, join(dir, `seg${number}.ts`), 'video/mp2t');
  return sendFile(call, join(dir, number < 0 ? 'init.mp4' : `seg${number}.m4s`), 'video/mp4');
}

const segmentCount = (item: LibraryItem): number => Math.ceil((item.media?.seconds ?? 0) / SEGMENT_SECONDS);
