import * as v from 'valibot';
import { RoomResponseSchema, TokenResponseSchema } from '../../shared/http-api.ts';
import { PROTOCOL_VERSION, parseRelayMessage } from '../../shared/protocol.ts';
import { ask, below } from './ask.ts';
import { EXTENSION_ORIGIN, someDoor } from './door.ts';
import { broken, type Finding, fine, look } from './finding.ts';
import { knock } from './socket.ts';

/** With a token the whole way can be gone: renew it, open a party, ask for a link, leave. */
export async function* checkToken(base: URL, token: string): AsyncGenerator<Finding> {
  const identity = await post(base, '/v1/token', TokenResponseSchema, {
    body: JSON.stringify({ kind: 'renew', identity: token }),
  });
  if (typeof identity === 'string') {
    yield broken('token', `the relay does not take it (${identity})`, fixOf(identity));
    return;
  }
  const headers = { authorization: `Bearer ${identity.identity}` };
  const opened = await post(base, '/v1/rooms', RoomResponseSchema, { headers });
  if (typeof opened === 'string') {
    yield broken(
      'token',
      `no party can be opened with it (${opened})`,
      'A proxy must pass the Authorization header on.',
    );
    return;
  }
  yield fine('token', `the relay takes it, for ${identity.name}`);
  yield await checkLinks(base, opened.room, opened.grant);
}

const fixOf = (code: string): string =>
  code === 'token-expired'
    ? 'Make a new one: npm run token. If it is new, the clocks of the two machines are apart.'
    : 'Make it where the relay runs, with the same OSP_SECRET or OSP_DATA_DIR: npm run token.';

/** @returns what the relay answers, or the code of its refusal. */
async function post<S extends v.GenericSchema>(
  base: URL,
  path: string,
  schema: S,
  { body = '', headers = {} }: { body?: string; headers?: Readonly<Record<string, string>> },
): Promise<v.InferOutput<S> | string> {
  const all = { origin: EXTENSION_ORIGIN, 'content-type': 'application/json', ...headers };
  const answer = await ask(below(base, path), { method: 'POST', headers: all, body });
  if (answer.kind === 'failed') return answer.code;
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), answer.body);
  if (answer.status === 200 && result.success) return result.output;
  return /"code"\s*:\s*"([a-z-]+)"/.exec(answer.body)?.[1] ?? `status ${answer.status}`;
}

/** Does the relay know by what address people reach it? */
async function checkLinks(base: URL, room: string, grant: string): Promise<Finding> {
  const door = someDoor(base);
  door.pathname = door.pathname.replace(/[^/]+$/, room);
  const hello = { type: 'hello', v: PROTOCOL_VERSION, credential: { kind: 'grant', grant }, client: 'doctor' };
  let link: string | null = null;
  await knock(door, EXTENSION_ORIGIN, JSON.stringify(hello), (text) => {
    const message = parseRelayMessage(text);
    if (message.type === 'welcome')
      return JSON.stringify({ type: 'invite', id: 'doctor', uses: 1, jellyfinUrl: 'http://jellyfin.example' });
    if (message.type !== 'invite') return null;
    link = message.url;
    return '{"type":"leave"}';
  });
  return linkFinding(base, link);
}

/** @param link that the relay made, null when none came. */
export function linkFinding(base: URL, link: string | null): Finding {
  if (link === null)
    return broken('links', 'a party could be opened, but gave no invite link', 'Look at the relay’s log.');
  const own = base.href.replace(/\/+$/, '');
  const made = link.replace(/\/join\/.*$/, '');
  if (made === own) return fine('links', `invite links start with ${own}`);
  return look(
    'links',
    `invite links start with ${made}, not with ${own}`,
    `Set OSP_PUBLIC_URL=${own} for the relay (or OSP_TRUSTED_PROXIES, if the proxy sends X-Forwarded-Host and -Proto).`,
  );
}
