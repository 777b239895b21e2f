/** A follower of OpenWatchParty: mhbxyz/OpenWatchParty 1b960f0, clients/jellyfin-web/*.js. */
import type { Cancel } from '../world/timers.ts';
import type { SimMember } from '../world/world.ts';

// clients/jellyfin-web/state.js
const SEEK_THRESHOLD_MS = 1_000;
const SYNC_LEAD_MS = 300;
const DEAD_ZONE_MS = 40;
const HARD_SEEK_MS = 2_000;
const LEAST_RATE = 0.85;
const MOST_RATE = 2;
const DRIFT_GAIN = 0.5;
const PING_MS = 10_000;
const SYNC_LOOP_MS = 500;
const INITIAL_SYNC_COOLDOWN_MS = 8_000;
const INITIAL_SYNC_MAX_MS = 30_000;
const INITIAL_SYNC_DONE_MS = 500;
const INITIAL_SYNC_SEEK_MS = 10_000;
const TIME_SYNC_SAMPLES = 8;
const TIME_SYNC_EMA = 0.4;
// clients/jellyfin-web/ws.js
const COOLDOWN_MS = 2_000;
/** `HTMLMediaElement.HAVE_FUTURE_DATA`: utils.js, isVideoReady. */
export const READY = 3;

export type PlayState = 'playing' | 'paused';

/** From the host to the room. */
export type HostMessage =
  | { type: 'event'; action: 'play' | 'pause' | 'seek'; positionMs: number; playState: PlayState }
  | { type: 'event'; action: 'buffering'; positionMs: number; playState: null }
  | { type: 'state'; positionMs: number; playState: PlayState };

/** To the followers. `serverMs`: the server's wall clock; of an event the instant it is for. */
type RoomMessage = HostMessage & { serverMs: number };

/** What a follower wants of its room. */
interface FollowedRoom {
  now(): number;
  join(follower: Follower): void;
}

interface Sample {
  rttMs: number;
  offsetMs: number;
}

export class Follower {
  readonly member: SimMember;
  private readonly room: FollowedRoom;
  private samples: Sample[] = [];
  private offsetMs: number | null = null;
  /** Where the host was, and at which server time. */
  private base: { serverMs: number; positionMs: number } | null = null;
  private playState: PlayState = 'paused';
  private isBuffering = false;
  private cooldownUntilMs = 0;
  private initialSyncUntilMs: number | null = null;
  private cancelPlay: Cancel = () => undefined;

  constructor(member: SimMember, room: FollowedRoom) {
    this.member = member;
    this.room = room;
  }

  begin(): void {
    const { player, timers, socket } = this.member;
    const join = (): void => socket.up(() => this.room.join(this));
    player.onEvent = (event) => {
      if (event === 'waiting') this.isBuffering = true;
      else if (event === 'playing' || event === 'canplay') this.isBuffering = false;
      else if (event === 'loaded') join();
    };
    timers.every(PING_MS, () => this.ping());
    timers.every(SYNC_LOOP_MS, () => this.syncLoop());
    this.ping();
    // A latecomer opens the film, and joins from the player.
    if (player.isLoaded) join();
    else player.load(0);
  }

  private serverNow(): number {
    return this.member.clock.date() + (this.offsetMs ?? 0);
  }

  private ping(): void {
    const { socket, clock } = this.member;
    const sentMs = clock.date();
    socket.up(() => {
      const serverMs = this.room.now();
      socket.down(() => this.onPong(sentMs, serverMs));
    });
  }

  private onPong(sentMs: number, serverMs: number): void {
    const nowMs = this.member.clock.date();
    const rttMs = nowMs - sentMs;
    if (rttMs <= 0) return;
    this.samples = [...this.samples, { rttMs, offsetMs: serverMs + rttMs / 2 - nowMs }].slice(-TIME_SYNC_SAMPLES);
    const best = this.samples.reduce((least, each) => (each.rttMs < least.rttMs ? each : least));
    this.offsetMs =
      this.offsetMs === null ? best.offsetMs : this.offsetMs * (1 - TIME_SYNC_EMA) + best.offsetMs * TIME_SYNC_EMA;
  }

  /** What the room is doing when one comes in. */
  onRoom(positionMs: number, playState: PlayState, serverMs: number): void {
    const { player, clock } = this.member;
    this.offsetMs ??= serverMs - clock.date();
    this.base = { serverMs, positionMs };
    this.playState = playState;
    const targetMs = this.adjusted(positionMs, serverMs);
    if (playState === 'playing') {
      this.initialSyncUntilMs = clock.date() + INITIAL_SYNC_MAX_MS;
      this.cooldownUntilMs = clock.date() + INITIAL_SYNC_COOLDOWN_MS;
    }
    if (Math.abs(player.currentTimeMs() - targetMs) > SEEK_THRESHOLD_MS) {
      player.seek(targetMs);
      this.base = { serverMs: this.serverNow(), positionMs: targetMs };
    }
    if (playState === 'playing') player.play();
    else player.pause();
  }

  private adjusted(positionMs: number, serverMs: number): number {
    return positionMs + Math.max(0, this.serverNow() - serverMs) + SYNC_LEAD_MS;
  }

  receive(message: RoomMessage): void {
    if (message.type === 'state') this.onState(message.positionMs, message.playState, message.serverMs);
    else this.onEvent(message);
  }

  private onEvent(message: Extract<RoomMessage, { type: 'event' }>): void {
    const { player, clock } = this.member;
    const { action, positionMs, serverMs } = message;
    const isExact = action === 'seek' || action === 'buffering';
    const targetMs = isExact ? positionMs : this.adjusted(positionMs, serverMs);
    if (Math.abs(targetMs - player.currentTimeMs()) > SEEK_THRESHOLD_MS) {
      player.pause();
      player.seek(targetMs);
      this.base = { serverMs: this.serverNow(), positionMs: targetMs };
    } else {
      this.base = { serverMs: this.serverNow(), positionMs: player.currentTimeMs() };
    }
    if (action === 'play') this.onPlay(positionMs, serverMs);
    else if (action === 'seek') {
      this.playState = message.playState;
      if (message.playState === 'playing') {
        this.cooldownUntilMs = clock.date() + COOLDOWN_MS;
        player.play();
      }
    } else {
      this.playState = 'paused';
      if (action === 'pause') this.endInitialSync();
      player.pause();
    }
  }

  private onPlay(positionMs: number, serverMs: number): void {
    const { player, clock, timers } = this.member;
    this.playState = 'playing';
    this.base = { serverMs, positionMs };
    this.cooldownUntilMs = clock.date() + COOLDOWN_MS;
    this.cancelPlay();
    const inMs = serverMs - this.serverNow();
    if (inMs > 0) this.cancelPlay = timers.after(inMs, () => player.play());
    else player.play();
  }

  private onState(positionMs: number, playState: PlayState, serverMs: number): void {
    const { player, clock } = this.member;
    this.playState = playState;
    if (playState === 'playing' && player.paused) {
      player.play();
      this.base = { serverMs: this.serverNow(), positionMs: player.currentTimeMs() };
      this.cooldownUntilMs = clock.date() + COOLDOWN_MS;
      return;
    }
    if (playState === 'paused' && !player.paused) {
      this.endInitialSync();
      player.pause();
    }
    if (this.isBuffering || player.readyState < READY || clock.date() < this.cooldownUntilMs) return;
    this.base = { serverMs, positionMs };
  }

  private endInitialSync(): void {
    this.cooldownUntilMs = 0;
    this.initialSyncUntilMs = null;
  }

  /** Twice a second: back to the host by speed, or by a seek when it is far. */
  private syncLoop(): void {
    const { player } = this.member;
    if (!this.base || this.playState !== 'playing') return this.setRate(1);
    if (this.isBuffering || player.readyState < READY) return;
    if (player.paused) return this.setRate(1);
    const serverMs = this.serverNow();
    const expectedMs = this.base.positionMs + Math.max(0, serverMs - this.base.serverMs);
    const driftMs = expectedMs - player.currentTimeMs();
    const seek = (): void => {
      player.seek(expectedMs);
      this.base = { serverMs, positionMs: expectedMs };
    };
    if (this.initialSyncUntilMs !== null) {
      if (Math.abs(driftMs) > INITIAL_SYNC_SEEK_MS) return seek();
      this.leaveInitialSync(driftMs);
    }
    if (Math.abs(driftMs) < DEAD_ZONE_MS) return this.setRate(1);
    const mayNotSeek = this.initialSyncUntilMs !== null || this.member.clock.date() < this.cooldownUntilMs;
    if (Math.abs(driftMs) >= HARD_SEEK_MS && !mayNotSeek) {
      seek();
      return this.setRate(1);
    }
    const correction = Math.sign(driftMs) * Math.sqrt(Math.abs(driftMs) / 1000) * DRIFT_GAIN;
    this.setRate(Math.min(MOST_RATE, Math.max(LEAST_RATE, 1 + correction)));
  }

  private leaveInitialSync(driftMs: number): void {
    const isOver = this.member.clock.date() >= (this.initialSyncUntilMs ?? 0);
    if (Math.abs(driftMs) < INITIAL_SYNC_DONE_MS || isOver) this.initialSyncUntilMs = null;
  }

  private setRate(rate: number): void {
    if (this.member.player.rate !== rate) this.member.player.setRate(rate, 'kept');
  }
}
