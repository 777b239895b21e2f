import type { PipeEdges, PipeEnd } from '../../background/pipe.ts';
import { attachPipe } from '../../background/pipe.ts';
import type { PipePort } from '../link-options.ts';

type Listener<T> = (value: T) => void;

/** One end of a Port pair: messages are cloned and arrive in a later task, as the browser does it. */
class End<Out, In> {
  readonly #onMessage: Listener<unknown>[] = [];
  readonly #onDisconnect: Listener<void>[] = [];
  other: End<In, Out> | null = null;
  connected = true;

  readonly onMessage = { addListener: (listener: Listener<unknown>) => void this.#onMessage.push(listener) };
  readonly onDisconnect = { addListener: (listener: Listener<void>) => void this.#onDisconnect.push(listener) };

  postMessage(message: Out): void {
    if (!this.connected) throw new Error('Attempting to use a disconnected port object');
    const copy: unknown = structuredClone(message);
    setImmediate(() => this.other?.receive(copy));
  }

  /** As in the browser, only the other end hears of it. */
  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    setImmediate(() => this.other?.hangUp());
  }

  receive(message: unknown): void {
    if (this.connected) for (const listener of this.#onMessage) listener(message);
  }

  hangUp(): void {
    if (!this.connected) return;
    this.connected = false;
    for (const listener of this.#onDisconnect) listener();
  }
}

/** A Port whose far end is the real pipe of the background. `kill` is the browser stopping the background. */
export function pipedPort(edges: PipeEdges): { port: PipePort; kill(): void } {
  const page = new End<never, never>();
  const background = new End<never, never>();
  page.other = background;
  background.other = page;
  attachPipe(background as PipeEnd, edges);
  return {
    port: page as PipePort,
    kill: () => {
      page.hangUp();
      background.hangUp();
    },
  };
}
