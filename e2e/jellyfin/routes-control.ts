/** Sessions of others and remote control: what is posted here leaves on a client's socket. */
import type { Router } from './router.ts';
import type { Session } from './sessions.ts';
import { empty, type JsonObject, json, plainId, type Reply, type User, type UserCall } from './types.ts';
import type { World } from './world.ts';

export function addControlRoutes(router: Router, world: World): void {
  router.user('GET', '/Sessions', (call) => listSessions(world, call));
  router.user('POST', '/Sessions/Capabilities', ({ login }) => setControllable(world.sessions.of(login), true));
  router.user('POST', '/Sessions/Capabilities/Full', ({ login, body }) =>
    setControllable(world.sessions.of(login), body.SupportsMediaControl !== false),
  );
  router.user('POST', '/Sessions/Viewing', () => empty(204));
  router.user('POST', '/Sessions/:sessionId/Viewing', () => empty(204));
  router.user('POST', '/Sessions/:sessionId/Playing', (call) => play(world, call));
  router.user('POST', '/Sessions/:sessionId/Playing/:command', (call) => playstate(world, call));
  router.user('POST', '/Sessions/:sessionId/Command/:name', (call) =>
    toSession(world, call, 'GeneralCommand', { Name: call.params.name ?? '', Arguments: {} }),
  );
  router.user('POST', '/Sessions/:sessionId/Command', (call) => toSession(world, call, 'GeneralCommand', call.body));
  router.user('POST', '/Sessions/:sessionId/Message', (call) =>
    toSession(world, call, 'GeneralCommand', { Name: 'DisplayMessage', Arguments: call.body }),
  );
}

function setControllable(session: Session, controllable: boolean): Reply {
  session.controllable = controllable;
  return empty(204);
}

/** An administrator sees every session, others only their own. */
function listSessions(world: World, call: UserCall): Reply {
  const { user } = call.login;
  const deviceId = call.query.get('deviceid');
  const shown = world.sessions
    .all()
    .filter((session) => user.admin || session.login.user === user)
    .filter((session) => !deviceId || session.login.deviceId === deviceId);
  return json(shown.map((session) => world.sessions.dto(session)));
}

/** Only the existence of the session is checked, not whose it is: so does the real server. */
function toSession(world: World, call: UserCall, type: string, data: JsonObject): Reply {
  const session = world.sessions.find(call.params.sessionId ?? '');
  if (!session) return empty(404);
  world.sessions.send(session, type, { ...data, ControllingUserId: call.login.user.id });
  return empty(204);
}

function play(world: World, call: UserCall): Reply {
  const { query } = call;
  const ids = (query.get('itemids') ?? '').split(',').filter(Boolean).map(plainId);
  if (ids.length === 0 || !query.has('playcommand')) return empty(400);
  const session = world.sessions.find(call.params.sessionId ?? '');
  if (!session) return empty(404);
  // Ids that do not exist are left out; ids that the user may not see are not: the client finds out, and says nothing.
  const items = expandEpisode(world, session.login.user, ids).filter((id) =>
    world.library.items.some((item) => item.id === id),
  );
  const number = (name: string, member: string): JsonObject => {
    const value = query.get(name);
    return value === undefined ? {} : { [member]: Number(value) };
  };
  return toSession(world, call, 'Play', {
    ItemIds: items,
    ...number('startpositionticks', 'StartPositionTicks'),
    PlayCommand: query.get('playcommand') ?? 'PlayNow',
    ...number('audiostreamindex', 'AudioStreamIndex'),
    ...number('subtitlestreamindex', 'SubtitleStreamIndex'),
    ...number('startindex', 'StartIndex'),
  });
}

/** A single episode becomes the rest of its series, so that "next" works. */
function expandEpisode(world: World, user: User, ids: string[]): string[] {
  const episodes = world.library.episodes(user).map((entry) => entry.id);
  const from = episodes.indexOf(ids[0] ?? '');
  return ids.length === 1 && from >= 0 ? episodes.slice(from) : ids;
}

const PLAYSTATE_COMMANDS = [
  'Stop',
  'Pause',
  'Unpause',
  'NextTrack',
  'PreviousTrack',
  'Seek',
  'Rewind',
  'FastForward',
  'PlayPause',
];

function playstate(world: World, call: UserCall): Reply {
  const wanted = call.params.command?.toLowerCase();
  const command = PLAYSTATE_COMMANDS.find((name) => name.toLowerCase() === wanted);
  if (!command) return empty(400);
  const position = call.query.get('seekpositionticks');
  return toSession(world, call, 'Playstate', {
    Command: command,
    ...(position === undefined ? {} : { SeekPositionTicks: Number(position) }),
  });
}
