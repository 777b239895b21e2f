/** How an item is played: PlaybackInfo, and the reports that clients send while they play. */
import { randomBytes } from 'node:crypto';
import type { Delivery, LibraryItem } from './library.ts';
import { fileSource } from './media-source.ts';
import type { Router } from './router.ts';
import {
  asNumber,
  asString,
  empty,
  isObject,
  type Json,
  type JsonObject,
  json,
  plainId,
  type Reply,
  type UserCall,
} from './types.ts';
import type { World } from './world.ts';

export function addPlaybackRoutes(router: Router, world: World): void {
  router.user('POST', '/Items/:itemId/PlaybackInfo', (call) => playbackInfo(world, call));
  router.user('GET', '/Items/:itemId/PlaybackInfo', (call) => playbackInfo(world, call));
  const report = (kind: 'start' | 'progress' | 'stop') => (call: UserCall) => {
    world.sessions.report(call.login, kind, call.body);
    return empty(204);
  };
  router.user('POST', '/Sessions/Playing', report('start'));
  router.user('POST', '/Sessions/Playing/Progress', report('progress'));
  router.user('POST', '/Sessions/Playing/Stopped', report('stop'));
  router.user('POST', '/Sessions/Playing/Ping', () => empty(204));
  router.user('DELETE', '/Videos/ActiveEncodings', ({ query }) => {
    world.encoders.stop(query.get('playsessionid') ?? '');
    return empty(204);
  });
  router.user('GET', '/Playback/BitrateTest', ({ query }) => ({
    type: 'bytes',
    body: Buffer.alloc(Math.min(Number(query.get('size')) || 102_400, 10_000_000)),
    mime: 'application/octet-stream',
  }));
}

interface Wish {
  startTimeTicks: number;
  deviceId: string;
  token: string;
  /** The container that the client wants HLS segments in. */
  container: 'ts' | 'mp4';
}

function playbackInfo(world: World, call: UserCall): Reply {
  const { user } = call.login;
  const item = world.library.find(user, plainId(call.params.itemId ?? ''));
  if (!item?.media) return empty(404);
  const wish: Wish = {
    startTimeTicks: Number(call.query.get('starttimeticks')) || asNumber(call.body.StartTimeTicks),
    deviceId: call.login.deviceId,
    token: call.login.token,
    container: wantedContainer(call.body.DeviceProfile),
  };
  const refusesDirect = call.query.get('enabledirectplay') === 'false' || call.body.EnableDirectPlay === false;
  const asHls = item.delivery === 'direct' && (refusesDirect || world.forcesHls(user, item));
  const playSessionId = randomBytes(16).toString('hex');
  const source = mediaSource(item, asHls ? 'hls' : item.delivery, wish, playSessionId);
  const HasSegments = world.segmentsOf(item.id).length > 0;
  return json({ MediaSources: [{ ...source, HasSegments }], PlaySessionId: playSessionId });
}

/** The first HLS profile of the client decides, as on the real server. */
function wantedContainer(profile: Json | undefined): 'ts' | 'mp4' {
  const profiles = isObject(profile) ? profile.TranscodingProfiles : undefined;
  const video = (Array.isArray(profiles) ? profiles : [])
    .filter(isObject)
    .find((entry) => entry.Type === 'Video' && asString(entry.Protocol).toLowerCase() === 'hls');
  return asString(video?.Container) === 'mp4' ? 'mp4' : 'ts';
}

function mediaSource(item: LibraryItem, delivery: Delivery, wish: Wish, playSessionId: string): JsonObject {
  const direct = delivery === 'direct';
  const supports = { SupportsTranscoding: !direct, SupportsDirectStream: direct, SupportsDirectPlay: direct };
  return { ...fileSource(item), ...supports, ...transcoding(item, delivery, wish, playSessionId) };
}

function transcoding(item: LibraryItem, delivery: Delivery, wish: Wish, playSessionId: string): JsonObject {
  if (delivery === 'direct') return { TranscodingSubProtocol: 'http' };
  const hls = delivery === 'hls';
  const query = new URLSearchParams({
    DeviceId: wish.deviceId,
    MediaSourceId: item.id,
    VideoCodec: 'h264',
    AudioCodec: 'aac',
    AudioStreamIndex: '1',
    PlaySessionId: playSessionId,
    ApiKey: wish.token,
    ...(hls
      ? { SegmentContainer: wish.container, MinSegments: '1', BreakOnNonKeyFrames: 'True' }
      : { StartTimeTicks: String(wish.startTimeTicks) }),
    TranscodeReasons: 'ContainerBitrateExceedsLimit',
  });
  const name = hls ? 'master.m3u8' : 'stream.mp4';
  return {
    TranscodingUrl: `/videos/${dashed(item.id)}/${name}?${query}`,
    TranscodingSubProtocol: hls ? 'hls' : 'http',
    TranscodingContainer: hls ? wish.container : 'mp4',
  };
}

const dashed = (id: string): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
