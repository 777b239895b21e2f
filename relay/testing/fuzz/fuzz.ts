import WebSocket from 'ws';
import { parseRelayMessage, type RelayMessage } from '../../../shared/protocol.ts';
import { createTokens, type Tokens } from '../../auth/tokens.ts';
import { randomId } from '../../rooms/registry.ts';
import { EXTENSION_ORIGIN } from '../client.ts';
import type { RelayProcess } from '../process.ts';
import { TEST_SECRET } from '../relay.ts';
import { Grammar, type Known } from './grammar.ts';
import { startWitness, type Witnessed } from './witness.ts';

const ROOMS = 12;
const CLIENTS = 36;
/** Said in one breath, without knowing what the relay makes of it. */
const BREATH = 12;
const MOST_BREATHS = 8;
/** A relay that has not answered a ping by then does not serve its clients. */
const HUNG_MS = 20_000;

export interface FuzzOptions {
  messages: number;
  seed: number;
  /** Told now and then how many have been sent. */
  onProgress?: (sent: number) => void;
}

export interface FuzzResult {
  sent: number;
  /** Answers by what they were: message types, and error codes. */
  answers: Record<string, number>;
  /** Close codes. */
  closes: Record<string, number>;
  /** What must not happen: in words, empty when all is well. */
  faults: string[];
  witness: Witnessed;
  /** After a fifth of the messages, and at the end, all sockets gone; in bytes. */
  heapBytes: { early: number; late: number };
  files: { early: number; late: number };
  residentBytes: { peak: number; late: number };
}

/** One client's place: comes back to it with its seat as long as that works. */
interface Slot {
  room: string;
  address: string;
  seat: string | null;
}

interface Run {
  relay: RelayProcess;
  grammar: Grammar;
  tokens: Tokens;
  /** Tokens that are lying about, good and bad. */
  loot: string[];
  result: FuzzResult;
}

/**
 * Sends so many messages, from well-formed to noise, over sockets that come, misbehave and go.
 * @param relay trusts this machine as a proxy, so that each client has an address of its own.
 */
export async function fuzz(relay: RelayProcess, { messages, seed, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const tokens = createTokens([TEST_SECRET]);
  const witness = await startWitness(relay, tokens);
  const result: FuzzResult = {
    sent: 0,
    answers: {},
    closes: {},
    faults: [],
    witness: witness.result,
    heapBytes: { early: 0, late: 0 },
    files: { early: 0, late: 0 },
    residentBytes: { peak: 0, late: 0 },
  };
  const rooms = Array.from({ length: ROOMS }, randomId);
  const run: Run = { relay, grammar: new Grammar(seed), tokens, loot: await loot(tokens, rooms), result };
  const slots = Array.from(
    { length: CLIENTS },
    (_, index): Slot => ({
      room: rooms[index % ROOMS] ?? '',
      address: `10.${index}.0.1`,
      seat: null,
    }),
  );
  const until = (count: number): Promise<unknown> =>
    Promise.all(
      slots.map(async (slot) => {
        while (result.sent < count && relay.isAlive() && result.faults.length < 20) {
          await visit(run, slot);
          onProgress?.(result.sent);
        }
      }),
    );
  await until(messages / 5);
  result.heapBytes.early = (await relay.held()).heapBytes;
  result.files.early = relay.footprint().files;
  await until(messages);
  if (!relay.isAlive()) throw new Error(`the relay died with seed ${seed}:\n${relay.output().slice(-4000)}`);
  result.heapBytes.late = (await relay.held()).heapBytes;
  result.files.late = relay.footprint().files;
  result.residentBytes.late = relay.footprint().residentBytes;
  await witness.stop();
  return result;
}

async function loot(tokens: Tokens, rooms: readonly string[]): Promise<string[]> {
  const room = rooms[0] ?? '';
  const person = { sub: 'l@s', name: 'Loot', verified: true };
  return [
    await tokens.mint('identity', person, 3_600_000),
    await tokens.mint('grant', { ...person, room }, -3_600_000),
    await tokens.mint('seat', { room, member: randomId(), jti: randomId(), no: 1 }, 3_600_000),
    `${await tokens.mint('grant', { ...person, room: randomId() }, 3_600_000)}x`,
    'eyJhbGciOiJub25lIn0.e30.',
  ];
}

/** One connection: comes in, or fails to, says its part, and goes one way or another. */
async function visit(run: Run, slot: Slot): Promise<void> {
  const { relay, grammar, result } = run;
  // A new address each time: the limits on one address are not what is tested here.
  slot.address = `10.${grammar.int(256)}.${grammar.int(256)}.${grammar.int(256)}`;
  const socket = new WebSocket(`${relay.wsUrl}/v1/rooms/${slot.room}`, {
    headers: { origin: EXTENSION_ORIGIN, 'x-forwarded-for': slot.address },
  });
  const known: Known = { seq: 0, ids: [], tokens: run.loot };
  const over = new Promise<void>((resolve) => {
    socket.on('close', (code) => {
      count(result.closes, String(code));
      resolve();
    });
  });
  socket.on('error', (error) => result.faults.push(`socket: ${error.message}`));
  const pongs = new Map<number, () => void>();
  socket.on('message', (data) => hear(run, slot, known, pongs, data.toString()));
  await Promise.race([over, new Promise((resolve) => socket.once('open', resolve))]);
  if (socket.readyState !== socket.OPEN) return;
  socket.send(await openingWords(run, slot));
  await signOfLife(run, socket, pongs, over);
  const malice = grammar.pick([0, 0, 0.02, 0.2, 1]);
  for (let breaths = 1 + grammar.int(MOST_BREATHS); breaths > 0 && socket.readyState === socket.OPEN; breaths--) {
    for (let left = grammar.int(BREATH); left > 0 && socket.readyState === socket.OPEN; left--) {
      socket.send(grammar.next(known, malice));
      result.sent += 1;
    }
    await signOfLife(run, socket, pongs, over);
    result.residentBytes.peak = Math.max(result.residentBytes.peak, relay.footprint().residentBytes);
  }
  depart(grammar, socket);
  await over;
}

/** Mostly a way in, now and then something else. */
async function openingWords({ grammar, tokens }: Run, slot: Slot): Promise<string | Buffer> {
  if (grammar.random() < 0.05) return grammar.next({ seq: 0, ids: [], tokens: ['x'.repeat(20)] }, 1);
  const { room, seat } = slot;
  slot.seat = null;
  const person = { sub: 'f@s', name: 'Fuzz', verified: true };
  const credential =
    seat === null
      ? { kind: 'grant', grant: await tokens.mint('grant', { room, ...person }, 600_000) }
      : { kind: 'seat', seat };
  return JSON.stringify({ type: 'hello', v: 1, credential, client: 'fuzz' });
}

function hear({ result }: Run, slot: Slot, known: Known, pongs: Map<number, () => void>, text: string): void {
  let message: RelayMessage | { type: 'unknown'; name: string };
  try {
    message = parseRelayMessage(text);
  } catch (error) {
    result.faults.push(`an answer that breaks the protocol (${String(error)}): ${text.slice(0, 300)}`);
    return;
  }
  count(result.answers, message.type === 'error' ? message.code : message.type);
  if (message.type === 'pong') pongs.get(message.c)?.();
  if (message.type === 'welcome') slot.seat = message.seat;
  if ('timeline' in message && message.timeline) known.seq = message.timeline.seq;
  if ('members' in message) known.ids = message.members.map(({ id }) => id);
  if (message.type === 'error' && message.code === 'internal') result.faults.push('an internal error');
  if (message.type === 'unknown') result.faults.push(`a message of no known type: ${message.name.slice(0, 50)}`);
}

/** Everything sent so far has been dealt with once this is answered, or the socket closed. */
async function signOfLife(
  { grammar, result }: Run,
  socket: WebSocket,
  pongs: Map<number, () => void>,
  over: Promise<void>,
): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  const c = -1 - grammar.int(2 ** 40);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), HUNG_MS);
  });
  const answered = new Promise<void>((resolve) => pongs.set(c, resolve));
  socket.send(JSON.stringify({ type: 'ping', c }));
  if ((await Promise.race([answered, over, late])) === 'late') result.faults.push('a ping was not answered');
  clearTimeout(timer);
  pongs.delete(c);
}

/** As people go, and as networks and malice do. */
function depart(grammar: Grammar, socket: WebSocket): void {
  switch (grammar.int(4)) {
    case 0:
      if (socket.readyState === socket.OPEN) socket.send('{"type":"leave"}');
      socket.close();
      return;
    case 1:
      socket.close();
      return;
    default:
      socket.terminate();
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
