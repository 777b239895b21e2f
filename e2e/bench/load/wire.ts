/**
 * A WebSocket client as light as can be: a member must cost the driver less than the server, or the driver is what is
 * measured. One shared buffer, no events, frames masked with zeros.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** Where a server is, and whether TLS is spoken there. */
export interface Place {
  port: number;
  isSecure: boolean;
}

/** Told what comes; `bytes` is only valid until the call returns. */
export interface Sink {
  opened(): void;
  frame(bytes: Uint8Array, start: number, end: number): void;
  closed(): void;
}

const shared = Buffer.allocUnsafeSlow(256 * 1024);
const HEADER_END = '\r\n\r\n';

export class Wire {
  private readonly socket: Socket;
  private readonly sink: Sink;
  private isOpen = false;
  /** What came of a frame that is not whole yet. */
  private rest: Buffer | null = null;

  /** @param headers lines of the handshake besides those every WebSocket has. */
  constructor({ port, isSecure }: Place, path: string, headers: string, sink: Sink) {
    this.sink = sink;
    this.socket = isSecure ? this.openSecurely(port) : this.open(port);
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => sink.closed());
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${headers}\r\n`,
    );
  }

  private open(port: number): Socket {
    return connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (size, bytes) => {
          this.read(Buffer.from(bytes.buffer, bytes.byteOffset, size));
          return true;
        },
      },
    });
  }

  private openSecurely(port: number): Socket {
    const socket = connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false }).setNoDelay();
    return socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  /** @param text ASCII, shorter than 64 KiB. */
  send(text: string): void {
    const size = text.length;
    const head = size < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(head + size);
    frame[0] = 0x81;
    if (size < 126) frame[1] = 0x80 | size;
    else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(size, 2);
    }
    frame.writeUInt32BE(0, head - 4);
    frame.write(text, head, 'latin1');
    this.socket.write(frame);
  }

  /** Hangs up without a word, as a lost network does. */
  drop(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    const start = this.isOpen ? 0 : this.handshake(bytes);
    const used = start < 0 ? 0 : this.frames(bytes, start);
    // The shared buffer is overwritten by the next read.
    this.rest = used < bytes.length ? Buffer.from(bytes.subarray(used)) : null;
  }

  /** @returns where the frames begin, -1 while the answer is not whole. */
  private handshake(bytes: Buffer): number {
    const end = bytes.indexOf(HEADER_END);
    if (end < 0) return -1;
    const status = bytes.toString('latin1', 9, 12);
    if (status !== '101') throw new Error(`a server refused a socket with ${status}`);
    this.isOpen = true;
    this.sink.opened();
    return end + HEADER_END.length;
  }

  /** @returns how many bytes were whole frames. */
  private frames(bytes: Buffer, from: number): number {
    let at = from;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + head > bytes.length) break;
      const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
      const end = at + head + size;
      if (end > bytes.length) break;
      const opcode = (bytes[at] ?? 0) & 15;
      if (opcode === 9) this.pong();
      else if (opcode === 1) this.sink.frame(bytes, at + head, end);
      at = end;
    }
    return at;
  }

  private pong(): void {
    this.socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  }
}
