/**
 * Jellyfin SyncPlay, as published: jellyfin-web f330b7b src/plugins/syncPlay (client) and jellyfin c3ed140
 * MediaBrowser.Controller/SyncPlay (group). With and without its "sync correction", which is off unless switched on.
 */
import type { Cancel } from '../world/timers.ts';
import type { SimMember, World } from '../world/world.ts';
import type { Algorithm, Deed, Party } from './algorithm.ts';
import { type Command, Group, type Request } from './syncplay-group.ts';

// core/timeSync/TimeSync.js
const TRACKED_MEASUREMENTS = 8;
const GREEDY_PINGS = 3;
const GREEDY_INTERVAL_MS = 1_000;
const LOW_INTERVAL_MS = 60_000;
// core/PlaybackCore.js, loadPreferences
const LEAST_SPEED_TO_SYNC_MS = 60;
const MOST_SPEED_TO_SYNC_MS = 3_000;
const SPEED_TO_SYNC_DURATION_MS = 1_000;
const LEAST_SKIP_TO_SYNC_MS = 400;
const LEAST_SPEED = 0.2;
// core/Helper.js
const PLAYER_EVENT_TIMEOUT_MS = 500;
const EVENT_TIMEOUT_MS = 30_000;
// ui/players/HtmlVideoPlayer.js
const LEAST_BUFFERING_MS = 3_000;
/** Browsers send `timeupdate` about this often. */
const TIMEUPDATE_MS = 250;

export const syncplay: Algorithm = {
  name: 'syncplay',
  control: 'everyone',
  preloads: true,
  begin: (world) => new SyncPlayParty(world, false),
};

export const syncplayCorrection: Algorithm = {
  ...syncplay,
  name: 'syncplay-correction',
  begin: (world) => new SyncPlayParty(world, true),
};

class SyncPlayParty implements Party {
  private readonly group: Group;
  private readonly clients = new Map<string, SyncPlayClient>();
  private readonly correction: boolean;
  private readonly serverDate: () => number;

  constructor(world: World, correction: boolean) {
    this.correction = correction;
    this.serverDate = () => world.relay.date();
    this.group = new Group(world.relay, (to, command) => {
      const client = this.clients.get(to);
      client?.member.socket.down(() => client.apply(command));
    });
  }

  join(member: SimMember): void {
    const client = new SyncPlayClient(member, this.correction, this.serverDate, (request) =>
      member.http.up(() => this.group.handle(member.name, request)),
    );
    this.clients.set(member.name, client);
    // Who has the film open already is taken in as the group's first members are.
    if (member.player.isLoaded) member.http.up(() => this.group.add(member.name));
    else member.http.up(() => this.group.join(member.name, (positionMs) => client.open(positionMs)));
    client.begin();
  }

  act(member: SimMember, deed: Deed, positionMs: number): void {
    this.clients.get(member.name)?.act(deed, positionMs);
  }
}

interface Measurement {
  offsetMs: number;
  delayMs: number;
}

/** Something that waits for one event of the player, or for time to run out. */
interface Waiter {
  event: 'pause' | 'ready' | 'unpause';
  run: () => void;
  cancel: Cancel;
}

class SyncPlayClient {
  readonly member: SimMember;
  private readonly correction: boolean;
  private readonly serverDate: () => number;
  private readonly request: (request: Request) => void;
  private measurements: Measurement[] = [];
  private pings = 0;
  private last: Command | null = null;
  private syncEnabled = false;
  private lastSyncMs = 0;
  private isBuffering = false;
  private waiters: Waiter[] = [];
  private cancelCommand: Cancel = () => undefined;
  private cancelSync: Cancel = () => undefined;
  private cancelBuffering: Cancel = () => undefined;
  private opening = false;

  constructor(member: SimMember, correction: boolean, serverDate: () => number, request: (request: Request) => void) {
    this.member = member;
    this.correction = correction;
    this.serverDate = serverDate;
    this.request = request;
  }

  begin(): void {
    const { player, timers } = this.member;
    player.onEvent = (event) => {
      if (event === 'playing') this.onPlaying();
      else if (event === 'waiting') this.onWaiting();
      else if (event === 'pause') this.fire('pause');
    };
    timers.every(TIMEUPDATE_MS, () => this.onTimeUpdate());
    this.ping();
  }

  /** A pause is done at once as well; the rest only asks the server (core/Controller.js). */
  act(deed: Deed, positionMs: number): void {
    if (deed === 'play') this.request({ type: 'unpause' });
    else if (deed === 'seek') this.request({ type: 'seek', positionMs });
    else {
      this.request({ type: 'pause' });
      this.member.player.pause();
    }
  }

  /** core/QueueCore.js: starts the item, and when it has started pauses it and says so. */
  open(positionMs: number): void {
    this.member.socket.down(() => {
      this.opening = true;
      this.member.player.load(positionMs);
    });
  }

  private ping(): void {
    const { clock, http, timers } = this.member;
    const waitMs = this.pings >= GREEDY_PINGS ? LOW_INTERVAL_MS : GREEDY_INTERVAL_MS;
    timers.after(waitMs, () => {
      const sentMs = clock.date();
      http.up(() => {
        const serverMs = this.serverDate();
        http.down(() => this.onPong(sentMs, serverMs));
      });
    });
  }

  private onPong(sentMs: number, serverMs: number): void {
    const receivedMs = this.member.clock.date();
    this.measurements.push({
      offsetMs: (serverMs - sentMs + serverMs - receivedMs) / 2,
      delayMs: receivedMs - sentMs,
    });
    if (this.measurements.length > TRACKED_MEASUREMENTS) this.measurements.shift();
    if (this.pings < GREEDY_PINGS) this.pings++;
    this.request({ type: 'ping', pingMs: Math.round((this.best()?.delayMs ?? 0) / 2) });
    this.ping();
  }

  private best(): Measurement | null {
    return [...this.measurements].sort((a, b) => a.delayMs - b.delayMs)[0] ?? null;
  }

  private remoteNow(): number {
    return this.member.clock.date() + (this.best()?.offsetMs ?? 0);
  }

  private serverPositionMs({ positionMs, whenMs }: Command): number {
    return positionMs + this.remoteNow() - whenMs;
  }

  apply(command: Command): void {
    const { last } = this;
    const isRepeated =
      last?.type === command.type && last.whenMs === command.whenMs && last.positionMs === command.positionMs;
    if (isRepeated) this.applyAgain(command);
    else {
      this.last = command;
      this.schedule(command);
    }
  }

  private applyAgain(command: Command): void {
    const { player, random } = this.member;
    if (command.whenMs > this.remoteNow()) return;
    const isOff = !player.paused || player.currentTimeMs() !== command.positionMs;
    if (command.type === 'unpause') {
      if (player.paused) this.schedule(command);
    } else if (command.type === 'pause') {
      if (isOff) this.schedule(command);
    } else if (isOff) {
      this.schedule({ ...command, positionMs: command.positionMs + random.between([-50, 50]) });
    } else this.sendReady();
  }

  private schedule(command: Command): void {
    this.clearScheduled();
    const inMs = command.whenMs - this.remoteNow();
    if (command.type === 'unpause') this.scheduleUnpause(command, inMs);
    else this.when(inMs, () => (command.type === 'pause' ? this.pauseAt(command) : this.seekTo(command)));
  }

  private when(inMs: number, run: () => void): void {
    if (inMs > 0) this.cancelCommand = this.member.timers.after(inMs, run);
    else run();
  }

  private scheduleUnpause(command: Command, inMs: number): void {
    const { player, timers } = this.member;
    const enableSyncLater = (): void => {
      this.cancelSync = timers.after(MOST_SPEED_TO_SYNC_MS / 2, () => {
        this.syncEnabled = true;
      });
    };
    if (inMs > 0) {
      if (player.currentTimeMs() - command.positionMs > LEAST_SKIP_TO_SYNC_MS) player.seek(command.positionMs);
      this.when(inMs, () => {
        this.unpause();
        enableSyncLater();
      });
      return;
    }
    const positionMs = this.serverPositionMs(command);
    this.waitFor('unpause', EVENT_TIMEOUT_MS, () => player.seek(positionMs), null);
    this.unpause();
    enableSyncLater();
  }

  /** One that stands already is sought after the time-out, even if the group has gone on: nothing takes that back. */
  private pauseAt({ positionMs }: Command): void {
    const { player } = this.member;
    const seek = (): void => player.seek(positionMs);
    this.waitFor('pause', PLAYER_EVENT_TIMEOUT_MS, seek, seek);
    player.pause();
  }

  private seekTo({ positionMs }: Command): void {
    const { player } = this.member;
    player.play();
    player.seek(positionMs);
    this.waitFor(
      'ready',
      EVENT_TIMEOUT_MS,
      () => {
        player.pause();
        this.sendReady();
      },
      () => player.seek(positionMs),
    );
  }

  private unpause(): void {
    this.member.player.play();
    this.member.timers.after(0, () => this.fire('unpause'));
  }

  private waitFor(event: Waiter['event'], forMs: number, run: () => void, onTimeout: (() => void) | null): void {
    const waiter: Waiter = {
      event,
      run,
      cancel: this.member.timers.after(forMs, () => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        onTimeout?.();
      }),
    };
    this.waiters.push(waiter);
  }

  private fire(event: Waiter['event']): void {
    const due = this.waiters.filter((waiter) => waiter.event === event);
    this.waiters = this.waiters.filter((waiter) => waiter.event !== event);
    for (const waiter of due) {
      waiter.cancel();
      waiter.run();
    }
  }

  private clearScheduled(): void {
    this.cancelCommand();
    this.cancelSync();
    this.syncEnabled = false;
    this.setRate(1);
  }

  private setRate(rate: number): void {
    if (this.member.player.rate !== rate) this.member.player.setRate(rate, 'kept');
  }

  private onPlaying(): void {
    this.cancelBuffering();
    if (this.opening) {
      this.opening = false;
      this.member.player.pause();
      this.sendReady();
      return;
    }
    this.isBuffering = false;
    this.sendReady();
    this.fire('ready');
  }

  private onWaiting(): void {
    this.cancelBuffering();
    this.cancelBuffering = this.member.timers.after(LEAST_BUFFERING_MS, () => {
      this.isBuffering = true;
      this.request({ type: 'buffer' });
    });
  }

  private sendReady(): void {
    const { player } = this.member;
    const positionMs = player.currentTimeMs();
    this.request({ type: 'ready', whenMs: this.remoteNow(), positionMs, isPlaying: !player.paused });
  }

  private onTimeUpdate(): void {
    const { player, clock } = this.member;
    if (this.last?.type !== 'unpause' || this.isBuffering || !player.isMoving) return;
    const behindMs = this.serverPositionMs(this.last) - player.currentTimeMs();
    const nowMs = clock.date();
    if (nowMs - this.lastSyncMs < MOST_SPEED_TO_SYNC_MS / 2) return;
    this.lastSyncMs = nowMs;
    if (this.syncEnabled && this.correction) this.correct(behindMs, this.serverPositionMs(this.last));
  }

  private correct(behindMs: number, serverPositionMs: number): void {
    const { player } = this.member;
    const offMs = Math.abs(behindMs);
    if (offMs >= LEAST_SPEED_TO_SYNC_MS && offMs < MOST_SPEED_TO_SYNC_MS) {
      const tooSlow = behindMs <= -SPEED_TO_SYNC_DURATION_MS * LEAST_SPEED;
      const forMs = tooSlow ? offMs / (1 - LEAST_SPEED) : SPEED_TO_SYNC_DURATION_MS;
      this.setRate(1 + behindMs / forMs);
      this.pauseSyncFor(forMs, () => this.setRate(1));
    } else if (offMs >= LEAST_SKIP_TO_SYNC_MS) {
      player.seek(serverPositionMs);
      this.pauseSyncFor(MOST_SPEED_TO_SYNC_MS / 2, () => undefined);
    }
  }

  private pauseSyncFor(forMs: number, then: () => void): void {
    this.syncEnabled = false;
    this.cancelSync = this.member.timers.after(forMs, () => {
      then();
      this.syncEnabled = true;
    });
  }
}
