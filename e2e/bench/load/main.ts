/**
 * `npm run bench:load [-- --json FILE]`: one relay process on loopback, 40 rooms of 5 and 2 of 50 members. Prints how fast a
 * command reaches everybody, and what a delivery, a ping and an idle member cost the relay. The members run in this process: when
 * it is busy, the latencies hold its own delays too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { median, print, printTable, quantile, rounded, runBench } from '../report.ts';
import { type LoadRoom, openRoom } from './crowd.ts';
import { type MeasuredRelay, startMeasuredRelay } from './relay.ts';

const ROOMS: readonly { size: number; count: number }[] = [
  { size: 5, count: 40 },
  { size: 50, count: 2 },
];
/** Rooms of 5 opened before measuring, so that the code is compiled and the heap has grown to its working size. */
const WARM_UP_ROOMS = 60;
/** Rooms of 5 that only idle: memory grows in leaps, which many members even out. */
const IDLE_ROOMS = 140;
const PHASE_MS = 5_000;
/** People do not command more often than this; here latency is measured. */
const CALM_GAP_MS = 500;
const CALM_MS = 4_000;
/** Long enough for the garbage of the joins to be collected. */
const REST_MS = 1_500;
/** Pings of each member per second: under the relay's limit of 30 messages. */
const PINGS_PER_SECOND = 20;

interface Figures {
  cpuUsPerDelivery: Record<string, number | null>;
  cpuUsPerPing: number | null;
  bytesPerIdleMember: number | null;
  fanoutP50Ms: number | null;
  fanoutP99Ms: number | null;
}

let addresses = 0;

async function openRooms(relay: MeasuredRelay, size: number, count: number): Promise<LoadRoom[]> {
  const rooms: LoadRoom[] = [];
  for (let i = 0; i < count; i++) {
    const first = addresses;
    addresses += size;
    rooms.push(await openRoom(relay, size, (index) => addressAt(first + index)));
  }
  return rooms;
}

const addressAt = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** Each room seeks, waits until everyone has it and its turn has come, and seeks again. @returns all latencies in ms. */
async function seekFor(rooms: readonly LoadRoom[], durationMs: number, gapMs: number): Promise<number[]> {
  const endMs = performance.now() + durationMs;
  const each = rooms.map(async (room, index) => {
    const latencies: number[] = [];
    // The rooms take turns instead of all acting at the same instant.
    await delay((gapMs * index) / rooms.length);
    while (performance.now() < endMs) {
      const nextMs = performance.now() + gapMs;
      latencies.push(...(await room.seek()));
      await delay(Math.max(0, nextMs - performance.now()));
    }
    return latencies;
  });
  return (await Promise.all(each)).flat();
}

/** @returns how many pings were answered. */
async function pingFor(rooms: readonly LoadRoom[], durationMs: number): Promise<number> {
  const members = rooms.flatMap((room) => room.members);
  let answered = 0;
  for (const member of members) {
    member.onMessage = (message) => {
      if (message.type === 'pong') answered += 1;
    };
  }
  const slots = 10;
  const endMs = performance.now() + durationMs;
  for (let slot = 0; performance.now() < endMs; slot = (slot + 1) % slots) {
    const nextMs = performance.now() + 1000 / PINGS_PER_SECOND / slots;
    for (let i = slot; i < members.length; i += slots) members[i]?.send({ type: 'ping', c: performance.now() });
    await delay(Math.max(1, nextMs - performance.now()));
  }
  await delay(100);
  return answered;
}

/** @returns microseconds of the relay for each unit of work; null where the system does not say. */
async function cpuPer(relay: MeasuredRelay, work: () => Promise<number>): Promise<number | null> {
  const before = await relay.cpuUs();
  const units = await work();
  const after = await relay.cpuUs();
  return before === null || after === null || units === 0 ? null : rounded((after - before) / units, 2);
}

function closeAll(rooms: readonly LoadRoom[]): void {
  for (const room of rooms) for (const member of room.members) member.close();
}

async function measure(relay: MeasuredRelay): Promise<Figures> {
  const warmUp = await openRooms(relay, 5, WARM_UP_ROOMS);
  await seekFor(warmUp, 1_000, 0);
  await delay(REST_MS);
  const emptyBytes = await relay.residentBytes();
  const bySize = new Map<number, LoadRoom[]>();
  for (const { size, count } of ROOMS) bySize.set(size, await openRooms(relay, size, count));
  const rooms = [...bySize.values()].flat();
  const idle = await openRooms(relay, 5, IDLE_ROOMS);
  await delay(REST_MS);
  const fullBytes = await relay.residentBytes();
  const people = [...rooms, ...idle].reduce((sum, room) => sum + room.members.length, 0);
  closeAll([...warmUp, ...idle]);
  await delay(REST_MS);

  const cpuUsPerPing = await cpuPer(relay, () => pingFor(rooms, PHASE_MS));
  const latencies = await seekFor(rooms, CALM_MS, CALM_GAP_MS);
  const cpuUsPerDelivery: Figures['cpuUsPerDelivery'] = {};
  for (const [size, some] of bySize) {
    const gapMs = size > 5 ? 5 : 25;
    const deliver = async (): Promise<number> => (await seekFor(some, PHASE_MS, gapMs)).length;
    cpuUsPerDelivery[size] = await cpuPer(relay, deliver);
  }
  closeAll(rooms);
  return {
    cpuUsPerDelivery,
    cpuUsPerPing,
    bytesPerIdleMember:
      emptyBytes === null || fullBytes === null ? null : Math.round((fullBytes - emptyBytes) / people),
    fanoutP50Ms: rounded(median(latencies), 2),
    fanoutP99Ms: rounded(quantile(latencies, 0.99), 2),
  };
}

async function bench(): Promise<object> {
  const relay = await startMeasuredRelay();
  try {
    const osp = await measure(relay);
    printTable(
      ['one relay, loopback', 'value'],
      [
        ['command to delivery, p50 ms', osp.fanoutP50Ms],
        ['command to delivery, p99 ms', osp.fanoutP99Ms],
        ...ROOMS.map(({ size }) => [`CPU per delivery, rooms of ${size}, us`, osp.cpuUsPerDelivery[size] ?? null]),
        ['CPU per ping, us', osp.cpuUsPerPing],
        ['resident bytes per idle member', osp.bytesPerIdleMember],
      ],
    );
    print('  A delivery holds its share of the command; memory holds what is not yet collected.');
    return { osp };
  } finally {
    await relay.stop();
  }
}

await runBench(bench);
