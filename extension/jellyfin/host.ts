import type { Media } from '../../shared/protocol.ts';

/** Who is signed in to the page's Jellyfin. Everything but `serverId` and `userName` stays in this browser. */
export interface JellyfinSession {
  serverId: string;
  /** API base, without trailing slash, e.g. `https://home.example/jellyfin`. */
  baseUrl: string;
  userId: string;
  userName: string;
  token: string;
  deviceId: string;
}

export type HostErrorCode = 'signed-out' | 'item-missing' | 'jellyfin-unreachable' | 'no-remote-control';

export class HostError extends Error {
  readonly code: HostErrorCode;
  constructor(code: HostErrorCode, message: string) {
    super(message);
    this.name = 'HostError';
    this.code = code;
  }
}

export type HostEvent =
  | { type: 'session'; session: JellyfinSession | null }
  /** The element the film plays in appeared (same one for the next episode), or went. */
  | { type: 'video'; video: HTMLVideoElement | null }
  /** What plays in it; null while unknown. */
  | { type: 'media'; media: Media | null }
  | { type: 'osd'; visible: boolean }
  /** The party button in the player's bar was pressed. */
  | { type: 'button' }
  /** The app shows another page. */
  | { type: 'moved' }
  /** The page is about to step the speed up or down from what the element's is now. */
  | { type: 'speed-key' };

/** What the party button in the player's bottom bar shows. */
export interface ButtonView {
  label: string;
  /** Members, or null when not in a party. */
  count: number | null;
  attention: boolean;
  pressed: boolean;
}

export const SEGMENT_KINDS = ['intro', 'recap', 'commercial', 'preview', 'outro'] as const;
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

/** A part of an item, in media ms. */
export interface Segment {
  kind: SegmentKind;
  startMs: number;
  endMs: number;
}

/** A part that people may want to skip. `asked`: the page has a button of its own for that. */
export type SkippablePart = Segment & { asked: boolean };

/** Port to the page's Jellyfin client; the rest of the extension never asks which version it is. */
export interface MediaHost {
  session(): JellyfinSession | null;
  /** @returns the name of who is signed in, asked of the server when the page does not know it yet; '' when that cannot be told. */
  userName(): Promise<string>;
  media(): Media | null;
  /** @returns the item whose page the app shows, if it is one that can be watched; null also when that cannot be told. */
  shown(): Promise<Media | null>;
  /**
   * @returns the parts of what plays that the server knows of, without those that the page skips by itself, as this person has it
   * set; none also when that cannot be told.
   */
  parts(): Promise<readonly SkippablePart[]>;
  /**
   * Makes the page play an item through the user's own session.
   * @param positionMs where to start, in ms. @throws HostError
   */
  open(media: Media, positionMs: number): Promise<void>;
  /** Seeks as jellyfin-web itself would: for streams whose element cannot seek. @throws HostError */
  seek(positionMs: number): Promise<void>;
  /** Shows the state of the party in the player's own button. */
  showButton(view: ButtonView): void;
  /** Narrows the picture so that a panel can stand beside it. @param widthPx 0 gives the picture its place back. */
  makeRoom(widthPx: number): void;
  /** The page's accent colour, and whether it is a light theme. */
  theme(): { accent: string | null; light: boolean };
}
