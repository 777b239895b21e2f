/** Two relays with one secret, the network before them, and the parties on them. */
import { randomBytes } from 'node:crypto';
import { createTokens } from '../../../relay/auth/tokens.ts';
import { freePort } from '../../support/relay-process.ts';
import { Random } from '../sim/world/random.ts';
import type { Intruder } from './intruder.ts';
import { RelayNode } from './node.ts';
import { ChaosRoom, until } from './room.ts';
import { Wire } from './wire.ts';

const GRANT_TTL_MS = 600_000;
const TRAFFIC_MS = 50;
const PING_EVERY_MS = 2_000;
/** Rooms that are filled at the same time. */
const ABREAST = 10;

interface Place {
  node: RelayNode;
  wire: Wire;
}

export type Side = 0 | 1;

export class World {
  readonly random: Random;
  readonly rooms: ChaosRoom[] = [];
  readonly places: readonly [Place, Place];
  /** Those who came to the last fault to be let in by mistake. */
  intruders: Intruder[] = [];
  /** Whether people do something, and come and go. */
  traffic: 'none' | 'commands' | 'all' = 'none';
  /** Where each room's members are led. */
  readonly #home = new Map<string, Side>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #secret: string;

  private constructor(seed: number, ports: readonly [number, number]) {
    this.random = new Random(seed, 'world');
    this.#secret = randomBytes(48).toString('base64');
    const place = (port: number): Place => ({ node: new RelayNode(port, this.#secret), wire: new Wire(port) });
    this.places = [place(ports[0]), place(ports[1])];
  }

  static async start(seed: number, rooms: number): Promise<World> {
    const world = new World(seed, [await freePort(), await freePort()]);
    for (const { node, wire } of world.places) await Promise.all([node.start(), wire.open()]);
    try {
      const indices = Array.from({ length: rooms }, (_, index) => index);
      while (indices.length > 0) await Promise.all(indices.splice(0, ABREAST).map((index) => world.#open(seed, index)));
    } catch (error) {
      await world.close();
      throw error;
    }
    world.#run();
    return world;
  }

  get members(): number {
    return this.rooms.reduce((sum, room) => sum + room.members.length, 0);
  }

  roomsAt(side: Side): ChaosRoom[] {
    return this.rooms.filter(({ id }) => this.#home.get(id) === side);
  }

  /** Leads the members of these rooms to that side from now on. */
  lead(rooms: readonly ChaosRoom[], side: Side): void {
    for (const { id } of rooms) this.#home.set(id, side);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const room of this.rooms) room.close();
    for (const intruder of this.intruders) intruder.close();
    for (const { node, wire } of this.places) {
      wire.close();
      await node.end('SIGKILL');
    }
  }

  async #open(seed: number, index: number): Promise<void> {
    const room: ChaosRoom = await aRoom(seed, index, this.#secret, () => {
      return this.places[this.#home.get(room.id) ?? 0].wire.port;
    });
    this.#home.set(room.id, index % 2 === 0 ? 0 : 1);
    this.rooms.push(room);
    await room.fill();
  }

  #run(): void {
    const act = (): void => {
      const { traffic } = this;
      if (traffic === 'none') return;
      for (const room of this.rooms) room.act(performance.now(), traffic === 'all');
    };
    const ping = (): void => {
      for (const room of this.rooms) for (const member of room.members) member.ping();
    };
    this.#timers.push(setInterval(act, TRAFFIC_MS), setInterval(ping, PING_EVERY_MS));
  }
}

/** A room that is still empty. @param port of the relay that its members come to. */
export async function aRoom(seed: number, index: number, secret: string, port: () => number): Promise<ChaosRoom> {
  const id = randomBytes(16).toString('base64url');
  const claims = { room: id, sub: `host-${index}@chaos`, name: 'Host', verified: true };
  const grant = await createTokens([secret]).mint('grant', claims, GRANT_TTL_MS);
  const random = new Random(seed, `room-${index}`);
  return new ChaosRoom({ id, index, random, grant: { kind: 'grant', grant }, port });
}

/** Waits until everybody is connected. */
export const allOpen = (rooms: readonly ChaosRoom[], patienceMs?: number): Promise<void> =>
  until(() => rooms.every((room) => room.isWhole()), 'everybody to be back', patienceMs);
