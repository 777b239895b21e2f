import { createHash, randomBytes } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import { EXTENSION_ORIGIN } from './client.ts';

/** A TCP connection that says exactly what a test wants, well-formed or not. */
export interface RawSocket {
  write(data: string | Uint8Array): void;
  /** Everything that has come so far, bytes as Latin-1 characters. */
  received(): string;
  /** Resolves when the other side has hung up, properly or not; `false` when it has not within `ms`. */
  hungUp(ms: number): Promise<boolean>;
  /** Whether the other side has refused to take any more, as it does once its end is really gone. */
  broken(): boolean;
  /** Stops reading, so that whatever is sent to it piles up. */
  deafen(): void;
  /** Bytes that the system has not taken yet. */
  unsent(): number;
  end(): void;
}

/** @param port on this machine. The connection stays open when the other side ends its half. */
export async function rawConnect(port: number): Promise<RawSocket> {
  const socket: Socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let [over, broken] = [false, false];
  socket.on('error', () => {
    broken = true;
  });
  const done = new Promise<true>((resolve) => {
    const finish = (): void => {
      over = true;
      resolve(true);
    };
    for (const event of ['end', 'close', 'error']) socket.on(event, finish);
  });
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    write: (data) => {
      if (!socket.destroyed) socket.write(data);
    },
    received: () => Buffer.concat(chunks).toString('latin1'),
    hungUp: async (ms) => {
      if (over) return true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), ms);
      });
      return Promise.race([done, late]).finally(() => clearTimeout(timer));
    },
    broken: () => broken,
    deafen: () => socket.pause(),
    unsent: () => socket.writableLength,
    end: () => socket.destroy(),
  };
}

/** Lines of a handshake that a test may change; an undefined one is left out. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @returns a request for a WebSocket. @param change headers that differ from a good one. */
export function upgradeRequest(path: string, change: Headers = {}, method = 'GET'): string {
  const headers: Headers = {
    host: '127.0.0.1',
    origin: EXTENSION_ORIGIN,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    ...change,
  };
  return request(method, path, headers);
}

/** @returns a request head with its empty line, then the body as it is. */
export function request(method: string, path: string, headers: Headers, body = ''): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** Opens a WebSocket by hand. @throws Error with what was answered when that is no 101. */
export async function rawWebSocket(port: number, path: string, change: Headers = {}): Promise<RawSocket> {
  const socket = await rawConnect(port);
  socket.write(upgradeRequest(path, change));
  for (const end = Date.now() + 5_000; !socket.received().includes('\r\n\r\n') && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!socket.received().startsWith('HTTP/1.1 101')) throw new Error(socket.received().slice(0, 200) || 'no answer');
  return socket;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

interface FrameOptions {
  fin?: boolean;
  /** First reserved bit: "compressed". */
  rsv1?: boolean;
  masked?: boolean;
  /** What the head says the length is, when that is not the truth. */
  claims?: bigint;
}

/** @returns one WebSocket frame as a client sends it, or as none should. */
export function frame(opcode: number, payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { fin = true, rsv1 = false, masked = true } = options;
  const body = Buffer.from(payload);
  const length = options.claims ?? BigInt(body.byteLength);
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode;
  const bit = masked ? 0x80 : 0;
  const head = length < 126n ? Buffer.alloc(2) : length < 65_536n ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = first;
  head[1] = bit | (length < 126n ? Number(length) : length < 65_536n ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(Number(length), 2);
  if (head.length === 10) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = createHash('sha256').update(body).digest().subarray(0, 4);
  return Buffer.concat([head, mask, body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
