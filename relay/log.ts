import { createHmac } from 'node:crypto';
import pino, { type Logger } from 'pino';

export type Log = Logger;

/** Fields that must never reach a log, whoever passes them. */
const SECRET_FIELDS = [
  'token',
  'invite',
  'identity',
  'grant',
  'seat',
  'secret',
  'code',
  'name',
  'authorization',
  'cookie',
  'url',
  'address',
].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** @param level pino level, `silent` for none. @returns the logger; lines go to stderr, stdout is for people. */
export function createLog(level: string, destination: pino.DestinationStream = pino.destination(2)): Log {
  return pino({ level, base: null, redact: { paths: SECRET_FIELDS, remove: true } }, destination);
}

/** A room's name in the log: the same on each node and after each start, and nothing of its id can be read from it. */
export type RoomTag = (room: string) => string;

/** @param secret the relay's; who does not know it cannot tell whether a tag is of a room whose id they know. */
export const createRoomTag =
  (secret: string): RoomTag =>
  (room) =>
    createHmac('sha256', secret).update(`log ${room}`).digest('base64url').slice(0, 8);
