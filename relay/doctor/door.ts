import { randomBytes } from 'node:crypto';
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import { below } from './ask.ts';
import { broken, type Finding, fine, look } from './finding.ts';
import { knock } from './socket.ts';
import { describeRefusal } from './words.ts';

/** As Chrome makes them up: extensions whose origin is not pinned get this far. */
export const EXTENSION_ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
const STRANGER_ORIGIN = 'https://not-your-relay.example';

/** @returns the socket address of a room that nobody has. */
export function someDoor(base: URL): URL {
  const url = below(base, `/v1/rooms/${randomBytes(16).toString('base64url')}`);
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

/** A hello that no relay can like: that it says so proves that frames pass both ways. */
const FORGED_HELLO = JSON.stringify({
  type: 'hello',
  v: PROTOCOL_VERSION,
  credential: { kind: 'invite', invite: 'not.an.invite.at.all' },
  client: 'doctor',
});

/** Does a socket get through, and do frames pass both ways? */
export async function checkDoor(base: URL): Promise<Finding> {
  const outcome = await knock(someDoor(base), EXTENSION_ORIGIN, FORGED_HELLO, () => null);
  switch (outcome.kind) {
    case 'refused':
      return describeRefusal(outcome.status, outcome.body);
    case 'failed':
      return broken(
        'socket',
        `no socket: ${outcome.message}`,
        'Check the proxy’s log at this moment, and that it passes WebSocket upgrades on.',
      );
    case 'opened':
      if (outcome.messages.some((message) => message.includes('"token-invalid"')))
        return fine('socket', 'WebSockets get through, frames pass both ways, and a forged invite is refused');
      return broken(
        'socket',
        outcome.code === null
          ? 'a socket opens, but nothing comes back over it'
          : `a socket opens, and is closed with ${outcome.code}`,
        'Something between here and the relay buffers or cuts WebSocket frames: switch that off for this address (a virus scanner, a cloud proxy).',
      );
  }
}

/** Does the Origin header reach the relay? If it does, a web page of somebody else's is refused. */
export async function checkOrigin(base: URL): Promise<Finding> {
  const outcome = await knock(someDoor(base), STRANGER_ORIGIN, FORGED_HELLO, () => null);
  if (outcome.kind === 'refused' && outcome.status === 403)
    return fine('origin', 'pages from elsewhere are refused, extensions are not');
  if (outcome.kind === 'opened')
    return look(
      'origin',
      'a page from elsewhere may open a socket too',
      'The proxy must pass Origin on as it is; check OSP_ALLOWED_ORIGINS for what you did not mean to list.',
    );
  return look('origin', 'what happens to pages from elsewhere could not be seen', 'Try again in a minute.');
}
