import { CLOSE, closeCodeFor } from '../../shared/close-codes.ts';
import { assertNever, ProtocolError } from '../../shared/errors.ts';
import { MAX_BAD_MESSAGES, MAX_CLIENT_MESSAGE_BYTES } from '../../shared/limits.ts';
import {
  type Action,
  type ClientMessage,
  negotiateVersion,
  parseClientMessage,
  type RelayMessage,
} from '../../shared/protocol.ts';
import { type Bucket, type BucketSpec, fullBucket, takeToken } from '../limits/token-bucket.ts';
import { isQueueAction } from '../rooms/queue.ts';
import type { Socket, SocketHandler } from '../server/port.ts';
import { countFanout } from '../tally.ts';
import type { Due } from './deadlines.ts';
import { enter } from './hello.ts';
import { renewIdentity } from './identity-ends.ts';
import { sendInvite } from './invite.ts';
import { plainCommand, plainPing, plainReturn } from './plain.ts';
import { type Door, logMember, type Seated, type Session, type SessionContext } from './session.ts';
import type { Waiting } from './turns.ts';

/** Messages of one socket: pings, status and a person clicking about stay far below. */
const MESSAGE_RATE: BucketSpec = { burst: 60, perSecond: 30 };

/** A queue goes to everyone whole with each change: a person who orders it clicks no faster than this for long. */
const QUEUE_RATE: BucketSpec = { burst: 20, perSecond: 2 };

/** @returns what happens on a socket that has just opened at a room's door. */
export const createSession = (context: SessionContext, door: Door, socket: Socket): SocketHandler =>
  new SocketSession(context, door, socket);

/** One object for each socket and no closures: a relay holds many that say nothing for hours. */
class SocketSession implements SocketHandler, Seated, Waiting, Due {
  readonly context: SessionContext;
  readonly door: Door;
  readonly socket: Socket;
  session: Session = { state: 'awaiting-hello' };
  private bucket: Bucket;
  queueBucket: Bucket | null = null;
  dueAtMs = 0;
  identityEndsAtMs: number | null = null;
  private badMessages = 0;
  /** What it said first, until there is time for it. */
  private first: { text: string; atMs: number } | null = null;

  constructor(context: SessionContext, door: Door, socket: Socket) {
    this.context = context;
    this.door = door;
    this.socket = socket;
    this.bucket = fullBucket(context.nowMs());
    // Absolute: nothing that a stranger sends makes it longer.
    context.deadlines.add(this);
  }

  message(text: string): void {
    if (this.session.state === 'leaving') return;
    const c = plainPing(text);
    // One thing of each stranger waits, and what came first is heard first.
    if (this.first && c === null) this.turn();
    // Only a hello may be larger: it brings the room along.
    if (text.length > MAX_CLIENT_MESSAGE_BYTES && this.session.state !== 'awaiting-hello') {
      return end(this, CLOSE.tooLarge, 'message-too-large');
    }
    const nowMs = this.context.nowMs();
    const bucket = takeToken(this.bucket, MESSAGE_RATE, nowMs);
    if (bucket === null) {
      this.context.tally.refusals['rate-limited'] += 1;
      return end(this, CLOSE.rateLimited, 'rate-limited');
    }
    this.bucket = bucket;
    if (c !== null) return answerPing(this, c, nowMs);
    if (this.session.state !== 'awaiting-hello') return this.hear(text, nowMs);
    this.first = { text, atMs: nowMs };
    this.context.turns.add(this);
  }

  turn(): void {
    const { first } = this;
    this.first = null;
    if (first && this.session.state !== 'leaving') this.hear(first.text, first.atMs);
  }

  due(): void {
    // What it said may wait for its turn.
    this.turn();
    if (this.session.state === 'awaiting-hello') end(this, CLOSE.helloTimeout, 'hello-timeout');
  }

  closed(code: number): void {
    this.context.deadlines.forget(this);
    this.context.identityEnds.forget(this);
    const last = this.session;
    this.session = { state: 'leaving' };
    const { context } = this;
    context.socketGone(this.door.address);
    if (last.state !== 'joined') return;
    logMember(context, last.room.id, { member: last.member, closed: code }, 'member out');
    last.room.socketClosed(last.member, this.socket);
  }

  identityEnded(): void {
    this.context.tally.refusals['identity-expired'] += 1;
    end(this, CLOSE.identityExpired, 'identity-expired');
  }

  private hear(text: string, nowMs: number): void {
    let message: ClientMessage | null = null;
    try {
      const parsed = parse(text, this);
      message = parsed;
      // Only a hello that fails ends the session; whatever else fails is answered and forgotten.
      handle(this, parsed, nowMs)?.then(
        () => this.session.state === 'joined' && this.context.deadlines.forget(this),
        (error: unknown) => this.refused(error, parsed, parsed.type === 'hello'),
      );
    } catch (error) {
      this.refused(error, message, false);
    }
  }

  private refused(error: unknown, message: ClientMessage | null, isHelloOver: boolean): void {
    const problem = asProtocolError(error, this.context);
    if (this.session.state === 'leaving') return;
    this.context.tally.refusals[problem.code] += 1;
    sendError(this.socket, problem, message && 'id' in message ? message.id : null);
    if (isHelloOver || problem.code === 'unsupported-version') {
      end(this, closeCodeFor(problem.code), problem.code);
      return;
    }
    this.badMessages += problem.code === 'bad-message' ? 1 : 0;
    if (this.badMessages >= MAX_BAD_MESSAGES) end(this, CLOSE.policy, problem.code);
  }
}

/**
 * First of all, and without a detour: the member's clock hangs on how fast this goes out.
 * @param c the number as it came, or as text.
 */
function answerPing(seated: Seated, c: number | string, nowMs: number): void {
  seated.socket.send(`{"type":"pong","c":${c},"s":${nowMs}}`);
  if (seated.session.state === 'joined') confirm(seated, seated.session);
}

/** Has it spoken before? Then its new seat has arrived (PROTOCOL.md A-05). */
function confirm(seated: Seated, session: Extract<Session, { state: 'joined' }>): void {
  if (session.confirmed) return;
  seated.session = { ...session, confirmed: true };
  session.room.input({ type: 'confirm-seat', member: session.member });
}

/** Every message a client can send. @returns a promise when the answer takes time. */
function handle(seated: Seated, message: ClientMessage, nowMs: number): Promise<void> | undefined {
  if (message.type === 'ping') {
    answerPing(seated, message.c, nowMs);
    return undefined;
  }
  if (message.type === 'hello') return hello(seated, message, nowMs);
  const { session } = seated;
  if (session.state !== 'joined') throw new ProtocolError('not-in-room', 'say hello first');
  const { room, member } = session;
  // Put out, or come back elsewhere, while this was on its way.
  if (!room.isSeated(member, seated.socket)) throw new ProtocolError('not-in-room', 'this seat is not yours any more');
  confirm(seated, session);
  switch (message.type) {
    case 'command':
      // Field by field, which is cheaper than a spread: most of what a busy relay does is this.
      room.input({ type: 'command', member, id: message.id, base: message.base, action: message.action });
      countCommand(seated.context, message.action.kind, nowMs);
      return undefined;
    case 'manage':
      if (isQueueAction(message.action)) takeQueueToken(seated, nowMs);
      room.input({ type: 'manage', member, id: message.id, action: message.action });
      return undefined;
    case 'ready':
    case 'stall':
    case 'status':
      room.input({ ...message, member });
      return undefined;
    case 'invite':
      return sendInvite(seated, session, message);
    case 'renew':
      return renewIdentity(seated, session, message);
    case 'leave':
      seated.session = { state: 'leaving' };
      room.leave(member, seated.socket);
      seated.socket.close(CLOSE.normal, 'left');
      return undefined;
    default:
      return assertNever(message);
  }
}

function takeQueueToken(seated: Seated, nowMs: number): void {
  const bucket = takeToken(seated.queueBucket ?? fullBucket(nowMs), QUEUE_RATE, nowMs);
  if (bucket === null) throw new ProtocolError('rate-limited', 'wait a moment before changing the queue again');
  seated.queueBucket = bucket;
}

function countCommand({ tally, nowMs }: SessionContext, kind: Action['kind'], arrivedAtMs: number): void {
  tally.commands[kind] += 1;
  countFanout(tally, nowMs() - arrivedAtMs);
}

function hello(seated: Seated, message: Extract<ClientMessage, { type: 'hello' }>, nowMs: number): Promise<void> {
  switch (seated.session.state) {
    case 'awaiting-hello':
      return enter(seated, message, nowMs);
    case 'joining':
    case 'joined':
      throw new ProtocolError('already-in-room', 'one hello is enough');
    case 'leaving':
      return Promise.resolve();
    default:
      return assertNever(seated.session);
  }
}

/** A hello of a far-off version may look like anything, but must still be told about the version (PROTOCOL.md V-03). */
function parse(text: string, seated: Seated): ClientMessage {
  try {
    const isFirst = seated.session.state === 'awaiting-hello';
    return (isFirst ? plainReturn(text) : plainCommand(text)) ?? parseClientMessage(text);
  } catch (error) {
    if (seated.session.state === 'awaiting-hello') checkVersionOnly(text);
    throw error;
  }
}

function checkVersionOnly(text: string): void {
  const version = /^\s*\{\s*"type"\s*:\s*"hello"\s*,\s*"v"\s*:\s*(\d{1,9})\s*[,}]/.exec(text)?.[1];
  if (version !== undefined) negotiateVersion(Number(version));
}

function asProtocolError(error: unknown, { log }: SessionContext): ProtocolError {
  if (error instanceof ProtocolError) return error;
  log.error({ err: error }, 'a message could not be handled');
  return new ProtocolError('internal', 'something went wrong in the relay');
}

function sendError(socket: Socket, { code, message }: ProtocolError, id: string | null): void {
  const error: RelayMessage = { type: 'error', code, message, id, timeline: null };
  socket.send(JSON.stringify(error));
}

function end(seated: Seated, code: number, reason: string): void {
  const last = seated.session;
  seated.session = { state: 'leaving' };
  seated.socket.close(code, reason);
  if (last.state === 'joined') last.room.socketClosed(last.member, seated.socket);
}
