import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { SEAT_GRACE_MS } from '../../../shared/limits.ts';
import { quantile, rounded } from '../report.ts';
import { FAULTS, type Fault, strike } from './faults.ts';
import { until } from './room.ts';
import { Vigil } from './vigil.ts';
import { allOpen, World } from './world.ts';

/** Members may come and go until this long before a fault: who is in is in a snapshot then, and who is out is not. */
const SETTLE_MS = 600;
const RELAY_LIVES: ReadonlySet<Fault> = new Set(['half-open', 'network']);
const CALM_MS = [1_000, 3_000] as const;
/** For the clocks to be measured again after hundreds came back at once. */
const MEASURE_MS = 400;
const PINGS = 3;
/** Who could be back is back after this long, in ms. */
const BACK_MS = 3_000;
/** Where this process itself is this late, in ms, so are the relays, and how soon people are back says nothing of them. */
const STARVED_MS = 100;

export interface ChaosOptions {
  rooms: number;
  seed: number;
  /** Faults go on in turns until this is over; at least one of each. */
  forMs: number;
  tell(line: string): void;
}

/** Everything that was counted. Times in ms. */
export interface ChaosFigures {
  seed: number;
  rooms: number;
  members: number;
  faults: Record<string, number>;
  /** Rooms that differed from the model after a fault, lost seats, and looks at a room that had not exactly one host. */
  roomsDiffering: number;
  lostSeats: number;
  doubleHosts: number;
  /** From the relay being up, or reachable, to a member's welcome. */
  backP50Ms: number | null;
  backMaxMs: number | null;
  /** Who took longer than three seconds, where the machine was not busy with other things. */
  lateReturns: number;
  /** Faults after which the machine was too busy to say. */
  starvedFaults: number;
  /** Looks at parties whose host had vanished, and what was wrong with them; null when there was no time for it. */
  graceLooks: number | null;
  graceWrong: number | null;
  /** Those who showed old or forged snapshots, and were let in and not put out again. */
  intruders: number;
  intrudersIn: number;
  /** How far the film of a room went on from where it was. */
  positionErrorP50Ms: number | null;
  positionErrorMaxMs: number | null;
  commands: number;
}

interface Tally {
  faults: Map<Fault, number>;
  roomsDiffering: number;
  lostSeats: number;
  doubleHosts: number;
  backMs: number[];
  errorsMs: number[];
  lateReturns: number;
  starvedFaults: number;
  intruders: number;
  intrudersIn: number;
}

const emptyTally = (): Tally => ({
  faults: new Map(),
  roomsDiffering: 0,
  lostSeats: 0,
  doubleHosts: 0,
  backMs: [],
  errorsMs: [],
  lateReturns: 0,
  starvedFaults: 0,
  intruders: 0,
  intrudersIn: 0,
});

/** Breaks relays and networks under parties that go on, and compares every room with its model after each fault. */
export async function runChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const { rooms, seed, forMs, tell } = options;
  const tally = emptyTally();
  const vigil = forMs >= SEAT_GRACE_MS ? await Vigil.start(seed) : null;
  const world = await World.start(seed, rooms);
  try {
    const endAtMs = performance.now() + forMs;
    for (let turn = 0; turn < FAULTS.length || performance.now() < endAtMs; turn++) {
      const fault = FAULTS[turn % FAULTS.length];
      if (fault) await oneFault(world, fault, tally, tell);
    }
    const grace = vigil && (await vigil.end());
    for (const line of grace?.wrong ?? []) tell(`  host gone: ${line}`);
    return {
      ...figuresOf(world, seed, tally),
      graceLooks: grace?.looks ?? null,
      graceWrong: grace?.wrong.length ?? null,
    };
  } finally {
    await vigil?.close();
    await world.close();
  }
}

async function oneFault(world: World, fault: Fault, tally: Tally, tell: (line: string) => void): Promise<void> {
  world.traffic = 'all';
  await delay(world.random.between(CALM_MS));
  world.traffic = 'commands';
  await until(() => world.rooms.every((room) => room.isSettled()), 'everybody to be in');
  await delay(SETTLE_MS);
  if (RELAY_LIVES.has(fault)) {
    // What a relay that lives on is told in the last moment it does, though nobody hears of it.
    world.traffic = 'none';
    await delay(SETTLE_MS);
  }
  const before = performance.now();
  const lateness = monitorEventLoopDelay({ resolution: 10 });
  lateness.enable();
  const striking = strike(world, fault);
  // Up to the moment of the fault people go on; what they do after it nobody hears.
  world.traffic = 'none';
  const sinceMs = await striking;
  await allOpen(world.rooms);
  lateness.disable();
  await measureClocks(world);
  tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1);
  const latenessMs = lateness.max / 1e6;
  const different = checkAll(world, latenessMs, tally, tell);
  const welcomes = welcomesSince(world, before);
  const back = sinceMs === null ? [] : welcomes.map((atMs) => Math.max(0, atMs - sinceMs));
  tally.backMs.push(...back);
  countLate(back, latenessMs, tally);
  countIntruders(world, tally);
  const slowest = back.length > 0 ? `, all back in ${Math.max(...back).toFixed(0)} ms` : '';
  tell(`${fault}: ${welcomes.length} came back${slowest}, ${different} rooms differ`);
}

function countLate(backMs: readonly number[], latenessMs: number, tally: Tally): void {
  if (latenessMs > STARVED_MS) tally.starvedFaults += 1;
  else tally.lateReturns += backMs.filter((ms) => ms > BACK_MS).length;
}

function countIntruders(world: World, tally: Tally): void {
  tally.intruders += world.intruders.length;
  tally.intrudersIn += world.intruders.filter(({ isIn }) => isIn).length;
  for (const intruder of world.intruders.splice(0)) intruder.close();
}

/** When those came back who had to, in ms of this process; who was there all the time does not count. */
function welcomesSince(world: World, faultAtMs: number): number[] {
  const welcomes = world.rooms.flatMap(({ members }) => members.map(({ welcomedAtMs }) => welcomedAtMs));
  return welcomes.filter((atMs) => atMs > faultAtMs);
}

async function measureClocks(world: World): Promise<void> {
  for (let i = 0; i < PINGS; i++) {
    await delay(MEASURE_MS / PINGS);
    for (const room of world.rooms) for (const member of room.members) member.ping();
  }
  await delay(MEASURE_MS / PINGS);
}

function checkAll(world: World, latenessMs: number, tally: Tally, tell: (line: string) => void): number {
  let different = 0;
  for (const room of world.rooms) {
    const { differences, hosts, lostSeats, positionErrorMs } = room.check(latenessMs);
    if (differences.length > 0) {
      different += 1;
      tell(`  room ${room.id.slice(0, 6)}: ${differences.join('; ')}`);
    }
    tally.lostSeats += lostSeats;
    tally.doubleHosts += (hosts === 1 ? 0 : 1) + room.badHosts;
    room.badHosts = 0;
    if (positionErrorMs !== null) tally.errorsMs.push(positionErrorMs);
  }
  tally.roomsDiffering += different;
  return different;
}

function figuresOf(world: World, seed: number, tally: Tally): Omit<ChaosFigures, 'graceLooks' | 'graceWrong'> {
  const { faults, backMs, errorsMs, ...counts } = tally;
  return {
    seed,
    rooms: world.rooms.length,
    members: world.members,
    faults: Object.fromEntries(faults),
    ...counts,
    backP50Ms: rounded(quantile(backMs, 0.5), 0),
    backMaxMs: rounded(quantile(backMs, 1), 0),
    positionErrorP50Ms: rounded(quantile(errorsMs, 0.5), 1),
    positionErrorMaxMs: rounded(quantile(errorsMs, 1), 1),
    commands: world.rooms.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
  };
}
