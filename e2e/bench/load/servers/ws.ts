/** A bare room server on `ws`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { announce, answerTo, roomOf } from './rooms.ts';

const http = createServer();
const server = new WebSocketServer({
  server: http,
  perMessageDeflate: false,
  maxPayload: 8 * 1024,
  clientTracking: false,
});
const sockets = new Map<string, Set<WebSocket>>();
let members = 0;

server.on('connection', (socket, request) => {
  const room = roomOf((request.url ?? '').slice('/v1/rooms/'.length));
  members += 1;
  const member = `m${members}`;
  const others = sockets.get(room.id) ?? new Set();
  sockets.set(room.id, others);
  socket.on('message', (data) => {
    const answer = answerTo(room, member, JSON.parse(data.toString()));
    const text = JSON.stringify(answer.message);
    if (answer.to === 'room') for (const other of others) other.send(text);
    else socket.send(text);
    if (answer.isHello) others.add(socket);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => others.delete(socket));
});
http.listen(0, '127.0.0.1', () => announce((http.address() as AddressInfo).port));
