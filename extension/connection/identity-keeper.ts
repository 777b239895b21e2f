import type { ClientMessage } from '../../shared/protocol.ts';

/** A renewal goes out when about two thirds of the time are over: there is room for several tries, and not all come at once. */
const RENEW_SHARE = { least: 0.6, spread: 0.15 };
/** After a try that failed; up to half as long again. */
const RETRY_MS = 60_000;

interface KeeperOptions {
  /** @returns an identity of this person's that is good now. Rejects when there is none to be had yet. */
  ask(): Promise<string>;
  send(message: ClientMessage): void;
  random(): number;
  setTimer(run: () => void, delayMs: number): () => void;
}

/** Sees to it that the relay always knows a good identity of this member (PROTOCOL.md A-09). */
export class IdentityKeeper {
  readonly #options: KeeperOptions;
  #cancel: () => void = () => undefined;
  /** Answers to what an earlier connection asked for do not count. */
  #turn = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** @param leftMs how long the one that the relay knows is good for; null: there is none to renew. */
  good(leftMs: number | null): void {
    this.stop();
    const share = RENEW_SHARE.least + RENEW_SHARE.spread * this.#options.random();
    if (leftMs !== null) this.#in(leftMs * share);
  }

  /** The connection is gone. */
  stop(): void {
    this.#turn += 1;
    this.#cancel();
  }

  /** @returns whether it is a renewal that was answered with this id. */
  isOwn(id: string | null): boolean {
    return id?.startsWith(ID) ?? false;
  }

  #in(delayMs: number): void {
    this.#cancel = this.#options.setTimer(() => this.#renew(this.#turn), delayMs);
  }

  #renew(turn: number): void {
    this.#options.ask().then(
      (identity) => {
        if (turn === this.#turn) this.#options.send({ type: 'renew', id: `${ID}${turn}`, identity });
      },
      () => {
        if (turn === this.#turn) this.#in(RETRY_MS * (1 + this.#options.random() / 2));
      },
    );
  }
}

const ID = 'renew-';
