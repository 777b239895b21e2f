import WebSocket from 'ws';
import { type ClientMessage, type Credential, parseRelayMessage, type RelayMessage } from '../../shared/protocol.ts';

export const EXTENSION_ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

type Type = RelayMessage['type'];
type Of<T extends Type> = Extract<RelayMessage, { type: T }>;

/** A bare socket to a relay, for tests: what came is kept until it is asked for. */
export interface TestClient {
  send(message: ClientMessage): void;
  sendText(text: string): void;
  /** Resolves with the next message of this type that `matches`, skipping all others. */
  next<T extends Type>(type: T, matches?: (message: Of<T>) => boolean): Promise<Of<T>>;
  /** All messages that have come and were not asked for. */
  rest(): readonly RelayMessage[];
  closed: Promise<{ code: number; reason: string }>;
  /** Closes properly. */
  close(): void;
  /** Hangs up without a word, as a lost network does. */
  vanish(): void;
}

/** @param url of a room's socket. Rejects with the HTTP status when refused. */
export function connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<TestClient> {
  const socket = new WebSocket(url, { headers: { origin: EXTENSION_ORIGIN, ...headers } });
  const inbox: RelayMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    const message = parseRelayMessage(data.toString());
    if (message.type === 'unknown') throw new Error(`unknown message ${message.name}`);
    inbox.push(message);
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const client: TestClient = {
    send: (message) => socket.send(JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    next: (type, matches = () => true) => take(inbox, waiting, closed, type, matches),
    rest: () => inbox,
    closed,
    close: () => socket.close(),
    vanish: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(client));
    socket.on('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
    socket.on('error', reject);
  });
}

function take<T extends Type>(
  inbox: RelayMessage[],
  waiting: Set<() => void>,
  closed: TestClient['closed'],
  type: T,
  matches: (message: Of<T>) => boolean,
): Promise<Of<T>> {
  const isWanted = (message: RelayMessage): message is Of<T> => message.type === type && matches(message as Of<T>);
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const index = inbox.findIndex(isWanted);
      if (index < 0) return;
      const [message] = inbox.splice(0, index + 1).slice(-1);
      waiting.delete(look);
      resolve(message as Of<T>);
    };
    waiting.add(look);
    void closed.then(({ code }) => reject(new Error(`closed with ${code} while waiting for ${type}`)));
    look();
  });
}

type Hello = Extract<ClientMessage, { type: 'hello' }>;

/** @param kept what a member brings along when it comes back. */
export const hello = (credential: Credential, v = 1, kept: Pick<Hello, 'snapshot' | 'film'> = {}): Hello => ({
  type: 'hello',
  v,
  credential,
  client: 'test',
  ...kept,
});
