/** Jellyfin's sessions: one for each application and device, what it plays, and the sockets that steer it. */
import type { WebSocket } from 'ws';
import { md5 } from './auth.ts';
import { type Library, type LibraryItem, SERVER_ID } from './library.ts';
import { asNumber, asString, type JsonObject, type Login, plainId } from './types.ts';

export interface NowPlaying {
  itemId: string;
  name: string;
  positionTicks: number;
  isPaused: boolean;
  isMuted: boolean;
  playMethod: string;
  mediaSourceId: string;
  playSessionId: string | null;
  /** The last report as the client sent it. */
  report: JsonObject;
}

export interface Session {
  id: string;
  login: Login;
  deviceName: string;
  nowPlaying: NowPlaying | null;
  /** All reports of this session in order, for tests. */
  reports: { kind: 'start' | 'progress' | 'stop'; itemId: string; positionTicks: number; event: string }[];
  controllable: boolean;
  sockets: Map<WebSocket, number>;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #library: Library;
  #messageCount = 0;

  constructor(library: Library) {
    this.#library = library;
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  find(id: string): Session | null {
    return this.#sessions.get(plainId(id)) ?? null;
  }

  /** The session of a login, made when it is first seen. Its id is the MD5 of application and device, as on the real server. */
  of(login: Login): Session {
    const id = md5(login.client + login.deviceId);
    const known = this.#sessions.get(id);
    if (known) {
      known.login = login;
      return known;
    }
    const session: Session = {
      id,
      login,
      deviceName: login.device,
      nowPlaying: null,
      reports: [],
      controllable: false,
      sockets: new Map(),
    };
    this.#sessions.set(id, session);
    return session;
  }

  end(login: Login): void {
    const session = this.of(login);
    for (const socket of session.sockets.keys()) socket.close();
    this.#sessions.delete(session.id);
  }

  report(login: Login, kind: 'start' | 'progress' | 'stop', body: JsonObject): void {
    const session = this.of(login);
    const entry = this.#library.find(login.user, plainId(asString(body.ItemId)));
    if (!entry) return;
    const positionTicks = asNumber(body.PositionTicks);
    const event = asString(body.EventName);
    session.reports.push({ kind, itemId: entry.id, positionTicks, event });
    if (kind === 'stop') {
      this.#library.stopped(login.user, entry, positionTicks);
      session.nowPlaying = null;
      return;
    }
    session.nowPlaying = nowPlaying(entry, body);
  }

  /** To the socket of the session that was active last: that is the one a real server picks when two tabs share a session. */
  send(session: Session, type: string, data: JsonObject): void {
    const open = [...session.sockets].filter(([socket]) => socket.readyState === socket.OPEN);
    const [latest] = open.sort(([, a], [, b]) => b - a);
    this.#messageCount += 1;
    const MessageId = md5(`message:${this.#messageCount}`);
    latest?.[0].send(JSON.stringify({ MessageId, MessageType: type, Data: data }));
  }

  dto(session: Session): JsonObject {
    const { login, nowPlaying: playing } = session;
    const entry = playing ? this.#library.find(login.user, playing.itemId) : null;
    const steerable = session.controllable && session.sockets.size > 0;
    return {
      PlayState: playState(playing),
      AdditionalUsers: [],
      Capabilities: { PlayableMediaTypes: ['Audio', 'Video'], SupportedCommands: [], SupportsMediaControl: steerable },
      RemoteEndPoint: '127.0.0.1',
      PlayableMediaTypes: ['Audio', 'Video'],
      Id: session.id,
      UserId: login.user.id,
      UserName: login.user.name,
      Client: login.client,
      LastActivityDate: new Date().toISOString(),
      LastPlaybackCheckIn: new Date().toISOString(),
      DeviceName: session.deviceName,
      ...(entry ? { NowPlayingItem: this.#library.dto(login.user, entry) } : {}),
      DeviceId: login.deviceId,
      ApplicationVersion: login.appVersion,
      IsActive: true,
      SupportsMediaControl: steerable,
      SupportsRemoteControl: steerable,
      NowPlayingQueue: [],
      NowPlayingQueueFullItems: [],
      HasCustomDeviceName: false,
      ServerId: SERVER_ID,
      SupportedCommands: [],
    };
  }
}

function nowPlaying(entry: LibraryItem, body: JsonObject): NowPlaying {
  return {
    itemId: entry.id,
    name: entry.name,
    positionTicks: asNumber(body.PositionTicks),
    isPaused: body.IsPaused === true,
    isMuted: body.IsMuted === true,
    playMethod: asString(body.PlayMethod),
    mediaSourceId: asString(body.MediaSourceId),
    playSessionId: asString(body.PlaySessionId) || null,
    report: body,
  };
}

function playState(playing: NowPlaying | null): JsonObject {
  if (!playing) return { CanSeek: false, IsPaused: false, IsMuted: false, RepeatMode: 'RepeatNone' };
  return {
    PositionTicks: playing.positionTicks,
    CanSeek: true,
    IsPaused: playing.isPaused,
    IsMuted: playing.isMuted,
    VolumeLevel: asNumber(playing.report.VolumeLevel),
    MediaSourceId: playing.mediaSourceId,
    PlayMethod: playing.playMethod,
    RepeatMode: 'RepeatNone',
    PlaybackOrder: 'Default',
  };
}
