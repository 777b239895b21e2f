import type { ClientMessage, Film, ParsedRelayMessage } from '../../shared/protocol.ts';

/** Why a link ended for good; `code` is an error or close meaning the overlay can explain. */
export type LinkEnd = { reason: 'left' } | { reason: 'refused'; code: string };

export type LinkState =
  | { state: 'connecting'; attempt: number }
  | { state: 'open' }
  /** Will try again by itself. `reached`: false until the relay has answered once. `code`: the relay's reason, when it gave one. */
  | { state: 'waiting'; attempt: number; retryInMs: number; reached: boolean; code?: string }
  | { state: 'ended'; end: LinkEnd };

/** Port to a room on a relay. Reconnects by itself with jitter, takes its seat back, queues nothing. */
export interface Link {
  state(): LinkState;
  /** @returns 'dropped' while not open: the snapshot on reconnect is the truth (design.md rule 8). */
  send(message: ClientMessage): 'sent' | 'dropped';
  leave(): void;
  /** Tries now instead of later: the network is back, or the person looks at the page again. */
  wake(): void;
}

export interface LinkEvents {
  onState(state: LinkState): void;
  /** @param receivedAtMs `performance.now()` when the frame reached this page. */
  onMessage(message: ParsedRelayMessage, receivedAtMs: number): void;
  /** Where the film will be when a message sent now arrives; null when it is not known. Asked at each return. */
  film?(): Film | null;
}
