/** Parties whose host vanishes at the beginning: until the grace is over nothing changes, and then there is an heir. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BLIP_MS, SEAT_GRACE_MS } from '../../../shared/limits.ts';
import { freePort } from '../../support/relay-process.ts';
import { RelayNode } from './node.ts';
import type { ChaosRoom } from './room.ts';
import { aRoom } from './world.ts';

const ROOMS = 6;
/** Beside the rooms of the world, whose numbers begin at 0. */
const FIRST_INDEX = 60_000;
const LOOK_EVERY_MS = 1_000;
/** This long before and after something is to change, in ms, nobody looks. */
const MARGIN_MS = 2_000;

export class Vigil {
  readonly #node: RelayNode;
  readonly #rooms: readonly ChaosRoom[];
  readonly #lostAtMs: number;
  /** What was found that should not be. */
  readonly #wrong: string[] = [];
  #looks = 0;
  readonly #timer: NodeJS.Timeout;

  private constructor(node: RelayNode, rooms: readonly ChaosRoom[]) {
    this.#node = node;
    this.#rooms = rooms;
    for (const room of rooms) room.loseHost();
    this.#lostAtMs = performance.now();
    this.#timer = setInterval(() => {
      const goneMs = performance.now() - this.#lostAtMs;
      // Who is back in a moment was never away, so nobody is told before (PROTOCOL.md M-04).
      if (goneMs > BLIP_MS + MARGIN_MS && goneMs < SEAT_GRACE_MS - MARGIN_MS) this.#look();
    }, LOOK_EVERY_MS);
  }

  static async start(seed: number): Promise<Vigil> {
    const secret = randomBytes(48).toString('base64');
    const node = new RelayNode(await freePort(), secret);
    await node.start();
    const indices = Array.from({ length: ROOMS }, (_, i) => FIRST_INDEX + i);
    const rooms = await Promise.all(indices.map((index) => aRoom(seed, index, secret, () => node.port)));
    await Promise.all(rooms.map((room) => room.fill()));
    return new Vigil(node, rooms);
  }

  /** Waits until the grace is over. @returns what was wrong, and how often somebody looked. */
  async end(): Promise<{ wrong: readonly string[]; looks: number }> {
    try {
      await delay(Math.max(0, this.#lostAtMs + SEAT_GRACE_MS + MARGIN_MS - performance.now()));
      for (const room of this.#rooms) room.expectHeir();
      this.#look();
      return { wrong: this.#wrong, looks: this.#looks };
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const room of this.#rooms) room.close();
    await this.#node.end('SIGKILL');
  }

  #look(): void {
    this.#looks += 1;
    for (const room of this.#rooms) this.#wrong.push(...room.check(0).differences);
  }
}
