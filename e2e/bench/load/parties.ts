/** What members do most of the time: a film plays in each room, and nobody touches anything. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { STATUS_INTERVAL_MS, STEADY_INTERVAL_MS } from '../../../extension/sync/constants.ts';
import type { ClientMessage } from '../../../shared/protocol.ts';
import { type Crowd, pause, quiet } from './crowd.ts';

/** What came to the members meanwhile. */
export interface Played {
  seconds: number;
  pings: number;
  statuses: number;
  /** News of members. */
  news: number;
}

/**
 * Every member pings and says how it is doing as often as the extension does; those of one room spread over the interval, as
 * they are when nothing has set them going together.
 */
export async function playOn({ rooms, arrivals, size }: Crowd, seconds: number): Promise<Played> {
  const members = Array.from({ length: size }, (_, seat) => rooms.map((room) => room.members[seat])).flat();
  const pings = everyOne(members.length, STEADY_INTERVAL_MS, (index) =>
    members[index]?.send({ type: 'ping', c: performance.now() }),
  );
  const statuses = everyOne(members.length, STATUS_INTERVAL_MS, (index) => members[index]?.send(someStatus()));
  arrivals.news = 0;
  const startMs = performance.now();
  for (let sinceMs = 0; sinceMs < seconds * 1000; sinceMs = performance.now() - startMs) {
    pings.upTo(sinceMs);
    statuses.upTo(sinceMs);
    await pause(1);
  }
  const tookSeconds = (performance.now() - startMs) / 1000;
  return { seconds: tookSeconds, pings: pings.done(), statuses: statuses.done(), news: arrivals.news };
}

/** All rooms go on to play. */
export async function startPlaying({ rooms }: Crowd): Promise<void> {
  for (const room of rooms) room.play();
  await quiet(rooms);
}

/** @returns does something for each of so many within each interval, evenly. */
function everyOne(
  count: number,
  intervalMs: number,
  act: (index: number) => void,
): { upTo(sinceMs: number): void; done(): number } {
  let done = 0;
  return {
    upTo: (sinceMs) => {
      const due = Math.floor((sinceMs / intervalMs) * count);
      for (; done < due; done++) act(done % count);
    },
    done: () => done,
  };
}

/** As long as the extension's, whose figures have all their digits. */
const someStatus = (): ClientMessage => ({
  type: 'status',
  state: 'in-sync',
  reason: null,
  offsetMs: Math.random() * 3,
  errorMs: Math.random() * 3,
  deliveryMs: 10 + Math.random() * 10,
  startMs: 45,
});

/** What the kernel has counted so far on all sockets of a server's port. */
export interface Traffic {
  /** TCP segments both ways, acknowledgements too. */
  packets: number;
  /** What those carried, both ways. */
  bytes: number;
}

/** @returns the traffic of the sockets that are open now; who has gone is not counted any more. */
export async function trafficOf(port: number): Promise<Traffic> {
  const { stdout } = await promisify(execFile)('ss', ['-tinH', `sport = :${port}`], { maxBuffer: 2 ** 28 });
  const sum = (name: string): number =>
    [...stdout.matchAll(new RegExp(`\\b${name}:(\\d+)`, 'g'))].reduce((total, [, digits]) => total + Number(digits), 0);
  return { packets: sum('segs_out') + sum('segs_in'), bytes: sum('bytes_sent') + sum('bytes_received') };
}
