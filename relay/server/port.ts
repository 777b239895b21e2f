import type { ErrorCode } from '../../shared/errors.ts';

/** A request as a route sees it; everything is copied, so it stays valid across awaits. */
export interface HttpRequest {
  method: string;
  /** Path without query. */
  path: string;
  /** @param name lower case. @returns '' when absent. */
  header(name: string): string;
  /** Address of the peer that connected (a proxy, perhaps). */
  peerAddress: string;
  body: string;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  /** Why the request was refused, for counting; not sent as such. */
  refused?: ErrorCode;
}

/** One WebSocket. Every method is safe on a socket that has gone. */
export interface Socket {
  /** @returns 'dropped' when it has gone or reads too slowly to be worth keeping (it is then closed). */
  send(text: string): 'sent' | 'dropped';
  /** @param reason short and never secret: it travels in clear. */
  close(code: number, reason: string): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

/** What happens on one socket, made when it opens. */
export interface SocketHandler {
  message(text: string): void;
  /** Called once; the socket is gone. */
  closed(code: number): void;
}

/** The relay's side of the port. */
export interface ServerHandlers {
  http(request: HttpRequest): Promise<HttpResponse>;
  /** Decides before a socket exists; must answer at once. */
  upgrade(request: HttpRequest): { accept: (socket: Socket) => SocketHandler } | { refuse: HttpResponse };
}

export interface ServerLimits {
  /** Larger frames close the socket with 1009. */
  maxMessageBytes: number;
  /** Larger bodies get 413. */
  maxBodyBytes: number;
  /** Unsent bytes after which a slow reader is cut off. */
  maxBacklogBytes: number;
  /** A peer silent for this long (not even answering pings) is cut off. */
  idleTimeoutMs: number;
}

/** HTTP and WebSockets on one port, whoever implements it. */
export interface SocketServer {
  /** @returns the actual port. Rejects when it cannot listen. */
  listen(host: string, port: number): Promise<number>;
  /** Sends one text to every socket subscribed to the topic now. */
  publish(topic: string, text: string): void;
  /** Stops listening, closes every socket with 1001, resolves when they are gone (or after 2 s, forced). */
  close(): Promise<void>;
}

export type CreateServer = (handlers: ServerHandlers, limits: ServerLimits) => SocketServer;

export const TOO_LARGE: HttpResponse = json(413, {
  type: 'error',
  code: 'message-too-large',
  message: 'body too large',
});

/** @returns a JSON response that nobody may store. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}
