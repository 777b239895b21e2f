import WebSocket from 'ws';
import { type Credential, parseRelayMessage } from '../../../shared/protocol.ts';
import { EXTENSION_ORIGIN, hello } from '../client.ts';
import type { RelayProcess } from '../process.ts';
import { FILM } from '../rooms.ts';

const STATUS = { state: 'in-sync', offsetMs: 0.4, errorMs: 1.5, deliveryMs: 20, startMs: 8 } as const;

/** One member for hours: keeps its seat and what a command needs to know, and forgets all else that it hears. */
export class SoakMember {
  readonly address: string;
  readonly #relay: RelayProcess;
  readonly #room: string;
  #socket: WebSocket | null = null;
  /** It has been welcomed on this socket: a client says nothing before. */
  #isIn = false;
  #seat: string | null = null;
  #seq = 0;
  #phase = 'paused';
  /** Pings that were answered, and timelines that came. */
  readonly heard = { pongs: 0, timelines: 0 };
  /** Refusals and lost connections, in words. */
  readonly faults: string[] = [];

  /** @param address that the relay is to count it by, told as a proxy tells it. */
  constructor(relay: RelayProcess, room: string, address: string) {
    this.#relay = relay;
    this.#room = room;
    this.address = address;
  }

  /** @param credential for the first time; later it shows its seat. Resolves when it is in. */
  enter(credential?: Credential): Promise<void> {
    const own = this.#seat === null ? credential : ({ kind: 'seat', seat: this.#seat } as const);
    if (!own) throw new Error('nothing to come in with');
    const socket = new WebSocket(`${this.#relay.wsUrl}/v1/rooms/${this.#room}`, {
      headers: { origin: EXTENSION_ORIGIN, 'x-forwarded-for': this.address },
    });
    this.#socket = socket;
    this.#isIn = false;
    socket.on('open', () => socket.send(JSON.stringify(hello(own))));
    return new Promise((resolve, reject) => {
      socket.on('message', (data) => this.#hear(data.toString(), resolve));
      socket.on('error', reject);
      socket.on('close', (code) => {
        // Whoever hangs up here has let go of the socket first.
        if (this.#socket === socket) this.faults.push(`closed with ${code}`);
        reject(new Error(`closed with ${code}`));
      });
    });
  }

  /** What a client says every two seconds. */
  beat(): void {
    this.#say({ type: 'ping', c: Math.round(performance.now()) });
    this.#say({ type: 'status', ...STATUS });
  }

  /** Starts the film, plays or pauses. */
  click(): void {
    const film = { kind: 'media', media: FILM, positionMs: 0, play: true };
    const toggled = this.#phase === 'paused' ? { kind: 'play' } : { kind: 'seek', positionMs: 60_000 };
    this.#say({ type: 'command', id: 'c', base: this.#seq, action: this.#seq === 0 ? film : toggled });
  }

  /** As when a network is lost; its seat stays. */
  drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.terminate();
  }

  leave(): void {
    this.#say({ type: 'leave' });
    this.#seat = null;
    this.#socket = null;
  }

  #say(message: object): void {
    if (this.#isIn && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #hear(text: string, entered: () => void): void {
    const message = parseRelayMessage(text);
    if (message.type === 'pong') this.heard.pongs += 1;
    if (message.type === 'timeline') this.heard.timelines += 1;
    if (message.type === 'error' && message.code !== 'stale-command') this.faults.push(message.code);
    if ('timeline' in message && message.timeline) {
      this.#seq = message.timeline.seq;
      this.#phase = message.timeline.phase;
    }
    if (message.type !== 'welcome') return;
    this.#seat = message.seat;
    this.#isIn = true;
    entered();
  }
}
