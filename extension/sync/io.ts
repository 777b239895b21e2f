import type { ErrorCode } from '../../shared/errors.ts';
import type { Action, Delivery, Follow, Media, MemberState, Reason, Timeline } from '../../shared/protocol.ts';

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

export type Pitch = 'natural' | 'kept';

/** What a person did in the player. */
export type Gesture = { type: 'play' | 'pause' | 'seek'; positionMs: number } | { type: 'rate'; rate: number };

/** What the player reports besides gestures. */
export type PlayerSignal = 'source-changed' | 'loaded' | 'ended' | 'stalled' | 'flowing' | 'autoplay-blocked' | 'gone';

/** How much later the same scene comes in this person's version of an item, in ms. `item` as `mediaKey` names it. */
export interface Cut {
  item: string;
  ms: number;
}

/** Everything that can happen to the engine. `at*` are this page's monotonic ms unless said otherwise. */
export type EngineInput =
  /** Answer to our ping: `c` when we sent it, `s` the relay's clock, `receivedAtMs` when it arrived. */
  | { type: 'pong'; c: number; s: number; receivedAtMs: number }
  /** Welcome or timeline message; `s` relay clock when sent. `ownCommand`: the id of our command it answers. */
  | {
      type: 'timeline';
      timeline: Timeline;
      /** How long the room waits for who stalls; 0: it does not, and wants no word of it. */
      waitMs: number;
      s: number;
      receivedAtMs: number;
      ownCommand: string | null;
    }
  /** How many are in the party besides this member. */
  | { type: 'members'; others: number }
  /** Our command was refused, and why; the relay's timeline came along when it was stale. */
  | { type: 'refused'; commandId: string; code: ErrorCode; timeline: Timeline | null }
  /** Whether this member may steer the film, by the room's rules and its own role. */
  | { type: 'may-steer'; may: boolean }
  /** The person takes the last skip or change of film back. */
  | { type: 'undo' }
  | { type: 'link'; open: boolean }
  /** What the page plays now (null: nothing, or not known yet). */
  | { type: 'media'; media: Media | null }
  | { type: 'user'; event: Gesture }
  | { type: 'player'; event: PlayerSignal }
  | { type: 'visibility'; hidden: boolean }
  /** Another network, perhaps: what was measured of the way to the relay no longer counts. */
  | { type: 'network-changed' }
  /** An `open` effect could not be carried out; `missing`: the item is not in this person's library. */
  | { type: 'open-failed'; missing: boolean }
  /** How the person wants to follow from now on. */
  | { type: 'follow'; how: Follow }
  /** The person asked to go back to the party's film, or to take everyone along to theirs. */
  | { type: 'return-to-film' }
  | { type: 'bring-everyone' }
  /** The person's own offset: their sound comes out late by so much (+-500 ms), so this player runs ahead by it. */
  | { type: 'nudge'; ms: number }
  /** This person's version of the item has everything later than the room by so much (earlier: less than nothing). */
  | { type: 'cut'; cut: Cut }
  /** How late sound comes out of this device, as its browser says. */
  | { type: 'output'; ms: number }
  /** The person wants this player back in step now, though seeking had been given up. */
  | { type: 'catch-up' }
  /** The person does not want to wait any longer for those who load. */
  | { type: 'go-on' }
  /** The person does not want to see the countdown out, or wants to stay where the next item begins. */
  | { type: 'play-now' }
  | { type: 'stay' }
  /** The person chose how long the room waits for who stalls; 0: never. */
  | { type: 'wait-policy'; waitMs: number }
  /** The wake-up the engine asked for, or the steady 250 ms tick. `reading` is null when there is no player. */
  | { type: 'tick' };

/** What the engine wants done; `content/main.ts` does it at once, in order. */
export type EngineEffect =
  | { type: 'ping'; c: number }
  | { type: 'command'; id: string; base: number; action: Action }
  | { type: 'ready'; seq: number }
  /** This player stands still, or soon will: the room may wait (PROTOCOL.md T-11). */
  | { type: 'stall'; seq: number; positionMs: number }
  | {
      type: 'status';
      state: MemberState;
      reason: Reason | null;
      follow?: Follow;
      delivery?: Delivery;
      offsetMs: number | null;
      errorMs: number | null;
      deliveryMs: number | null;
      startMs: number | null;
    }
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'seek'; positionMs: number }
  /** `natural`: the pitch follows the rate, exactly and without a click; `kept`: for speeds that people chose. */
  | { type: 'rate'; rate: number; pitch: Pitch }
  | { type: 'open'; media: Media; positionMs: number }
  /**
   * Step again at this local instant: for a scheduled start to the tenth of a ms, else as well as a timer can, which costs
   * nothing. The latest one asked for counts.
   */
  | { type: 'wake'; atMs: number; to: 'start' | 'look' };
