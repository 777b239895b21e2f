import { describe, expect, it } from 'vitest';
import type { PipeReply } from '../platform/messages.ts';
import { attachPipe, isRoomSocketUrl, type PipeEnd } from './pipe.ts';

const ROOM = 'ws://127.0.0.1:8787/v1/rooms/room-0123456789abcdef';

describe('isRoomSocketUrl', () => {
  it.each([ROOM, 'wss://relay.example/base/v1/rooms/room-0123456789abcdef'])('takes %s', (url) => {
    expect(isRoomSocketUrl(url)).toBe(true);
  });

  it.each([
    '',
    'http://relay/v1/rooms/room-0123456789abcdef',
    'ws://relay/v1/rooms/short',
    'ws://relay/other',
    `${ROOM}?token=x`,
    `${ROOM}#x`,
    'ws://a:b@relay/v1/rooms/room-0123456789abcdef',
  ])('refuses "%s"', (url) => {
    expect(isRoomSocketUrl(url)).toBe(false);
  });
});

/** A socket that does nothing by itself. */
class StillSocket extends EventTarget {
  readonly OPEN = 1;
  readyState = 0;
  readonly sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
}

function aPipe() {
  const replies: PipeReply[] = [];
  const sockets: StillSocket[] = [];
  const on: { message(message: unknown): void; disconnect(): void } = {
    message: () => undefined,
    disconnect: () => undefined,
  };
  let disconnected = false;
  const port: PipeEnd = {
    postMessage: (reply) => void replies.push(reply),
    disconnect: () => {
      disconnected = true;
    },
    onMessage: {
      addListener: (listener) => {
        on.message = listener;
      },
    },
    onDisconnect: {
      addListener: (listener) => {
        on.disconnect = listener;
      },
    },
  };
  attachPipe(port, {
    openSocket: () => {
      const socket = new StillSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    stayAwake: () => undefined,
  });
  return { replies, sockets, on, disconnected: () => disconnected };
}

describe('attachPipe', () => {
  it('queues nothing: a frame before the socket is open is dropped', () => {
    const pipe = aPipe();
    pipe.on.message({ type: 'open', url: ROOM });
    pipe.on.message({ type: 'frame', text: 'early' });
    pipe.sockets[0]?.open();
    pipe.on.message({ type: 'frame', text: 'in time' });
    expect(pipe.sockets[0]?.sent).toEqual(['in time']);
    expect(pipe.replies).toEqual([{ type: 'opened' }]);
    pipe.on.disconnect();
  });

  it('passes frames on as they are, and nothing that is not text', () => {
    const pipe = aPipe();
    pipe.on.message({ type: 'open', url: ROOM });
    pipe.sockets[0]?.open();
    pipe.sockets[0]?.dispatchEvent(new MessageEvent('message', { data: '{"odd' }));
    pipe.sockets[0]?.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(2) }));
    expect(pipe.replies.slice(1)).toEqual([{ type: 'frame', text: '{"odd' }]);
    pipe.on.disconnect();
  });

  it('closes the socket with the Port, and says nothing into a Port that went', () => {
    const pipe = aPipe();
    pipe.on.message({ type: 'open', url: ROOM });
    pipe.sockets[0]?.open();
    pipe.on.disconnect();
    expect(pipe.sockets[0]?.closed).toBe(true);
    pipe.sockets[0]?.dispatchEvent(new MessageEvent('message', { data: 'late' }));
    expect(pipe.replies).toEqual([{ type: 'opened' }]);
  });

  it('opens one socket at most, and none to other places', () => {
    const twice = aPipe();
    twice.on.message({ type: 'open', url: ROOM });
    twice.on.message({ type: 'open', url: ROOM });
    expect(twice.sockets).toHaveLength(1);
    expect(twice.sockets[0]?.closed).toBe(true);
    const elsewhere = aPipe();
    elsewhere.on.message({ type: 'open', url: 'ws://elsewhere/' });
    expect(elsewhere.sockets).toEqual([]);
    expect(elsewhere.replies).toEqual([{ type: 'closed', code: 1008, reason: 'bad-message', opened: false }]);
    expect(elsewhere.disconnected()).toBe(true);
  });

  it.each([null, 'open', {}, { type: 'open' }, { type: 'frame', text: 5 }, { type: 'eval', code: 'x' }])(
    '[peer R-51] ignores %j',
    (message) => {
      const pipe = aPipe();
      pipe.on.message(message);
      expect([pipe.sockets, pipe.replies]).toEqual([[], []]);
    },
  );
});
