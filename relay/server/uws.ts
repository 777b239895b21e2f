import type { TemplatedApp, HttpRequest as UwsRequest, HttpResponse as UwsResponse, WebSocket } from 'uWebSockets.js';
import { createRequire } from 'node:module';
import { createConnection } from 'node:net';
import { CLOSE } from '../../shared/close-codes.ts';
import {
  type HttpRequest,
  type HttpResponse,
  type ServerHandlers,
  type ServerLimits,
  type Socket,
  type SocketHandler,
  type SocketServer,
  TOO_LARGE,
} from './port.ts';

type Library = typeof import('uWebSockets.js');
type Accept = (socket: Socket) => SocketHandler;

/** What the native socket carries. uWS copies its own properties and no prototype, so the object with methods hangs on one. */
interface Tag {
  connection: Connection;
}

/** Lives as long as the native socket. */
class Connection implements Socket {
  /** Null once the native socket is gone, since touching it then throws. */
  raw: WebSocket<Tag> | null = null;
  handler: SocketHandler | null = null;
  /** Only until it is open: what it holds of the request is not kept for hours. */
  accept: Accept | null;

  constructor(accept: Accept) {
    this.accept = accept;
  }

  send(text: string): 'sent' | 'dropped' {
    return this.raw !== null && this.raw.send(text) !== 2 ? 'sent' : 'dropped';
  }

  close(code: number, reason: string): void {
    this.raw?.end(code, reason);
  }

  subscribe(topic: string): void {
    this.raw?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.raw?.unsubscribe(topic);
  }
}

/** Frames up to this many times the limit are read, so that they can be answered with 1009; uWS just drops larger ones. */
const READABLE_FACTOR = 8;
/** `end` forgets a socket at once; its close frame still needs this long to leave before all is torn down. */
const LINGER_MS = 250;
const decoder = new TextDecoder();

/**
 * Loads the native library.
 * @throws Error when it has no binary that runs here (Alpine, an older glibc, a new Node).
 */
export function loadUws(): (handlers: ServerHandlers, limits: ServerLimits) => SocketServer {
  const library: Library = createRequire(import.meta.url)('uWebSockets.js');
  return (handlers, limits) => createUwsServer(library, handlers, limits);
}

function createUwsServer(library: Library, handlers: ServerHandlers, limits: ServerLimits): SocketServer {
  const app = library.App();
  const connections = new Set<Connection>();
  let listening: Parameters<Library['us_listen_socket_close']>[0] | null = null;
  addSockets(app, handlers, limits, connections);
  app.any('/*', (res, req) => answer(res, copyRequest(res, req), handlers, limits));
  return {
    listen: async (host, port) => {
      await assertPortIsFree(host, port);
      return new Promise((resolve, reject) => {
        app.listen(host, port, (token) => {
          if (!token) return reject(new Error(`cannot listen on ${host} port ${port}: is it in use, or not allowed?`));
          listening = token;
          resolve(library.us_socket_local_port(token));
        });
      });
    },
    publish: (topic, text) => {
      app.publish(topic, text);
    },
    close: () =>
      new Promise((resolve) => {
        if (listening) library.us_listen_socket_close(listening);
        listening = null;
        const lingerMs = connections.size > 0 ? LINGER_MS : 0;
        for (const connection of connections) connection.raw?.end(CLOSE.goingAway, 'shutting-down');
        setTimeout(() => {
          app.close();
          resolve();
        }, lingerMs);
      }),
  };
}

/**
 * uWS sets SO_REUSEPORT, so two relays would quietly share one port, each with half of the sockets. Its exclusive mode
 * is no way out: it cannot take a port back while old connections linger (TIME_WAIT), as after every restart.
 */
function assertPortIsFree(host: string, port: number): Promise<void> {
  if (port === 0) return Promise.resolve();
  const probe = createConnection(port, host === '0.0.0.0' || host === '::' ? 'localhost' : host);
  return new Promise((resolve, reject) => {
    probe.once('error', () => resolve());
    probe.once('connect', () => {
      probe.destroy();
      reject(new Error(`cannot listen on ${host} port ${port}: it is in use`));
    });
  });
}

function addSockets(
  app: TemplatedApp,
  handlers: ServerHandlers,
  limits: ServerLimits,
  connections: Set<Connection>,
): void {
  app.ws<Tag>('/*', {
    maxPayloadLength: limits.maxMessageBytes * READABLE_FACTOR,
    maxBackpressure: limits.maxBacklogBytes,
    closeOnBackpressureLimit: 1,
    // uWS counts in steps of four seconds, from eight up.
    idleTimeout: Math.max(8, Math.ceil(limits.idleTimeoutMs / 4000) * 4),
    upgrade: (res, req, context) => {
      // uWS comes here for a Sec-WebSocket-Key alone: behind a proxy that passes no upgrade on, a 101 would be no answer.
      if (req.getHeader('upgrade').toLowerCase() !== 'websocket') return void req.setYield(true);
      const decision = handlers.upgrade({ ...copyRequest(res, req), body: '' });
      if ('refuse' in decision) return write(res, decision.refuse, false, true);
      const tag: Tag = { connection: new Connection(decision.accept) };
      const [key, extensions] = [req.getHeader('sec-websocket-key'), req.getHeader('sec-websocket-extensions')];
      res.upgrade(tag, key, '', extensions, context);
    },
    open: (raw) => {
      const { connection } = raw.getUserData();
      connection.raw = raw;
      connections.add(connection);
      connection.handler = connection.accept?.(connection) ?? null;
      connection.accept = null;
    },
    message: (raw, message, isBinary) => {
      const { handler } = raw.getUserData().connection;
      if (message.byteLength > limits.maxMessageBytes) raw.end(CLOSE.tooLarge, 'message-too-large');
      else handler?.message(isBinary ? '' : decoder.decode(message));
    },
    close: (raw, code) => {
      const { connection } = raw.getUserData();
      connection.raw = null;
      connections.delete(connection);
      connection.handler?.closed(code);
    },
  });
}

type Head = Omit<HttpRequest, 'body'>;

/** uWS requests are only readable before the handler returns, so everything is copied. */
function copyRequest(res: UwsResponse, req: UwsRequest): Head {
  const headers = new Map<string, string>();
  // Each proxy on the way may add a line of its own: joined, in order, as HTTP has it. `getHeader` knows the first alone, which
  // is what the client made up.
  req.forEach((name, value) => {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  });
  return {
    method: req.getCaseSensitiveMethod(),
    path: req.getUrl(),
    header: (name) => headers.get(name) ?? '',
    peerAddress: decoder.decode(res.getRemoteAddressAsText()),
  };
}

function answer(res: UwsResponse, request: Head, handlers: ServerHandlers, limits: ServerLimits): void {
  let done = false;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const reply = (response: HttpResponse, close = false): void => {
    if (done) return;
    done = true;
    res.cork(() => write(res, response, request.method === 'HEAD', close));
  };
  res.onAborted(() => {
    done = true;
  });
  // uWS takes one of two lengths; a proxy that took the other would see another request in the body.
  if (request.header('content-length').includes(',')) return void res.close();
  res.onData((chunk, isLast) => {
    if (done) return;
    bytes += chunk.byteLength;
    if (bytes > limits.maxBodyBytes) return reply(TOO_LARGE, true);
    // The chunk's memory is taken back when this returns.
    chunks.push(Buffer.from(new Uint8Array(chunk)));
    if (isLast) void handlers.http({ ...request, body: Buffer.concat(chunks).toString() }).then(reply);
  });
}

function write(res: UwsResponse, response: HttpResponse, headOnly: boolean, close: boolean): void {
  res.writeStatus(String(response.status));
  for (const [name, value] of Object.entries(response.headers)) res.writeHeader(name, value);
  if (headOnly) res.endWithoutBody(Buffer.byteLength(response.body), close);
  else res.end(response.body, close);
}
