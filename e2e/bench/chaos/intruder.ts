/** Somebody who shows a relay what it must not believe, and is no member any more or never was. */
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION, parseRelayMessage, type Snapshot } from '../../../shared/protocol.ts';

/** What a member held when it left. */
export interface Kept {
  seat: string;
  snapshot: Snapshot;
}

export class Intruder {
  /** The relay has let it in, and not put it out since. */
  isIn = false;
  readonly #socket: WebSocket;

  /** @param port of the relay. @param address that it seems to come from. */
  constructor(port: number, room: string, { seat, snapshot }: Kept, address: string) {
    const headers = { origin: 'chrome-extension://chaos', 'x-forwarded-for': address };
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/v1/rooms/${room}`, { headers });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.isIn = false;
    });
    this.#socket.on('open', () => {
      const credential = { kind: 'seat', seat };
      this.#socket.send(
        JSON.stringify({ type: 'hello', v: PROTOCOL_VERSION, credential, client: 'intruder', snapshot, film: FILM }),
      );
    });
    this.#socket.on('message', (data: Buffer) => {
      if (parseRelayMessage(data.toString()).type === 'welcome') this.isIn = true;
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** A film that nobody watches, said to be far newer than any. */
const FILM = {
  epoch: 7,
  seq: 5_000,
  phase: 'playing',
  positionMs: 3_600_000,
  rate: 4,
  media: { serverId: 'f'.repeat(32), itemId: 'e'.repeat(32), title: 'Nobody chose this', runtimeMs: null },
};

/** @returns the same, claiming to be newer, with the members taken out of what was signed. */
export function forged({ seat, snapshot }: Kept): Kept {
  const [header = '', body = '', mac = ''] = snapshot.token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const [epoch, serial] = [snapshot.epoch + 5, snapshot.serial + 5];
  const text = JSON.stringify({ ...claims, epoch, serial, people: [] });
  const token = [header, Buffer.from(text).toString('base64url'), mac].join('.');
  return { seat, snapshot: { epoch, serial, token } };
}
