import type { Scenario, Streaming } from '../scenarios.ts';
import { Agenda } from './agenda.ts';
import type { Supply } from './buffer.ts';
import { type ClockSpec, type DateStep, NodeClock } from './clock.ts';
import type { Browser } from './media-clock.ts';
import { Channel, drawBursts, type PathSpec } from './path.ts';
import { type PlayerSpec, SimPlayer, type StartLatency } from './player.ts';
import { Random } from './random.ts';
import { type Cancel, Timers } from './timers.ts';

/** A connection of its own to the relay: what is given is done at the other end when it has arrived. */
export interface Link {
  up(run: () => void): void;
  down(run: () => void): void;
}

/** One viewer: a machine with its clocks, a page with a player, and the way to the relay. */
export interface SimMember {
  readonly index: number;
  readonly name: string;
  readonly clock: NodeClock;
  readonly timers: Timers;
  readonly player: SimPlayer;
  /** The WebSocket, and a second connection for HTTP requests. */
  readonly socket: Link;
  readonly http: Link;
  /** For the algorithm's own dice. */
  readonly random: Random;
}

/** The server in the middle; its clocks are right but for their origin, its timers nearly punctual. */
export interface SimRelay {
  /** Monotonic, in ms. */
  now(): number;
  date(): number;
  after(delayMs: number, run: () => void): Cancel;
  every(periodMs: number, run: () => void): Cancel;
}

export const MEMBERS = 4;
/** Long enough that nobody comes to its end. */
export const FILM_MS = 7_200_000;

/** Media clocks against true time, and machines' clocks (standard deviations; sync.md section 4a). */
const MEDIA_SKEW = 25e-6;
const CLOCK_SKEW = 30e-6;
const DATE_OFFSET_MS = 150;
/** Pages opened at any time within about a day of each other. */
const ORIGIN_MS = [0, 1e8] as const;
const RELAY_ORIGIN_MS = 5_000_000;
const RELAY_TIMER_LATE_MS = 0.3;

export class World {
  readonly agenda = new Agenda();
  readonly members: readonly SimMember[];
  readonly relay: SimRelay;
  /** Error of a perfect clock filter for each member: half of what up is slower than down, in ms. */
  readonly floorsMs: readonly number[];

  /** @param forMs how long the world is to last. The last member is the one who comes late. */
  constructor(scenario: Scenario, seed: number, forMs: number) {
    const draws = Array.from({ length: MEMBERS + 1 }, (_, index) => new Draw(scenario, seed, index, forMs));
    const paths = draws.map((draw) => draw.paths());
    this.floorsMs = paths.map(({ up, down }) => (up.baseMs - down.baseMs) / 2);
    this.relay = this.makeRelay(new Random(seed, 'relay'));
    this.members = draws.map((draw, index) => this.member(draw, index, paths[index] ?? draw.paths()));
  }

  private member(draw: Draw, index: number, paths: Paths): SimMember {
    const { agenda } = this;
    const clock = new NodeClock(agenda, draw.clock());
    return {
      index,
      name: `m${index}`,
      clock,
      timers: new Timers(agenda, clock, draw.random('timers')),
      player: new SimPlayer(
        agenda,
        draw.player(),
        draw.random('starts'),
        draw.random('noise'),
        draw.random('glitches'),
      ),
      socket: this.link(draw, 'socket', paths),
      http: this.link(draw, 'http', paths),
      random: draw.random('own'),
    };
  }

  private link(draw: Draw, label: string, { up, down }: Paths): Link {
    const { agenda } = this;
    const upward = new Channel(up, draw.random(`${label} up`));
    const downward = new Channel(down, draw.random(`${label} down`));
    return {
      up: (run) => void agenda.at(upward.arrivalMs(agenda.now()), run),
      down: (run) => void agenda.at(downward.arrivalMs(agenda.now()), run),
    };
  }

  private makeRelay(random: Random): SimRelay {
    const { agenda } = this;
    const after = (delayMs: number, run: () => void): Cancel => {
      const entry = agenda.after(Math.max(0, delayMs) + random.exponential(RELAY_TIMER_LATE_MS), run);
      return () => agenda.cancel(entry);
    };
    return {
      now: () => agenda.now() + RELAY_ORIGIN_MS,
      date: () => Math.floor(agenda.now()),
      after,
      every: (periodMs, run) => {
        let cancel: Cancel = () => undefined;
        const turn = (): void => {
          cancel = after(periodMs, turn);
          run();
        };
        cancel = after(periodMs, turn);
        return () => cancel();
      },
    };
  }
}

interface Paths {
  up: PathSpec;
  down: PathSpec;
}

/** What chance makes of a scenario for one member. */
class Draw {
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly index: number;
  private readonly forMs: number;

  constructor(scenario: Scenario, seed: number, index: number, forMs: number) {
    this.scenario = scenario;
    this.seed = seed;
    this.index = index;
    this.forMs = forMs;
  }

  random(label: string): Random {
    return new Random(this.seed, `member ${this.index} ${label}`);
  }

  paths(): Paths {
    const { rttMs, asymmetry, jitterMs, loss, bursts } = this.scenario;
    const random = this.random('paths');
    const halfMs = random.between(rttMs) / 2;
    const drawn = random.normal(asymmetry.deviation);
    const tilt = Math.max(-asymmetry.bound, Math.min(asymmetry.bound, drawn));
    const way = (baseMs: number): PathSpec => ({
      baseMs,
      jitterMs: random.between(jitterMs),
      loss,
      bursts: bursts ? drawBursts(random, this.forMs, bursts.everyMs, bursts.worstMs) : [],
    });
    return { up: way(halfMs * (1 + tilt)), down: way(halfMs * (1 - tilt)) };
  }

  clock(): ClockSpec {
    const random = this.random('clock');
    return {
      originMs: Math.round(random.between(ORIGIN_MS)),
      skew: random.normal(CLOCK_SKEW),
      dateOffsetMs: random.normal(DATE_OFFSET_MS),
      dateSteps: this.dateSteps(random),
    };
  }

  player(): PlayerSpec {
    const { browsers, streams } = this.scenario;
    const random = this.random('player');
    const browser = browsers[this.index % browsers.length] ?? browsers[0];
    const stream = streams[this.index % streams.length] ?? streams[0];
    return {
      browser,
      kind: stream.kind,
      mediaSkew: random.normal(MEDIA_SKEW),
      latency: startLatency(browser, stream, random),
      durationMs: FILM_MS,
      loadMs: stream.loadMs,
      fetchMs: stream.fetchMs,
      bufferMostMs: stream.bufferMostMs,
      supply: this.supply(stream, random),
      hiccups: this.hiccups(stream, random),
    };
  }

  private dateSteps(random: Random): DateStep[] {
    const { dateSteps } = this.scenario;
    if (!dateSteps) return [];
    const steps: DateStep[] = [];
    for (let atMs = random.exponential(dateSteps.everyMs); atMs < this.forMs; ) {
      steps.push({ atMs, byMs: random.chance(0.5) ? dateSteps.byMs : -dateSteps.byMs });
      atMs += random.exponential(dateSteps.everyMs);
    }
    return steps;
  }

  private supply({ fill, slow }: Streaming, random: Random): Supply[] {
    const usual = random.between(fill);
    const supply: Supply[] = [{ fromMs: 0, fill: usual }];
    if (!slow) return supply;
    for (let fromMs = random.exponential(slow.everyMs); fromMs < this.forMs; ) {
      const untilMs = fromMs + random.between(slow.lastsMs);
      supply.push({ fromMs, fill: random.between(slow.fill) }, { fromMs: untilMs, fill: usual });
      fromMs = untilMs + random.exponential(slow.everyMs);
    }
    return supply;
  }

  private hiccups({ hiccups }: Streaming, random: Random): PlayerSpec['hiccups'] {
    if (!hiccups) return [];
    const all: { atMs: number; lastsMs: number }[] = [];
    for (let atMs = random.exponential(hiccups.everyMs); atMs < this.forMs; ) {
      all.push({ atMs, lastsMs: random.between(hiccups.lastsMs) });
      atMs += random.exponential(hiccups.everyMs);
    }
    return all;
  }
}

/** Measured: Chromium 156 (sync.md section 0) and Firefox 153 with the same probe; transcoded streams are a guess. */
function startLatency(browser: Browser, { kind }: Streaming, random: Random): StartLatency {
  if (browser === 'firefox') return { warmMs: 2, coldMs: 5, seekMs: 22, spreadMs: 2 };
  const slower = kind === 'direct' ? 0 : 6;
  return {
    warmMs: random.between([-2, 10]) + slower,
    coldMs: random.between([73, 82]) + 3 * slower,
    seekMs: kind === 'direct' ? random.between([86, 100]) : random.between([160, 320]),
    spreadMs: kind === 'direct' ? 3 : 12,
  };
}
