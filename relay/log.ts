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

/** @returns enough of a room id to follow it through a log, not enough to join by. */
export const shortRoom = (room: string): string => room.slice(0, 6);
