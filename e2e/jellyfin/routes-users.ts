/** Server information, log-in and users. */
import { readClaims } from './auth.ts';
import { SERVER_ID, SERVER_NAME } from './library.ts';
import { picture } from './posters.ts';
import type { Router } from './router.ts';
import {
  asString,
  type Call,
  empty,
  type Json,
  type JsonObject,
  json,
  plainId,
  type Reply,
  type User,
} from './types.ts';
import type { World } from './world.ts';

/** A user's picture never changes here. */
const PICTURE_TAG = '5f0c1e9a7b3d42868ac1d2e3f4a5b6c7';
const LONG_AGO = '2024-05-01T12:00:00.0000000Z';

export function addUserRoutes(router: Router, world: World): void {
  addSystemRoutes(router, world);
  router.open('POST', '/Users/AuthenticateByName', (call) => authenticate(world, call));
  router.open('GET', '/Users/Public', () => json([]));
  router.user('GET', '/Users', ({ login }) =>
    login.user.admin ? json(world.accounts.users.map(userDto)) : empty(403),
  );
  router.user('GET', '/Users/Me', ({ login }) => json(userDto(login.user)));
  router.user('GET', '/Users/:userId', ({ login, params }) => {
    const user = world.accounts.byId(plainId(params.userId ?? ''));
    if (!user) return empty(404);
    return user === login.user || login.user.admin ? json(userDto(user)) : empty(403);
  });
  router.open('GET', '/UserImage', ({ query }) => userImage(world, query.get('userid') ?? ''));
  router.open('GET', '/Users/:userId/Images/:kind', ({ params }) => userImage(world, params.userId ?? ''));
  router.user('POST', '/Users/Configuration', () => empty(204));
  router.user('POST', '/Users/:userId/Configuration', () => empty(204));
  router.user('POST', '/Sessions/Logout', ({ login }) => {
    world.sessions.end(login);
    world.accounts.logOut(login.token);
    return empty(204);
  });
}

function addSystemRoutes(router: Router, world: World): void {
  const info: JsonObject = {
    LocalAddress: '',
    ServerName: SERVER_NAME,
    Version: world.version,
    ProductName: 'Jellyfin Server',
    OperatingSystem: '',
    Id: SERVER_ID,
    StartupWizardCompleted: true,
  };
  router.open('GET', '/System/Info/Public', (call) => json({ ...info, LocalAddress: localAddress(call) }));
  router.user('GET', '/System/Info', (call) =>
    json({ ...info, LocalAddress: localAddress(call), CanSelfRestart: false }),
  );
  router.open('GET', '/System/Ping', () => json('Jellyfin Server'));
  router.open('POST', '/System/Ping', () => json('Jellyfin Server'));
  router.user('GET', '/System/Endpoint', () => json({ IsLocal: true, IsInNetwork: true }));
  router.open('GET', '/GetUtcTime', () => {
    const now = new Date().toISOString();
    return json({ RequestReceptionTime: now, ResponseTransmissionTime: now });
  });
  router.open('GET', '/Branding/Configuration', () =>
    json({ LoginDisclaimer: '', CustomCss: '', SplashscreenEnabled: false }),
  );
  router.open('GET', '/Branding/Css', () => ({ type: 'bytes', body: '', mime: 'text/css' }));
  router.open('GET', '/Branding/Css.css', () => ({ type: 'bytes', body: '', mime: 'text/css' }));
  router.open('GET', '/QuickConnect/Enabled', () => json(false));
}

function localAddress(call: Call): string {
  const encrypted = 'encrypted' in call.request.socket;
  return `${encrypted ? 'https' : 'http'}://${call.request.headers.host ?? ''}`;
}

function authenticate(world: World, call: Call): Reply {
  const user = world.accounts.byName(asString(call.body.Username));
  const password = asString(call.body.Pw);
  if (!user || user.password !== password) return empty(401);
  const claims = readClaims(call.request.headers, call.query, true);
  const login = world.accounts.logIn(user, claims);
  const session = world.sessions.of(login);
  return json({
    User: userDto(user),
    SessionInfo: world.sessions.dto(session),
    AccessToken: login.token,
    ServerId: SERVER_ID,
  });
}

function userDto(user: User): JsonObject {
  return {
    Name: user.name,
    ServerId: SERVER_ID,
    ServerName: SERVER_NAME,
    Id: user.id,
    ...(user.pictured && { PrimaryImageTag: PICTURE_TAG }),
    HasPassword: true,
    HasConfiguredPassword: true,
    HasConfiguredEasyPassword: false,
    EnableAutoLogin: false,
    LastLoginDate: LONG_AGO,
    LastActivityDate: LONG_AGO,
    Configuration: configuration(),
    Policy: policy(user),
  };
}

/** To anybody, as Jellyfin does. */
function userImage(world: World, userId: string): Reply {
  const user = world.accounts.byId(plainId(userId));
  const film = world.library.items.find(({ media }) => media)?.media;
  if (!user?.pictured || !film) return empty(404);
  const body = picture(user.name, film.palette, film.tag, 'square', false);
  return { type: 'bytes', body, mime: 'image/png', headers: { 'Cache-Control': 'public, max-age=3600' } };
}

function configuration(): JsonObject {
  const none: Json[] = [];
  return {
    PlayDefaultAudioTrack: true,
    SubtitleLanguagePreference: '',
    DisplayMissingEpisodes: false,
    GroupedFolders: none,
    SubtitleMode: 'Default',
    DisplayCollectionsView: false,
    EnableLocalPassword: false,
    OrderedViews: none,
    LatestItemsExcludes: none,
    MyMediaExcludes: none,
    HidePlayedInLatest: false,
    RememberAudioSelections: true,
    RememberSubtitleSelections: true,
    EnableNextEpisodeAutoPlay: true,
    CastReceiverId: '',
  };
}

function policy(user: User): JsonObject {
  return {
    IsAdministrator: user.admin,
    IsHidden: true,
    IsDisabled: false,
    EnableUserPreferenceAccess: true,
    EnableRemoteControlOfOtherUsers: user.admin,
    EnableSharedDeviceControl: true,
    EnableRemoteAccess: true,
    EnableLiveTvManagement: false,
    EnableLiveTvAccess: false,
    EnableMediaPlayback: true,
    EnableAudioPlaybackTranscoding: true,
    EnableVideoPlaybackTranscoding: true,
    EnablePlaybackRemuxing: true,
    EnableContentDeletion: false,
    EnableContentDownloading: true,
    EnableSyncTranscoding: true,
    EnableMediaConversion: true,
    EnableAllDevices: true,
    EnableAllChannels: true,
    EnableAllFolders: true,
    BlockedTags: [],
    AllowedTags: [],
    AccessSchedules: [],
    BlockUnratedItems: [],
    EnabledFolders: [],
    SyncPlayAccess: 'CreateAndJoinGroups',
    AuthenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
    PasswordResetProviderId: 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider',
  };
}
