import { type Relay, type RelayOptions, startRelay } from '../app.ts';
import { createTokens, type Tokens } from '../auth/tokens.ts';
import { randomId } from '../rooms/registry.ts';
import { connect, EXTENSION_ORIGIN, hello, type TestClient } from './client.ts';

export const TEST_SECRET = 'test-secret-of-more-than-thirty-two-bytes';

/** A real relay on a port of its own, and short ways to do what people do with it. */
export interface TestRelay extends Relay {
  tokens: Tokens;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Opens a socket at a room's door. */
  knock(room: string, headers?: Readonly<Record<string, string>>): Promise<TestClient>;
  /** Opens a new room as its host. */
  host(name?: string): Promise<Entered>;
  /** Comes in by an invite that a member asked for. */
  guest(by: Entered, name?: string): Promise<Entered>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

export interface Entered extends TestClient {
  room: string;
  id: string;
  seat: string;
}

/** @param options settings that this test needs to be different. */
export async function startTestRelay(options: RelayOptions = {}): Promise<TestRelay> {
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    secrets: [TEST_SECRET],
    logLevel: 'silent',
    ...options,
  });
  const tokens = createTokens([TEST_SECRET]);
  const knock: TestRelay['knock'] = (room, headers) => connect(`${relay.wsUrl}/v1/rooms/${room}`, headers);
  return {
    ...relay,
    tokens,
    knock,
    post: (path, body, headers) => post(`${relay.url}${path}`, body, headers),
    host: async (name = 'Ana') => {
      const room = randomId();
      const client = await knock(room);
      const grant = await tokens.mint('grant', { room, sub: `${name}@test`, name, verified: true }, 60_000);
      client.send(hello({ kind: 'grant', grant }));
      return entered(client);
    },
    guest: async (by, name = 'Ben') => {
      const client = await knock(by.room);
      client.send(hello({ kind: 'invite', invite: await askForInvite(by), name }));
      return entered(client);
    },
  };
}

async function entered(client: TestClient): Promise<Entered> {
  const welcome = await client.next('welcome');
  return Object.assign(client, { room: welcome.room, id: welcome.you, seat: welcome.seat });
}

/** @returns the invite token that a member gets when asking for a link. */
export async function askForInvite(member: TestClient, uses = 10): Promise<string> {
  member.send({ type: 'invite', id: 'i1', uses, jellyfinUrl: 'http://jellyfin.test:8096/' });
  const { url } = await member.next('invite');
  return new URL(url).hash.slice(1);
}

async function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { origin: EXTENSION_ORIGIN, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
}
