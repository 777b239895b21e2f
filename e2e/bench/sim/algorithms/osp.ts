/**
 * Our own engine and relay, as they ship: extension/sync/engine.ts driven the way extension/content/engine-runner.ts and
 * party.ts drive it, and relay/rooms/room.ts the way relay/rooms/registry.ts and run-effects.ts do. Nothing of either is
 * copied here but the wiring.
 */
import { TICK_MS } from '../../../../extension/sync/constants.ts';
import { createEngine, type EngineEffect, type EngineInput, step } from '../../../../extension/sync/engine.ts';
import type { Gesture, Reading } from '../../../../extension/sync/io.ts';
import type { RoomEffect } from '../../../../relay/rooms/effects.ts';
import { type RoomInput, step as roomStep, wakeAtMs } from '../../../../relay/rooms/room.ts';
import { emptyRoom } from '../../../../relay/rooms/state.ts';
import { assertNever } from '../../../../shared/errors.ts';
import type { Media, RelayMessage } from '../../../../shared/protocol.ts';
import type { PlayerEvent } from '../world/player.ts';
import type { Cancel } from '../world/timers.ts';
import { FILM_MS, type SimMember, type World } from '../world/world.ts';
import type { Algorithm, Deed, Party } from './algorithm.ts';

/** As in extension/content/engine-runner.ts. */
const SPIN_MS = 4;
/** From a click to the page's own player for another film, in ms. */
const OPEN_MS = [60, 300] as const;
/** A person's `play` or `pause` is told before anything that comes of it (extension/player/video-player.ts), in ms. */
const GESTURE_MS = 0.3;

const FILM: Media = { serverId: '0'.repeat(32), itemId: 'a'.repeat(32), title: 'A film', runtimeMs: FILM_MS };

export const osp: Algorithm = {
  name: 'osp',
  control: 'everyone',
  preloads: false,
  begin: (world) => new OspParty(world),
};

class OspParty implements Party {
  private readonly room: OspRoom;
  private readonly clients = new Map<SimMember, OspClient>();

  constructor(world: World) {
    this.room = new OspRoom(world);
  }

  join(member: SimMember): void {
    this.clients.set(member, new OspClient(member, this.room));
  }

  act(member: SimMember, deed: Deed, positionMs: number): void {
    this.clients.get(member)?.act(deed, positionMs);
  }
}

/** What the room says that concerns the engine (party.ts hands it no `member` and `left`). */
type ForEngine = Extract<RelayMessage, { type: 'timeline' }> | Extract<RelayMessage, { type: 'error' }>;

/** One room of the relay with its sockets and its timer. */
class OspRoom {
  private readonly world: World;
  private state;
  private readonly seats = new Map<string, OspClient>();
  private cancelTick: Cancel = () => undefined;

  constructor(world: World) {
    this.world = world;
    this.state = emptyRoom('room', world.relay.now());
  }

  join(client: OspClient): void {
    const { name } = client.member;
    this.seats.set(name, client);
    this.input({ type: 'join', member: name, name, verified: true, seat: name, by: { kind: 'grant' } });
  }

  now(): number {
    return this.world.relay.now();
  }

  input(input: RoomInput): void {
    const { room, effects } = roomStep(this.state, input, this.now());
    this.state = room;
    for (const effect of effects) this.perform(effect);
    this.cancelTick();
    const wakeMs = wakeAtMs(room);
    if (wakeMs !== null) {
      this.cancelTick = this.world.relay.after(wakeMs - this.now(), () => this.input({ type: 'tick' }));
    }
  }

  private perform(effect: RoomEffect): void {
    switch (effect.type) {
      case 'publish': {
        const message = { ...effect.message, s: this.now() };
        if (message.type !== 'timeline') return;
        for (const seat of this.seats.values()) if (seat.isWelcomed) seat.send(message);
        return;
      }
      case 'reply':
        this.seats.get(effect.to)?.send(effect.message);
        return;
      case 'welcome':
        this.seats.get(effect.member)?.welcome(this.state.timeline, this.state.waitMs, this.now());
        return;
      case 'tell':
      case 'close':
      case 'refuse':
      case 'forget':
        throw new Error(`the room does not do this here: ${effect.type}`);
      default:
        assertNever(effect);
    }
  }
}

/** One member's content script. */
class OspClient {
  readonly member: SimMember;
  /** The relay has sent the welcome; what it publishes from then on comes too. */
  isWelcomed = false;
  private readonly room: OspRoom;
  private engine;
  private readonly inbox: EngineInput[] = [];
  private busy = false;
  private hasPlayer: boolean;
  private cancelWake: Cancel = () => undefined;

  constructor(member: SimMember, room: OspRoom) {
    this.member = member;
    this.room = room;
    this.engine = createEngine({
      idPrefix: member.name,
      nowMs: member.clock.now(),
      browser: member.player.spec.browser,
    });
    this.hasPlayer = member.player.isLoaded;
    member.player.onEvent = (event) => this.onPlayer(event);
    member.timers.every(TICK_MS, () => this.dispatch({ type: 'tick' }));
    if (this.hasPlayer) {
      this.dispatch({ type: 'player', event: 'loaded' });
      this.dispatch({ type: 'media', media: FILM });
    }
    this.dispatch({ type: 'link', open: true });
    member.socket.up(() => room.join(this));
  }

  /** A person works the player's own controls. */
  act(deed: Deed, positionMs: number): void {
    const { player, timers } = this.member;
    if (deed === 'play') player.play();
    else if (deed === 'pause') player.pause();
    else player.seek(positionMs);
    const gesture: Gesture = { type: deed, positionMs: deed === 'pause' ? player.currentTimeMs() : positionMs };
    timers.after(GESTURE_MS, () => this.dispatch({ type: 'user', event: gesture }));
  }

  welcome(timeline: Extract<EngineInput, { type: 'timeline' }>['timeline'], waitMs: number, s: number): void {
    this.isWelcomed = true;
    this.member.socket.down(() => {
      // The simulated parties have several members from the first play on.
      this.dispatch({ type: 'members', others: 1 });
      this.dispatch({ type: 'timeline', timeline, waitMs, s, receivedAtMs: this.now(), ownCommand: null });
    });
  }

  /** Over the wire, to this member. */
  send(message: ForEngine): void {
    this.member.socket.down(() => {
      if (message.type === 'error') {
        if (message.id) {
          const { id, code, timeline } = message;
          this.dispatch({ type: 'refused', commandId: id, code, timeline });
        }
        return;
      }
      const { timeline, waitMs, s, by, id } = message;
      const ownCommand = by === this.member.name ? id : null;
      this.dispatch({ type: 'timeline', timeline, waitMs, s, receivedAtMs: this.now(), ownCommand });
    });
  }

  private now(): number {
    return this.member.clock.now();
  }

  private read(): Reading | null {
    if (!this.hasPlayer) return null;
    const { player } = this.member;
    return {
      atMs: this.now(),
      positionMs: player.currentTimeMs(),
      durationMs: player.spec.kind === 'progressive-transcode' ? null : FILM_MS,
      paused: player.paused,
      seeking: player.seeking,
      rate: player.rate,
      readyState: player.readyState,
      bufferedAheadMs: player.bufferedAheadMs(),
      kind: player.spec.kind,
    };
  }

  private dispatch(input: EngineInput): void {
    this.inbox.push(input);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.inbox.shift(); next; next = this.inbox.shift()) {
      const result = step(this.engine, next, this.now(), this.read());
      this.engine = result.state;
      for (const effect of result.effects) this.perform(effect);
    }
    this.busy = false;
  }

  private perform(effect: EngineEffect): void {
    const { member, room } = this;
    switch (effect.type) {
      case 'ping':
        return member.socket.up(() => {
          const s = room.now();
          member.socket.down(() => this.dispatch({ type: 'pong', c: effect.c, s, receivedAtMs: this.now() }));
        });
      case 'command':
      case 'ready':
      case 'stall':
      case 'status':
        return member.socket.up(() => room.input({ ...effect, member: member.name }));
      case 'play':
        return member.player.play();
      case 'pause':
        return member.player.pause();
      case 'seek':
        return member.player.seek(effect.positionMs);
      case 'rate':
        return member.player.setRate(effect.rate, effect.pitch);
      case 'open':
        return this.open(effect.positionMs);
      case 'wake':
        this.cancelWake();
        this.cancelWake = member.timers.spinUntil(effect.atMs, effect.to === 'start' ? SPIN_MS : 0, () =>
          this.dispatch({ type: 'tick' }),
        );
        return;
      default:
        return assertNever(effect);
    }
  }

  private open(positionMs: number): void {
    const { player, random, timers } = this.member;
    timers.after(random.between(OPEN_MS), () => {
      this.hasPlayer = true;
      player.load(positionMs);
    });
  }

  private onPlayer(event: PlayerEvent): void {
    switch (event) {
      case 'loaded':
        this.dispatch({ type: 'player', event: 'loaded' });
        this.dispatch({ type: 'media', media: FILM });
        return;
      case 'playing':
      case 'canplay':
        return this.dispatch({ type: 'player', event: 'flowing' });
      case 'waiting':
        return this.dispatch({ type: 'player', event: 'stalled' });
      case 'seeked':
      case 'pause':
        return;
      default:
        return assertNever(event);
    }
  }
}
