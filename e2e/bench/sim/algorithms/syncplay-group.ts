/** The server's side of Jellyfin SyncPlay: jellyfin c3ed140 MediaBrowser.Controller/SyncPlay/GroupStates. */
import { assertNever } from '../../../../shared/errors.ts';
import type { SimRelay } from '../world/world.ts';

// Emby.Server.Implementations/SyncPlay/Group.cs
const DEFAULT_PING_MS = 500;
const TIME_SYNC_OFFSET_MS = 2_000;
const MAX_PLAYBACK_OFFSET_MS = 500;
/** WaitingGroupState.cs compares ticks of 100 ns with ms, so that its floor of 500 ms is this. */
const DEFAULT_PING_TAKEN_FOR_TICKS_MS = DEFAULT_PING_MS / 10_000;

/** What members are told to do at an instant of the server's wall clock. */
export interface Command {
  type: 'unpause' | 'pause' | 'seek';
  whenMs: number;
  positionMs: number;
}

/** What members ask for or report. */
export type Request =
  | { type: 'unpause' }
  | { type: 'pause' }
  | { type: 'seek'; positionMs: number }
  | { type: 'ping'; pingMs: number }
  | { type: 'buffer' }
  | Ready;

interface Ready {
  type: 'ready';
  whenMs: number;
  positionMs: number;
  isPlaying: boolean;
}

interface Participant {
  pingMs: number;
  isBuffering: boolean;
}

type State =
  | { type: 'paused' }
  | { type: 'playing'; ignoreBuffering: boolean }
  | { type: 'waiting'; from: 'playing' | 'paused'; resume: boolean };

export class Group {
  private readonly relay: SimRelay;
  private readonly send: (to: string, command: Command) => void;
  private readonly participants = new Map<string, Participant>();
  private state: State = { type: 'paused' };
  private positionMs = 0;
  /** Wall clock at which the position was or will be reached. */
  private lastActivityMs = 0;

  constructor(relay: SimRelay, send: (to: string, command: Command) => void) {
    this.relay = relay;
    this.send = send;
  }

  /** A member that has the film open already, before it starts. */
  add(member: string): void {
    this.participants.set(member, { pingMs: DEFAULT_PING_MS, isBuffering: false });
  }

  /** A newcomer: everybody pauses until it is ready (WaitingGroupState.SessionJoined). */
  join(member: string, open: (positionMs: number) => void): void {
    this.add(member);
    const wasPlaying = this.state.type === 'playing';
    this.toWaiting();
    if (wasPlaying) this.settlePosition();
    open(this.positionMs);
    this.setBuffering(member, true);
    this.tell(this.allReady(), this.command('pause'));
  }

  handle(member: string, request: Request): void {
    switch (request.type) {
      case 'ping': {
        const participant = this.participants.get(member);
        if (participant) participant.pingMs = request.pingMs;
        return;
      }
      case 'unpause':
        return this.onUnpause(member);
      case 'pause':
        return this.onPause(member);
      case 'seek':
        return this.onSeek(request.positionMs);
      case 'buffer':
        return this.onBuffer(member);
      case 'ready':
        return this.onReady(member, request);
      default:
        assertNever(request);
    }
  }

  private onUnpause(member: string): void {
    const { state } = this;
    if (state.type === 'playing') return this.tell([member], this.command('unpause'));
    if (state.type === 'waiting' && !state.resume) {
      this.state = { ...state, resume: true };
      return;
    }
    if (state.type === 'waiting') for (const each of this.participants.values()) each.isBuffering = false;
    this.state = { type: 'playing', ignoreBuffering: state.type === 'waiting' };
    this.lastActivityMs = this.relay.date() + Math.max(2 * this.highestPingMs(), DEFAULT_PING_MS);
    this.tell(this.everybody(), this.command('unpause'));
  }

  private onPause(member: string): void {
    if (this.state.type === 'waiting') {
      this.state = { ...this.state, resume: false };
    } else if (this.state.type === 'paused') {
      this.tell([member], this.command('pause'));
    } else {
      this.state = { type: 'paused' };
      this.settlePosition();
      this.tell(this.everybody(), this.command('pause'));
    }
  }

  private onSeek(positionMs: number): void {
    this.toWaiting();
    this.positionMs = positionMs;
    this.lastActivityMs = this.relay.date();
    this.tell(this.everybody(), this.command('seek'));
    for (const each of this.participants.values()) each.isBuffering = true;
  }

  private onBuffer(member: string): void {
    const { state } = this;
    if (state.type === 'playing' && state.ignoreBuffering) return;
    this.toWaiting();
    this.setBuffering(member, true);
    if (state.type === 'playing') {
      this.settlePosition();
      this.tell(this.allReady(), this.command('pause'));
    } else if (state.type === 'paused' || !state.resume) {
      this.tell([member], this.command('pause'));
    }
  }

  private onReady(member: string, ready: Ready): void {
    if (this.state.type !== 'waiting') {
      // Not waiting: the member is told how things are.
      this.tell([member], this.command(this.state.type === 'playing' ? 'unpause' : 'pause'));
    } else if (this.state.resume) this.onReadyToResume(member, ready);
    else this.onReadyToRest(member, ready, this.state.from);
  }

  private onReadyToResume(member: string, { whenMs, positionMs, isPlaying }: Ready): void {
    const nowMs = this.relay.date();
    const elapsedMs = nowMs - whenMs;
    const counts = isPlaying && Math.abs(elapsedMs) <= TIME_SYNC_OFFSET_MS;
    const behindMs = this.positionMs - (positionMs + (counts ? elapsedMs : 0));
    if (!isPlaying && Math.abs(behindMs) > MAX_PLAYBACK_OFFSET_MS) {
      this.setBuffering(member, true);
      return this.tell([member], this.command('seek'));
    }
    this.setBuffering(member, false);
    if (this.isBuffering()) {
      return this.tell([member], { ...this.command('pause'), whenMs: nowMs + behindMs });
    }
    this.state = { type: 'playing', ignoreBuffering: false };
    const roundTripMs = 2 * this.highestPingMs();
    if (behindMs > roundTripMs) {
      this.lastActivityMs = nowMs + behindMs;
      const others = this.everybody().filter((other) => other !== member || !isPlaying);
      this.tell(others, this.command('unpause'));
    } else {
      this.lastActivityMs = nowMs + Math.max(roundTripMs, DEFAULT_PING_TAKEN_FOR_TICKS_MS);
      this.tell(this.everybody(), this.command('unpause'));
    }
  }

  private onReadyToRest(member: string, { positionMs }: Ready, from: 'playing' | 'paused'): void {
    if (Math.abs(this.positionMs - positionMs) > MAX_PLAYBACK_OFFSET_MS) {
      this.setBuffering(member, true);
      return this.tell([member], this.command('seek'));
    }
    this.setBuffering(member, false);
    if (this.isBuffering()) return;
    this.state = { type: 'paused' };
    if (from === 'playing') this.settlePosition();
    this.tell(this.everybody(), this.command('pause'));
  }

  private toWaiting(): void {
    const { state } = this;
    if (state.type !== 'waiting') {
      this.state = { type: 'waiting', from: state.type, resume: state.type === 'playing' };
    }
  }

  /** The position as it is now; before a start that is still to come it has not moved. */
  private settlePosition(): void {
    const nowMs = this.relay.date();
    this.positionMs += Math.max(0, nowMs - this.lastActivityMs);
    this.lastActivityMs = nowMs;
  }

  private command(type: Command['type']): Command {
    return { type, whenMs: this.lastActivityMs, positionMs: this.positionMs };
  }

  private tell(members: readonly string[], command: Command): void {
    for (const member of members) this.send(member, command);
  }

  private everybody(): string[] {
    return [...this.participants.keys()];
  }

  private allReady(): string[] {
    return this.everybody().filter((member) => !this.participants.get(member)?.isBuffering);
  }

  private setBuffering(member: string, isBuffering: boolean): void {
    const participant = this.participants.get(member);
    if (participant) participant.isBuffering = isBuffering;
  }

  private isBuffering(): boolean {
    return [...this.participants.values()].some((each) => each.isBuffering);
  }

  private highestPingMs(): number {
    return Math.max(...[...this.participants.values()].map(({ pingMs }) => pingMs));
  }
}
