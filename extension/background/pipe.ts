import type { PipeReply, PipeRequest } from '../platform/messages.ts';

/** The part of a runtime Port that a pipe needs. */
export interface PipeEnd {
  postMessage(message: PipeReply): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/** Edges of the background that a pipe touches. */
export interface PipeEdges {
  openSocket(url: string): WebSocket;
  /** Any extension API call: it resets the idle timer of a service worker. */
  stayAwake(): void;
}

/**
 * A hidden tab's timers may run once a minute, so its pings alone would not keep the worker (idle limit 30 s) alive.
 */
const STAY_AWAKE_EVERY_MS = 20_000;

const ROOM_PATH = /\/v1\/rooms\/[A-Za-z0-9_-]{16,64}$/;

/** @returns whether this is the address of a room's socket: the pipe opens nothing else. */
export function isRoomSocketUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^wss?:$/.test(url.protocol) || url.username || url.password) return false;
  return ROOM_PATH.test(url.pathname) && url.search === '' && url.hash === '';
}

function asRequest(message: unknown): PipeRequest | null {
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  if (message.type === 'close') return { type: 'close' };
  if (message.type === 'open' && 'url' in message && typeof message.url === 'string') {
    return { type: 'open', url: message.url };
  }
  if (message.type === 'frame' && 'text' in message && typeof message.text === 'string') {
    return { type: 'frame', text: message.text };
  }
  return null;
}

/**
 * Carries one WebSocket for one content script: text frames pass unread both ways, nothing is queued,
 * and the socket never outlives the Port.
 * @returns a signal that aborts when the pipe ends, from whichever side.
 */
export function attachPipe(port: PipeEnd, edges: PipeEdges): AbortSignal {
  let socket: WebSocket | null = null;
  const lifetime = new AbortController();

  const end = (reply: PipeReply & { type: 'closed' }): void => {
    if (lifetime.signal.aborted) return;
    lifetime.abort();
    port.postMessage(reply);
    port.disconnect();
  };

  port.onMessage.addListener((message) => {
    const request = asRequest(message);
    if (!request || lifetime.signal.aborted) return;
    if (request.type === 'frame') {
      if (socket && socket.readyState === socket.OPEN) socket.send(request.text);
    } else if (request.type === 'close') {
      socket?.close();
      end({ type: 'closed', code: 1000, reason: '', opened: true });
    } else if (socket || !isRoomSocketUrl(request.url)) {
      socket?.close();
      end({ type: 'closed', code: 1008, reason: 'bad-message', opened: false });
    } else {
      socket = openSocket(request.url, port, edges, lifetime.signal, end);
    }
  });

  port.onDisconnect.addListener(() => {
    lifetime.abort();
    socket?.close();
  });
  return lifetime.signal;
}

function openSocket(
  url: string,
  port: PipeEnd,
  edges: PipeEdges,
  signal: AbortSignal,
  end: (reply: PipeReply & { type: 'closed' }) => void,
): WebSocket {
  const socket = edges.openSocket(url);
  let opened = false;
  const awake = setInterval(() => edges.stayAwake(), STAY_AWAKE_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(awake), { once: true });
  const onOpen = (): void => {
    opened = true;
    port.postMessage({ type: 'opened' });
  };
  const onMessage = (event: MessageEvent): void => {
    if (typeof event.data === 'string') port.postMessage({ type: 'frame', text: event.data });
  };
  const onClose = (event: CloseEvent): void => end({ type: 'closed', code: event.code, reason: event.reason, opened });
  socket.addEventListener('open', onOpen, { signal });
  socket.addEventListener('message', onMessage, { signal });
  socket.addEventListener('close', onClose, { signal });
  return socket;
}
