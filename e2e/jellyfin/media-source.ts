/** An item's file as Jellyfin describes it. */
import { type LibraryItem, runTimeTicks } from './library.ts';
import type { JsonObject } from './types.ts';

export function fileSource(item: LibraryItem): JsonObject {
  return {
    Protocol: 'File',
    Id: item.id,
    Path: `/media/${item.media?.key ?? item.id}.mp4`,
    Type: 'Default',
    Container: 'mp4',
    Name: item.name,
    IsRemote: false,
    ETag: item.id,
    RunTimeTicks: runTimeTicks(item),
    ReadAtNativeFramerate: false,
    IgnoreDts: false,
    IgnoreIndex: false,
    GenPtsInput: false,
    SupportsTranscoding: true,
    SupportsDirectStream: true,
    SupportsDirectPlay: true,
    IsInfiniteStream: false,
    RequiresOpening: false,
    RequiresClosing: false,
    RequiresLooping: false,
    SupportsProbing: true,
    VideoType: 'VideoFile',
    MediaStreams: mediaStreams(),
    MediaAttachments: [],
    Formats: [],
    Bitrate: 200_000,
    RequiredHttpHeaders: {},
    DefaultAudioStreamIndex: 1,
    HasSegments: false,
  };
}

export function mediaStreams(): JsonObject[] {
  const common: JsonObject = { IsInterlaced: false, IsDefault: true, IsForced: false, IsExternal: false };
  return [
    {
      ...common,
      Type: 'Video',
      Index: 0,
      Codec: 'h264',
      CodecTag: 'avc1',
      Profile: 'Constrained Baseline',
      Level: 13,
      Width: 320,
      Height: 180,
      AspectRatio: '16:9',
      RealFrameRate: 24,
      AverageFrameRate: 24,
      BitRate: 150_000,
      BitDepth: 8,
      PixelFormat: 'yuv420p',
      VideoRange: 'SDR',
      VideoRangeType: 'SDR',
      TimeBase: '1/12288',
      IsAVC: true,
      DisplayTitle: '180p H264 SDR',
    },
    {
      ...common,
      Type: 'Audio',
      Index: 1,
      Codec: 'aac',
      CodecTag: 'mp4a',
      Profile: 'LC',
      Channels: 1,
      ChannelLayout: 'mono',
      SampleRate: 48_000,
      BitRate: 40_000,
      TimeBase: '1/48000',
      DisplayTitle: 'AAC - Mono - Default',
    },
  ];
}
