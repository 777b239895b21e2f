/** Browsing: views, queries, details, seasons, images. */

import { ITEM_IDS, type LibraryItem } from './library.ts';
import { fileSource, mediaStreams } from './media-source.ts';
import { type ImageShape, picture } from './posters.ts';
import type { Router } from './router.ts';
import { empty, json, plainId, type Reply, TICKS_PER_SECOND, type User, type UserCall } from './types.ts';
import type { World } from './world.ts';

export function addItemRoutes(router: Router, world: World): void {
  const views = ({ login }: UserCall): Reply =>
    list(
      world,
      login.user,
      world.library.visible(login.user).filter((entry) => entry.type === 'CollectionFolder'),
    );
  const latest = (call: UserCall): Reply => latestItems(world, call);
  const resume = (call: UserCall): Reply => resumable(world, call);
  const query = (call: UserCall): Reply => queryItems(world, call);
  const details = (call: UserCall): Reply => itemDetails(world, call);
  const none = (): Reply => json({ Items: [], TotalRecordCount: 0, StartIndex: 0 });
  for (const at of ['/Users/:userId/Views', '/UserViews']) router.user('GET', at, views);
  for (const at of ['/Users/:userId/Items/Latest', '/Items/Latest']) router.user('GET', at, latest);
  for (const at of ['/Users/:userId/Items/Resume', '/UserItems/Resume']) router.user('GET', at, resume);
  for (const at of ['/Users/:userId/Items', '/Items']) router.user('GET', at, query);
  for (const part of ['Similar', 'Intros', 'Collections']) {
    router.user('GET', `/Items/:itemId/${part}`, none);
    router.user('GET', `/Users/:userId/Items/:itemId/${part}`, none);
  }
  for (const part of ['SpecialFeatures', 'LocalTrailers', 'Ancestors', 'CriticReviews']) {
    router.user('GET', `/Items/:itemId/${part}`, () => json([]));
    router.user('GET', `/Users/:userId/Items/:itemId/${part}`, () => json([]));
  }
  router.user('GET', '/Items/:itemId/ThemeMedia', () =>
    json({ ThemeVideosResult: emptyTheme(), ThemeSongsResult: emptyTheme(), SoundtrackSongsResult: emptyTheme() }),
  );
  router.user('GET', '/Items/Counts', () => json({ MovieCount: 4, SeriesCount: 1, EpisodeCount: 3 }));
  router.user('GET', '/Items/Filters', () => json({ Genres: [], Tags: [], OfficialRatings: [], Years: [] }));
  router.user('GET', '/Items/Suggestions', none);
  for (const at of ['/Users/:userId/Items/:itemId', '/Items/:itemId']) router.user('GET', at, details);
  router.user('GET', '/MediaSegments/:itemId', (call) => segments(world, call));
  router.user('GET', '/Shows/NextUp', (call) => nextUp(world, call));
  router.user('GET', '/Shows/:itemId/Seasons', ({ login }) =>
    list(world, login.user, world.library.children(login.user, ITEM_IDS.series)),
  );
  router.user('GET', '/Shows/:itemId/Episodes', (call) => episodes(world, call));
  router.open('GET', '/Items/:itemId/Images/:kind', ({ params }) =>
    image(world, params.itemId ?? '', params.kind ?? ''),
  );
  router.open('GET', '/Items/:itemId/Images/:kind/:index', ({ params }) =>
    image(world, params.itemId ?? '', params.kind ?? ''),
  );
  addUserDataRoutes(router, world);
}

function addUserDataRoutes(router: Router, world: World): void {
  const change = (edit: (user: User, id: string) => void) => (call: UserCall) => {
    const entry = world.library.find(call.login.user, plainId(call.params.itemId ?? ''));
    if (!entry) return empty(404);
    edit(call.login.user, entry.id);
    return json(world.library.dto(call.login.user, entry).UserData ?? {});
  };
  for (const [method, value] of [
    ['POST', true],
    ['DELETE', false],
  ] as const) {
    const played = change((user, id) =>
      Object.assign(world.library.data(user, id), { played: value, positionTicks: 0 }),
    );
    const favorite = change((user, id) => Object.assign(world.library.data(user, id), { favorite: value }));
    router.user(method, '/Users/:userId/PlayedItems/:itemId', played);
    router.user(method, '/UserPlayedItems/:itemId', played);
    router.user(method, '/Users/:userId/FavoriteItems/:itemId', favorite);
    router.user(method, '/UserFavoriteItems/:itemId', favorite);
  }
}

const emptyTheme = () => ({ Items: [], TotalRecordCount: 0, StartIndex: 0, OwnerId: '' });

function list(
  world: World,
  user: User,
  entries: readonly LibraryItem[],
  startIndex = 0,
  total = entries.length,
): Reply {
  const Items = entries.map((entry) => world.library.dto(user, entry));
  return json({ Items, TotalRecordCount: total, StartIndex: startIndex });
}

/** The filters that clients use to fill their pages; unknown ones are ignored. */
function queryItems(world: World, call: UserCall): Reply {
  const { user } = call.login;
  const { library } = world;
  const text = (name: string): string => call.query.get(name) ?? '';
  const ids = text('ids').split(',').filter(Boolean).map(plainId);
  const types = text('includeitemtypes').toLowerCase().split(',').filter(Boolean);
  const parentId = plainId(text('parentid'));
  const recursive = text('recursive').toLowerCase() === 'true';
  const search = text('searchterm').toLowerCase();
  let found = library.visible(user).filter((entry) => entry.type !== 'CollectionFolder');
  if (ids.length > 0) {
    found = ids.flatMap((id) => library.find(user, id) ?? []);
  } else if (parentId) {
    found = recursive ? library.below(user, parentId) : library.children(user, parentId);
  } else if (!recursive && !search && types.length === 0) {
    found = library.visible(user).filter((entry) => entry.type === 'CollectionFolder');
  }
  if (types.length > 0) found = found.filter((entry) => types.includes(entry.type.toLowerCase()));
  if (text('mediatypes')) found = found.filter((entry) => ['Movie', 'Episode'].includes(entry.type));
  if (search) found = found.filter((entry) => entry.name.toLowerCase().includes(search));
  if (/IsFavorite/i.test(text('filters')) || text('isfavorite') === 'true') {
    found = found.filter((entry) => library.data(user, entry.id).favorite);
  }
  const start = Number(text('startindex')) || 0;
  const limit = Number(text('limit')) || found.length;
  return list(world, user, found.slice(start, start + limit), start, found.length);
}

function itemDetails(world: World, call: UserCall): Reply {
  const entry = world.library.find(call.login.user, plainId(call.params.itemId ?? ''));
  if (!entry) return empty(404);
  const playable = entry.type === 'Movie' || entry.type === 'Episode';
  const tracks = playable ? { MediaSources: [fileSource(entry)], MediaStreams: mediaStreams() } : {};
  return json({ ...world.library.dto(call.login.user, entry), ...tracks });
}

function latestItems(world: World, call: UserCall): Reply {
  const { user } = call.login;
  const parentId = plainId(call.query.get('parentid') ?? '');
  const entries = parentId
    ? world.library.children(user, parentId)
    : world.library.visible(user).filter((entry) => entry.type === 'Movie' || entry.type === 'Series');
  return json(entries.map((entry) => world.library.dto(user, entry)));
}

function resumable(world: World, call: UserCall): Reply {
  const { user } = call.login;
  if (/audio|book/i.test(call.query.get('mediatypes') ?? '')) return list(world, user, []);
  const begun = world.library.visible(user).filter((entry) => world.library.data(user, entry.id).positionTicks > 0);
  return list(world, user, begun);
}

function nextUp(world: World, call: UserCall): Reply {
  const { user } = call.login;
  const all = world.library.episodes(user);
  const next = all.find((entry) => !world.library.data(user, entry.id).played);
  const begun = all.some((entry) => world.library.data(user, entry.id).played);
  return list(world, user, next && (begun || call.query.has('seriesid')) ? [next] : []);
}

function episodes(world: World, call: UserCall): Reply {
  const all = world.library.episodes(call.login.user);
  const startId = plainId(call.query.get('startitemid') ?? '');
  const from = startId
    ? Math.max(
        0,
        all.findIndex((entry) => entry.id === startId),
      )
    : Number(call.query.get('startindex')) || 0;
  const limit = Number(call.query.get('limit')) || all.length;
  return list(world, call.login.user, all.slice(from, from + limit), from, all.length);
}

/** Of the kinds that are asked for, which may be several; of all when none is named. */
function segments(world: World, { params, request }: UserCall): Reply {
  const itemId = plainId(params.itemId ?? '');
  const kinds = new URL(request.url ?? '', 'http://stand-in').searchParams.getAll('includeSegmentTypes');
  const known = world
    .segmentsOf(itemId)
    .filter(({ type }) => kinds.length === 0 || kinds.includes(type))
    .map(({ type, from, to }) => ({
      Id: `${itemId}${from}`,
      ItemId: itemId,
      Type: type,
      StartTicks: from * TICKS_PER_SECOND,
      EndTicks: to * TICKS_PER_SECOND,
    }));
  return json({ Items: known, TotalRecordCount: known.length, StartIndex: 0 });
}

/** Open to anyone, as on the real server. */
function image({ library }: World, itemId: string, kind: string): Reply {
  const entry = library.items.find((candidate) => candidate.id === plainId(itemId));
  if (!entry) return empty(404);
  const folder = entry.type === 'CollectionFolder';
  const source = folder ? library.items.find((candidate) => candidate.parentId === entry.id) : entry;
  if (!source?.media || !['primary', 'backdrop', 'thumb'].includes(kind.toLowerCase())) return empty(404);
  const primary = kind.toLowerCase() === 'primary';
  const shape: ImageShape = primary && entry.type !== 'Episode' && !folder ? 'poster' : 'wide';
  const body = picture(entry.name, source.media.palette, source.media.tag, shape, primary && entry.type !== 'Episode');
  return { type: 'bytes', body, mime: 'image/png', headers: { 'Cache-Control': 'public, max-age=3600' } };
}
