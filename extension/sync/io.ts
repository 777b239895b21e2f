import type { Action, Gate, Media, MemberState, Timeline } from '../../shared/protocol.ts';

/** One look at the player, as the engine needs it (structurally what player/player.ts reads). */
export interface Reading {
  atMs: number;
  positionMs: number;
  durationMs: number | null;
  paused: boolean;
  seeking: boolean;
  rate: number;
  readyState: number;
  bufferedAheadMs: number;
  kind: 'direct' | 'hls' | 'progressive-transcode';
}

/** What a person did in the player. */
export type Gesture = { type: 'play' | 'pause' | 'seek'; positionMs: number } | { type: 'rate'; rate: number };

/** What the player reports besides gestures. */
export type PlayerSignal = 'source-changed' | 'loaded' | 'ended' | 'stalled' | 'flowing' | 'autoplay-blocked' | 'gone';

/** Everything that can happen to the engine. `at*` are this page's monotonic ms unless said otherwise. */
export type EngineInput =
  /** Answer to our ping: `c` when we sent it, `s` the relay's clock, `receivedAtMs` when it arrived. */
  | { type: 'pong'; c: number; s: number; receivedAtMs: number }
  /** Welcome or timeline message; `s` relay clock when sent. `ownCommand`: the id of our command it answers. */
  | {
      type: 'timeline';
      timeline: Timeline;
      gate: Gate | null;
      s: number;
      receivedAtMs: number;
      ownCommand: string | null;
    }
  /** Our command was refused; the relay's timeline came along when it was stale. */
  | { type: 'refused'; commandId: string; timeline: Timeline | null }
  | { type: 'link'; open: boolean }
  /** What the page plays now (null: nothing, or not known yet). */
  | { type: 'media'; media: Media | null }
  | { type: 'user'; event: Gesture }
  | { type: 'player'; event: PlayerSignal }
  | { type: 'visibility'; hidden: boolean }
  /** An `open` effect could not be carried out; `missing`: the item is not in this person's library. */
  | { type: 'open-failed'; missing: boolean }
  /** The person asked to go back to the party's film, or to take everyone along to theirs. */
  | { type: 'return-to-film' }
  | { type: 'bring-everyone' }
  /** The wake-up the engine asked for, or the steady 250 ms tick. `reading` is null when there is no player. */
  | { type: 'tick' };

/** What the engine wants done; `content/main.ts` does it at once, in order. */
export type EngineEffect =
  | { type: 'ping'; c: number }
  | { type: 'command'; id: string; base: number; action: Action }
  | { type: 'ready'; seq: number }
  | {
      type: 'status';
      state: MemberState;
      offsetMs: number | null;
      errorMs: number | null;
      deliveryMs: number | null;
      startMs: number | null;
    }
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'seek'; positionMs: number }
  | { type: 'rate'; rate: number }
  | { type: 'open'; media: Media; positionMs: number }
  /** Step again at this local instant, to the tenth of a ms (a scheduled start). The latest one asked for counts. */
  | { type: 'wake'; atMs: number };
