export type Pitch = 'natural' | 'kept';

/** How the stream reaches the element; decides how it may be steered (jellyfin-web.md section 4). */
export type StreamKind = 'direct' | 'hls' | 'progressive-transcode';

/** One look at the element. Positions are media time: a progressive transcode's start offset is included. */
export interface PlayerReading {
  /** `performance.now()` at the reading, in ms. */
  atMs: number;
  positionMs: number;
  durationMs: number | null;
  paused: boolean;
  seeking: boolean;
  rate: number;
  /** `HTMLMediaElement.readyState`. */
  readyState: number;
  /** Contiguous media after the position, in ms. */
  bufferedAheadMs: number;
  kind: StreamKind;
}

/** What happened in the player that our own writes do not explain (design.md rule 7). */
export type PlayerEvent =
  | { type: 'user-play'; positionMs: number }
  | { type: 'user-pause'; positionMs: number }
  | { type: 'user-seek'; positionMs: number }
  | { type: 'user-rate'; rate: number }
  /** The element got another stream (next episode, quality, retry): nothing a person did to the timeline. */
  | { type: 'source-changed'; kind: StreamKind }
  /** Metadata is there and the first frame can be shown. */
  | { type: 'loaded' }
  | { type: 'ended' }
  | { type: 'stalled' }
  /** Playing again, or ready to, after a load, seek or stall. */
  | { type: 'flowing' }
  /** The browser refused to start without a click. */
  | { type: 'autoplay-blocked' }
  /** The element is gone: the person left the player. */
  | { type: 'gone' };

/** Port to the one video element of the page. Writes are remembered so that their events are not taken for a person's. */
export interface Player {
  read(): PlayerReading;
  play(): void;
  pause(): void;
  /** @param positionMs media time. A progressive transcode is sought through the server, never on the element. */
  seek(positionMs: number): void;
  /** @param pitch `natural`: it follows the rate, which leaves no click or step; `kept`: for speeds that people chose. */
  setRate(rate: number, pitch: Pitch): void;
}
