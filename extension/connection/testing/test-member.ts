import { WebSocket } from 'ws';
import type { Credential, ParsedRelayMessage } from '../../../shared/protocol.ts';
import type { Link, LinkState } from '../link.ts';
import type { LinkOptions } from '../link-options.ts';
import { openLink } from '../room-link.ts';
import { pipedPort } from './port-pair.ts';
import type { TestRelay } from './test-relay.ts';

/** Waits of the link run this much faster than the wall clock. */
const SPEED = 20;
const ROOM = 'room-0123456789abcdef';
export const INVITE: Credential = { kind: 'invite', invite: 'invite-token-0001' };

/** A link over a Port whose far end is the real pipe, on a real socket; it notes what it is told. */
export class Member {
  readonly states: LinkState[] = [];
  readonly messages: ParsedRelayMessage[] = [];
  readonly delays: number[] = [];
  readonly refusals: (string | null)[] = [];
  readonly seats: string[] = [];
  readonly lifetime = new AbortController();
  readonly link: Link;
  ports = 0;
  alive = true;
  kill: () => void = () => undefined;
  #changed: (() => void)[] = [];

  constructor(relay: TestRelay, change: Partial<LinkOptions> = {}) {
    this.link = openLink({
      relay: relay.url,
      room: ROOM,
      client: 'test/1',
      credential: (refused) => {
        this.refusals.push(refused);
        return INVITE;
      },
      openPort: () => {
        if (!this.alive) throw new Error('Extension context invalidated.');
        this.ports += 1;
        const { port, kill } = pipedPort({
          openSocket: (url) => browserLike(new WebSocket(url)),
          stayAwake: () => undefined,
        });
        this.kill = kill;
        return port;
      },
      events: {
        onState: (state) => this.#note(() => this.states.push(state)),
        onMessage: (message) => this.#note(() => this.messages.push(message)),
      },
      identity: () => Promise.reject(new Error('nobody asked for one')),
      onSeat: (seat) => this.seats.push(seat),
      random: () => 0,
      now: () => performance.now() * SPEED,
      setTimer: (run, delayMs) => {
        this.delays.push(delayMs);
        const timer = setTimeout(run, delayMs / SPEED);
        return () => clearTimeout(timer);
      },
      signal: this.lifetime.signal,
      ...change,
    });
  }

  async until(condition: (member: Member) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  opened(times = 1): Promise<void> {
    return this.until(() => this.states.filter((s) => s.state === 'open').length >= times);
  }

  waits(): LinkState[] {
    return this.states.filter((s) => s.state === 'waiting');
  }

  async ended(): Promise<LinkState & { state: 'ended' }> {
    await this.until(() => this.states.at(-1)?.state === 'ended');
    return this.states.at(-1) as LinkState & { state: 'ended' };
  }

  #note(change: () => void): void {
    change();
    const waiting = this.#changed;
    this.#changed = [];
    for (const resolve of waiting) resolve();
  }
}

/** `ws`'s socket with two habits of the browser's: it may fail with nobody listening, and a signal ends listeners. */
export function browserLike(raw: WebSocket): globalThis.WebSocket {
  const socket = raw as unknown as globalThis.WebSocket;
  socket.addEventListener('error', () => undefined);
  const add = socket.addEventListener.bind(socket);
  socket.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
    add(type, listener);
    options?.signal?.addEventListener('abort', () => socket.removeEventListener(type, listener));
  };
  return socket;
}
