import { isSameMedia } from '../../shared/media.ts';
import type { Action, Follow, Media, MemberState, Timeline } from '../../shared/protocol.ts';
import { type ActuatorChoice, createSelfTest, type Figures, type SelfTest } from './actuator.ts';
import { beginPings, type Clock, createClock, type PingPlan } from './clock.ts';
import { type Control, createControl } from './controller.ts';
import type { Cut, EngineEffect, Gesture, Reading } from './io.ts';
import { type Browser, createLatencies, type Latencies, type StartKind } from './latency.ts';
import { createSupply, type Supply } from './supply-state.ts';

export interface Room {
  timeline: Timeline;
  /** The motion that goes on until `timeline` takes effect: a change of rate is scheduled ahead. */
  before: Timeline | null;
  /** Local ms since which the room watches this media. */
  mediaSinceMs: number;
}

export type LinkStatus =
  | { state: 'closed' }
  /** `welcomed`: this connection's snapshot is in; until then an old timeline may still be on its way out. */
  | { state: 'open'; welcomed: boolean };

/** What the page plays, as far as it is known to belong to the stream that is on. */
export type Item =
  | { state: 'none' }
  | { state: 'known'; media: Media }
  /** The element got another stream; whether it is still the same item shows when the page says so. */
  | { state: 'unconfirmed'; media: Media | null; sinceMs: number };

/** Where this member stands towards the party's film. `had`: media key it has had on, or was told to open. */
export type Place =
  | { state: 'following'; had: string | null }
  | { state: 'opening'; key: string; from: string | null; sinceMs: number }
  | { state: 'away' }
  | { state: 'other-item' }
  | { state: 'item-missing'; key: string };

export type Source =
  | { state: 'none' }
  | { state: 'loading' }
  | { state: 'ready'; stalled: boolean }
  /** The browser wants a click first. */
  | { state: 'blocked' }
  | { state: 'ended' };

/** What the element is being made to do. `key` names the timeline it is for. */
export type Motion =
  | { state: 'idle' }
  | { state: 'resting'; key: string; seeks: number; readySent: boolean }
  | { state: 'starting'; key: string; prerolls: number; sinceMs: number }
  /** `sinceMs`: moving undisturbed since. `earlySeeks`: seeks that may still hide behind the start or stall before it. */
  | { state: 'flowing'; key: string; sinceMs: number; earlySeeks: number; probe: Probe | null };

/** A start or seek whose latency is being measured. */
export interface Probe {
  kind: StartKind;
  fromMs: number;
  fromPositionMs: number;
  rate: number;
  measuredMs: readonly number[];
}

/** A command without its answer. `resume`: we paused the element for it, so play if no answer comes. */
export interface InFlight {
  id: string;
  gesture: Gesture | null;
  action: Action;
  sentAtMs: number;
  resume: boolean;
  reissued: boolean;
}

/** How this browser is steered, and the test of it that goes on in ordinary play. */
export interface Actuator {
  choice: ActuatorChoice;
  figures: { natural: Figures | null; kept: Figures | null };
  test: SelfTest;
}

/** The party's item that ended here by itself, and where the room was in it then, in media ms: the page goes on by itself. */
export interface Ended {
  key: string;
  roomMs: number;
}

export interface Report {
  sentAtMs: number;
  state: MemberState | null;
}

/** The whole memory of the engine; replaced, never changed in place, except through a Turn. */
export interface EngineState {
  ids: { prefix: string; next: number };
  clock: Clock;
  pings: PingPlan;
  steppedAtMs: number;
  link: LinkStatus;
  hidden: boolean;
  room: Room | null;
  /** Members besides this one: with nobody to be in step with, nothing is worth a seek that only mends a start. */
  others: number;
  /** Whether the room waits for who stalls (PROTOCOL.md T-13). */
  roomWaits: boolean;
  item: Item;
  place: Place;
  source: Source;
  ended: Ended | null;
  maySteer: boolean;
  /** How this person wants to follow (PROTOCOL.md M-12). */
  follow: Follow;
  /** The person took the player in hand while no answer could come: hands off until the next timeline. */
  detached: boolean;
  /** The person's own offset in ms: this player runs ahead of the timeline by it. */
  nudgeMs: number;
  /** Of the room's item, as far as this person has said so. */
  cut: Cut | null;
  /** How late sound comes out of this device, as its browser says, in ms; only ever shown, never applied by itself. */
  outputMs: number;
  inFlight: InFlight | null;
  /** Newest gesture of each kind made while a command was in flight or just after a seek; sent when its turn comes. */
  waiting: readonly Gesture[];
  seekSentAtMs: number;
  /** Media already offered to the room and at which timeline, so that an offer is made once. */
  offered: string | null;
  motion: Motion;
  supply: Supply;
  startKind: Exclude<StartKind, 'seek'>;
  control: Control;
  actuator: Actuator;
  latencies: Latencies;
  report: Report;
}

/** One step's working place: the state so far and what is to be done. Lives only inside `step`. */
export interface Turn {
  state: EngineState;
  readonly nowMs: number;
  readonly reading: Reading | null;
  readonly effects: EngineEffect[];
}

/** What an engine starts from; randomness and time come in from outside. */
export interface EngineOptions {
  /** Makes command ids unique among the room's members, e.g. 8 random characters of `[A-Za-z0-9_-]`. */
  idPrefix: string;
  /** `performance.now()` */
  nowMs: number;
  /** The person's own offset, in ms. */
  nudgeMs?: number;
  /** How late sound comes out of this device, as its browser says, in ms. */
  outputMs?: number;
  browser?: Browser;
  follow?: Follow;
  /** What earlier parties learned on this device with this relay. */
  memory?: Memory | undefined;
}

/** What is worth keeping from one party to the next. */
export interface Memory {
  latencies: Latencies['seen'];
  /** This device's media clock against the relay's, and the page's clock against the relay's, as shares. */
  pace: number;
  skew: number;
  /** How this browser is best steered. */
  choice: ActuatorChoice;
}

/** @returns what this engine has learned. */
export const memoryOf = ({ latencies, control, clock, actuator }: EngineState): Memory => ({
  latencies: latencies.seen,
  choice: actuator.choice,
  pace: control.pace,
  skew: clock.skew.value,
});

const createActuator = (choice: ActuatorChoice = { type: 'unknown', pitch: 'natural' }): Actuator => ({
  choice,
  figures: { natural: null, kept: null },
  test: createSelfTest(1),
});

/** @returns an engine that is in no room and has no player. */
export function createEngine(options: EngineOptions): EngineState {
  return {
    ids: { prefix: options.idPrefix, next: 1 },
    clock: createClock(options.memory?.skew),
    pings: beginPings(options.nowMs),
    steppedAtMs: options.nowMs,
    link: { state: 'closed' },
    hidden: false,
    room: null,
    others: 0,
    roomWaits: false,
    item: { state: 'none' },
    place: { state: 'following', had: null },
    source: { state: 'none' },
    ended: null,
    maySteer: true,
    follow: options.follow ?? 'closely',
    detached: false,
    nudgeMs: options.nudgeMs ?? 0,
    cut: null,
    outputMs: options.outputMs ?? 0,
    inFlight: null,
    waiting: [],
    seekSentAtMs: Number.NEGATIVE_INFINITY,
    offered: null,
    motion: { state: 'idle' },
    supply: createSupply(),
    startKind: 'cold',
    control: createControl(options.memory?.pace),
    actuator: createActuator(options.memory?.choice),
    latencies: { ...createLatencies(options.browser ?? 'chromium'), seen: options.memory?.latencies ?? {} },
    report: { sentAtMs: Number.NEGATIVE_INFINITY, state: null },
  };
}

/** Replaces parts of the state. */
export function patch(turn: Turn, change: Partial<EngineState>): void {
  turn.state = { ...turn.state, ...change };
}

/** @returns a media's identity across members of one server. */
export const mediaKey = (media: Media): string => `${media.serverId}/${media.itemId}`;

/** @returns whether the player holds the room's item and the member follows it. */
export function isOnRoomItem(state: EngineState): boolean {
  return (
    state.place.state === 'following' &&
    state.item.state === 'known' &&
    state.room !== null &&
    isSameMedia(state.item.media, state.room.timeline.media)
  );
}
