import { CLOSE, closeCodeFor } from '../../shared/close-codes.ts';
import { assertNever, ProtocolError } from '../../shared/errors.ts';
import { HELLO_DEADLINE_MS, MAX_BAD_MESSAGES } from '../../shared/limits.ts';
import { type ClientMessage, negotiateVersion, parseClientMessage, type RelayMessage } from '../../shared/protocol.ts';
import { type BucketSpec, fullBucket, takeToken } from '../limits/token-bucket.ts';
import type { Socket, SocketHandler } from '../server/port.ts';
import { countFanout } from '../tally.ts';
import { enter } from './hello.ts';
import { sendInvite } from './invite.ts';
import type { Door, Seated, SessionContext } from './session.ts';

/** Messages of one socket: pings, status and a person clicking about stay far below. */
const MESSAGE_RATE: BucketSpec = { burst: 60, perSecond: 30 };

/** @returns what happens on a socket that has just opened at a room's door. */
export function createSession(context: SessionContext, door: Door, socket: Socket): SocketHandler {
  const seated: Seated = { context, door, socket, session: { state: 'awaiting-hello' } };
  let bucket = fullBucket(MESSAGE_RATE, context.nowMs());
  let badMessages = 0;
  // Absolute: nothing that a stranger sends makes it longer.
  const helloTimer = setTimeout(() => {
    if (seated.session.state === 'awaiting-hello') end(seated, CLOSE.helloTimeout, 'hello-timeout');
  }, HELLO_DEADLINE_MS).unref();

  const refused = (error: unknown, message: ClientMessage | null, isHelloOver: boolean): void => {
    const problem = asProtocolError(error, context);
    if (seated.session.state === 'leaving') return;
    context.tally.refusals[problem.code] += 1;
    sendError(socket, problem, message && 'id' in message ? message.id : null);
    if (isHelloOver || problem.code === 'unsupported-version') {
      end(seated, closeCodeFor(problem.code), problem.code);
      return;
    }
    badMessages += problem.code === 'bad-message' ? 1 : 0;
    if (badMessages >= MAX_BAD_MESSAGES) end(seated, CLOSE.policy, problem.code);
  };
  return {
    message: (text) => {
      const nowMs = context.nowMs();
      if (seated.session.state === 'leaving') return;
      const taken = takeToken(bucket, MESSAGE_RATE, nowMs);
      bucket = taken.bucket;
      if (!taken.ok) {
        context.tally.refusals['rate-limited'] += 1;
        return end(seated, CLOSE.rateLimited, 'rate-limited');
      }
      let message: ClientMessage | null = null;
      try {
        const parsed = parse(text, seated);
        message = parsed;
        // Only a hello that fails ends the session; whatever else fails is answered and forgotten.
        handle(seated, parsed, nowMs)?.catch((error: unknown) => refused(error, parsed, parsed.type === 'hello'));
      } catch (error) {
        refused(error, message, false);
      }
    },
    closed: (code) => {
      clearTimeout(helloTimer);
      const last = seated.session;
      seated.session = { state: 'leaving' };
      if (last.state !== 'joined') return;
      context.log.info({ room: context.roomTag(last.room.id), member: last.member, closed: code }, 'member out');
      last.room.socketClosed(last.member, socket);
    },
  };
}

/** Every message a client can send. @returns a promise when the answer takes time. */
function handle(seated: Seated, message: ClientMessage, nowMs: number): Promise<void> | undefined {
  // First of all, and without a detour: the member's clock hangs on how fast this goes out.
  if (message.type === 'ping') seated.socket.send(`{"type":"pong","c":${message.c},"s":${nowMs}}`);
  if (message.type === 'hello') return hello(seated, message);
  const { session, context } = seated;
  if (session.state !== 'joined') {
    if (message.type === 'ping') return undefined;
    throw new ProtocolError('not-in-room', 'say hello first');
  }
  const { room, member } = session;
  if (!session.confirmed) {
    seated.session = { ...session, confirmed: true };
    room.input({ type: 'confirm-seat', member });
  }
  switch (message.type) {
    case 'ping':
      return undefined;
    case 'command':
      room.input({ ...message, member });
      context.tally.commands[message.action.kind] += 1;
      countFanout(context.tally, context.nowMs() - nowMs);
      return undefined;
    case 'ready':
    case 'stall':
    case 'status':
      room.input({ ...message, member });
      return undefined;
    case 'invite':
      return sendInvite(seated, session, message);
    case 'leave':
      seated.session = { state: 'leaving' };
      room.leave(member, seated.socket);
      seated.socket.close(CLOSE.normal, 'left');
      return undefined;
    default:
      return assertNever(message);
  }
}

function hello(seated: Seated, message: Extract<ClientMessage, { type: 'hello' }>): Promise<void> {
  switch (seated.session.state) {
    case 'awaiting-hello':
      return enter(seated, message);
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
    return parseClientMessage(text);
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
