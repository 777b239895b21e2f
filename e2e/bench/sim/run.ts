/** One party in virtual time, watched from outside. */
import type { Algorithm, Party } from './algorithms/algorithm.ts';
import type { Scenario } from './scenarios.ts';
import { type Act, writeScript } from './script.ts';
import { Random } from './world/random.ts';
import { MEMBERS, type SimMember, World } from './world/world.ts';

/** How often the pictures are compared: closely while a command settles, and in steady play. Prime, to meet all phases. */
const CLOSE_SAMPLE_MS = 23;
const STEADY_SAMPLE_MS = 211;
/** Steady play begins this long after the last command. */
const STEADY_AFTER_MS = 10_000;
/** Everybody is together when all pairs are this near, and stay so. */
const TOGETHER_MS = 40;
const STAY_MS = 1_000;
/** Who has not begun to seek yet is together, but not there: further off the place than this. */
const ARRIVED_MS = 5_000;
/** Within this, seeks belong to the command; later ones are the algorithm's own. */
const COMMANDED_MS = 3_000;
/** Rate changes beyond this can be noticed. */
const LARGE_RATE_CHANGE = 0.03;
const JOIN_SPACING_MS = 1_000;

export const KINDS = ['play', 'seek', 'join'] as const;
export type Kind = (typeof KINDS)[number];

export interface RunFigures {
  /** |offset| of each pair at each sample of steady play, in ms. */
  offsetsMs: Float32Array;
  /** How long each command took to bring everybody together, in s; infinite when the next one came first. */
  settleS: Record<Kind, number[]>;
  /** Rate changes of more than 3 % in steady play, all members together. */
  rateChanges: number;
  /** Seeks that nobody asked for. */
  seeks: number;
  /** Samples of a member in steady play, and those in which its picture stood. */
  watched: number;
  stood: number;
  steadyHours: number;
  hours: number;
}

/** The smallest possible |offset| of each pair: what the paths' asymmetry does to perfect clocks and players, in ms. */
export function floorOf(scenario: Scenario, seed: number, forMs: number): number[] {
  return pairs(new World(scenario, seed, forMs).floorsMs).map(([a, b]) => Math.abs(a - b));
}

/** Runs one party. The same arguments give the same figures. */
export function run(scenario: Scenario, algorithm: Algorithm, seed: number, forMs: number): RunFigures {
  const world = new World(scenario, seed, forMs);
  const acts = writeScript(new Random(seed, 'script'), forMs);
  const watch = new Watch(world, acts);
  const party = algorithm.begin(world);
  for (const member of world.members.slice(0, MEMBERS)) {
    world.agenda.at(JOIN_SPACING_MS * member.index, () => {
      if (member.index === 0 || algorithm.preloads) member.player.preload(0);
      party.join(member);
    });
  }
  for (const act of acts) world.agenda.at(act.atMs, () => perform(party, world, act, algorithm));
  watch.until(forMs);
  return watch.figures(forMs);
}

function perform(party: Party, world: World, { by, deed, positionMs }: Act, { control }: Algorithm): void {
  const member = world.members[control === 'first' && deed !== 'join' ? 0 : by];
  if (!member) return;
  if (deed === 'join') party.join(member);
  else party.act(member, deed, positionMs);
}

function pairs<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b): [T, T] => [a, b]));
}

/** Looks at all players through the whole party. */
class Watch {
  private readonly world: World;
  private readonly acts: readonly Act[];
  private readonly offsetsMs: number[] = [];
  private watched = 0;
  private stood = 0;
  private steadyMs = 0;
  private readonly settles: Settle[] = [];

  constructor(world: World, acts: readonly Act[]) {
    this.world = world;
    this.acts = acts;
  }

  /** Runs the world to its end, looking on. */
  until(endMs: number): void {
    const { world } = this;
    let next = 0;
    for (let nowMs = 0; nowMs < endMs; ) {
      while ((this.acts[next]?.atMs ?? endMs) <= nowMs) this.begin(this.acts[next++]);
      const lastMs = this.acts[next - 1]?.atMs ?? 0;
      const isSteady = nowMs - lastMs > STEADY_AFTER_MS && next > 0;
      const stepMs = isSteady && this.settles.at(-1)?.isOver ? STEADY_SAMPLE_MS : CLOSE_SAMPLE_MS;
      nowMs = Math.min(nowMs + stepMs, endMs, Math.max(nowMs, this.acts[next]?.atMs ?? endMs));
      world.agenda.runUntil(nowMs);
      this.look(nowMs, isSteady ? stepMs : 0, next);
    }
  }

  private begin(act: Act | undefined): void {
    if (act) this.settles.push(new Settle(act));
  }

  private look(nowMs: number, steadyMs: number, acts: number): void {
    const last = this.acts[acts - 1];
    if (!last || last.deed === 'pause') return;
    const members = this.present(acts);
    const moving = members.map(({ player }) => player.isMoving);
    const positions = members.map(({ player }) => player.positionMs());
    const offsets = pairs(positions).map(([a, b]) => Math.abs(a - b));
    const together = moving.every(Boolean) && offsets.every((offset) => offset < TOGETHER_MS);
    const arrived =
      last.deed !== 'seek' || Math.abs((positions[0] ?? 0) - last.positionMs) < nowMs - last.atMs + ARRIVED_MS;
    const latecomerMs = this.world.members[MEMBERS]?.player.canPlaySinceMs ?? null;
    this.settles.at(-1)?.look(nowMs, together && arrived, latecomerMs);
    if (steadyMs > 0) this.lookSteadily(offsets, moving, steadyMs);
  }

  /** A pair of which both stand shows the same or another picture, but nothing that could be out of step. */
  private lookSteadily(offsets: readonly number[], moving: readonly boolean[], steadyMs: number): void {
    this.steadyMs += steadyMs * moving.length;
    this.watched += moving.length;
    this.stood += moving.filter((each) => !each).length;
    for (const [i, [a, b]] of pairs(moving).entries()) if (a || b) this.offsetsMs.push(offsets[i] ?? 0);
  }

  private present(acts: number): readonly SimMember[] {
    const hasJoined = this.acts.slice(0, acts).some(({ deed }) => deed === 'join');
    return hasJoined ? this.world.members : this.world.members.slice(0, MEMBERS);
  }

  figures(forMs: number): RunFigures {
    const joinMs = this.acts.find(({ deed }) => deed === 'join')?.atMs ?? forMs;
    const settleS: RunFigures['settleS'] = { play: [], seek: [], join: [] };
    for (const settle of this.settles) settle.into(settleS);
    return {
      offsetsMs: Float32Array.from(this.offsetsMs),
      settleS,
      rateChanges: this.count((atMs, write) => {
        const { rate, before } = write.type === 'rate' ? write : { rate: 1, before: 1 };
        return Math.abs(rate - before) > LARGE_RATE_CHANGE && this.sinceActMs(atMs) > STEADY_AFTER_MS;
      }),
      seeks: this.count((atMs, { type }) => type === 'seek' && this.sinceActMs(atMs) > COMMANDED_MS),
      watched: this.watched,
      stood: this.stood,
      steadyHours: this.steadyMs / 3_600_000,
      hours: (MEMBERS * forMs + forMs - joinMs) / 3_600_000,
    };
  }

  private count(isOne: (atMs: number, write: SimMember['player']['writes'][number]) => boolean): number {
    return this.world.members.reduce(
      (sum, { player }) => sum + player.writes.filter((write) => isOne(write.atMs, write)).length,
      0,
    );
  }

  /** Since the last command; a late one's own coming in counts from when its film could play. */
  private sinceActMs(atMs: number): number {
    const last = this.acts.findLast((act) => act.atMs <= atMs);
    const canPlayMs = this.world.members[MEMBERS]?.player.canPlaySinceMs ?? atMs;
    return last?.deed === 'join' ? atMs - Math.min(atMs, canPlayMs) : atMs - (last?.atMs ?? atMs);
  }
}

/** How long one command takes to bring everybody together. */
class Settle {
  private readonly act: Act;
  private fromMs: number | null;
  private togetherSinceMs: number | null = null;
  private doneMs: number | null = null;

  constructor(act: Act) {
    this.act = act;
    this.fromMs = act.deed === 'join' ? null : act.atMs;
  }

  get isOver(): boolean {
    return this.doneMs !== null || this.act.deed === 'pause';
  }

  /** @param latecomerMs when the late member's film could play; before that nobody can be together with it. */
  look(nowMs: number, together: boolean, latecomerMs: number | null): void {
    this.fromMs ??= latecomerMs;
    if (this.isOver) return;
    if (!together) this.togetherSinceMs = null;
    else if (this.togetherSinceMs === null) this.togetherSinceMs = nowMs;
    else if (nowMs - this.togetherSinceMs >= STAY_MS) this.doneMs = this.togetherSinceMs;
  }

  into(settleS: RunFigures['settleS']): void {
    const { deed } = this.act;
    if (deed === 'pause') return;
    const took = this.doneMs === null || this.fromMs === null ? Number.POSITIVE_INFINITY : this.doneMs - this.fromMs;
    settleS[deed].push(took / 1000);
  }
}
