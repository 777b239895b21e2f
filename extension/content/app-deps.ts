import type { Link, LinkEvents } from '../connection/link.ts';
import type { HostEvent, MediaHost } from '../jellyfin/host.ts';
import type { Translate } from '../overlay/i18n.ts';
import type { OverlayModel } from '../overlay/model.ts';
import type { Settings } from '../platform/settings.ts';
import type { Player, PlayerEvent } from '../player/player.ts';
import type { Browser } from '../sync/latency.ts';
import type { Cuts } from './cuts.ts';
import type { Destination } from './entry.ts';
import type { Learned } from './learned.ts';
import type { Notices } from './notices.ts';
import type { PartyDeps } from './party-deps.ts';
import type { Ask } from './sign-in.ts';

/** What the extension in one tab is made of. */
export interface AppDeps {
  model: OverlayModel;
  notices: Notices;
  say: Translate;
  ask: Ask;
  settings: Settings;
  saveSettings(change: Partial<Settings>): Promise<Settings>;
  createHost(onEvent: (event: HostEvent) => void, signal: AbortSignal): MediaHost & { start(): void };
  attachPlayer(
    video: HTMLVideoElement,
    host: MediaHost,
    onEvent: (event: PlayerEvent) => void,
    signal: AbortSignal,
  ): Player;
  openLink(destination: Destination, identity: () => Promise<string>, events: LinkEvents, signal: AbortSignal): Link;
  /** What parties have learned of this device, and whose player it is. */
  learned: Learned;
  browser: Browser;
  cuts: Cuts;
  setTimer: PartyDeps['setTimer'];
  /** How late this device's sound comes out, in ms; null when the browser cannot tell. */
  measureSoundDelay(): Promise<number | null>;
}
