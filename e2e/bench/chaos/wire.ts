/** The network between members and one relay: it can be cut, or go dead without anyone being told. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  near: Socket;
  far: Socket;
}

export class Wire {
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #server: Server | null = null;
  #isCut = false;

  /** @param target port of the relay. */
  constructor(target: number) {
    this.#target = target;
  }

  get port(): number {
    const address = this.#server?.address();
    if (!address || typeof address === 'string') throw new Error('the wire is not open');
    return address.port;
  }

  async open(): Promise<void> {
    const server = createServer((near) => this.#join(near)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  close(): void {
    this.cut();
    this.#server?.close();
  }

  /** Every connection breaks, and none is made until it is mended. */
  cut(): void {
    this.#isCut = true;
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Half-open: nothing passes any more on some connections, and neither end hears of it. @returns on how many. */
  freeze(isChosen: () => boolean): number {
    const chosen = [...this.#pairs].filter(isChosen);
    for (const { near, far } of chosen) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
    return chosen.length;
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      near.on('error', () => near.destroy());
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.#target, '127.0.0.1');
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
  }
}
