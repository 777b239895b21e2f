/** `/socket`: keep-alives both ways, and the road that remote control takes to a client. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { acceptsLegacyTokens, readClaims } from './auth.ts';
import type { Login } from './types.ts';
import type { World } from './world.ts';

const KEEP_ALIVE_SECONDS = 60;

export function serveSockets(
  server: Server,
  world: World,
  basePath: string,
  isReachable: () => boolean,
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isReachable()) {
      socket.destroy();
      return;
    }
    const url = new URL(request.url ?? '', 'http://stand-in');
    const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
    const legacy = acceptsLegacyTokens(world.version);
    const login = world.accounts.find(readClaims(request.headers, query, legacy).token);
    if (url.pathname.toLowerCase() !== `${basePath}/socket`.toLowerCase() || !login) {
      socket.end(`HTTP/1.1 ${login ? '404 Not Found' : '401 Unauthorized'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => attach(world, login, client));
  });
  return sockets;
}

function attach(world: World, login: Login, client: WebSocket): void {
  const session = world.sessions.of(login);
  session.sockets.set(client, performance.now());
  client.on('close', () => session.sockets.delete(client));
  client.on('error', () => client.terminate());
  client.on('message', (data: RawData) => {
    session.sockets.set(client, performance.now());
    if (messageType(data) === 'KeepAlive') client.send(JSON.stringify({ MessageType: 'KeepAlive' }));
  });
  client.send(JSON.stringify({ MessageType: 'ForceKeepAlive', Data: KEEP_ALIVE_SECONDS }));
}

function messageType(data: RawData): string {
  const message: unknown = JSON.parse(String(data));
  const type = typeof message === 'object' && message !== null && 'MessageType' in message ? message.MessageType : '';
  return typeof type === 'string' ? type : '';
}
