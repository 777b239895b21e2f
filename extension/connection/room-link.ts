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
import type { PipeReply } from '../platform/messages.ts';
import { backoffDelayMs, nextAttempt, STABLE_MS } from './backoff.ts';
import { reasonOfClose } from './close-reason.ts';
import { IdentityKeeper } from './identity-keeper.ts';
import type { Link, LinkEnd, LinkState } from './link.ts';
import type { LinkOptions, PipePort } from './link-options.ts';

/** A dial, up to the welcome, may take this long: a phone's radio wakes in 2-3 s. */
const WELCOME_DEADLINE_MS = 10_000;
/** A ping unanswered for this long means the way is dead: four pings of the steady rhythm. */
const SILENCE_MS = 8_000;
/** Refusals of fresh credentials in a row before giving up: one try with the seat, one with the invite. */
const MAX_REFUSALS = 2;

type CancelTimer = () => void;
/** What a welcome and a renewal give. */
type HeldSeat = Pick<Extract<ParsedRelayMessage, { type: 'welcome' }>, 'seat' | 'identityMs'>;

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
  /** Whether the seat is good only with a new identity beside it (PROTOCOL.md A-08). */
  #seatNeedsIdentity = false;
  readonly #keeper: IdentityKeeper;
  /** The newest that the relay gave: with it, a relay that forgot the room can have it again. */
  #snapshot: Snapshot | null;
  #refusals = 0;
  #refused: string | null = null;
  /** The credential that was refused last: it would be again. */
  #spent = '';

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#snapshot = options.snapshot ?? null;
    const { random, setTimer } = options;
    this.#keeper = new IdentityKeeper({
      ask: () => options.identity(),
      send: (message) => void this.send(message),
      random,
      setTimer,
    });
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
    else if (this.#seatNeedsIdentity) this.#askForIdentity(this.#seat);
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

  #askForIdentity(seat: string): void {
    const phase: Phase = { state: 'choosing' };
    this.#phase = phase;
    this.#options.identity().then(
      (identity) => {
        if (this.#phase === phase) this.#dial({ kind: 'seat', seat, identity });
      },
      () => {
        if (this.#phase === phase) this.#waitAndRetry(null, 'identity-expired');
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
    if (message.type === 'welcome') this.#onWelcome(port, message);
    if (message.type === 'renewed') this.#holdSeat(message);
    // What a person has not asked for is not refused to them; when it matters, the relay says so by closing.
    if (message.type === 'error' && this.#keeper.isOwn(message.id)) return;
    if (message.type === 'snapshot') this.#keep(message.snapshot);
    if (message.type === 'error' && message.code === 'bad-message' && phase.state === 'greeting') {
      // The relay cannot read our hello, and would not the next time: waiting for its deadline helps nobody.
      this.#end({ reason: 'refused', code: message.code });
      return;
    }
    if (message.type === 'error' && (phase.state === 'open' || phase.state === 'greeting')) phase.reason = message.code;
    this.#options.events.onMessage(message, receivedAtMs);
  }

  #onWelcome(port: PipePort, welcome: HeldSeat): void {
    if (this.#phase.state === 'greeting') this.#phase.cancel();
    this.#phase = { state: 'open', port, openedAtMs: this.#options.now(), silence: null, reason: null };
    this.#reached = true;
    this.#refusals = 0;
    this.#refused = null;
    this.#spent = '';
    this.#holdSeat(welcome);
    this.#show({ state: 'open' });
  }

  #holdSeat({ seat, identityMs }: HeldSeat): void {
    this.#seat = seat;
    this.#seatNeedsIdentity = false;
    this.#options.onSeat?.(seat);
    this.#keeper.good(identityMs ?? null);
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
      case 'renew-identity':
        this.#onIdentityEnded(port, credential);
        break;
    }
  }

  #onIdentityEnded(port: PipePort, credential: Credential): void {
    // One that is fresh and still not good enough: clocks apart, perhaps. Trying at once would only be refused again.
    if (this.#seatNeedsIdentity) return this.#lost(port, 'identity-expired');
    this.#seat ??= credential.kind === 'seat' ? credential.seat : null;
    this.#seatNeedsIdentity = true;
    this.#connect();
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
    this.#keeper.stop();
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
