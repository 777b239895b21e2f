/** Rooms full of members on bare sockets. */
import { randomBytes } from 'node:crypto';
import type { ClientMessage, Credential, Media, Snapshot } from '../../../shared/protocol.ts';
import type { Target } from './targets.ts';
import { type Sink, Wire } from './wire.ts';

const FILM: Media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: 7_200_000 };
const PATIENCE_MS = 30_000;
/** Under the listen backlog of every server, so that no connection waits a second for its second try. */
const AT_ONCE = 200;
/** Where the first letter of a message's type stands: `{"type":"t...`. */
const TYPE_AT = '{"type":"'.length;
const [W, T, P, E, M, S] = [...'wtpems'].map((letter) => letter.charCodeAt(0));
const [TWO, FOUR] = [...'24'].map((digit) => digit.charCodeAt(0));

/** What has come since it was last looked at. */
export interface Arrivals {
  deliveries: number;
  pongs: number;
  /** News of members, however many they tell of. */
  news: number;
  /** Ms from command to delivery; null while nobody wants to know. */
  latencies: number[] | null;
}

/** One member: its seat is kept when its socket is not. */
class LoadMember implements Sink {
  private wire: Wire | null = null;
  private seat: Credential | null = null;
  private readonly room: LoadRoom;
  private readonly address: string;
  /** The newest `snapshot` message: members bring what it holds along when they come back. */
  private snapshot: string | null = null;
  private hello = '';
  private settle: { resolve(): void; reject(error: Error): void } | null = null;

  constructor(room: LoadRoom, address: string) {
    this.room = room;
    this.address = address;
  }

  /** @param credential for the first time; later the member shows its seat. */
  enter(credential: Credential | null): Promise<void> {
    const { target, id } = this.room;
    const kept = this.snapshot ? (JSON.parse(this.snapshot) as { snapshot: Snapshot }) : null;
    const hello = {
      type: 'hello',
      v: 1,
      credential: this.seat ?? credential,
      client: 'bench',
      snapshot: kept?.snapshot,
    };
    this.hello = JSON.stringify(hello);
    const headers = `Origin: chrome-extension://bench\r\nX-Forwarded-For: ${this.address}\r\n`;
    const entered = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.wire = new Wire(target, target.dialect.path(id), headers, this);
    return entered;
  }

  send(message: ClientMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(json: string): void {
    const { prefix, suffix } = this.room.target.dialect;
    this.wire?.send(prefix + json + suffix);
  }

  drop(): void {
    this.settle = null;
    this.wire?.drop();
    this.wire = null;
  }

  opened(): void {
    if (this.room.target.dialect.opening === null) this.sendText(this.hello);
    else this.wire?.send(this.room.target.dialect.opening);
  }

  frame(bytes: Uint8Array, start: number, end: number): void {
    const { prefix, opening } = this.room.target.dialect;
    if (opening !== null && (bytes[start] !== FOUR || bytes[start + 1] !== TWO)) return this.control(bytes, start, end);
    switch (bytes[start + prefix.length + TYPE_AT]) {
      case T:
        return this.room.delivered();
      case P:
        this.room.arrivals.pongs += 1;
        return;
      case M:
        this.room.arrivals.news += 1;
        return;
      case S:
        this.snapshot = this.read(bytes, start, end);
        return;
      case W:
        return this.welcomed(this.read(bytes, start, end));
      case E:
        throw new Error(`${this.room.target.name} answered ${this.read(bytes, start, end)}`);
    }
  }

  closed(): void {
    this.settle?.reject(new Error(`${this.room.target.name} closed a socket`));
  }

  private read(bytes: Uint8Array, start: number, end: number): string {
    const { prefix, suffix } = this.room.target.dialect;
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
      .toString()
      .slice(prefix.length, suffix.length === 0 ? undefined : -suffix.length);
  }

  /** socket.io's own: `0{...}` it is there, `40{...}` we may speak, `2` are we there. */
  private control(bytes: Uint8Array, start: number, end: number): void {
    if (bytes[start] === TWO) this.wire?.send('3');
    else if (bytes[start] === FOUR && end - start > 2) this.sendText(this.hello);
  }

  private welcomed(text: string): void {
    const seat = /"seat":"([^"]+)"/.exec(text)?.[1];
    if (seat) this.seat = { kind: 'seat', seat };
    this.settle?.resolve();
  }
}

/** A paused room with a film: a seek in it is one message to everyone, and nothing else happens. */
export class LoadRoom {
  readonly id = randomBytes(16).toString('base64url');
  readonly members: readonly LoadMember[];
  readonly target: Target;
  readonly arrivals: Arrivals;
  private seq = 0;
  private pending = 0;
  private sentAtMs = 0;

  constructor(target: Target, size: number, arrivals: Arrivals, addressAt: (index: number) => string) {
    this.target = target;
    this.arrivals = arrivals;
    this.members = Array.from({ length: size }, (_, index) => new LoadMember(this, addressAt(index)));
  }

  /** Has everybody had the last command? Only then the next one knows what it is based on. */
  get isQuiet(): boolean {
    return this.pending === 0;
  }

  /** One member (the next in turn) seeks. */
  seek(): void {
    const positionMs = (this.seq * 1_000) % 7_000_000;
    const action = `{"kind":"seek","positionMs":${positionMs}}`;
    this.command(`{"type":"command","id":"c${this.seq}","base":${this.seq},"action":${action}}`);
  }

  /** From the rest that a new room is at. */
  play(): void {
    this.command(`{"type":"command","id":"play","base":${this.seq},"action":{"kind":"play"}}`);
  }

  openFilm(): void {
    const action = { kind: 'media', media: FILM, positionMs: 0, play: false } as const;
    this.command(JSON.stringify({ type: 'command', id: 'film', base: 0, action } satisfies ClientMessage));
  }

  delivered(): void {
    this.arrivals.deliveries += 1;
    this.pending -= 1;
    this.arrivals.latencies?.push(performance.now() - this.sentAtMs);
  }

  private command(json: string): void {
    this.pending = this.members.length;
    this.sentAtMs = performance.now();
    this.members[this.seq % this.members.length]?.sendText(json);
    this.seq += 1;
  }
}

/** Members of one server in rooms of one size. */
export interface Crowd {
  target: Target;
  size: number;
  rooms: readonly LoadRoom[];
  arrivals: Arrivals;
}

let addresses = 0;

/** Fills rooms. @returns when everyone is in and each room has its film. */
export async function gather(target: Target, size: number, count: number): Promise<Crowd> {
  const arrivals: Arrivals = { deliveries: 0, pongs: 0, news: 0, latencies: null };
  const rooms = Array.from({ length: count }, () => {
    const first = addresses;
    addresses += size;
    return new LoadRoom(target, size, arrivals, (index) => addressAt(first + index));
  });
  // A room is there when its host is.
  await inTime(
    'the hosts',
    eachOf(rooms, async (room) => room.members[0]?.enter(await target.credential(room.id, true))),
  );
  const guests = rooms.flatMap((room) => room.members.slice(1).map((member) => ({ room, member })));
  await inTime(
    'the guests',
    eachOf(guests, async ({ room, member }) => member.enter(await target.credential(room.id, false))),
  );
  for (const room of rooms) room.openFilm();
  await quiet(rooms);
  return { target, size, rooms, arrivals };
}

/** Everyone loses the connection and comes back. @returns how long that took, in s, and what it cost the server, in s. */
export async function storm({ target, rooms }: Crowd): Promise<{ seconds: number; cpuSeconds: number }> {
  const members = rooms.flatMap((room) => room.members);
  for (const member of members) member.drop();
  await idle(target);
  const [startMs, startCpuUs] = [performance.now(), await target.cpuUs()];
  await inTime(
    'the return',
    eachOf(members, (member) => member.enter(null)),
  );
  const seconds = (performance.now() - startMs) / 1000;
  await idle(target);
  return { seconds, cpuSeconds: ((await target.cpuUs()) - startCpuUs) / 1e6 };
}

export function disperse(crowds: readonly Crowd[]): void {
  for (const { rooms } of crowds) for (const { members } of rooms) for (const member of members) member.drop();
}

/** Waits until every command has reached everybody. */
export function quiet(rooms: readonly LoadRoom[]): Promise<void> {
  return inTime(
    'all deliveries',
    until(() => rooms.every((room) => room.isQuiet)),
  );
}

/** Waits until a server has done what it had to do, or for so many windows: one that is profiled never rests. */
async function idle(target: Target): Promise<void> {
  const [WINDOW_MS, WINDOWS, IDLE_US] = [200, 10, 4_000];
  let before = await target.cpuUs();
  for (let window = 0; window < WINDOWS; window++) {
    await pause(WINDOW_MS);
    const now = await target.cpuUs();
    if (now - before < IDLE_US) return;
    before = now;
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const addressAt = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(1);
}

/** A fixed number of them at any time. */
async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<void> | undefined): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function inTime<R>(what: string, wanted: Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS} ms in vain for ${what}`)), PATIENCE_MS);
  });
  return Promise.race([wanted, late]).finally(() => clearTimeout(timer));
}
