import { describe, expect, it } from 'vitest';
import { streamOf } from './stream.ts';

const videos = 'https://home.example/jellyfin/Videos/0a1b/stream';

describe('streamOf', () => {
  it.each([
    ['a file', `${videos}.mp4?Static=true&mediaSourceId=0a1b&ApiKey=k`, 'direct', 0],
    ['a file, other case', `${videos}.mkv?static=True`, 'direct', 0],
    ['HLS by hls.js', 'blob:https://home.example/6c1d', 'hls', 0],
    ['HLS by the browser', 'http://home.example/videos/0a1b-2c3d/master.m3u8?ApiKey=k', 'hls', 0],
    ['a progressive transcode from the start', `${videos}.mp4?VideoCodec=h264`, 'progressive-transcode', 0],
    ['one from 10 minutes', `${videos}.mp4?StartTimeTicks=6000000000`, 'progressive-transcode', 600_000],
    [
      'one that keeps its times',
      `${videos}.mp4?StartTimeTicks=6000000000&CopyTimestamps=true`,
      'progressive-transcode',
      0,
    ],
    ["an address that is not an encoder's", 'https://cdn.example/film.mp4', 'direct', 0],
    ['nothing', '', 'direct', 0],
  ])('reads %s', (_name, src, kind, offsetMs) => {
    expect(streamOf(src)).toMatchObject({ kind, offsetMs });
  });

  it('names a stream without its secrets', () => {
    expect(streamOf(`${videos}.mp4?StartTimeTicks=1&ApiKey=k`).path).toBe('/jellyfin/Videos/0a1b/stream.mp4');
  });
});
