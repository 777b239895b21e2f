import { type Signal, signal } from '@preact/signals-core';
import type {
  Delivery,
  Follow,
  ManageAction,
  Media,
  MemberState,
  QueueAction,
  Reason,
  Role,
  Rules,
  Wish,
} from '../../shared/protocol.ts';

/** What the panel takes of the page's width: itself and a margin on each side (styles/panel.css). */
export const PANEL_ROOM_PX = 340 + 2 * 8;

/** Bluetooth and TVs stay below this, in ms. */
export const SOUND_DELAY_LIMIT_MS = 500;
/** Nobody hears a smaller difference, in ms. */
export const SOUND_DELAY_STEP_MS = 5;

/** @returns a sound delay that can be set: in steps and within the limit, whatever came in. */
export function allowedSoundDelay(ms: number): number {
  const stepped = Math.round(ms / SOUND_DELAY_STEP_MS) * SOUND_DELAY_STEP_MS;
  return Math.max(-SOUND_DELAY_LIMIT_MS, Math.min(SOUND_DELAY_LIMIT_MS, stepped)) || 0;
}

/** How far another version of a film may be off, how finely that is set, and how coarsely, in ms. */
export const CUT_LIMIT_MS = 900_000;
export const CUT_STEP_MS = 500;
export const CUT_PAGE_MS = 10_000;

/** One point of a member's plot; `atMs` is this page's monotonic clock, null a moment in which the member could not tell. */
export interface OffsetSample {
  atMs: number;
  offsetMs: number | null;
}

/** One row of the people list. Names are hostile text: rendered as text only. */
export interface MemberView {
  id: string;
  name: string;
  you: boolean;
  role: Role;
  verified: boolean;
  /** Address of the member's picture; null: none that this page may show. */
  picture: string | null;
  connected: boolean;
  state: MemberState;
  /** What the member knows of why it is not in step, or hears it late. */
  reason: Reason | null;
  follow: Follow;
  /** How the stream comes to this member; null: not known. */
  delivery: Delivery | null;
  offsetMs: number | null;
  errorMs: number | null;
  /** Of the last two minutes, oldest first; the same array until there is news. */
  offsets: readonly OffsetSample[];
}

/** The film stands still until these people have it loaded. Times are this page's monotonic clock (`performance.now()`). */
export interface WaitView {
  /** The others; `you` is not among them. */
  names: string[];
  you: boolean;
  sinceMs: number;
  endsAtMs: number;
  /** The item before ended by itself, and this one is counted down to: `names` may be empty until then. */
  next: { title: string; startsAtMs: number } | null;
}

/** One row of the queue. Titles and names are hostile text. */
export interface QueueItem {
  id: string;
  title: string;
  /** Who added it; null: somebody who has left. */
  by: string | null;
  own: boolean;
  votes: number;
  voted: boolean;
}

export interface QueueView {
  items: readonly QueueItem[];
  /** Whether this member may order it and take out what others added, and add and vote. */
  mayOrder: boolean;
  mayJoin: boolean;
  /** What this member looks at and may add; null: nothing. */
  addable: Media | null;
}

export type ConnectionView = { state: 'open' } | { state: 'connecting' } | { state: 'reconnecting'; retryInMs: number };

/** What a link allows. `endsAtMs` is the time of day. */
export interface LinkTerms {
  invite: string;
  uses: number;
  endsAtMs: number;
}

/** A link of the party; `by` is the member who made it, if that is known. */
export interface LinkView extends LinkTerms {
  by: string | null;
  used: number;
}

/** What a new link is to allow. */
export interface InviteTerms {
  uses: number;
  ttlMs: number;
  poster: boolean;
}

/** A short code for the link, to be read aloud; `place` is where it is typed in. */
export interface CodeView {
  code: string;
  place: string;
  endsAtMs: number;
}

export interface PartyView {
  title: string | null;
  connection: ConnectionView;
  members: MemberView[];
  wait: WaitView | null;
  /** How long the room waits for who stalls; 0: never. */
  waitMs: number;
  queue: QueueView;
  rules: Rules;
  /** What this person is in the party. */
  role: Role;
  /** Whether this person may steer the film. */
  steers: boolean;
  /** The film plays, or is about to. */
  playing: boolean;
  /** The film has not played with the others yet, and this person may start it: shows who is ready for that. */
  preflight: boolean;
  /** The last skip or change of film was a moment ago, and this person may take it back. */
  canUndo: boolean;
  /** What somebody who may not steer asks of this person. */
  asked: { who: string; what: Wish } | null;
  /** This member's own link. `invite` is what it is revoked by. */
  invite: { state: 'none' } | { state: 'making' } | ({ state: 'ready'; url: string } & LinkTerms);
  /** The links that there is to know of and to take back; null before anybody asked. */
  links: readonly LinkView[] | null;
  /** How this person follows. */
  follow: Follow;
  /** How much later the film has everything in this person's version of it, in ms; null: it is the others' version. */
  cutMs: number | null;
  /** Where this member stands: follows, goes its own way, has left the player, watches something else, or must click to start. */
  place: 'following' | 'free' | 'away' | 'other-item' | 'autoplay-blocked' | 'opening';
}

/** What the panel shows. */
export type Screen =
  | { state: 'idle' }
  /** No relay chosen yet, or the relay wants a pairing code from the host. */
  | { state: 'setup'; need: 'relay' | 'pairing'; next: 'start' | 'join' }
  | { state: 'working'; step: 'signing-in' | 'creating' | 'joining' }
  | { state: 'party'; party: PartyView };

/** Something a person should know; `code` is the key `error_<code>` and `error_<code>_do` in _locales. */
export interface Problem {
  code: string;
  params: string[];
  action: 'none' | 'retry' | 'settings' | 'reload' | 'open-item' | 'watch-here' | 'dismiss';
}

/** Parts of a film that people may want to skip. */
export type Part = 'intro' | 'recap' | 'commercial' | 'preview' | 'outro';

/** What can be done about what a toast says. */
export type Offer =
  | { kind: 'undo' }
  /** Asks those who may steer. */
  | { kind: 'ask'; what: Wish }
  /** Does what somebody asked for. */
  | { kind: 'steer'; what: Wish }
  /** For everyone, to where a part of the film ends in this player. */
  | { kind: 'skip'; part: Part; toMs: number };

export interface Toast {
  id: number;
  text: string;
  offer?: Offer;
}

export interface SettingsView {
  relay: string;
  name: string;
  beside: boolean;
}

/** Everything the overlay shows, as signals that content/main.ts writes. */
export interface OverlayModel {
  screen: Signal<Screen>;
  problem: Signal<Problem | null>;
  /** The last party of this browser, which can be taken up again; `title` of what was watched there. */
  kept: Signal<{ title: string | null } | null>;
  panelOpen: Signal<boolean>;
  /** Whether a person opened it just now: found open, it leaves the focus where it is. */
  panelTakesFocus: boolean;
  /** Follows the player's own controls: the pill and the panel fade with them. */
  osdVisible: Signal<boolean>;
  playerVisible: Signal<boolean>;
  toasts: Signal<Toast[]>;
  /** How many toasts there were: their ids. */
  toastCount: number;
  settings: Signal<SettingsView>;
  /** How late this person's sound comes out, in ms; the film runs ahead by it. */
  soundDelayMs: Signal<number>;
  theme: Signal<{ accent: string | null; light: boolean }>;
}

/** A QR code: its side in modules, and an SVG path of the dark ones. */
export interface QrDrawing {
  size: number;
  path: string;
}

/** What a person can do; implemented by content/main.ts. */
export interface OverlayActions {
  startParty(): void;
  join(linkText: string): void;
  leave(): void;
  /** Makes an invite when there is none, and puts it on the clipboard. @returns whether it is there. */
  copyInvite(): Promise<boolean>;
  shareInvite(): void;
  /** Makes another link, which takes the place of this member's own. */
  makeInvite(terms: InviteTerms): void;
  /** Asks what links there are. */
  listInvites(): void;
  /** Takes a link back: nobody comes in by it any more. */
  revokeInvite(invite: string): void;
  /** @returns a short code for the link; null when there is none to be had now. */
  makeCode(): Promise<CodeView | null>;
  /** @returns the QR code of a text; null when it cannot be drawn now. */
  drawQr(text: string): Promise<QrDrawing | null>;
  saveSettings(settings: SettingsView): void;
  /** Back to the last party, or no more word of it. */
  takeUp(): void;
  forgetKept(): void;
  /** A pairing code from the relay's console, or an identity token. */
  pair(code: string): void;
  /** Back to the party's film and place. */
  returnToFilm(): void;
  /** Takes the party along to what this member watches now. */
  bringEveryone(): void;
  /** The click that lets the browser start with sound. */
  startPlayback(): void;
  /** Back in step now, though the engine had given seeking up. */
  catchUp(): void;
  /** How this person wants to follow from now on. */
  setFollow(how: Follow): void;
  /** Waits no longer for those who load. */
  goOn(): void;
  /** Skips what is left of the countdown to the next item, or stays where that begins. */
  playNow(): void;
  stay(): void;
  /** Adds to the queue, orders it, votes in it. */
  queue(action: QueueAction): void;
  /** @param waitMs how long the room waits for who stalls; 0: never. */
  setWait(waitMs: number): void;
  /** Something about the party rather than the film: roles, who steers, the lock, asking. */
  manage(action: ManageAction): void;
  /** Takes the last skip or change of film back, for everyone. */
  undo(): void;
  /** Does what was asked for, for everyone. */
  steer(what: Wish): void;
  /** Past a part of the film, for everyone. @param toMs its end. */
  skipTo(toMs: number): void;
  /** @param ms how late this person's sound comes out, within `SOUND_DELAY_LIMIT_MS`. */
  setSoundDelay(ms: number): void;
  /** @param ms how much later this person's version of the film has everything, within `CUT_LIMIT_MS`. */
  setCut(ms: number): void;
  /** Asks the browser how late sound comes out of this device, in ms; null when it cannot tell. Only within a click. */
  measureSoundDelay(): Promise<number | null>;
  solveProblem(problem: Problem): void;
  dismissProblem(): void;
  setPanelOpen(open: boolean): void;
}

/** @returns a model in its first state: no party, panel closed. */
export function createModel(): OverlayModel {
  return {
    screen: signal<Screen>({ state: 'idle' }),
    problem: signal<Problem | null>(null),
    kept: signal<{ title: string | null } | null>(null),
    panelOpen: signal(false),
    panelTakesFocus: false,
    osdVisible: signal(true),
    playerVisible: signal(false),
    toasts: signal<Toast[]>([]),
    toastCount: 0,
    settings: signal<SettingsView>({ relay: '', name: '', beside: false }),
    soundDelayMs: signal(0),
    theme: signal<{ accent: string | null; light: boolean }>({ accent: null, light: false }),
  };
}
