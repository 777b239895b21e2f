/** A bare room server on socket.io, over WebSockets alone. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { announce, answerTo, roomOf } from './rooms.ts';

const http = createServer();
const server = new Server(http, { transports: ['websocket'], serveClient: false });

server.on('connection', (socket) => {
  const room = roomOf(String(socket.handshake.query.room));
  socket.on('m', (request) => {
    const answer = answerTo(room, socket.id, request);
    if (answer.to === 'room') server.to(room.id).emit('m', answer.message);
    else socket.emit('m', answer.message);
    if (answer.isHello) void socket.join(room.id);
  });
});
http.listen(0, '127.0.0.1', () => announce((http.address() as AddressInfo).port));
