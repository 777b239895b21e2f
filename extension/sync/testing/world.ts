import type { Media } from '../../../shared/protocol.ts';
import { TICK_MS } from '../constants.ts';
import { createEngine, type EngineEffect, type EngineInput, type EngineState, step } from '../engine.ts';
import { Agenda, seeded } from './agenda.ts';
import { CHROMIUM, type SimLatency, SimPlayer } from './sim-player.ts';
import { SimRelay } from './sim-relay.ts';

export interface MemberOptions {
  upMs?: number;
  downMs?: number;
  jitterMs?: number;
  clockOffsetMs?: number;
  latency?: SimLatency;
  skew?: number;
  quantisedFps?: number;
  /** Members besides this one, as the relay tells it. */
  others?: number;
}

/** @returns a film of this test server. */
export const film = (digit: string): Media => ({
  serverId: '0'.repeat(32),
  itemId: digit.repeat(32),
  title: `Film ${digit}`,
  runtimeMs: 3_600_000,
});

/** One member: engine, player and path to the relay, wired as content/main.ts wires them. */
export class SimMember {
  readonly name: string;
  readonly player: SimPlayer;
  readonly effects: { atMs: number; effect: EngineEffect }[] = [];
  engine: EngineState;
  private readonly world: SimWorld;
  private readonly options: Required<MemberOptions>;
  private connected = false;
  private cancelWake: () => void = () => undefined;
  private lastUpMs = 0;
  private lastDownMs = 0;
  /** Nothing arrives before this: the page or the machine is busy. */
  private deafUntilMs = 0;

  constructor(world: SimWorld, name: string, options: MemberOptions) {
    this.world = world;
    this.name = name;
    this.options = {
      upMs: 12,
      downMs: 12,
      jitterMs: 2,
      clockOffsetMs: 1_000,
      latency: CHROMIUM,
      skew: 0,
      quantisedFps: 0,
      others: 1,
      ...options,
    };
    this.player = new SimPlayer(world.agenda, () => this.now(), this.options.latency, this.options.skew);
    this.player.quantisedFps = this.options.quantisedFps;
    this.player.onSignal = (event) => this.input({ type: 'player', event });
    this.player.onGesture = (event) => this.input({ type: 'user', event });
    this.player.onMedia = (media) => this.input({ type: 'media', media });
    this.engine = createEngine({ idPrefix: name, nowMs: this.now() });
    this.tick();
  }

  now(): number {
    return this.world.agenda.now() + this.options.clockOffsetMs;
  }

  input(input: EngineInput): void {
    const { state, effects } = step(this.engine, input, this.now(), this.player.read());
    this.engine = state;
    for (const effect of effects) {
      this.effects.push({ atMs: this.world.agenda.now(), effect });
      this.carryOut(effect);
    }
  }

  connect(): void {
    const { relay } = this.world;
    this.connected = true;
    this.input({ type: 'link', open: true });
    relay.join(this.name, {
      leadMs: 250,
      onTimeline: (timeline, commandId) => {
        const own = commandId?.startsWith(`${this.name}-`) ? commandId : null;
        const s = relay.now();
        this.down(() =>
          this.input({ type: 'timeline', timeline, waitMs: 30_000, s, receivedAtMs: this.now(), ownCommand: own }),
        );
      },
      onRefused: (commandId, code, timeline) =>
        this.down(() => this.input({ type: 'refused', commandId, code, timeline })),
    });
    const { timeline } = relay;
    const s = relay.now();
    this.down(() => this.input({ type: 'members', others: this.options.others }));
    this.down(() =>
      this.input({ type: 'timeline', timeline, waitMs: 30_000, s, receivedAtMs: this.now(), ownCommand: null }),
    );
  }

  /** What arrives in the next so many ms is heard only after them. */
  deafen(forMs: number): void {
    this.deafUntilMs = this.world.agenda.now() + forMs;
  }

  disconnect(): void {
    this.connected = false;
    this.world.relay.leave(this.name);
    this.input({ type: 'link', open: false });
  }

  /** Commands this member has sent so far. */
  commands(): string[] {
    return this.effects.flatMap(({ effect }) => (effect.type === 'command' ? [effect.action.kind] : []));
  }

  count(type: EngineEffect['type'], sinceMs = 0): number {
    return this.effects.filter(({ atMs, effect }) => effect.type === type && atMs >= sinceMs).length;
  }

  lastStatus(): string | null {
    const found = this.effects.findLast(({ effect }) => effect.type === 'status')?.effect;
    return found?.type === 'status' ? found.state : null;
  }

  private tick(): void {
    this.world.agenda.after(TICK_MS, () => {
      this.input({ type: 'tick' });
      this.tick();
    });
  }

  private carryOut(effect: EngineEffect): void {
    const { player } = this;
    const { relay } = this.world;
    switch (effect.type) {
      case 'ping':
        this.up(() => {
          const s = relay.now();
          this.down(() => this.input({ type: 'pong', c: effect.c, s, receivedAtMs: this.now() }));
        });
        return;
      case 'command':
        this.up(() => relay.command(this.name, effect.id, effect.base, effect.action));
        return;
      case 'ready':
        this.up(() => relay.ready(this.name, effect.seq));
        return;
      case 'stall':
        this.up(() => relay.stall(this.name, effect.seq, effect.positionMs));
        return;
      case 'status':
        this.up(() => relay.report(this.name, (effect.deliveryMs ?? 100) + (effect.startMs ?? 0)));
        return;
      case 'play':
        player.play();
        return;
      case 'pause':
        player.pause();
        return;
      case 'seek':
        player.seek(effect.positionMs);
        return;
      case 'rate':
        player.setRate(effect.rate);
        return;
      case 'open': {
        this.world.agenda.after(60, () => player.load(effect.media, effect.positionMs));
        return;
      }
      case 'wake': {
        this.cancelWake();
        const lateMs = this.world.random() * 0.1;
        this.cancelWake = this.world.agenda.at(effect.atMs - this.options.clockOffsetMs + lateMs, () =>
          this.input({ type: 'tick' }),
        );
        return;
      }
    }
  }

  /** Messages of one direction arrive in order, like on a socket; those under way when it closes are lost. */
  private up(run: () => void): void {
    if (!this.connected) return;
    this.lastUpMs = Math.max(this.lastUpMs, this.world.agenda.now() + this.options.upMs + this.jitter());
    this.world.agenda.at(this.lastUpMs, () => this.connected && run());
  }

  private down(run: () => void): void {
    const dueAtMs = this.world.agenda.now() + this.options.downMs + this.jitter();
    this.lastDownMs = Math.max(this.lastDownMs, dueAtMs, this.deafUntilMs);
    this.world.agenda.at(this.lastDownMs, () => this.connected && run());
  }

  private jitter(): number {
    return -Math.log(1 - this.world.random()) * this.options.jitterMs;
  }
}

/** A room with its members in virtual time. */
export class SimWorld {
  readonly agenda = new Agenda();
  readonly relay = new SimRelay(this.agenda);
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  member(name: string, options: MemberOptions = {}): SimMember {
    return new SimMember(this, name, options);
  }

  run(forMs: number): void {
    this.agenda.runUntil(this.agenda.now() + forMs);
  }
}
