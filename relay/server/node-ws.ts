import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { CLOSE } from '../../shared/close-codes.ts';
import {
  type CreateServer,
  type HttpRequest,
  type HttpResponse,
  type ServerHandlers,
  type ServerLimits,
  type Socket,
  type SocketHandler,
  TOO_LARGE,
} from './port.ts';

/** How long sockets get to answer a close before they are cut. */
const DRAIN_MS = 2_000;
/** A request has arrived by then, head and body, or is given up: nobody honest needs this long for 8 KiB. */
const REQUEST_MS = 10_000;
const PATIENCE = { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS, connectionsCheckingInterval: 1_000 };

type Topics = Map<string, Set<Socket>>;

/** The portable adapter: plain Node and `ws`, for systems where uWebSockets.js has no binary. */
export const createNodeServer: CreateServer = (handlers, limits) => {
  const http = createServer(PATIENCE, (req, res) => void answer(req, res, handlers, limits));
  // @types/ws does not know `closeTimeout` yet.
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    closeTimeout: DRAIN_MS,
  };
  const sockets = new WebSocketServer(options);
  const topics: Topics = new Map();
  const alive = new WeakSet<WebSocket>();
  http.on('upgrade', (req: IncomingMessage, stream: Duplex, head: Buffer) => {
    const decision = handlers.upgrade({ ...copyRequest(req), body: '' });
    if ('refuse' in decision) return refuse(stream, decision.refuse);
    sockets.handleUpgrade(req, stream, head, (raw) => open(raw, decision.accept, topics, alive, limits));
  });
  const heartbeat = setInterval(() => checkAlive(sockets.clients, alive), limits.idleTimeoutMs / 2);
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => resolve((http.address() as AddressInfo).port));
      }),
    publish: (topic, text) => {
      for (const socket of topics.get(topic) ?? []) socket.send(text);
    },
    close: async () => {
      clearInterval(heartbeat);
      for (const raw of sockets.clients) raw.close(CLOSE.goingAway, 'shutting-down');
      const deadline = setTimeout(() => {
        for (const raw of sockets.clients) raw.terminate();
      }, DRAIN_MS);
      await Promise.all([...sockets.clients].map((raw) => new Promise((resolve) => raw.once('close', resolve))));
      clearTimeout(deadline);
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
};

function open(
  raw: WebSocket,
  accept: (socket: Socket) => SocketHandler,
  topics: Topics,
  alive: WeakSet<WebSocket>,
  limits: ServerLimits,
): void {
  const own = new Set<string>();
  const socket = wrap(raw, topics, own, limits);
  const handler = accept(socket);
  alive.add(raw);
  raw.on('pong', () => alive.add(raw));
  raw.on('message', (data: RawData, isBinary: boolean) => {
    alive.add(raw);
    if (raw.readyState === raw.OPEN) handler.message(isBinary ? '' : data.toString());
  });
  // The close event follows with the code; the error itself says nothing more.
  raw.on('error', () => raw.terminate());
  raw.on('close', (code: number) => {
    for (const topic of own) socket.unsubscribe(topic);
    handler.closed(code);
  });
}

function wrap(raw: WebSocket, topics: Topics, own: Set<string>, limits: ServerLimits): Socket {
  const socket: Socket = {
    send: (text) => {
      if (raw.readyState !== raw.OPEN) return 'dropped';
      if (raw.bufferedAmount > limits.maxBacklogBytes) {
        raw.terminate();
        return 'dropped';
      }
      raw.send(text);
      return 'sent';
    },
    close: (code, reason) => raw.close(code, reason),
    subscribe: (topic) => {
      own.add(topic);
      topics.set(topic, (topics.get(topic) ?? new Set()).add(socket));
    },
    unsubscribe: (topic) => {
      own.delete(topic);
      const members = topics.get(topic);
      members?.delete(socket);
      if (members?.size === 0) topics.delete(topic);
    },
  };
  return socket;
}

/** Cuts off who has neither spoken nor answered a ping since the last round. */
function checkAlive(clients: Set<WebSocket>, alive: WeakSet<WebSocket>): void {
  for (const raw of clients) {
    if (!alive.delete(raw)) raw.terminate();
    else if (raw.readyState === raw.OPEN) raw.ping();
  }
}

function copyRequest(req: IncomingMessage): Omit<HttpRequest, 'body'> {
  const path = (req.url ?? '/').split('?')[0] ?? '/';
  return {
    method: req.method ?? 'GET',
    path,
    header: (name) => {
      const value = req.headers[name];
      return Array.isArray(value) ? value.join(', ') : (value ?? '');
    },
    peerAddress: req.socket.remoteAddress ?? '',
  };
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  handlers: ServerHandlers,
  limits: ServerLimits,
): Promise<void> {
  const body = await readBody(req, limits.maxBodyBytes);
  if (body === 'aborted') return;
  if (body === 'too-large') return write(res, TOO_LARGE, true);
  write(res, await handlers.http({ ...copyRequest(req), body: body.text }), false);
}

type Body = { text: string } | 'too-large' | 'aborted';

function readBody(req: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) resolve('too-large');
      else chunks.push(chunk);
    });
    req.on('end', () => resolve({ text: Buffer.concat(chunks).toString() }));
    req.on('error', () => resolve('aborted'));
    req.on('close', () => resolve('aborted'));
  });
}

function write(res: ServerResponse, response: HttpResponse, close: boolean): void {
  res.writeHead(response.status, {
    ...response.headers,
    'content-length': Buffer.byteLength(response.body),
    ...(close ? { connection: 'close' } : {}),
  });
  res.end(response.body);
}

function refuse(stream: Duplex, response: HttpResponse): void {
  // A peer that hangs up on a refusal has nothing left to be told.
  stream.on('error', () => stream.destroy());
  // A peer that does not hang up would keep its half of the connection open for ever.
  stream.once('finish', () => stream.destroy());
  const headers = Object.entries({ ...response.headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const head = [`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`, ...headers];
  const length = `content-length: ${Buffer.byteLength(response.body)}`;
  stream.end(`${[...head, length].join('\r\n')}\r\n\r\n${response.body}`);
}
