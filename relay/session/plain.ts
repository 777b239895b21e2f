import { MAX_POSITION_MS } from '../../shared/limits.ts';
import type { Action, ClientMessage } from '../../shared/protocol.ts';

/*
 * Nearly all that a busy relay hears, read by one pattern each instead of JSON and schema, which cost as much as all else that
 * the relay itself does for a command. The patterns are these messages as every client writes them, and no more lenient than the
 * schema; whatever is written in another way goes the long way.
 */

type Command = Extract<ClientMessage, { type: 'command' }>;

/** Its number is finite whatever its digits. */
const PLAIN_PING = /^\{"type":"ping","c":(?:0|[1-9]\d{0,15})(?:\.\d{1,24})?\}$/;
const PING_HEAD = '{"type":"ping","c":'.length;

/** What is pressed all evening. Integers of 15 digits are all exact. */
const PLAIN_COMMAND =
  /^\{"type":"command","id":"([A-Za-z0-9_-]{1,64})","base":(0|[1-9]\d{0,14}),"action":\{"kind":"(?:play"|(pause|seek)","positionMs":((?:0|[1-9]\d{0,8})(?:\.\d{1,24})?))\}\}$/;

/** @returns the digits of a plain ping's `c`; null for any other message. */
export const plainPing = (text: string): string | null => (PLAIN_PING.test(text) ? text.slice(PING_HEAD, -1) : null);

/** @returns a play, pause or seek; null for any other message. */
export function plainCommand(text: string): Command | null {
  const found = PLAIN_COMMAND.exec(text);
  if (found === null) return null;
  const [, id = '', base, kind, position] = found;
  const positionMs = Number(position);
  if (positionMs > MAX_POSITION_MS) return null;
  const action: Action = kind === 'seek' || kind === 'pause' ? { kind, positionMs } : { kind: 'play' };
  return { type: 'command', id, base: Number(base), action };
}
