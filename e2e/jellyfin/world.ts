/** Everything the routes share. */
import type { MediaFiles, MediaKey } from '../support/media.ts';
import type { Accounts } from './auth.ts';
import type { Encoders } from './encoders.ts';
import type { Library, LibraryItem } from './library.ts';
import type { Sessions } from './sessions.ts';
import type { User } from './types.ts';

/** A part of an item, by Jellyfin's name of its kind, in seconds. */
export interface KnownSegment {
  type: string;
  from: number;
  to: number;
}

export interface World {
  version: string;
  accounts: Accounts;
  library: Library;
  sessions: Sessions;
  media: MediaFiles;
  encoders: Encoders;
  /** Whether this user gets this item as HLS although it could be played directly. */
  forcesHls: (user: User, item: LibraryItem) => boolean;
  segmentsOf: (itemId: string) => readonly KnownSegment[];
  /** The film that this user gets for an item, when it is another version than everybody's. */
  versionOf: (user: User, item: LibraryItem) => MediaKey | undefined;
}
