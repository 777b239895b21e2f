/**
 * `npm run bench:scaling [-- --json FILE --seconds N]`: what a member of a room of four that plays uses of the relay, and of HAProxy
 * with TLS in front of it, and what a million of them come to.
 */
import { readFile } from 'node:fs/promises';
import { STEADY_INTERVAL_MS } from '../../../extension/sync/constants.ts';
import { startBalancer } from '../../proxies/haproxy.ts';
import { type Cell, print, printTable, rounded, runBench } from '../report.ts';
import { disperse, gather, pause } from './crowd.ts';
import { type Played, playOn, startPlaying, trafficOf } from './parties.ts';
import { assertMeasurable, cpuOf, pinDriver, residentOf } from './process.ts';
import { ASSUMPTIONS, type PerMember, type Scale, scaleTo } from './scaling.ts';
import { prepareTargets, type Target } from './targets.ts';

const ROOM = ASSUMPTIONS.roomSize;
const RELAY_MEMBERS = 10_000;
/** TLS costs the driver more than HAProxy. */
const BALANCED_MEMBERS = 2_000;
/** Come and go before memory is measured, so that the code is compiled and the heap has its working size. */
const WARM_UP_MEMBERS = 2_000;
const SETTLE_MS = 10_000;
const DEFAULT_SECONDS = 60;
/** Share of what members should have said, and been told one by one, that the driver must have managed: a late one bunches it. */
const ENOUGH = 0.98;

interface Usage {
  cpuUs(): Promise<number>;
  residentBytes(): Promise<number>;
}

type Start = Awaited<ReturnType<typeof prepareTargets>>;

/** What one process used for each member, per second where it is no memory. */
interface Used extends Played {
  cpuUs: number;
  residentBytes: number;
  packets: number;
  bytes: number;
}

/** Fills a server and lets it play. @returns what the measured process took for each member. */
async function measure(target: Target, usage: Usage, members: number, seconds: number): Promise<Used> {
  const bareBytes = await usage.residentBytes();
  const crowd = await gather(target, ROOM, members / ROOM);
  await startPlaying(crowd);
  await pause(SETTLE_MS);
  const [cpuBeforeUs, before] = [await usage.cpuUs(), await trafficOf(target.port)];
  const played = await playOn(crowd, seconds);
  const [cpuAfterUs, after] = [await usage.cpuUs(), await trafficOf(target.port)];
  if (played.pings < ENOUGH * (members / STEADY_INTERVAL_MS) * played.seconds * 1000)
    throw new Error(`the driver managed ${played.pings} pings only: the machine has too much else to do`);
  if (played.news < ENOUGH * played.statuses * ROOM)
    throw new Error(
      `statuses came bunched, ${played.news} told of ${played.statuses}: the machine has too much else to do`,
    );
  const residentBytes = ((await usage.residentBytes()) - bareBytes) / members;
  const per = (amount: number): number => amount / members / played.seconds;
  const [packets, bytes] = [per(after.packets - before.packets), per(after.bytes - before.bytes)];
  say(target, members, played, (cpuAfterUs - cpuBeforeUs) / 1e4 / played.seconds);
  return { ...played, cpuUs: per(cpuAfterUs - cpuBeforeUs), residentBytes, packets, bytes };
}

function say({ isSecure }: Target, members: number, { seconds, pings, statuses, news }: Played, percent: number): void {
  const what = isSecure ? 'HAProxy' : 'relay';
  const counts = `${pings} pings, ${statuses} statuses, ${news} told`;
  print(`  ${what}: ${members} members, ${seconds.toFixed(0)} s, ${percent.toFixed(0)} % of a core; ${counts}`);
}

async function measureRelay(start: Start, seconds: number): Promise<Used> {
  const relay = await start('osp');
  try {
    disperse([await gather(relay, ROOM, WARM_UP_MEMBERS / ROOM)]);
    await pause(SETTLE_MS);
    return await measure(relay, relay, RELAY_MEMBERS, seconds);
  } finally {
    await relay.stop();
  }
}

async function measureBalancer(start: Start, seconds: number): Promise<Used> {
  const relay = await start('osp');
  const balancer = await startBalancer([{ name: 'a', address: `127.0.0.1:${relay.port}` }], 2 * BALANCED_MEMBERS);
  const master = balancer.pid;
  try {
    const worker = Number((await readFile(`/proc/${master}/task/${master}/children`, 'utf8')).trim().split(' ')[0]);
    const usage = { cpuUs: () => cpuOf(worker), residentBytes: () => residentOf(worker) };
    const target = { ...relay, port: Number(new URL(balancer.url).port), isSecure: true };
    return await measure(target, usage, BALANCED_MEMBERS, seconds);
  } finally {
    await balancer.close();
    await relay.stop();
  }
}

function report(one: PerMember, scale: Scale): void {
  const { members, roomSize, dollarsPerCore, dollarsPerTerabyte } = ASSUMPTIONS;
  const rows: Cell[][] = [
    ['relay: CPU, us a second', rounded(one.relayCpuUs, 2), `${scale.nodesForCpu} nodes half busy`],
    ['relay: resident memory, bytes', rounded(one.relayBytes, 0), `${scale.relayGiB.toFixed(1)} GiB`],
    ['relay: rooms', rounded(1 / roomSize, 2), `${scale.nodesForRooms} nodes at their limit`],
    ['HAProxy with TLS: CPU, us a second', rounded(one.balancerCpuUs, 2), `${scale.balancerCores} cores half busy`],
    ['HAProxy with TLS: resident memory, bytes', rounded(one.balancerBytes, 0), `${scale.balancerGiB.toFixed(1)} GiB`],
    ['packets a second, both ways', rounded(one.packets, 2), `${rounded(scale.packetsPerSecond / 1e6, 2)} million`],
    [
      'bytes a second in them, both ways',
      rounded(one.bytes, 0),
      `${rounded(scale.bytesPerSecond / 125e6, 2)} Gbit/s, headers too`,
    ],
    ['TB a month', null, Math.round(scale.terabytesPerMonth)],
    [`$ a month for cores, at ${dollarsPerCore} $`, null, Math.round(scale.dollarsForCores)],
    [`$ a month for traffic, at ${dollarsPerTerabyte} $ per TB`, null, Math.round(scale.dollarsForTraffic)],
  ];
  printTable([`rooms of ${roomSize} that play`, 'one member', `${members} members`], rows);
}

await runBench(
  async (options) => {
    assertMeasurable();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
    await pinDriver();
    const seconds = Number(options.seconds ?? DEFAULT_SECONDS);
    const start = await prepareTargets();
    const relay = await measureRelay(start, seconds);
    const balancer = await measureBalancer(start, seconds);
    const one: PerMember = {
      relayCpuUs: relay.cpuUs,
      relayBytes: relay.residentBytes,
      balancerCpuUs: balancer.cpuUs,
      balancerBytes: balancer.residentBytes,
      packets: balancer.packets,
      bytes: balancer.bytes,
    };
    const scale = scaleTo(one);
    report(one, scale);
    return { assumptions: ASSUMPTIONS, relay, balancer, one, scale };
  },
  ['seconds'],
);
