import * as v from 'valibot';
import { MAX_POSITION_MS, MAX_SNAPSHOT_LENGTH, MAX_TOKEN_LENGTH, MIN_TOKEN_LENGTH } from '../../shared/limits.ts';
import { type Action, type ClientMessage, type Film, FilmSchema } from '../../shared/protocol.ts';

/*
 * Nearly all that a busy relay hears, read by one pattern each instead of JSON and schema, which cost as much as all else that
 * the relay itself does for a command. The patterns are these messages as every client writes them, and no more lenient than the
 * schema; whatever is written in another way goes the long way.
 */

type Command = Extract<ClientMessage, { type: 'command' }>;
type Hello = Extract<ClientMessage, { type: 'hello' }>;

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

const COUNT = '(0|[1-9]\\d{0,14})';
/** A JWT as the relay makes it. How long it is is looked at afterwards: a bound in the pattern makes it twice as slow. */
const TOKEN = '"([\\w.-]+)"';

/** What a crowd says when its relay is back: a seat, and perhaps what its members hold of the room. */
const PLAIN_RETURN = new RegExp(
  `^\\{"type":"hello","v":${COUNT},"credential":\\{"kind":"seat","seat":${TOKEN}\\},"client":"([\\w ./()-]{0,64})"` +
    `(?:,"snapshot":\\{"epoch":${COUNT},"serial":${COUNT},"token":${TOKEN}\\}(?:,"film":(\\{.+\\}))?)?\\}$`,
);

/** @returns the hello of a member who comes back with its seat; null for any other message. */
export function plainReturn(text: string): Hello | null {
  const found = PLAIN_RETURN.exec(text);
  if (found === null) return null;
  const [, version, seat = '', client = '', epoch, serial, token, filmText] = found;
  if (!isToken(seat, MAX_TOKEN_LENGTH)) return null;
  const hello: Hello = { type: 'hello', v: Number(version), credential: { kind: 'seat', seat }, client };
  if (token === undefined) return hello;
  if (!isToken(token, MAX_SNAPSHOT_LENGTH)) return null;
  hello.snapshot = { epoch: Number(epoch), serial: Number(serial), token };
  if (filmText === undefined) return hello;
  const film = readFilm(filmText);
  return film && { ...hello, film };
}

const isToken = (text: string, maxLength: number): boolean =>
  text.length >= MIN_TOKEN_LENGTH && text.length <= maxLength;

/** A title may be any text, so this part is read as JSON. */
function readFilm(text: string): Film | null {
  try {
    const film = v.safeParse(FilmSchema, JSON.parse(text));
    return film.success ? film.output : null;
  } catch {
    return null;
  }
}
