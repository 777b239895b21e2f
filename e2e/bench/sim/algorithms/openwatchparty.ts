/** OpenWatchParty, as published: mhbxyz/OpenWatchParty 1b960f0, clients/jellyfin-web/*.js and server/src/ws.rs. */
import type { SimMember, World } from '../world/world.ts';
import type { Algorithm, Deed, Party } from './algorithm.ts';
import { Follower, type HostMessage, type PlayState, READY } from './openwatchparty-follower.ts';

// clients/jellyfin-web/state.js
const SEEK_THRESHOLD_MS = 1_000;
const STATE_UPDATE_MS = 1_000;
// clients/jellyfin-web/playback.js, onEvent
const LEAST_SEEK_SPACING_MS = 250;
// server/src/ws.rs
const CONTROL_SCHEDULE_MS = 300;
const LEAST_STATE_SPACING_MS = 500;
const JITTER_MS = 500;
const JITTER_BACK_MS = 2_000;
const COMMAND_COOLDOWN_MS = 2_000;

export const openwatchparty: Algorithm = {
  name: 'openwatchparty',
  // Only the host's actions count.
  control: 'first',
  preloads: true,
  begin: (world) => new OpenWatchParty(world),
};

class OpenWatchParty implements Party {
  private readonly room: Room;
  private host: Host | null = null;

  constructor(world: World) {
    this.room = new Room(world);
  }

  join(member: SimMember): void {
    if (member.index === 0) this.host = new Host(member, this.room);
    else new Follower(member, this.room).begin();
  }

  act(_member: SimMember, deed: Deed, positionMs: number): void {
    this.host?.act(deed, positionMs);
  }
}

class Room {
  private readonly world: World;
  private readonly followers: Follower[] = [];
  private positionMs = 0;
  private playState: PlayState = 'paused';
  private lastStateMs = 0;
  private lastCommandMs = Number.NEGATIVE_INFINITY;

  constructor(world: World) {
    this.world = world;
  }

  now(): number {
    return this.world.relay.date();
  }

  join(follower: Follower): void {
    this.followers.push(follower);
    const { positionMs, playState } = this;
    const serverMs = this.now();
    follower.member.socket.down(() => follower.onRoom(positionMs, playState, serverMs));
  }

  receive(message: HostMessage): void {
    const nowMs = this.now();
    if (message.type === 'state' && this.isNoise(message, nowMs)) return;
    this.positionMs = message.positionMs;
    if (message.playState) this.playState = message.playState;
    this.lastStateMs = nowMs;
    if (message.type === 'event') this.lastCommandMs = nowMs;
    const serverMs = message.type === 'event' ? nowMs + CONTROL_SCHEDULE_MS : nowMs;
    for (const follower of this.followers) {
      follower.member.socket.down(() => follower.receive({ ...message, serverMs }));
    }
  }

  private isNoise({ positionMs, playState }: HostMessage, nowMs: number): boolean {
    if (nowMs - this.lastCommandMs < COMMAND_COOLDOWN_MS) return true;
    if (playState !== this.playState) return false;
    const byMs = positionMs - this.positionMs;
    const isBack = byMs < -JITTER_MS && byMs > -JITTER_BACK_MS;
    return nowMs - this.lastStateMs < LEAST_STATE_SPACING_MS || isBack || (byMs >= 0 && byMs < JITTER_MS);
  }
}

/** Acts at once, and tells the room. */
class Host {
  private readonly member: SimMember;
  private readonly room: Room;
  private isBuffering = false;
  private lastSeekMs = Number.NEGATIVE_INFINITY;
  private lastSeekToMs = 0;

  constructor(member: SimMember, room: Room) {
    this.member = member;
    this.room = room;
    const { player, timers } = member;
    timers.every(STATE_UPDATE_MS, () => this.sendState());
    player.onEvent = (event) => {
      if (event === 'waiting') this.onWaiting();
      else if (event === 'playing') this.onPlaying();
      else if (event === 'canplay') this.isBuffering = false;
      else if (event === 'seeked') this.onSeeked();
    };
  }

  act(deed: Deed, positionMs: number): void {
    const { player } = this.member;
    if (deed === 'seek') return player.seek(positionMs);
    if (deed === 'play') player.play();
    else player.pause();
    if (deed === 'play' || !this.isBuffering) this.sendEvent(deed);
  }

  private onSeeked(): void {
    const { player, clock } = this.member;
    const positionMs = player.currentTimeMs();
    if (player.readyState < READY || clock.date() - this.lastSeekMs < LEAST_SEEK_SPACING_MS) return;
    if (Math.abs(positionMs - this.lastSeekToMs) < SEEK_THRESHOLD_MS) return;
    this.lastSeekMs = clock.date();
    this.lastSeekToMs = positionMs;
    this.sendEvent('seek');
  }

  private onWaiting(): void {
    this.isBuffering = true;
    this.send({ type: 'event', action: 'buffering', positionMs: this.member.player.currentTimeMs(), playState: null });
  }

  private onPlaying(): void {
    const wasBuffering = this.isBuffering;
    this.isBuffering = false;
    if (wasBuffering) this.sendEvent('play');
  }

  private sendEvent(action: Deed): void {
    const { player } = this.member;
    const playState = player.paused ? 'paused' : 'playing';
    this.send({ type: 'event', action, positionMs: player.currentTimeMs(), playState });
  }

  private sendState(): void {
    const { player } = this.member;
    if (player.seeking || this.isBuffering || player.readyState < READY) return;
    const playState = player.paused ? 'paused' : 'playing';
    this.send({ type: 'state', positionMs: player.currentTimeMs(), playState });
  }

  private send(message: HostMessage): void {
    this.member.socket.up(() => this.room.receive(message));
  }
}
