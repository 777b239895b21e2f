import { WebSocket } from 'ws';

const PATIENCE_MS = 6_000;

/** What came of one WebSocket. */
export type Knock =
  /** Answered as plain HTTP. */
  | { kind: 'refused'; status: number; body: string }
  | { kind: 'failed'; message: string }
  /** Upgraded. `code` is null when it stayed open and the time was up. */
  | { kind: 'opened'; messages: readonly string[]; code: number | null };

/**
 * Opens a socket, says what is to be said, and listens until it is closed or the patience is over.
 * @param answer called with each message; what it returns is sent.
 */
export function knock(
  url: URL,
  origin: string,
  first: string,
  answer: (message: string) => string | null,
): Promise<Knock> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers: { origin }, handshakeTimeout: PATIENCE_MS, perMessageDeflate: false });
    const messages: string[] = [];
    const end = (outcome: Knock): void => {
      clearTimeout(timer);
      socket.on('error', () => undefined);
      socket.terminate();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ kind: 'opened', messages, code: null }), PATIENCE_MS);
    socket.on('open', () => socket.send(first));
    socket.on('message', (data) => {
      const text = data.toString();
      messages.push(text);
      const reply = answer(text);
      if (reply !== null) socket.send(reply);
    });
    socket.on('close', (code) => end({ kind: 'opened', messages, code }));
    socket.on('error', (error) => end({ kind: 'failed', message: error.message }));
    socket.on('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString().slice(0, 4_096);
      });
      response.on('close', () => end({ kind: 'refused', status: response.statusCode ?? 0, body }));
    });
  });
}
