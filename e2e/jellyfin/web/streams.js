/** PlaybackInfo, and what it means for the player. */
import * as api from './api.js';

/** Up to 10.10 the browser's own HLS is used where there is one (Chromium 142+); from 10.11 on it goes through Media Source. */
const prefersNativeHls = () => {
  const [major = 10, minor = 11] = (api.info()?.Version ?? '').split('.').map(Number);
  const can = document.createElement('video').canPlayType('application/x-mpegURL') !== '';
  return can && major === 10 && minor <= 10;
};

export async function fetchStream(item, startPositionTicks) {
  const native = prefersNativeHls();
  const profile = {
    Container: native ? 'ts' : 'mp4',
    Type: 'Video',
    VideoCodec: 'h264',
    AudioCodec: 'aac',
    Protocol: 'hls',
  };
  const info = await api.post(
    `/Items/${item.Id}/PlaybackInfo`,
    { DeviceProfile: { TranscodingProfiles: [profile] } },
    { userId: api.userId(), startTimeTicks: startPositionTicks, isPlayback: true, mediaSourceId: item.Id },
  );
  const [mediaSource] = info.MediaSources;
  const poster = api.apiUrl(`/Items/${item.SeriesId ?? item.Id}/Images/Backdrop`);
  const stream = { item, mediaSource, poster, started: false, ended: false };
  return mediaSource.SupportsDirectPlay
    ? { ...stream, ...direct(item, mediaSource, startPositionTicks) }
    : { ...stream, ...transcode(mediaSource, startPositionTicks, native) };
}

function direct(item, mediaSource, startPositionTicks) {
  const query = {
    Static: true,
    mediaSourceId: mediaSource.Id,
    deviceId: api.deviceId(),
    ApiKey: api.token(),
    Tag: mediaSource.ETag,
  };
  return {
    url: api.apiUrl(`/Videos/${item.Id}/stream.${mediaSource.Container}`, query),
    playMethod: 'DirectPlay',
    playSessionId: null,
    offsetTicks: 0,
    startSeconds: startPositionTicks / 1e7,
    feedsHls: false,
  };
}

function transcode(mediaSource, startPositionTicks, native) {
  const url = api.apiUrl(mediaSource.TranscodingUrl);
  const hls = mediaSource.TranscodingSubProtocol === 'hls';
  return {
    url,
    playMethod: 'Transcode',
    playSessionId: new URL(url).searchParams.get('PlaySessionId'),
    offsetTicks: hls ? 0 : startPositionTicks,
    // Also for a progressive transcode, where it can only lead to a seek to 0: jellyfin-web appends `#t=` to everything.
    startSeconds: startPositionTicks / 1e7,
    feedsHls: hls && !native,
  };
}

export const usesOwnHls = (stream) => stream?.url.includes('.m3u8') ?? false;
