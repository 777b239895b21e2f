import { type Signal, signal } from '@preact/signals';
import type { MemberState } from '../../shared/protocol.ts';

/** What the panel takes of the page's width: itself and a margin on each side (styles/panel.css). */
export const PANEL_ROOM_PX = 340 + 2 * 8;

/** One row of the people list. Names are hostile text: rendered as text only. */
export interface MemberView {
  id: string;
  name: string;
  you: boolean;
  host: boolean;
  verified: boolean;
  connected: boolean;
  state: MemberState;
  offsetMs: number | null;
  errorMs: number | null;
}

export type ConnectionView = { state: 'open' } | { state: 'connecting' } | { state: 'reconnecting'; retryInMs: number };

export interface PartyView {
  title: string | null;
  connection: ConnectionView;
  members: MemberView[];
  /** Names of who is waited for before the film starts; empty when nobody. */
  waitingFor: string[];
  invite: { state: 'none' } | { state: 'making' } | { state: 'ready'; url: string };
  /** Where this member stands: follows, has left the player, watches something else, or must click to start. */
  place: 'following' | 'away' | 'other-item' | 'autoplay-blocked' | 'opening';
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
  action: 'none' | 'retry' | 'settings' | 'reload' | 'open-item' | 'dismiss';
}

export interface Toast {
  id: number;
  text: string;
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
  panelOpen: Signal<boolean>;
  /** Follows the player's own controls: the pill and the panel fade with them. */
  osdVisible: Signal<boolean>;
  playerVisible: Signal<boolean>;
  toasts: Signal<Toast[]>;
  settings: Signal<SettingsView>;
  theme: Signal<{ accent: string | null; light: boolean }>;
}

/** What a person can do; implemented by content/main.ts. */
export interface OverlayActions {
  startParty(): void;
  join(linkText: string): void;
  leave(): void;
  /** Makes an invite when there is none, and puts it on the clipboard. @returns whether it is there. */
  copyInvite(): Promise<boolean>;
  shareInvite(): void;
  saveSettings(settings: SettingsView): void;
  /** A pairing code from the relay's console, or an identity token. */
  pair(code: string): void;
  /** Back to the party's film and place. */
  returnToFilm(): void;
  /** Takes the party along to what this member watches now. */
  bringEveryone(): void;
  /** The click that lets the browser start with sound. */
  startPlayback(): void;
  solveProblem(problem: Problem): void;
  dismissProblem(): void;
  setPanelOpen(open: boolean): void;
}

/** @returns a model in its first state: no party, panel closed. */
export function createModel(): OverlayModel {
  return {
    screen: signal<Screen>({ state: 'idle' }),
    problem: signal<Problem | null>(null),
    panelOpen: signal(false),
    osdVisible: signal(true),
    playerVisible: signal(false),
    toasts: signal<Toast[]>([]),
    settings: signal<SettingsView>({ relay: '', name: '', beside: false }),
    theme: signal<{ accent: string | null; light: boolean }>({ accent: null, light: false }),
  };
}
