import type { Info, RoomResponse, TokenRequest, TokenResponse } from '../../shared/http-api.ts';
import type { Film, Snapshot } from '../../shared/protocol.ts';

/** Name of the Port that carries one party tab's socket (design.md section 6). */
export const PIPE_PORT = 'osp-pipe';

/** Content script to background over the Port. The first message opens; text frames follow unread. */
export type PipeRequest = { type: 'open'; url: string } | { type: 'frame'; text: string } | { type: 'close' };

/** Background to content script over the Port. */
export type PipeReply =
  | { type: 'opened' }
  | { type: 'frame'; text: string }
  /** `opened` tells a refused connection from a lost one. */
  | { type: 'closed'; code: number; reason: string; opened: boolean };

/** One-off requests: HTTP to a relay runs in the background, where neither the page's CSP nor mixed content applies. */
export type BackgroundRequest =
  | { type: 'relay-info'; relay: string }
  | { type: 'relay-token'; relay: string; request: TokenRequest }
  | { type: 'relay-room'; relay: string; identity: string }
  /** Has the relay keep a short code for an invite link. */
  | { type: 'relay-code'; url: string }
  | { type: 'open-options' }
  /** Runs overlay.js in the asking page, beside its content script. */
  | { type: 'load-overlay' }
  | { type: 'draw-qr'; text: string }
  /** Is another tab of this browser in a party? Tabs share one Jellyfin session, so only one can be steered. */
  | { type: 'party-elsewhere' }
  /** Closes that other tab, and gives its seat to the one that asks. */
  | { type: 'party-here' }
  /** Where an invite leads to from the relay's page, whose address is `href`. @see Landing */
  | { type: 'landing'; href: string; address: string | null }
  /** The page that asks is a Jellyfin with this id: its address is this person's own for that server. */
  | { type: 'server-seen'; serverId: string }
  /** Per-tab memory that survives a reload but not the browser: seat and pending invite. */
  | { type: 'tab-get' }
  /** What outlives the tab and the browser: the last party that was not left, for two weeks. */
  | { type: 'kept-get' }
  | { type: 'kept-forget' }
  | { type: 'tab-set'; memory: TabMemory | null };

/** A failure in words the overlay has: a protocol error code, or where the way to the relay is blocked. */
export type FailureCode = string;
export type BackgroundFailure = { ok: false; code: FailureCode; message: string };
export type BackgroundReply<T> = { ok: true; value: T } | BackgroundFailure;

export interface BackgroundReplies {
  'relay-info': Info;
  'relay-token': TokenResponse;
  'relay-room': RoomResponse;
  'relay-code': ShortCode;
  'open-options': null;
  'load-overlay': null;
  'draw-qr': QrDrawing;
  'party-elsewhere': { user: string } | null;
  'party-here': KeptSeat | null;
  landing: Landing | null;
  'server-seen': null;
  'tab-get': TabMemory | null;
  'kept-get': KeptParty | null;
  'kept-forget': null;
  'tab-set': null;
}

/** A QR code: its side in modules, and an SVG path of the dark ones. */
export interface QrDrawing {
  size: number;
  path: string;
}

/** Eight digits in two groups, where to type them, and until when (time of day). */
export interface ShortCode {
  code: string;
  place: string;
  endsAtMs: number;
}

/** What an invite on the relay's page leads to; names are hostile text. */
export interface Landing {
  /** The film in this person's own Jellyfin, the invite riding along. */
  url: string;
  by: string;
  /** Match patterns to ask for: that Jellyfin, and the relay, so that its page finds the extension the next time. */
  origins: string[];
  /** Whether the extension may run on that Jellyfin. */
  allowed: boolean;
}

/** A place in a party: relay base URL, room, the seat to take back, and what there is to come back with. */
export interface KeptSeat {
  relay: string;
  room: string;
  seat: string;
  snapshot: Snapshot | null;
  /** What was watched, and where it was a moment ago. */
  film: Film | null;
  /** Link to come in with when the seat is gone. */
  invite: string | null;
  /** Whose seat it is: `user@server`, of Jellyfin. */
  user: string;
}

/** The party that this browser was in last. `restarted`: it was another run of the browser, or of the extension. */
export interface KeptParty {
  seat: KeptSeat;
  restarted: boolean;
  ageMs: number;
}

export interface TabMemory {
  /** To take back after a reload. */
  seat: KeptSeat | null;
  /** Invite link that waits for the user to sign in to Jellyfin. */
  pendingInvite: string | null;
  panelOpen: boolean;
}
