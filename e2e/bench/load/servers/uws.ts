/** A bare room server on uWebSockets.js: the measure of the others. */
import uWebSockets from 'uWebSockets.js';
import { announce, answerTo, type BareRoom, roomOf } from './rooms.ts';

interface Seat {
  room: BareRoom;
  member: string;
}

const decoder = new TextDecoder();
let members = 0;

const app = uWebSockets.App();
app.ws<Seat>('/*', {
  idleTimeout: 32,
  maxPayloadLength: 8 * 1024,
  upgrade: (res, req, context) => {
    const room = roomOf(req.getUrl().slice('/v1/rooms/'.length));
    members += 1;
    const [key, extensions] = [req.getHeader('sec-websocket-key'), req.getHeader('sec-websocket-extensions')];
    res.upgrade({ room, member: `m${members}` }, key, '', extensions, context);
  },
  message: (socket, bytes) => {
    const { room, member } = socket.getUserData();
    const answer = answerTo(room, member, JSON.parse(decoder.decode(bytes)));
    const text = JSON.stringify(answer.message);
    if (answer.to === 'room') app.publish(room.id, text);
    else socket.send(text);
    if (answer.isHello) socket.subscribe(room.id);
  },
});
app.listen('127.0.0.1', 0, (token) => {
  if (token) announce(uWebSockets.us_socket_local_port(token));
});
