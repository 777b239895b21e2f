import { type CreateServer, json, type ServerHandlers, type Socket, type SocketServer } from '../server/port.ts';

/** Small and quick, so that tests reach them. */
export const ECHO_LIMITS = {
  maxMessageBytes: 1024,
  maxBodyBytes: 1024,
  maxBacklogBytes: 256 * 1024,
  idleTimeoutMs: 30_000,
};

/** A socket server without a relay behind it. */
export interface Echo {
  server: SocketServer;
  url: Promise<string>;
  /** Close codes of the sockets that are gone. */
  ends: number[];
  /** The `x-test` headers of the sockets that are gone. */
  gone: string[];
  /** Texts and paths that were handed on. */
  heard: string[];
  /** The newest socket. */
  last: () => Socket;
}

/** Starts a server that echoes, joins topics and closes on demand, and remembers what became of its sockets. */
export function startEcho(create: CreateServer, port = 0, limits = ECHO_LIMITS): Echo {
  const ends: number[] = [];
  const gone: string[] = [];
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const handlers: ServerHandlers = {
    http: async (request) => {
      heard.push(request.path);
      return request.path === '/missing'
        ? json(404, { path: request.path })
        : json(200, {
            method: request.method,
            path: request.path,
            body: request.body,
            header: request.header('x-test'),
            peer: request.peerAddress,
          });
    },
    upgrade: (request) => {
      if (request.path !== '/socket') return { refuse: json(404, {}) };
      if (request.header('origin') !== 'https://good.test') return { refuse: json(403, { no: 'origin' }) };
      const greeting = request.header('x-test');
      return {
        accept: (socket) => {
          sockets.push(socket);
          if (greeting !== '') socket.send(greeting);
          return {
            message: (text) => {
              heard.push(text);
              const [verb = '', argument = ''] = text.split(' ');
              if (verb === 'join') socket.subscribe(argument);
              else if (verb === 'part') socket.unsubscribe(argument);
              else if (verb === 'close') return socket.close(4401, 'token-invalid');
              socket.send(`echo ${text}`);
            },
            closed: (code) => {
              ends.push(code);
              gone.push(greeting);
            },
          };
        },
      };
    },
  };
  const server = create(handlers, limits);
  const url = server.listen('127.0.0.1', port).then((actual) => `http://127.0.0.1:${actual}`);
  return { server, url, ends, gone, heard, last: () => sockets.at(-1) as Socket };
}
