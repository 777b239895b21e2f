/** Syncplay, as published: Syncplay/syncplay 9fdeea3, syncplay/{constants,client,protocols,server}.py. */
import type { Cancel } from '../world/timers.ts';
import type { SimMember, SimRelay, World } from '../world/world.ts';
import type { Algorithm, Deed, Party } from './algorithm.ts';

// syncplay/constants.py
const REWIND_THRESHOLD_MS = 4_000;
const SEEK_THRESHOLD_MS = 1_000;
const SLOWDOWN_RATE = 0.95;
const SLOWDOWN_THRESHOLD_MS = 1_500;
const SLOWDOWN_RESET_MS = 100;
const SERVER_STATE_MS = 1_000;
const PLAYER_ASK_MS = 100;
const PING_WEIGHT = 0.85;
// syncplay/server.py, Room.getPosition
const ROOM_POSITION_AGE_MS = 1_000;

/** Counters of changes under way, by which each side ignores what the other said before it knew of them. */
interface Ignoring {
  server: number;
  client: number;
}

interface Ping {
  /** For the answer to carry back. */
  stampMs: number;
  /** The stamp last heard, moved on by how long it lay here; 0: none. */
  echoMs: number;
  rttMs: number;
}

interface PlayState {
  positionMs: number;
  paused: boolean;
  doSeek: boolean;
}

interface State {
  play: PlayState | null;
  setBy: string | null;
  ping: Ping;
  ignoring: Ignoring;
}

export const syncplayDesktop: Algorithm = {
  name: 'syncplay-desktop',
  control: 'everyone',
  preloads: true,
  begin: (world) => new SyncplayServer(world),
};

/** protocols.py, PingService: round trips, and how old a message is when it arrives. All ms. */
class PingService {
  rttMs = 0;
  forwardMs = 0;
  private averageMs = 0;

  receive(nowMs: number, stampMs: number, senderRttMs: number): void {
    if (stampMs === 0) return;
    this.rttMs = nowMs - stampMs;
    if (this.rttMs < 0 || senderRttMs < 0) return;
    this.averageMs ||= this.rttMs;
    this.averageMs = this.averageMs * PING_WEIGHT + this.rttMs * (1 - PING_WEIGHT);
    this.forwardMs = this.averageMs / 2 + Math.max(0, this.rttMs - senderRttMs);
  }
}

/** One room. The slowest watcher is where it is. */
class SyncplayServer implements Party {
  private readonly relay: SimRelay;
  private readonly watchers = new Map<string, Watcher>();
  private readonly clients = new Map<SimMember, SyncplayClient>();
  private paused = true;
  private positionMs = 0;
  private updatedMs = 0;
  private setBy: string | null = null;

  constructor(world: World) {
    this.relay = world.relay;
  }

  join(member: SimMember): void {
    const client = new SyncplayClient(member, (state) => member.socket.up(() => watcher.receive(state)));
    const watcher = new Watcher(member.name, this, this.relay, (state) =>
      member.socket.down(() => client.receive(state)),
    );
    this.clients.set(member, client);
    member.socket.up(() => {
      watcher.positionMs = this.watchers.size > 0 ? this.roomPositionMs() : 0;
      this.watchers.set(member.name, watcher);
      watcher.begin();
    });
    client.begin();
  }

  act(member: SimMember, deed: Deed, positionMs: number): void {
    const { player } = member;
    if (deed === 'play') player.play();
    else if (deed === 'pause') player.pause();
    else player.seek(positionMs);
  }

  get isPlaying(): boolean {
    return !this.paused;
  }

  state(): { play: PlayState; setBy: string | null } {
    const positionMs = this.roomPositionMs();
    return { play: { positionMs, paused: this.paused, doSeek: false }, setBy: this.setBy };
  }

  private roomPositionMs(): number {
    const nowMs = this.relay.date();
    const ageMs = nowMs - this.updatedMs;
    if (this.watchers.size === 0 || ageMs <= ROOM_POSITION_AGE_MS) {
      return this.positionMs + (this.paused ? 0 : ageMs);
    }
    const slowest = [...this.watchers.values()].reduce((a, b) => (b.nowMs() < a.nowMs() ? b : a));
    this.setBy = slowest.name;
    this.positionMs = slowest.nowMs();
    this.updatedMs = nowMs;
    return this.positionMs;
  }

  setPaused(paused: boolean, by: string): void {
    this.paused = paused;
    this.setBy = by;
  }

  /** Somebody paused, went on or sought: told to all at once, and to be obeyed. */
  force(by: Watcher, doSeek: boolean): void {
    const positionMs = by.nowMs();
    this.positionMs = positionMs;
    this.setBy = by.name;
    for (const watcher of this.watchers.values()) watcher.positionMs = positionMs;
    for (const watcher of this.watchers.values()) {
      watcher.send({ positionMs, paused: this.paused, doSeek }, by.name, true);
    }
  }
}

/** The server's end of one connection. */
class Watcher {
  readonly name: string;
  positionMs = 0;
  private readonly server: SyncplayServer;
  private readonly relay: SimRelay;
  private readonly toClient: (state: State) => void;
  private readonly pings = new PingService();
  private readonly ignoring: Ignoring = { server: 0, client: 0 };
  private updatedMs = 0;
  private heard: { stampMs: number; atMs: number } | null = null;

  constructor(name: string, server: SyncplayServer, relay: SimRelay, toClient: (state: State) => void) {
    this.name = name;
    this.server = server;
    this.relay = relay;
    this.toClient = toClient;
  }

  begin(): void {
    const { play, setBy } = this.server.state();
    this.updatedMs = this.relay.date();
    this.send({ ...play, doSeek: true }, setBy, true);
    this.relay.every(SERVER_STATE_MS, () => {
      const now = this.server.state();
      this.send(now.play, now.setBy, false);
    });
  }

  /** Where it is by now. */
  nowMs(): number {
    return this.positionMs + (this.server.isPlaying ? this.relay.date() - this.updatedMs : 0);
  }

  send(play: PlayState, setBy: string | null, forced: boolean): void {
    const nowMs = this.relay.date();
    const echoMs = this.heard ? this.heard.stampMs + nowMs - this.heard.atMs : 0;
    this.heard = null;
    if (forced) this.ignoring.server++;
    const state: State = {
      play,
      setBy,
      ping: { stampMs: nowMs, echoMs, rttMs: this.pings.rttMs },
      ignoring: { ...this.ignoring },
    };
    this.ignoring.client = 0;
    if (this.ignoring.server === 0 || forced) this.toClient(state);
  }

  receive({ play, ping, ignoring }: State): void {
    if (ignoring.server > 0 && ignoring.server === this.ignoring.server) this.ignoring.server = 0;
    if (ignoring.client > 0) this.ignoring.client = ignoring.client;
    this.heard = { stampMs: ping.stampMs, atMs: this.relay.date() };
    this.pings.receive(this.relay.date(), ping.echoMs, ping.rttMs);
    if (this.ignoring.server === 0 && play) this.update(play);
  }

  private update({ positionMs, paused, doSeek }: PlayState): void {
    const pauseChanged = paused === this.server.isPlaying;
    this.updatedMs = this.relay.date();
    if (pauseChanged) this.server.setPaused(paused, this.name);
    this.positionMs = positionMs + (paused ? 0 : this.pings.forwardMs);
    if (doSeek || pauseChanged) this.server.force(this, doSeek);
  }
}

class SyncplayClient {
  private readonly member: SimMember;
  private readonly toServer: (state: State) => void;
  private readonly pings = new PingService();
  private readonly ignoring: Ignoring = { server: 0, client: 0 };
  /** As last told by the server and as last asked from the player. */
  private global: { positionMs: number; paused: boolean; atMs: number } | null = null;
  private own: { positionMs: number; paused: boolean; atMs: number } | null = null;
  private slowed = false;
  private cancelAsk: Cancel = () => undefined;

  constructor(member: SimMember, toServer: (state: State) => void) {
    this.member = member;
    this.toServer = toServer;
  }

  begin(): void {
    const { player, timers } = this.member;
    this.cancelAsk();
    this.cancelAsk = timers.every(PLAYER_ASK_MS, () => this.askPlayer());
    if (player.isLoaded) return;
    // The file is opened paused; where to, the room's state says.
    player.onEvent = (event) => {
      if (event === 'loaded' && this.global === null) player.pause();
    };
    player.load(0);
  }

  private nowMs(): number {
    return this.member.clock.date();
  }

  private globalPositionMs(): number {
    if (!this.global) return 0;
    return this.global.positionMs + (this.global.paused ? 0 : this.nowMs() - this.global.atMs);
  }

  private playerPositionMs(): number {
    if (!this.own) return this.globalPositionMs();
    return this.own.positionMs + (this.own.paused ? 0 : this.nowMs() - this.own.atMs);
  }

  private playerPaused(): boolean {
    return this.own?.paused ?? this.global?.paused ?? true;
  }

  private askPlayer(): void {
    const { player } = this.member;
    if (!player.isLoaded) return;
    const positionMs = player.currentTimeMs();
    // The players that Syncplay drives stay as they were, playing or paused, while they seek.
    const paused = player.seeking ? this.playerPaused() : player.paused;
    const change = this.changeOf(paused, positionMs);
    if (this.global === null) return;
    this.own = { positionMs, paused, atMs: this.nowMs() };
    if (change.paused || change.seeked) this.send({ positionMs, paused, doSeek: change.seeked }, 0, true);
  }

  private changeOf(paused: boolean, positionMs: number): { paused: boolean; seeked: boolean } {
    const offPlayer = Math.abs(this.playerPositionMs() - positionMs) > SEEK_THRESHOLD_MS;
    const offGlobal = Math.abs(this.globalPositionMs() - positionMs) > SEEK_THRESHOLD_MS;
    return {
      paused: this.playerPaused() !== paused && (this.global?.paused ?? true) !== paused,
      seeked: offPlayer && offGlobal,
    };
  }

  receive({ play, setBy, ping, ignoring }: State): void {
    if (ignoring.server > 0) {
      this.ignoring.server = ignoring.server;
      this.ignoring.client = 0;
    } else if (ignoring.client > 0 && ignoring.client === this.ignoring.client) this.ignoring.client = 0;
    this.pings.receive(this.nowMs(), ping.echoMs, ping.rttMs);
    if (play && this.ignoring.client === 0 && this.member.player.isLoaded) this.obey(play, setBy);
    const own = this.global ? { positionMs: this.playerPositionMs(), paused: this.playerPaused() } : null;
    this.send(own ? { ...own, doSeek: false } : null, ping.stampMs, false);
  }

  private send(play: PlayState | null, echoMs: number, changed: boolean): void {
    const mayTell = this.ignoring.client === 0 || this.ignoring.server !== 0;
    if (changed) this.ignoring.client++;
    const ignoring = { ...this.ignoring };
    this.ignoring.server = 0;
    const ping = { stampMs: this.nowMs(), echoMs, rttMs: this.pings.rttMs };
    this.toServer({ play: mayTell ? play : null, setBy: null, ping, ignoring });
  }

  /** client.py, _changePlayerStateAccordingToGlobalState. */
  private obey(play: PlayState, setBy: string | null): void {
    const { player, name } = this.member;
    const positionMs = play.positionMs + (play.paused ? 0 : this.pings.forwardMs);
    const pauseChanged = play.paused !== (this.global?.paused ?? true) || play.paused !== this.playerPaused();
    const aheadMs = this.playerPositionMs() - positionMs;
    if (this.global === null) {
      player.seek(positionMs);
      if (play.paused) player.pause();
      else player.play();
    }
    this.global = { positionMs, paused: play.paused, atMs: this.nowMs() };
    if (play.doSeek && setBy !== name) player.seek(positionMs);
    if (aheadMs > REWIND_THRESHOLD_MS && !play.doSeek) player.seek(positionMs);
    if (!play.doSeek && !play.paused) this.slowDown(aheadMs, setBy);
    if (pauseChanged && !play.paused) player.play();
    if (pauseChanged && play.paused) {
      if (setBy !== name) player.seek(this.globalPositionMs());
      player.pause();
    }
    this.askPlayer();
  }

  private slowDown(aheadMs: number, setBy: string | null): void {
    const { player, name } = this.member;
    if (aheadMs > SLOWDOWN_THRESHOLD_MS && !this.slowed && setBy !== name) {
      player.setRate(SLOWDOWN_RATE, 'kept');
      this.slowed = true;
    } else if (this.slowed && aheadMs < SLOWDOWN_RESET_MS) {
      player.setRate(1, 'kept');
      this.slowed = false;
    }
  }
}
