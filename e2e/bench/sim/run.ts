/** One party in virtual time, watched from outside: four members, a fifth who joins late, and commands from all of them. */
import { film, type SimMember, SimWorld } from '../../../extension/sync/testing/world.ts';
import { drawMember, type Scenario } from './scenarios.ts';

const MINUTES = 10;
const MEMBERS = 4;
const SAMPLE_MS = 25;
/** Something happens this often; a minute shows how it settles and how it holds. */
const GAP_MS = 60_000;
const PAUSE_MS = 5_000;
/** Steady play begins this long after the last command. */
const STEADY_AFTER_MS = 10_000;
/** Everybody is together when all pairs are this near, and stay so for a second. */
const TOGETHER_MS = 40;
const STAY_MS = 1_000;
/** Within this, seeks belong to the command; later ones are the engine's own. */
const COMMANDED_MS = 2_000;
/** Rate changes beyond this can be noticed. */
const LARGE_RATE_CHANGE = 0.03;

export type Kind = 'play' | 'seek' | 'join';

export interface RunFigures {
  /** |offset| of each pair at each sample of steady play, in ms. */
  offsetsMs: number[];
  /** How long each command took to bring everybody together, in s; infinite when the next one came first. */
  settleS: Record<Kind, number[]>;
  /** Rate changes of more than 3 % and seeks that nobody asked for, all members together. */
  rateChanges: number;
  seeks: number;
  memberHours: number;
}

interface Sample {
  atMs: number;
  /** The largest |offset| of any pair; null while somebody is not moving. */
  worstMs: number | null;
}

/** A party under observation. */
class Party {
  readonly world: SimWorld;
  readonly members: SimMember[] = [];
  readonly joinedAtMs = new Map<SimMember, number>();
  readonly marks: { kind: Kind | 'other'; atMs: number }[] = [];
  readonly samples: Sample[] = [];
  readonly offsetsMs: number[] = [];
  private readonly scenario: Scenario;

  constructor(scenario: Scenario, seed: number) {
    this.world = new SimWorld(seed);
    this.scenario = scenario;
  }

  get nowMs(): number {
    return this.world.agenda.now();
  }

  add(): SimMember {
    const index = this.members.length;
    const member = this.world.member(`m${index}`, drawMember(this.scenario, index, this.world.random));
    this.members.push(member);
    return member;
  }

  connect(member: SimMember): void {
    member.connect();
    this.joinedAtMs.set(member, this.nowMs);
  }

  mark(kind: Kind | 'other'): void {
    this.marks.push({ kind, atMs: this.nowMs });
  }

  watch(forMs: number): void {
    for (const endMs = this.nowMs + forMs; this.nowMs < endMs; ) {
      this.world.run(SAMPLE_MS);
      this.sample();
    }
  }

  private sample(): void {
    const players = this.members.map((member) => member.player);
    const moving = players.every((player) => player.isMoving());
    const positions = players.map((player) => player.positionMs());
    const pairs = positions.flatMap((a, i) => positions.slice(i + 1).map((b) => Math.abs(a - b)));
    this.samples.push({ atMs: this.nowMs, worstMs: moving ? Math.max(...pairs) : null });
    const sinceMs = this.nowMs - (this.marks.at(-1)?.atMs ?? this.nowMs);
    if (moving && sinceMs > STEADY_AFTER_MS) this.offsetsMs.push(...pairs);
  }
}

/** Runs one scenario with one seed. The same seed gives the same figures. */
export function run(scenario: Scenario, seed: number): RunFigures {
  const party = new Party(scenario, seed);
  gather(party);
  const beats = Math.floor((MINUTES * 60_000) / GAP_MS);
  for (let beat = 0; beat < beats; beat++) {
    act(party, beat);
    party.watch(GAP_MS);
  }
  const endMs = party.nowMs;
  const hours = party.members.map((member) => (endMs - (party.joinedAtMs.get(member) ?? endMs)) / 3_600_000);
  return {
    offsetsMs: party.offsetsMs,
    settleS: settleTimes(party),
    rateChanges: party.members.reduce((sum, member) => sum + largeRateChanges(member), 0),
    seeks: party.members.reduce((sum, member) => sum + ownSeeks(party, member), 0),
    memberHours: hours.reduce((sum, each) => sum + each, 0),
  };
}

/** The first one plays the film; the others come one after the other. */
function gather(party: Party): void {
  const host = party.add();
  host.player.load(film('a'), 0);
  party.world.run(1_000);
  party.connect(host);
  for (let i = 1; i < MEMBERS; i++) {
    party.world.run(2_000 + party.world.random() * 500);
    party.connect(party.add());
  }
  party.mark('other');
  party.watch(GAP_MS / 2);
}

/** In turn: somebody pauses and another one plays, somebody seeks; in the third minute a fifth one joins. */
function act(party: Party, beat: number): void {
  const { world, members } = party;
  const pick = (): SimMember => members[Math.floor(world.random() * members.length)] as SimMember;
  world.run(world.random() * 1_000);
  if (beat === 2) {
    const latecomer = party.add();
    party.mark('join');
    party.connect(latecomer);
  } else if (beat % 2 === 0) {
    party.mark('other');
    pick().player.user({ type: 'pause', positionMs: 0 });
    party.watch(PAUSE_MS);
    party.mark('play');
    pick().player.user({ type: 'play', positionMs: 0 });
  } else {
    party.mark('seek');
    pick().player.user({ type: 'seek', positionMs: 60_000 + world.random() * 2_400_000 });
  }
}

function settleTimes({ marks, samples }: Party): Record<Kind, number[]> {
  const times: Record<Kind, number[]> = { play: [], seek: [], join: [] };
  for (const [i, { kind, atMs }] of marks.entries()) {
    if (kind === 'other') continue;
    const untilMs = marks[i + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const after = samples.filter((sample) => sample.atMs > atMs && sample.atMs <= untilMs);
    times[kind].push((togetherSince(after) - atMs) / 1000);
  }
  return times;
}

/** @returns when all pairs came near and then stayed so; infinite when they did not. */
function togetherSince(samples: readonly Sample[]): number {
  let sinceMs: number | null = null;
  for (const { atMs, worstMs } of samples) {
    if (worstMs === null || worstMs >= TOGETHER_MS) sinceMs = null;
    else if (sinceMs === null) sinceMs = atMs;
    else if (atMs - sinceMs >= STAY_MS) return sinceMs;
  }
  return Number.POSITIVE_INFINITY;
}

/** Against 1, the speed of the party throughout. */
function largeRateChanges(member: SimMember): number {
  return member.effects.filter(({ effect }) => effect.type === 'rate' && Math.abs(effect.rate - 1) > LARGE_RATE_CHANGE)
    .length;
}

/** Seeks that follow no command, and do not belong to the member's own coming in. */
function ownSeeks({ marks, joinedAtMs }: Party, member: SimMember): number {
  const enteredMs = (joinedAtMs.get(member) ?? 0) + STEADY_AFTER_MS;
  const isCommanded = (atMs: number): boolean =>
    marks.some((mark) => mark.kind !== 'join' && atMs >= mark.atMs && atMs < mark.atMs + COMMANDED_MS);
  return member.effects.filter(({ atMs, effect }) => effect.type === 'seek' && atMs > enteredMs && !isCommanded(atMs))
    .length;
}
