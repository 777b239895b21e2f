/** What the real web client also asks for and what has no part in a party: honest empty answers. */
import type { Router } from './router.ts';
import { empty, type JsonObject, json } from './types.ts';

export function addMiscRoutes(router: Router): void {
  const preferences = new Map<string, JsonObject>();
  router.user('GET', '/DisplayPreferences/:id', ({ params, query, login }) => {
    const id = params.id ?? '';
    const key = `${login.user.id}/${id}/${query.get('client') ?? ''}`;
    return json(preferences.get(key) ?? defaultPreferences(id, query.get('client') ?? ''));
  });
  router.user('POST', '/DisplayPreferences/:id', ({ params, query, login, body }) => {
    preferences.set(`${login.user.id}/${params.id ?? ''}/${query.get('client') ?? ''}`, body);
    return empty(204);
  });
  const emptyQuery = { Items: [], TotalRecordCount: 0, StartIndex: 0 };
  const queries = ['/Genres', '/Persons', '/Studios', '/Artists', '/Artists/AlbumArtists', '/MusicGenres', '/Channels'];
  const liveTv = [
    '/LiveTv/Programs',
    '/LiveTv/Programs/Recommended',
    '/LiveTv/Recordings',
    '/LiveTv/Channels',
    '/LiveTv/Timers',
  ];
  for (const path of [
    ...queries,
    ...liveTv,
    '/Devices',
    '/System/ActivityLog/Entries',
    '/Search/Hints',
    '/Movies/Recommendations',
  ]) {
    router.user('GET', path, () => json(path === '/Movies/Recommendations' ? [] : emptyQuery));
  }
  const lists = ['/SyncPlay/List', '/Plugins', '/Packages', '/ScheduledTasks', '/web/ConfigurationPages'];
  const localization = ['/Localization/Cultures', '/Localization/Countries', '/Localization/ParentalRatings'];
  for (const path of [...lists, ...localization, '/FallbackFont/Fonts', '/Notifications/Types']) {
    router.user('GET', path, () => json([]));
  }
  router.open('GET', '/Localization/Options', () => json([{ Name: 'English', Value: 'en-US' }]));
  router.user('GET', '/LiveTv/Info', () => json({ Services: [], IsEnabled: false, EnabledUsers: [] }));
  router.user('GET', '/System/Configuration/:name', () => json({}));
  router.user('GET', '/System/Configuration', () => json({}));
  router.user('POST', '/ClientLog/Document', () => json({ FileName: 'none' }));
}

function defaultPreferences(id: string, client: string): JsonObject {
  return {
    Id: id,
    SortBy: 'SortName',
    SortOrder: 'Ascending',
    RememberIndexing: false,
    RememberSorting: false,
    PrimaryImageHeight: 250,
    PrimaryImageWidth: 250,
    CustomPrefs: {},
    ScrollDirection: 'Horizontal',
    ShowBackdrop: true,
    ShowSidebar: false,
    Client: client,
  };
}
