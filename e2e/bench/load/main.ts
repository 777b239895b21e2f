/**
 * `npm run bench:load [-- --json FILE --targets osp,uws --rounds N --profile DIR]`: the relay as it ships beside bare room servers
 * on uWebSockets.js, ws and socket.io that speak the same JSON. Each server has one core in turn, this process, which holds the
 * members, the other. Windows of all servers are interleaved, so that whatever else the machine does meets all of them.
 */
import { type Cell, median, print, printTable, quantile, rounded, runBench } from '../report.ts';
import { type Crowd, disperse, gather, pause, storm } from './crowd.ts';
import { assertMeasurable, pinDriver } from './process.ts';
import { isTargetName, prepareTargets, TARGET_NAMES, type Target, type TargetName } from './targets.ts';
import { Load, type Sight } from './windows.ts';

const SIZES = [5, 50, 500] as const;
/** Members of each crowd; as many as come back after a drop. */
const CROWD: Readonly<Record<(typeof SIZES)[number], number>> = { 5: 2_000, 50: 1_000, 500: 1_000 };
const IDLE_MEMBERS = 10_000;
/** Come and go before memory is measured, so that the code is compiled and the heap has its working size. */
const WARM_UP_MEMBERS = 2_000;
const SETTLE_MS = 3_000;
/**
 * V8 gives memory back when nothing has happened for some eight seconds, and on a slow machine takes as long again to do it: at
 * 10 s the relay has been seen with 4.7 KiB for each of 10,000 members, at 25 s with 1.5.
 */
const IDLE_MS = 30_000;
/**
 * Windows in which each load finds its rate, and the code for it is compiled: the relay, which runs for months, has code thrown
 * away and made anew for the first twenty, and gets a little cheaper for as many more.
 */
const WARM_UP_WINDOWS = 40;
const DEFAULT_ROUNDS = 12;
/** As long as it takes the relay to have its code for it compiled. */
const WARM_UP_STORMS = 20;
const STORMS = 9;

interface Figures {
  cpuUsPerDelivery: Record<string, number | null>;
  cpuUsPerPing: number | null;
  bytesPerIdleMember: number | null;
  fanoutP50Ms: number | null;
  fanoutP99Ms: number | null;
  stormSeconds: number | null;
  /** CPU of the server during that return. */
  stormCpuSeconds: number | null;
}

type Start = Awaited<ReturnType<typeof prepareTargets>>;

const empty = (): Figures => ({
  cpuUsPerDelivery: {},
  cpuUsPerPing: null,
  bytesPerIdleMember: null,
  fanoutP50Ms: null,
  fanoutP99Ms: null,
  stormSeconds: null,
  stormCpuSeconds: null,
});

/** Windows of all loads in turn, so many rounds. @returns what each load showed. */
async function interleave(loads: readonly Load[], rounds: number): Promise<Sight[][]> {
  const sights = loads.map((): Sight[] => []);
  for (let round = -WARM_UP_WINDOWS; round < rounds; round++) {
    for (const [index, load] of loads.entries()) {
      const sight = await load.look();
      if (round >= 0) sights[index]?.push(sight);
    }
  }
  return sights;
}

const costOf = (sights: readonly Sight[]): number | null =>
  rounded(median(sights.map(({ cpuUs, units }) => cpuUs / units)), 2);

const latencyOf = (sights: readonly Sight[], share: number): number | null =>
  rounded(median(sights.map(({ latencies }) => quantile(latencies, share) ?? 0)), 3);

async function measureCosts(
  targets: readonly Target[],
  figures: Record<string, Figures>,
  rounds: number,
): Promise<void> {
  for (const size of SIZES) {
    const crowds: Crowd[] = [];
    for (const target of targets) crowds.push(await gather(target, size, CROWD[size] / size));
    const commands = crowds.map((crowd) => new Load(crowd, 'commands'));
    for (const [index, sights] of (await interleave(commands, rounds)).entries()) {
      const { name = '' } = targets[index] ?? {};
      const figure = figures[name];
      if (!figure) continue;
      figure.cpuUsPerDelivery[size] = costOf(sights);
      sayShare(name, `rooms of ${size}`, sights);
      if (size !== 5) continue;
      figure.fanoutP50Ms = latencyOf(sights, 0.5);
      figure.fanoutP99Ms = latencyOf(sights, 0.99);
    }
    if (size === 5) await measurePingsAndStorms(crowds, figures, rounds);
    disperse(crowds);
    await pause(SETTLE_MS);
  }
}

async function measurePingsAndStorms(
  crowds: readonly Crowd[],
  figures: Record<string, Figures>,
  rounds: number,
): Promise<void> {
  const pings = await interleave(
    crowds.map((crowd) => new Load(crowd, 'pings')),
    rounds,
  );
  const storms = crowds.map((): Awaited<ReturnType<typeof storm>>[] => []);
  for (let round = -WARM_UP_STORMS; round < STORMS; round++) {
    for (const [index, crowd] of crowds.entries()) {
      const sight = await storm(crowd);
      if (round >= 0) storms[index]?.push(sight);
    }
  }
  for (const [index, { target }] of crowds.entries()) {
    const figure = figures[target.name];
    if (!figure) continue;
    figure.cpuUsPerPing = costOf(pings[index] ?? []);
    sayShare(target.name, 'pings', pings[index] ?? []);
    figure.stormSeconds = rounded(median((storms[index] ?? []).map(({ seconds }) => seconds)), 3);
    figure.stormCpuSeconds = rounded(median((storms[index] ?? []).map(({ cpuSeconds }) => cpuSeconds)), 3);
  }
}

function sayShare(name: string, work: string, sights: readonly Sight[]): void {
  const share = median(sights.map((sight) => sight.share)) ?? 0;
  const total = sights.reduce((sum, { units }) => sum + units, 0);
  print(`  ${name.padEnd(9)} ${work.padEnd(13)} ${(share * 100).toFixed(0)} % of a core, ${total} in all`);
}

/** In a process of its own: what others have left behind is not counted. */
async function measureMemory(start: Start, name: TargetName): Promise<number> {
  const target = await start(name);
  try {
    const warmUp = await gather(target, 5, WARM_UP_MEMBERS / 5);
    disperse([warmUp]);
    await pause(IDLE_MS);
    const before = await target.residentBytes();
    const idlers = await gather(target, 5, IDLE_MEMBERS / 5);
    await pause(IDLE_MS);
    const after = await target.residentBytes();
    disperse([idlers]);
    return Math.round((after - before) / IDLE_MEMBERS);
  } finally {
    await target.stop();
  }
}

const ratio = (value: number | null, reference: number | null): string | null =>
  value === null || !reference ? null : `${(value / reference).toFixed(2)}x`;

function report(figures: Record<string, Figures>): void {
  const rows: [string, (figure: Figures) => number | null][] = [
    ...SIZES.map((size): [string, (figure: Figures) => number | null] => [
      `CPU per delivery, rooms of ${size}, us`,
      (figure) => figure.cpuUsPerDelivery[size] ?? null,
    ]),
    ['CPU per ping, us', (figure) => figure.cpuUsPerPing],
    ['resident bytes per idle member', (figure) => figure.bytesPerIdleMember],
    ['command to delivery, p50 ms', (figure) => figure.fanoutP50Ms],
    ['command to delivery, p99 ms', (figure) => figure.fanoutP99Ms],
    ['2,000 members back, s', (figure) => figure.stormSeconds],
    ['2,000 members back, CPU s', (figure) => figure.stormCpuSeconds],
  ];
  const names = Object.keys(figures);
  const reference = figures.uws;
  const cells = ([label, pick]: (typeof rows)[number]): Cell[] => [
    label,
    ...Object.values(figures).flatMap((figure): Cell[] => [
      pick(figure),
      reference ? ratio(pick(figure), pick(reference)) : null,
    ]),
  ];
  printTable(['one core, 30 % busy', ...names.flatMap((name) => [name, 'to raw'])], rows.map(cells));
  print("  A delivery holds its share of the command; latencies hold the driver's own delays, alike for all.");
}

function chosen(names: string | undefined): readonly TargetName[] {
  return names ? names.split(',').filter(isTargetName) : TARGET_NAMES;
}

await runBench(
  async (options) => {
    assertMeasurable();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
    await pinDriver();
    const names = chosen(options.targets);
    const figures = Object.fromEntries(names.map((name) => [name, empty()]));
    const start = await prepareTargets();
    for (const name of names) {
      const figure = figures[name];
      if (figure) figure.bytesPerIdleMember = await measureMemory(start, name);
    }
    const profile = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
    const targets: Target[] = [];
    try {
      for (const name of names) targets.push(await start(name, profile));
      await measureCosts(targets, figures, Number(options.rounds ?? DEFAULT_ROUNDS));
    } finally {
      for (const target of targets) await target.stop();
    }
    report(figures);
    return figures;
  },
  ['targets', 'rounds', 'profile'],
);
