import { CLOSE, meaningOfClose } from '../../shared/close-codes.ts';
import {
  type ClientMessage,
  type Credential,
  type ParsedRelayMessage,
  PROTOCOL_VERSION,
  parseRelayMessage,
  type Snapshot,
} from '../../shared/protocol.ts';
import { isAhead } from '../../shared/standing.ts';
import type { PipeReply, PipeRequest } from '../platform/messages.ts';
import { backoffDelayMs, nextAttempt, STABLE_MS } from './backoff.ts';
import { reasonOfClose } from './close-reason.ts';
import type { Link, LinkEnd, LinkEvents, LinkState } from './link.ts';

/** A dial, up to the welcome, may take this long: a phone's radio wakes in 2-3 s. */
const WELCOME_DEADLINE_MS = 10_000;
/** A ping unanswered for this long means the way is dead: four pings of the steady rhythm. */
const SILENCE_MS = 8_000;
/** Refusals of fresh credentials in a row before giving up: one try with the seat, one with the invite. */
const MAX_REFUSALS = 2;

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

type CancelTimer = () => void;

/** One connection's life. Each belongs to one Port; events of an older Port are ignored. */
type Phase =
  /** No Port: between two connections, or waiting for a credential. */
  | { state: 'choosing' }
  | { state: 'greeting'; port: PipePort; cancel: CancelTimer; reason: string | null }
  | { state: 'open'; port: PipePort; openedAtMs: number; silence: CancelTimer | null; reason: string | null }
  | { state: 'waiting'; cancel: CancelTimer }
  | { state: 'ended' };

/** @returns the address of a room's socket. @param relay base URL, http or https. */
export const roomSocketUrl = (relay: string, room: string): string =>
  `${relay.replace(/\/+$/, '').replace(/^http/, 'ws')}/v1/rooms/${room}`;

/** Opens a link to a room and keeps it open until it is left, refused for good, or its signal ends. */
export function openLink(options: LinkOptions): Link {
  const link = new RoomLink(options);
  link.start();
  return link;
}

class RoomLink implements Link {
  readonly #options: LinkOptions;
  #phase: Phase = { state: 'choosing' };
  #state: LinkState = { state: 'connecting', attempt: 0 };
  #attempt = 0;
  #reached = false;
  #seat: string | null = null;
  /** The newest that the relay gave: with it, a relay that forgot the room can have it again. */
  #snapshot: Snapshot | null;
  #refusals = 0;
  #refused: string | null = null;
  /** The credential that was refused last: it would be again. */
  #spent = '';

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#snapshot = options.snapshot ?? null;
  }

  start(): void {
    const { signal } = this.#options;
    signal.addEventListener('abort', () => this.#end({ reason: 'left' }), { once: true });
    if (signal.aborted) this.#end({ reason: 'left' });
    else this.#connect();
  }

  state(): LinkState {
    return this.#state;
  }

  send(message: ClientMessage): 'sent' | 'dropped' {
    const phase = this.#phase;
    if (phase.state !== 'open') return 'dropped';
    if (message.type === 'ping') this.#expectAnswer(phase);
    return this.#post(phase.port, message) ? 'sent' : 'dropped';
  }

  leave(): void {
    if (this.#phase.state === 'open') this.#post(this.#phase.port, { type: 'leave' });
    this.#end({ reason: 'left' });
  }

  wake(): void {
    if (this.#phase.state === 'waiting') this.#connect();
  }

  #connect(): void {
    this.#release();
    this.#show({ state: 'connecting', attempt: this.#attempt });
    if (this.#seat === null) this.#askForCredential();
    else this.#dial({ kind: 'seat', seat: this.#seat });
  }

  #askForCredential(): void {
    const phase: Phase = { state: 'choosing' };
    this.#phase = phase;
    Promise.resolve(this.#options.credential(this.#refused)).then(
      (credential) => {
        if (this.#phase !== phase) return;
        if (credential && JSON.stringify(credential) !== this.#spent) this.#dial(credential);
        else this.#end({ reason: 'refused', code: this.#refused ?? 'token-invalid' });
      },
      () => {
        if (this.#phase === phase) this.#waitAndRetry(null, null);
      },
    );
  }

  #dial(credential: Credential): void {
    const port = this.#openPort();
    if (!port) {
      this.#end({ reason: 'refused', code: 'extension-updated' });
      return;
    }
    const cancel = this.#options.setTimer(() => this.#lost(port, null), WELCOME_DEADLINE_MS);
    this.#phase = { state: 'greeting', port, cancel, reason: null };
    port.onMessage.addListener((message) => this.#onReply(port, credential, message as PipeReply));
    port.onDisconnect.addListener(() => this.#onDisconnect(port));
  }

  #openPort(): PipePort | null {
    try {
      const port = this.#options.openPort();
      port.postMessage({ type: 'open', url: roomSocketUrl(this.#options.relay, this.#options.room) });
      return port;
    } catch {
      return null;
    }
  }

  #onReply(port: PipePort, credential: Credential, reply: PipeReply): void {
    const receivedAtMs = this.#options.now();
    if (!this.#owns(port)) return;
    if (reply.type === 'opened') {
      this.#post(port, this.#hello(credential));
    } else if (reply.type === 'frame') {
      this.#onFrame(port, reply.text, receivedAtMs);
    } else {
      this.#onClosed(port, credential, reply.code, reply.reason);
    }
  }

  #hello(credential: Credential): ClientMessage {
    const hello = { type: 'hello', v: PROTOCOL_VERSION, credential, client: this.#options.client } as const;
    const snapshot = credential.kind === 'seat' ? this.#snapshot : null;
    if (!snapshot) return hello;
    const film = this.#options.events.film?.() ?? null;
    return film ? { ...hello, snapshot, film } : { ...hello, snapshot };
  }

  /** A relay that opened the room anew from an older one is not to make us forget what we know. */
  #keep(given: Snapshot): void {
    if (!this.#snapshot || !isAhead(this.#snapshot, given)) this.#snapshot = given;
  }

  #onFrame(port: PipePort, text: string, receivedAtMs: number): void {
    const message = readMessage(text);
    if (!message) {
      // Guessing on would leave us with a wrong picture of the room: a new connection brings the whole one.
      this.#lost(port, 'bad-message');
      return;
    }
    const phase = this.#phase;
    if (phase.state === 'open') this.#answered(phase);
    if (message.type === 'welcome') this.#onWelcome(port, message.seat);
    if (message.type === 'snapshot') this.#keep(message.snapshot);
    if (message.type === 'error' && message.code === 'bad-message' && phase.state === 'greeting') {
      // The relay cannot read our hello, and would not the next time: waiting for its deadline helps nobody.
      this.#end({ reason: 'refused', code: message.code });
      return;
    }
    if (message.type === 'error' && (phase.state === 'open' || phase.state === 'greeting')) phase.reason = message.code;
    this.#options.events.onMessage(message, receivedAtMs);
  }

  #onWelcome(port: PipePort, seat: string): void {
    if (this.#phase.state === 'greeting') this.#phase.cancel();
    this.#phase = { state: 'open', port, openedAtMs: this.#options.now(), silence: null, reason: null };
    this.#reached = true;
    this.#refusals = 0;
    this.#refused = null;
    this.#spent = '';
    this.#seat = seat;
    this.#options.onSeat?.(seat);
    this.#show({ state: 'open' });
  }

  #onClosed(port: PipePort, credential: Credential, code: number, reason: string): void {
    const phase = this.#phase;
    const said = phase.state === 'open' || phase.state === 'greeting' ? phase.reason : null;
    const why = reasonOfClose(code, reason, said);
    switch (meaningOfClose(code)) {
      case 'reconnect':
        this.#lost(port, why);
        break;
      case 'stop':
        this.#end(code === CLOSE.normal ? { reason: 'left' } : { reason: 'refused', code: why ?? 'refused' });
        break;
      case 'rejoin-with-invite':
        this.#onRefused(credential, why ?? 'token-invalid');
        break;
    }
  }

  #onRefused(credential: Credential, code: string): void {
    this.#seat = null;
    this.#spent = JSON.stringify(credential);
    this.#refused = code;
    this.#refusals += 1;
    if (this.#refusals >= MAX_REFUSALS) this.#end({ reason: 'refused', code });
    else this.#connect();
  }

  /** The background was stopped, or the extension is gone: a new Port starts the former and finds out the latter. */
  #onDisconnect(port: PipePort): void {
    if (!this.#owns(port)) return;
    const phase = this.#phase;
    const wasStable = phase.state === 'open' && this.#options.now() - phase.openedAtMs >= STABLE_MS;
    if (wasStable) this.#connect();
    else this.#lost(port, null);
  }

  #lost(port: PipePort, code: string | null): void {
    const phase = this.#phase;
    if (!this.#owns(port)) return;
    const openForMs = phase.state === 'open' ? this.#options.now() - phase.openedAtMs : null;
    this.#release();
    this.#waitAndRetry(openForMs, code);
  }

  #waitAndRetry(openForMs: number | null, code: string | null): void {
    this.#attempt = nextAttempt(this.#attempt, openForMs);
    const retryInMs = backoffDelayMs(this.#attempt, this.#options.random());
    this.#phase = { state: 'waiting', cancel: this.#options.setTimer(() => this.#connect(), retryInMs) };
    const waiting: LinkState = { state: 'waiting', attempt: this.#attempt, retryInMs, reached: this.#reached };
    this.#show(code === null ? waiting : { ...waiting, code });
  }

  #expectAnswer(phase: Phase & { state: 'open' }): void {
    phase.silence ??= this.#options.setTimer(() => this.#lost(phase.port, null), SILENCE_MS);
  }

  #answered(phase: Phase & { state: 'open' }): void {
    phase.silence?.();
    phase.silence = null;
  }

  #end(end: LinkEnd): void {
    if (this.#phase.state === 'ended') return;
    this.#release();
    this.#phase = { state: 'ended' };
    this.#show({ state: 'ended', end });
  }

  /** Gives up what the present phase holds; the background closes the socket of a Port that went. */
  #release(): void {
    const phase = this.#phase;
    if (phase.state === 'greeting' || phase.state === 'waiting') phase.cancel();
    if (phase.state === 'open') this.#answered(phase);
    this.#phase = { state: 'choosing' };
    if (phase.state === 'greeting' || phase.state === 'open') phase.port.disconnect();
  }

  #owns(port: PipePort): boolean {
    return (this.#phase.state === 'greeting' || this.#phase.state === 'open') && this.#phase.port === port;
  }

  /** @returns false when the Port went in this very moment; its disconnect event follows. */
  #post(port: PipePort, message: ClientMessage): boolean {
    try {
      port.postMessage({ type: 'frame', text: JSON.stringify(message) });
      return true;
    } catch {
      return false;
    }
  }

  #show(state: LinkState): void {
    this.#state = state;
    this.#options.events.onState(state);
  }
}

function readMessage(text: string): ParsedRelayMessage | null {
  try {
    return parseRelayMessage(text);
  } catch {
    return null;
  }
}
