import type { Credential, Snapshot } from '../../shared/protocol.ts';
import type { PipeRequest } from '../platform/messages.ts';
import type { LinkEvents } from './link.ts';

/** The part of a runtime Port that a link needs. */
export interface PipePort {
  postMessage(message: PipeRequest): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

export interface LinkOptions {
  /** Relay base URL, http or https, without trailing slash. */
  relay: string;
  room: string;
  /** `name/version` of the extension, for the relay's logs. */
  client: string;
  /**
   * What to get in with while the link holds no seat of its own: at the start, and once after the seat was refused.
   * @param refused why the last one was refused, null the first time. @returns null when there is nothing left to try.
   */
  credential(refused: string | null): Credential | null | Promise<Credential | null>;
  /** @returns an identity of this person's that is good now (PROTOCOL.md A-09). Rejects when there is none to be had yet. */
  identity(): Promise<string>;
  /** Opens a new Port to the background; throws when the extension is gone. */
  openPort(): PipePort;
  events: LinkEvents;
  /** The seat of each welcome (it rotates): keep it for a reload of the page. */
  onSeat?(seat: string): void;
  /** The room's state as this page's predecessor kept it (PROTOCOL.md S-03). */
  snapshot?: Snapshot | null;
  random(): number;
  /** Monotonic ms. */
  now(): number;
  setTimer(run: () => void, delayMs: number): () => void;
  /** Ends the link without leaving the room: the seat stays ours for its grace time. */
  signal: AbortSignal;
}
