/** What the stand-in has to show: four films and a series of three episodes, as Jellyfin's BaseItemDto. */
import { MEDIA, type MediaKey, type MediaItem as MediaSpec } from '../support/media.ts';
import { type JsonObject, TICKS_PER_SECOND, type User } from './types.ts';

export const SERVER_ID = '0f5e0c1d2b3a49588776655443322110';
export const SERVER_NAME = 'Living Room';

const itemId = (group: string, number: number): string => group + String(number).padStart(32 - group.length, '0');

/** Ids that tests rely on. */
export const ITEM_IDS = {
  filmA: itemId('f11a', 1),
  filmB: itemId('f11a', 2),
  /** Served as HLS. */
  filmHls: itemId('f11a', 3),
  /** Served as a progressive transcode: not seekable, restarted at StartTimeTicks. */
  filmProgressive: itemId('f11a', 4),
  series: itemId('5e71', 1),
  season: itemId('5ea5', 1),
  episode1: itemId('e915', 1),
  episode2: itemId('e915', 2),
  episode3: itemId('e915', 3),
  movies: itemId('11b0', 1),
  shows: itemId('11b0', 2),
} as const;

export type Delivery = 'direct' | 'hls' | 'progressive';

export interface LibraryItem {
  id: string;
  name: string;
  type: 'Movie' | 'Series' | 'Season' | 'Episode' | 'CollectionFolder';
  parentId: string | null;
  media: MediaSpec | null;
  delivery: Delivery;
  /** Position within its parent, from 1. */
  index: number;
  year: number;
  overview: string;
}

interface UserData {
  positionTicks: number;
  played: boolean;
  playCount: number;
  favorite: boolean;
}

const SERIES_NAME = 'North Station';
const MIN_RESUME_SECONDS = 300;

function item(id: string, name: string, type: LibraryItem['type'], rest: Partial<LibraryItem>): LibraryItem {
  const plain = { parentId: null, media: null, delivery: 'direct', index: 1, year: 2024, overview: '' } as const;
  return { ...plain, ...rest, id, name, type };
}

/** @returns the library of these media. */
export function itemsOf(media: readonly MediaSpec[]): readonly LibraryItem[] {
  const specOf = (key: MediaKey): MediaSpec | null => media.find((each) => each.key === key) ?? null;
  const film = (key: 'filmA' | 'filmB' | 'filmHls' | 'filmProgressive', rest: Partial<LibraryItem>): LibraryItem => {
    const spec = specOf(key);
    return item(ITEM_IDS[key], spec?.title ?? key, 'Movie', { media: spec, parentId: ITEM_IDS.movies, ...rest });
  };
  const episode = (index: 1 | 2 | 3, overview: string): LibraryItem => {
    const spec = specOf(`episode${index}`);
    const rest = { media: spec, parentId: ITEM_IDS.season, index, overview };
    return item(ITEM_IDS[`episode${index}`], spec?.title ?? '', 'Episode', rest);
  };
  const hls = 'The last ferry of the day, in short segments.';
  const all = [
    item(ITEM_IDS.movies, 'Movies', 'CollectionFolder', {}),
    item(ITEM_IDS.shows, 'Shows', 'CollectionFolder', { index: 2 }),
    film('filmA', { year: 2021, overview: 'Twelve minutes of dusk over a quiet harbour.' }),
    film('filmB', { index: 2, year: 2019, overview: 'Lanterns drift over red hills until morning.' }),
    film('filmHls', { index: 3, year: 2023, delivery: 'hls', overview: hls }),
    film('filmProgressive', { index: 4, delivery: 'progressive', overview: 'A small moon, transcoded on the way.' }),
    item(ITEM_IDS.series, SERIES_NAME, 'Series', {
      parentId: ITEM_IDS.shows,
      media: specOf('episode1'),
      overview: 'Three short trips from one platform.',
    }),
    item(ITEM_IDS.season, 'Season 1', 'Season', { parentId: ITEM_IDS.series, media: specOf('episode1') }),
    episode(1, 'Someone gets off.'),
    episode(2, 'Someone waits.'),
    episode(3, 'Someone leaves.'),
  ];
  return all.filter((each) => each.type !== 'Movie' || each.media !== null);
}

const ITEMS = itemsOf(MEDIA);

export class Library {
  readonly #data = new Map<string, UserData>();
  readonly #hidden: Map<string, readonly string[]>;

  readonly items: readonly LibraryItem[];

  constructor(hiddenFrom: Readonly<Record<string, readonly string[]>>, items: readonly LibraryItem[] = ITEMS) {
    this.items = items;
    this.#hidden = new Map(Object.entries(hiddenFrom));
  }

  hide(userName: string, itemIds: readonly string[]): void {
    this.#hidden.set(userName, itemIds);
  }

  visible(user: User): LibraryItem[] {
    const hidden = this.#hidden.get(user.name) ?? [];
    return this.items.filter((entry) => !hidden.includes(entry.id));
  }

  find(user: User, id: string): LibraryItem | null {
    return this.visible(user).find((entry) => entry.id === id) ?? null;
  }

  children(user: User, parentId: string): LibraryItem[] {
    return this.visible(user).filter((entry) => entry.parentId === parentId);
  }

  episodes(user: User): LibraryItem[] {
    return this.visible(user).filter((entry) => entry.type === 'Episode');
  }

  /** All playable or browsable things below a folder, at any depth. */
  below(user: User, parentId: string): LibraryItem[] {
    return this.children(user, parentId).flatMap((child) => [child, ...this.below(user, child.id)]);
  }

  data(user: User, id: string): UserData {
    const key = `${user.id}/${id}`;
    const found = this.#data.get(key) ?? { positionTicks: 0, played: false, playCount: 0, favorite: false };
    this.#data.set(key, found);
    return found;
  }

  /** The server's rule at a stop: the first 5 % are no progress, the last 10 % are the end, short items do not resume. */
  stopped(user: User, entry: LibraryItem, positionTicks: number): void {
    const data = this.data(user, entry.id);
    const share = positionTicks / Math.max(1, runTimeTicks(entry));
    data.playCount += 1;
    if (share > 0.9) data.played = true;
    const resumes = share >= 0.05 && share <= 0.9 && (entry.media?.seconds ?? 0) >= MIN_RESUME_SECONDS;
    data.positionTicks = resumes ? positionTicks : 0;
  }

  dto(user: User, entry: LibraryItem): JsonObject {
    const common: JsonObject = {
      Name: entry.name,
      ServerId: SERVER_ID,
      Id: entry.id,
      Etag: entry.id,
      DateCreated: '2024-05-01T12:00:00.0000000Z',
      CanDelete: false,
      CanDownload: true,
      SortName: entry.name.toLowerCase(),
      Overview: entry.overview,
      ...(entry.parentId ? { ParentId: entry.parentId } : {}),
      Type: entry.type,
      LocationType: 'FileSystem',
      IsFolder: ['Series', 'Season', 'CollectionFolder'].includes(entry.type),
      UserData: this.#userData(user, entry),
      ...images(entry),
      ...emptyLists(),
    };
    return { ...common, ...details(entry), ...this.#counts(user, entry) };
  }

  #counts(user: User, entry: LibraryItem): JsonObject {
    const children = this.children(user, entry.id).length;
    return entry.type === 'Series' || entry.type === 'Season'
      ? { ChildCount: children, RecursiveItemCount: this.episodes(user).length }
      : { ChildCount: children };
  }

  #userData(user: User, entry: LibraryItem): JsonObject {
    const data = this.data(user, entry.id);
    return {
      PlaybackPositionTicks: data.positionTicks,
      ...(data.positionTicks > 0 ? { PlayedPercentage: (100 * data.positionTicks) / runTimeTicks(entry) } : {}),
      PlayCount: data.playCount,
      IsFavorite: data.favorite,
      Played: data.played,
      UnplayedItemCount: 0,
      Key: entry.id,
      ItemId: entry.id,
    };
  }
}

export const runTimeTicks = (entry: LibraryItem): number => (entry.media?.seconds ?? 0) * TICKS_PER_SECOND;

function images(entry: LibraryItem): JsonObject {
  const isEpisode = entry.type === 'Episode';
  return {
    ImageTags: { Primary: entry.id },
    BackdropImageTags: entry.type === 'Movie' || entry.type === 'Series' ? [entry.id] : [],
    ImageBlurHashes: {},
    PrimaryImageAspectRatio: isEpisode || entry.type === 'CollectionFolder' ? 16 / 9 : 2 / 3,
    ...(isEpisode ? { ParentBackdropItemId: ITEM_IDS.series, ParentBackdropImageTags: [ITEM_IDS.series] } : {}),
  };
}

function emptyLists(): JsonObject {
  return {
    ExternalUrls: [],
    RemoteTrailers: [],
    ProviderIds: {},
    Genres: [],
    GenreItems: [],
    Studios: [],
    People: [],
    Tags: [],
    Taglines: [],
    Chapters: [],
    LockedFields: [],
    LockData: false,
    SpecialFeatureCount: 0,
    LocalTrailerCount: 0,
    EnableMediaSourceDisplay: true,
    PlayAccess: 'Full',
  };
}

function details(entry: LibraryItem): JsonObject {
  const playable: JsonObject = {
    MediaType: 'Video',
    VideoType: 'VideoFile',
    Container: 'mp4',
    RunTimeTicks: runTimeTicks(entry),
    Width: 320,
    Height: 180,
    Path: `/media/${entry.media?.key ?? entry.id}.mp4`,
    ProductionYear: entry.year,
    PremiereDate: `${entry.year}-03-0${entry.index}T00:00:00.0000000Z`,
    CommunityRating: 7.4,
  };
  const ofSeries: JsonObject = {
    SeriesId: ITEM_IDS.series,
    SeriesName: SERIES_NAME,
    SeriesPrimaryImageTag: ITEM_IDS.series,
  };
  switch (entry.type) {
    case 'Movie':
      return playable;
    case 'Episode':
      return {
        ...playable,
        ...ofSeries,
        SeasonId: ITEM_IDS.season,
        SeasonName: 'Season 1',
        IndexNumber: entry.index,
        ParentIndexNumber: 1,
      };
    case 'Season':
      return { ...ofSeries, IndexNumber: 1, MediaType: 'Unknown', ProductionYear: entry.year };
    case 'Series':
      return { Status: 'Ended', AirDays: [], MediaType: 'Unknown', ProductionYear: entry.year };
    case 'CollectionFolder':
      return {
        CollectionType: entry.id === ITEM_IDS.movies ? 'movies' : 'tvshows',
        MediaType: 'Unknown',
        DisplayPreferencesId: entry.id,
      };
  }
}
