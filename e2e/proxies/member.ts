/** A member as the extension is one: its own link and pipe, with its own waits, on a real socket. */
import { WebSocket } from 'ws';
import type { Link, LinkState } from '../../extension/connection/link.ts';
import { openLink } from '../../extension/connection/room-link.ts';
import { pipedPort } from '../../extension/connection/testing/port-pair.ts';
import { browserLike } from '../../extension/connection/testing/test-member.ts';
import { EXTENSION_ORIGIN } from '../../relay/testing/client.ts';
import type { ClientMessage, Credential, ParsedRelayMessage } from '../../shared/protocol.ts';

type Welcome = Extract<ParsedRelayMessage, { type: 'welcome' }>;

export interface MemberOptions {
  /** Base URL, http or https. */
  relay: string;
  room: string;
  credential: Credential;
  /** Sent with each dial. */
  headers?: Readonly<Record<string, string>>;
}

export class Member {
  readonly room: string;
  readonly states: LinkState[] = [];
  readonly messages: ParsedRelayMessage[] = [];
  /** When each of them came, on this machine's clock. */
  readonly cameAtMs: number[] = [];
  /** What each dial that was answered came upon: the node that the balancer named, or null. */
  readonly nodes: (string | null)[] = [];
  readonly #lifetime = new AbortController();
  readonly #link: Link;
  #changed: (() => void)[] = [];

  constructor({ relay, room, credential, headers = {} }: MemberOptions) {
    this.room = room;
    const openSocket = (url: string): globalThis.WebSocket =>
      dial(url, headers, (node) => this.#note(() => this.nodes.push(node)));
    this.#link = openLink({
      relay,
      room,
      client: 'test/1',
      // There is nothing else to try: what a seat alone is worth is what is tested.
      credential: (refused) => (refused === null ? credential : null),
      identity: () => Promise.reject(new Error('its identity does not end')),
      openPort: () => pipedPort({ openSocket, stayAwake: () => undefined }).port,
      events: {
        onState: (state) => this.#note(() => this.states.push(state)),
        onMessage: (message, atMs) =>
          this.#note(() => {
            this.messages.push(message);
            this.cameAtMs.push(atMs);
          }),
      },
      random: Math.random,
      now: () => performance.now(),
      setTimer: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      signal: this.#lifetime.signal,
    });
  }

  send(message: ClientMessage): void {
    this.#link.send(message);
  }

  /** Every welcome so far, oldest first. */
  welcomes(): Welcome[] {
    return this.messages.filter((message) => message.type === 'welcome');
  }

  /** @returns when this member's film, as the newest word of the relay has it, was or would have been at its start. */
  filmStartedAtMs(): number {
    const index = this.messages.findLastIndex(({ type }) => type === 'timeline' || type === 'welcome');
    const [message, atMs = 0] = [this.messages[index], this.cameAtMs[index]];
    if (message?.type !== 'timeline' && message?.type !== 'welcome') throw new Error('nothing was said of the film');
    const { timeline, s } = message;
    return atMs + (timeline.atMs - s) - timeline.positionMs / timeline.rate;
  }

  get last(): LinkState | undefined {
    return this.states.at(-1);
  }

  async until(what: string, condition: () => boolean, patienceMs = 5_000): Promise<void> {
    const deadlineMs = performance.now() + patienceMs;
    while (!condition()) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`${what}: not within ${patienceMs} ms; states ${JSON.stringify(this.states)}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve);
        timer = setTimeout(resolve, leftMs);
      });
      clearTimeout(timer);
    }
  }

  welcomed(times = 1, patienceMs?: number): Promise<void> {
    return this.until(`welcome ${times}`, () => this.welcomes().length >= times, patienceMs);
  }

  /** Hangs up; the seat stays its own for a while. */
  stop(): void {
    this.#lifetime.abort();
  }

  #note(change: () => void): void {
    change();
    const waiting = this.#changed;
    this.#changed = [];
    for (const resolve of waiting) resolve();
  }
}

/** A socket as the extension opens one, of which the balancer's answer is told. */
function dial(
  url: string,
  headers: Readonly<Record<string, string>>,
  onNode: (node: string | null) => void,
): globalThis.WebSocket {
  const raw = new WebSocket(url, { headers: { origin: EXTENSION_ORIGIN, ...headers }, rejectUnauthorized: false });
  raw.on('upgrade', (response) => onNode(String(response.headers['x-test-node'] ?? '') || null));
  return browserLike(raw);
}
