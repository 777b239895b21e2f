import { describe, expect, it } from 'vitest';
import { isPlaylist, itemIdOfStream } from './stream-id.ts';

const ID = 'f11a0000000000000000000000000003';
const DASHED = 'f11a0000-0000-0000-0000-000000000003';

describe('itemIdOfStream', () => {
  it.each([
    ['direct play', `http://h:8096/Videos/${ID}/stream.mp4?Static=true&mediaSourceId=${ID}&ApiKey=x`],
    ['direct play under a base path', `https://h/jellyfin/Videos/${ID}/stream.mkv?Static=true`],
    ['progressive transcode', `https://h/videos/${DASHED}/stream.mp4?DeviceId=x&StartTimeTicks=1`],
    ['stream without container', `https://h/videos/${DASHED}/stream?x=1`],
    ['HLS', `https://h/videos/${DASHED}/master.m3u8?PlaySessionId=x`],
    ['HLS media playlist', `https://h/videos/${DASHED}/main.m3u8`],
    ['live HLS', `https://h/videos/${DASHED}/live.m3u8`],
    ['with a start fragment', `https://h/Videos/${ID}/stream.mp4?Static=true#t=12`],
  ])('reads %s', (_case, address) => {
    expect(itemIdOfStream(address)).toBe(ID);
  });

  it.each([
    '',
    'blob:https://h/f11a0000-0000-0000-0000-000000000003',
    `https://h/videos/${DASHED}/hls1/main/0.ts`,
    `https://h/Videos/${DASHED}/${ID}/Subtitles/2/Stream.vtt`,
    `https://h/Items/${ID}/Images/Primary`,
    'https://h/Videos/short/stream.mp4',
  ])('reads nothing from "%s"', (address) => {
    expect(itemIdOfStream(address)).toBeNull();
  });
});

it('knows playlists', () => {
  expect(isPlaylist('https://h/videos/x/master.m3u8?a=b')).toBe(true);
  expect(isPlaylist('https://h/videos/x/stream.mp4?b=.m3u8x')).toBe(false);
});
