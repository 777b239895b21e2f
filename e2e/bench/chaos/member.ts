/** A member without a browser: the extension's own link and party state over real sockets, and a player that obeys. */
import { WebSocket } from 'ws';
import type { Link, LinkState } from '../../../extension/connection/link.ts';
import { openLink } from '../../../extension/connection/room-link.ts';
import { pipedPort } from '../../../extension/connection/testing/port-pair.ts';
import { browserLike } from '../../../extension/connection/testing/test-member.ts';
import { applyRelayMessage, type PartyState } from '../../../extension/content/party-state.ts';
import type { Action, Credential, Film, ParsedRelayMessage, Snapshot } from '../../../shared/protocol.ts';
import { positionAt } from '../../../shared/timeline.ts';
import type { Kept } from './intruder.ts';

export interface MemberOptions {
  room: string;
  name: string;
  /** The address that it seems to come from. */
  address: string;
  credential: Credential;
  /** @returns the port by which the room is reached now. */
  port(): number;
  random(): number;
  /** The room's timeline or its members may have changed. */
  onMessage(member: ChaosMember, message: ParsedRelayMessage): void;
}

const IN_SYNC = { type: 'status', state: 'in-sync', reason: null, offsetMs: 0, errorMs: 1 } as const;

export class ChaosMember {
  readonly name: string;
  party: PartyState | null = null;
  /** Relay clock minus this process's clock; the best of this connection. */
  offsetMs = 0;
  state: LinkState = { state: 'connecting', attempt: 0 };
  /** When the newest welcome came, in ms of this process. */
  welcomedAtMs = Number.NEGATIVE_INFINITY;
  /** Something that must not happen did: the seat was refused, or somebody else's was given. */
  lost: string | null = null;
  readonly #options: MemberOptions;
  readonly #life = new AbortController();
  readonly #link: Link;
  #tripMs = Number.POSITIVE_INFINITY;
  #commands = 0;
  #isLeaving = false;
  #seat: string | null = null;
  #snapshot: Snapshot | null = null;
  #invited: ((url: string) => void) | null = null;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.#options = options;
    this.#link = openLink({
      relay: 'http://chaos',
      room: options.room,
      client: 'chaos/1',
      credential: (refused) => (refused === null ? options.credential : null),
      identity: () => Promise.reject(new Error('its identity does not end')),
      openPort: () => pipedPort({ openSocket: (url) => this.#dial(url), stayAwake: () => undefined }).port,
      events: {
        onState: (state) => this.#onState(state),
        onMessage: (message, receivedAtMs) => this.#onMessage(message, receivedAtMs),
        film: () => this.#film(),
      },
      random: options.random,
      now: () => performance.now(),
      setTimer: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      signal: this.#life.signal,
    });
  }

  get id(): string | null {
    return this.party?.you ?? null;
  }

  get isOpen(): boolean {
    return this.state.state === 'open';
  }

  ping(): void {
    this.#link.send({ type: 'ping', c: performance.now() });
  }

  command(action: Action): void {
    if (!this.party) return;
    this.#commands += 1;
    const id = `${this.name}-${this.#commands}`;
    this.#link.send({ type: 'command', id, base: this.party.timeline.seq, action });
  }

  /** @returns where the film is by this member's clock, in media ms. */
  positionMs(): number {
    return this.party ? positionAt(this.party.timeline, performance.now() + this.offsetMs) : 0;
  }

  /** @returns an invite token. */
  invite(): Promise<string> {
    return new Promise((resolve) => {
      this.#invited = (url) => resolve(new URL(url).hash.slice(1));
      this.#link.send({ type: 'invite', id: 'i', jellyfinUrl: 'http://jellyfin.test:8096' });
    });
  }

  /** @returns what it can still show a relay when it has left; null when it was given nothing. */
  kept(): Kept | null {
    return this.#seat !== null && this.#snapshot ? { seat: this.#seat, snapshot: this.#snapshot } : null;
  }

  leave(): void {
    this.#isLeaving = true;
    this.#link.leave();
  }

  close(): void {
    this.#isLeaving = true;
    this.#life.abort();
  }

  #dial(url: string): globalThis.WebSocket {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#options.port()}${new URL(url).pathname}`, {
      headers: { origin: 'chrome-extension://chaos', 'x-forwarded-for': this.#options.address },
      perMessageDeflate: false,
    });
    return browserLike(socket);
  }

  #film(): Film | null {
    const { party } = this;
    const media = party?.timeline.media;
    if (!media) return null;
    const { epoch, seq, phase, rate } = party.timeline;
    return { epoch, seq, phase, positionMs: this.positionMs(), rate, media };
  }

  #onState(state: LinkState): void {
    this.state = state;
    if (state.state === 'ended' && !this.#isLeaving) {
      this.lost = state.end.reason === 'refused' ? state.end.code : 'left';
    }
  }

  #onMessage(message: ParsedRelayMessage, receivedAtMs: number): void {
    const before = this.party;
    this.party = applyRelayMessage(this.party, message, receivedAtMs).party;
    if (message.type === 'pong') this.#onPong(message, receivedAtMs);
    if (message.type === 'invite') this.#invited?.(message.url);
    if (message.type === 'snapshot') this.#snapshot = message.snapshot;
    if (message.type === 'welcome') {
      if (before && (before.you !== message.you || !message.resumed)) this.lost = 'another seat';
      this.welcomedAtMs = receivedAtMs;
      this.#seat = message.seat;
      this.offsetMs = message.s - receivedAtMs;
      this.#tripMs = Number.POSITIVE_INFINITY;
      this.#link.send({ ...IN_SYNC, deliveryMs: 2, startMs: 5 });
      this.ping();
    }
    const gate = message.type === 'timeline' || message.type === 'welcome' ? message.gate : null;
    if (gate?.waitingFor.includes(this.id ?? '') && this.party) {
      this.#link.send({ type: 'ready', seq: this.party.timeline.seq });
    }
    this.#options.onMessage(this, message);
  }

  /** The shortest trip knows best: while hundreds come back at once, this process is slow to look. */
  #onPong({ c, s }: { c: number; s: number }, receivedAtMs: number): void {
    const tripMs = receivedAtMs - c;
    if (tripMs > this.#tripMs) return;
    this.#tripMs = tripMs;
    this.offsetMs = s - (c + receivedAtMs) / 2;
  }
}
