/**
 * The paths between members and relay, in a process of their own: a busy browser or bench must not make packets late. Started by
 * `paths.ts`, which says over IPC what to do; it ends when that channel closes.
 */
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { seeded } from '../../../extension/sync/testing/agenda.ts';
import { quantile } from '../report.ts';
import { type Path, packetDelayMs } from './conditions.ts';

export interface PathOrder {
  relay: { host: string; port: number };
  seed: number;
  paths: readonly Path[];
}

/** How late packets were let go since the last question, over all paths: the model's own error. */
export interface PathErrors {
  packets: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
}

/** Lets nothing through on a path for so long; what was sent meanwhile arrives afterwards, as TCP repeats it. */
export interface PathCut {
  cut: number;
  forMs: number;
}

export type PathReply = { type: 'ports'; ports: number[] } | { type: 'errors'; errors: PathErrors } | { type: 'cut' };

/** Timers come about a ms late; the rest of the wait asks the clock between looks at the sockets. Who spins longer is put off. */
const WATCHFUL_MS = 1.5;

interface Release {
  dueMs: number;
  run: () => void;
}

/** Lets packets go at their instants. */
class Releases {
  lateMs: number[] = [];
  /** Ascending by instant. */
  readonly #waiting: Release[] = [];
  #timer: NodeJS.Timeout | undefined;
  #watching = false;

  add(release: Release): void {
    const after = this.#waiting.findLastIndex(({ dueMs }) => dueMs <= release.dueMs);
    this.#waiting.splice(after + 1, 0, release);
    if (!this.#watching) this.#sleep();
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    const [next] = this.#waiting;
    if (!next) return;
    const restMs = next.dueMs - performance.now() - WATCHFUL_MS;
    this.#timer = setTimeout(() => this.#watch(), Math.max(0, restMs));
  }

  /** An immediate between looks, so that what arrives meanwhile gets its own true instant. */
  #watch(): void {
    this.#watching = true;
    for (let next = this.#waiting[0]; next && next.dueMs <= performance.now(); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.lateMs.push(performance.now() - next.dueMs);
      next.run();
    }
    const [next] = this.#waiting;
    this.#watching = next !== undefined && next.dueMs - performance.now() < WATCHFUL_MS;
    if (this.#watching) setImmediate(() => this.#watch());
    else this.#sleep();
  }
}

const releases = new Releases();

/** Carries one direction of a connection: each chunk after its own delay, but never before the one ahead of it. */
function carry(from: Socket, to: Socket, delayMs: () => number): void {
  let lastMs = 0;
  const later = (run: () => void): void => {
    lastMs = Math.max(lastMs, performance.now() + delayMs());
    releases.add({ dueMs: lastMs, run });
  };
  from.setNoDelay(true);
  from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  // An error closes the socket, and the other side is told by that.
  from.on('error', () => from.destroy());
  from.on('close', (failed) => failed && to.destroy());
}

/** Until when each path lets nothing through. */
const cutUntilMs: number[] = [];

async function openPath(path: Path, index: number, { relay }: PathOrder, random: () => number): Promise<number> {
  const delayMs = (direction: 'up' | 'down'): number =>
    Math.max(packetDelayMs(path, direction, random), (cutUntilMs[index] ?? 0) - performance.now());
  const server = createServer({ allowHalfOpen: true }, (member) => {
    const upstream = createConnection({ ...relay, allowHalfOpen: true });
    carry(member, upstream, () => delayMs('up'));
    carry(upstream, member, () => delayMs('down'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function errors(): PathErrors {
  const { lateMs } = releases;
  releases.lateMs = [];
  const maxMs = lateMs.length === 0 ? null : Math.max(...lateMs);
  const at = (share: number): number | null => quantile(lateMs, share);
  return { packets: lateMs.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs };
}

const reply = (message: PathReply): void => {
  process.send?.(message);
};

async function obey(order: PathOrder | PathCut | 'errors'): Promise<void> {
  if (order === 'errors') return reply({ type: 'errors', errors: errors() });
  if ('cut' in order) {
    cutUntilMs[order.cut] = performance.now() + order.forMs;
    return reply({ type: 'cut' });
  }
  const random = seeded(order.seed);
  const ports = await Promise.all(order.paths.map((path, index) => openPath(path, index, order, random)));
  reply({ type: 'ports', ports });
}

try {
  setPriority(0, constants.priority.PRIORITY_HIGH);
} catch {
  // Only root may; the lateness that is reported shows whether it mattered.
}
process.on('message', (order: PathOrder | PathCut | 'errors') => void obey(order));
process.on('disconnect', () => process.exit(0));
