/**
 * What the bare room servers have in common: the relay's messages in plain JSON, and nothing else. No tokens, no limits, no
 * checks: the least that a server must do to keep a room's film in step.
 */
interface Timeline {
  epoch: number;
  seq: number;
  phase: 'paused';
  positionMs: number;
  rate: number;
  atMs: number;
  media: { serverId: string; itemId: string; title: string; runtimeMs: number } | null;
}

export interface BareRoom {
  id: string;
  timeline: Timeline;
}

interface Request {
  type: 'hello' | 'ping' | 'command';
  c?: number;
  id?: string;
  base?: number;
  action?: { kind: 'seek' | 'media'; positionMs: number; media?: Timeline['media'] };
}

/** What a server does about one message. */
export type Answer = { to: 'sender' | 'room'; message: object; isHello: boolean };

const rooms = new Map<string, BareRoom>();

/** @returns the room, made when it is not there. */
export function roomOf(id: string): BareRoom {
  let room = rooms.get(id);
  if (!room) {
    const atMs = performance.now();
    room = { id, timeline: { epoch: 1, seq: 0, phase: 'paused', positionMs: 0, rate: 1, atMs, media: null } };
    rooms.set(id, room);
  }
  return room;
}

/** @param request a parsed message. @returns the answer and whom it is for. */
export function answerTo(room: BareRoom, member: string, request: Request): Answer {
  const s = performance.now();
  const { timeline } = room;
  switch (request.type) {
    case 'ping':
      return { to: 'sender', message: { type: 'pong', c: request.c, s }, isHello: false };
    case 'hello':
      return {
        to: 'sender',
        message: { type: 'welcome', v: 1, s, room: room.id, you: member, seat: '', timeline, gate: null },
        isHello: true,
      };
    case 'command': {
      if (request.base !== timeline.seq || !request.action) {
        return { to: 'sender', message: { type: 'error', code: 'stale-command', id: request.id }, isHello: false };
      }
      timeline.seq += 1;
      timeline.positionMs = request.action.positionMs;
      timeline.atMs = s;
      if (request.action.media) timeline.media = request.action.media;
      const { kind } = request.action;
      const by = member;
      const message = { type: 'timeline', cause: kind, by, id: request.id, timeline, gate: null, waitMs: 30_000, s };
      return { to: 'room', message, isHello: false };
    }
  }
}

/** Tells whoever started this process where it listens. */
export function announce(port: number): void {
  process.stdout.write(`listening on ${port}\n`);
}
