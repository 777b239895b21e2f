import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface Hello {
  credential: { kind: string; seat?: string; invite?: string; identity?: string };
  snapshot?: unknown;
  film?: unknown;
}

/** What the relay does with each hello, in order; the last one stays. */
export type Script = (socket: WebSocket, hello: Hello) => void;

/** The least relay a link can talk to, on a real socket: it answers hellos and pings as its script says. */
export class TestRelay {
  readonly hellos: Hello[] = [];
  readonly received: { type: string; id?: string; identity?: string }[] = [];
  readonly closes: number[] = [];
  script: Script = (socket) => this.welcome(socket);
  answersPings = true;
  #server: WebSocketServer | null = null;
  #port = 0;
  #seats = 0;
  #changed: (() => void)[] = [];

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = new WebSocketServer({ port: this.#port, host: '127.0.0.1' });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** @param code how the members' sockets are closed; null cuts them off without a word. */
  async stop(code: number | null): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    for (const socket of server.clients) code === null ? socket.terminate() : socket.close(code);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  sockets(): WebSocket[] {
    return [...(this.#server?.clients ?? [])];
  }

  /** @param more fields of the welcome that a test is about. */
  welcome(socket: WebSocket, more: object = {}): void {
    this.#seats += 1;
    const seat = `seat-number-${String(this.#seats).padStart(6, '0')}`;
    const timeline = { epoch: 0, seq: 0, phase: 'paused', positionMs: 0, rate: 1, atMs: 0, media: null };
    const message = { type: 'welcome', v: 1, s: 1, room: 'r', you: 'me', seat, resumed: false, timeline };
    socket.send(JSON.stringify({ ...message, gate: null, members: [], ...more }));
  }

  /** Resolves once `condition` holds; it is looked at after each thing that happens here. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  #serve(socket: WebSocket): void {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; c?: number } & Hello;
      this.received.push(message);
      if (message.type === 'hello') {
        this.hellos.push(message);
        this.script(socket, message);
      }
      if (message.type === 'ping' && this.answersPings) {
        socket.send(JSON.stringify({ type: 'pong', c: message.c, s: 2 }));
      }
      this.#wake();
    });
    socket.on('close', (code) => {
      this.closes.push(code);
      this.#wake();
    });
  }

  #wake(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const resolve of waiting) resolve();
  }
}
