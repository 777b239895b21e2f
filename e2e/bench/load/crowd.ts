/** Rooms full of members on bare sockets, as light as can be: the load must not cost more here than in the relay. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { createTokens } from '../../../relay/auth/tokens.ts';
import { IDENTITY_TTL_MS } from '../../../shared/limits.ts';
import type { Action, ClientMessage, Media, RelayMessage } from '../../../shared/protocol.ts';

const ORIGIN = 'chrome-extension://bench';
const FILM: Media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: 7_200_000 };
const PATIENCE_MS = 10_000;

export interface Relay {
  url: string;
  secret: string;
}

/** One member: a socket, and whoever waits for what comes over it. */
export class LoadMember {
  onMessage: (message: RelayMessage) => void = () => undefined;
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    // An error is always followed by a close; whoever waits hears of that, or that nothing came in time.
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.onMessage(JSON.parse(data.toString()) as RelayMessage));
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  next<T extends RelayMessage['type']>(type: T): Promise<Extract<RelayMessage, { type: T }>> {
    return inTime(
      type,
      new Promise((resolve, reject) => {
        this.socket.once('close', (code) => reject(new Error(`closed with ${code} while waiting for ${type}`)));
        this.onMessage = (message) => {
          if (message.type === 'error') reject(new Error(`the relay answered ${message.code}`));
          if (message.type === type) resolve(message as Extract<RelayMessage, { type: T }>);
        };
      }),
    );
  }

  close(): void {
    this.socket.terminate();
  }
}

/** A paused room with a film: a seek in it is one message to everyone, and nothing else happens. */
export class LoadRoom {
  readonly members: readonly LoadMember[];
  private seq: number;
  private sent = 0;

  constructor(members: readonly LoadMember[], seq: number) {
    this.members = members;
    this.seq = seq;
  }

  /** One member (the next in turn) seeks. @returns for each member, how many ms after the sending it had the message. */
  seek(): Promise<number[]> {
    this.sent += 1;
    const id = `c${this.sent}`;
    const positionMs = (this.sent * 1_000) % 7_000_000;
    const latencies: number[] = [];
    const sentAtMs = performance.now();
    const all = new Promise<number[]>((resolve, reject) => {
      for (const member of this.members) {
        member.onMessage = (message) => {
          if (message.type === 'error') reject(new Error(`the relay answered ${message.code}`));
          if (message.type !== 'timeline' || message.id !== id) return;
          latencies.push(performance.now() - sentAtMs);
          if (latencies.length === this.members.length) resolve(latencies);
        };
      }
    });
    this.command(id, { kind: 'seek', positionMs });
    this.seq += 1;
    return inTime('a delivery', all);
  }

  private command(id: string, action: Action): void {
    this.members[this.sent % this.members.length]?.send({ type: 'command', id, base: this.seq, action });
  }
}

/** Opens a room with a film at rest. @param addressOf the address that each of its members seems to come from. */
export async function openRoom(relay: Relay, size: number, addressOf: (index: number) => string): Promise<LoadRoom> {
  const { room, grant } = await createRoom(relay, addressOf(0));
  const host = await enter(relay, room, addressOf(0), { kind: 'grant', grant });
  const played = host.next('timeline');
  host.send({
    type: 'command',
    id: 'film',
    base: 0,
    action: { kind: 'media', media: FILM, positionMs: 0, play: false },
  });
  const { timeline } = await played;
  const invited = host.next('invite');
  host.send({ type: 'invite', id: 'i1', uses: 50, jellyfinUrl: 'http://jellyfin.test:8096' });
  const invite = new URL((await invited).url).hash.slice(1);
  const members = [host];
  for (let i = 1; i < size; i++) {
    members.push(await enter(relay, room, addressOf(i), { kind: 'invite', invite, name: `Guest ${i}` }));
  }
  return new LoadRoom(members, timeline.seq);
}

async function createRoom({ url, secret }: Relay, address: string): Promise<{ room: string; grant: string }> {
  const claims = { sub: 'bench@test', name: 'Host', verified: true };
  const identity = await createTokens([secret]).mint('identity', claims, IDENTITY_TTL_MS);
  const response = await fetch(`${url}/v1/rooms`, {
    method: 'POST',
    headers: { origin: ORIGIN, authorization: `Bearer ${identity}`, 'x-forwarded-for': address },
  });
  if (!response.ok) throw new Error(`no room: the relay answered ${response.status}`);
  return (await response.json()) as { room: string; grant: string };
}

async function enter(
  { url }: Relay,
  room: string,
  address: string,
  credential: Extract<ClientMessage, { type: 'hello' }>['credential'],
): Promise<LoadMember> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/rooms/${room}`, {
    headers: { origin: ORIGIN, 'x-forwarded-for': address },
    perMessageDeflate: false,
  });
  await inTime('a socket', once(socket, 'open'));
  const member = new LoadMember(socket);
  const welcomed = member.next('welcome');
  member.send({ type: 'hello', v: 1, credential, client: 'bench' });
  await welcomed;
  member.onMessage = () => undefined;
  return member;
}

async function inTime<T>(what: string, wanted: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS} ms in vain for ${what}`)), PATIENCE_MS);
  });
  return Promise.race([wanted, late]).finally(() => clearTimeout(timer));
}
