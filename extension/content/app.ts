import { effect } from '@preact/signals-core';
import { type InviteLink, parseInviteLink } from '../../shared/invite-link.ts';
import type { Snapshot } from '../../shared/protocol.ts';
import type { Link, LinkEvents } from '../connection/link.ts';
import type { HostEvent, JellyfinSession, MediaHost } from '../jellyfin/host.ts';
import type { Translate } from '../overlay/i18n.ts';
import {
  type OverlayActions,
  type OverlayModel,
  PANEL_ROOM_PX,
  type Problem,
  type SettingsView,
} from '../overlay/model.ts';
import type { TabMemory } from '../platform/messages.ts';
import type { Settings } from '../platform/settings.ts';
import type { Player, PlayerEvent } from '../player/player.ts';
import type { Browser } from '../sync/latency.ts';
import { buttonView } from './button-view.ts';
import { copyText, shareText } from './clipboard.ts';
import { type Destination, Entry } from './entry.ts';
import type { Learned } from './learned.ts';
import type { Notices } from './notices.ts';
import { Party } from './party.ts';
import { normaliseRelay } from './relay-address.ts';
import type { Ask } from './sign-in.ts';
import { SoundDelay } from './sound-delay.ts';

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
  openLink(destination: Destination, events: LinkEvents, signal: AbortSignal): Link;
  /** What parties have learned of this device, and whose player it is. */
  learned: Learned;
  browser: Browser;
  /** How late this device's sound comes out, in ms; null when the browser cannot tell. */
  measureSoundDelay(): Promise<number | null>;
}

/** The extension in one Jellyfin tab: at most one party, one player, one overlay. */
export class App {
  readonly #deps: AppDeps;
  readonly #signal: AbortSignal;
  readonly #host: MediaHost & { start(): void };
  readonly #entry: Entry;
  readonly #soundDelay: SoundDelay;
  #settings: Settings;
  #memory: TabMemory = { seat: null, pendingInvite: null, panelOpen: false };
  #party: Party | null = null;
  #player: Player | null = null;
  #playerLife = new AbortController();
  #partyLife = new AbortController();

  constructor(deps: AppDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#settings = deps.settings;
    this.#entry = new Entry({
      model: deps.model,
      ask: deps.ask,
      session: () => this.#host.session(),
      settings: () => this.#settings,
      keep: (change) => this.#keep(change),
      setPendingInvite: (pendingInvite) => this.#remember({ ...this.#memory, pendingInvite }),
      leaveParty: () => this.#party?.leave(),
      enter: (destination) => this.#enter(destination),
      problem: (code, action) => this.#problem(code, action),
    });
    this.#soundDelay = new SoundDelay({
      onChange: (ms) => {
        deps.model.soundDelayMs.value = ms;
        this.#party?.nudge(ms);
      },
      save: (soundDelayMs) => this.#keep({ soundDelayMs }),
      measure: () => deps.measureSoundDelay(),
      onMeasured: (ms) => this.#party?.soundComesOut(ms),
    });
    this.#host = deps.createHost((event) => this.#onHost(event), signal);
    signal.addEventListener('abort', () => {
      this.#playerLife.abort();
      this.#partyLife.abort();
    });
    this.settingsChanged(deps.settings);
  }

  /** Begins to watch the page. */
  start(): void {
    this.#host.start();
    // What the button shows follows from the model, whoever changed it.
    const stop = effect(() => this.#host.showButton(buttonView(this.#deps.model, this.#deps.say)));
    const stopRoom = effect(() => {
      const { settings, panelOpen, playerVisible } = this.#deps.model;
      const beside = settings.value.beside && panelOpen.value && playerVisible.value;
      this.#host.makeRoom(beside ? PANEL_ROOM_PX : 0);
    });
    this.#signal.addEventListener('abort', stopRoom);
    this.#signal.addEventListener('abort', stop);
  }

  /** @param settings as they are now, also when another tab or the options page changed them. */
  settingsChanged(settings: Settings): void {
    this.#settings = settings;
    const { relay, name, beside } = settings;
    this.#deps.model.settings.value = { relay, name, beside };
    this.#soundDelay.stored(settings.soundDelayMs);
  }

  /** The extension is gone from under this page; only a reload brings it back. */
  orphaned(): void {
    this.#partyLife.abort();
    this.#ended('extension-updated');
  }

  /** This script took over from one of an older version that was in a party; its seat went with it. */
  interrupted(): void {
    this.#setPanel(true);
    this.#problem('party-interrupted', 'dismiss');
  }

  /**
   * Takes up what this tab was doing: an invite it arrived with, or the seat it had before a reload.
   * @param arrival the invite found in the address bar; 'unreadable' when there was one that cannot be read.
   */
  async resume(arrival: InviteLink | 'unreadable' | null): Promise<void> {
    const reply = await this.#deps.ask({ type: 'tab-get' });
    if (reply.ok && reply.value) this.#memory = reply.value;
    this.#setPanel(this.#memory.panelOpen || arrival !== null);
    if (arrival === 'unreadable') return this.#problem('invite-unreadable', 'dismiss');
    if (arrival) return this.#entry.join(arrival);
    const { seat, pendingInvite } = this.#memory;
    if (seat && this.#host.session()) {
      this.#enter({
        relay: seat.relay,
        room: seat.room,
        credential: { kind: 'seat', seat: seat.seat },
        snapshot: seat.snapshot,
      });
    } else if (pendingInvite) {
      const link = parseInviteLink(pendingInvite);
      if (link) await this.#entry.join(link);
    }
  }

  /** @returns what the overlay's controls do. */
  actions(): OverlayActions {
    return {
      startParty: () => {
        void this.#entry.start();
        // Only a click lets a browser be asked.
        void this.#soundDelay.measure();
      },
      join: (text) => {
        void this.#entry.joinText(text);
        void this.#soundDelay.measure();
      },
      leave: () => (this.#party ? this.#party.leave() : this.#entry.cancel()),
      copyInvite: async () => {
        const url = await this.#party?.inviteUrl();
        return url ? copyText(url) : false;
      },
      shareInvite: async () => {
        const url = await this.#party?.inviteUrl();
        if (url) await shareText(url);
      },
      drawQr: async (text) => {
        const reply = await this.#deps.ask({ type: 'draw-qr', text });
        if (reply.ok) return reply.value;
        this.#problem(reply.code, reply.code === 'extension-updated' ? 'reload' : 'dismiss');
        return null;
      },
      saveSettings: (settings) => void this.#saveSettings(settings),
      pair: (code) => void this.#entry.pair(code),
      returnToFilm: () => this.#party?.returnToFilm(),
      bringEveryone: () => this.#party?.bringEveryone(),
      startPlayback: () => this.#party?.startPlayback(),
      catchUp: () => this.#party?.catchUp(),
      goOn: () => this.#party?.goOn(),
      playNow: () => this.#party?.playNow(),
      stay: () => this.#party?.stay(),
      setWait: (waitMs) => this.#party?.setWait(waitMs),
      setSoundDelay: (ms) => this.#soundDelay.choose(ms),
      measureSoundDelay: () => this.#soundDelay.measure(),
      solveProblem: (problem) => this.#solve(problem),
      dismissProblem: () => {
        this.#deps.model.problem.value = null;
      },
      setPanelOpen: (open) => this.#press(open),
    };
  }

  #onHost(event: HostEvent): void {
    const { model } = this.#deps;
    switch (event.type) {
      case 'session':
        return this.#onSession(event.session);
      case 'video':
        model.playerVisible.value = event.video !== null;
        // Over the library it would cover Jellyfin's own buttons; it comes back with the player.
        model.panelTakesFocus = false;
        model.panelOpen.value = event.video !== null && this.#memory.panelOpen;
        model.theme.value = this.#host.theme();
        return this.#onVideo(event.video);
      case 'media':
        return this.#party?.mediaChanged(event.media);
      case 'osd':
        model.osdVisible.value = event.visible;
        return;
      case 'speed-key':
        return this.#party?.showGroupRate();
      case 'button':
        return this.#press(!model.panelOpen.value);
    }
  }

  #onSession(session: JellyfinSession | null): void {
    if (!session) {
      if (!this.#party) return;
      this.#party.leave();
      this.#deps.model.panelOpen.value = true;
      this.#problem('jellyfin-signed-out', 'dismiss');
      return;
    }
    const waiting = this.#memory.pendingInvite && parseInviteLink(this.#memory.pendingInvite);
    if (waiting && !this.#party) void this.#entry.join(waiting);
  }

  #onVideo(video: HTMLVideoElement | null): void {
    this.#playerLife.abort();
    this.#player = null;
    if (!video) return this.#party?.playerGone();
    this.#playerLife = new AbortController();
    this.#player = this.#deps.attachPlayer(
      video,
      this.#host,
      (event) => this.#party?.playerEvent(event),
      this.#playerLife.signal,
    );
  }

  #enter(destination: Destination): void {
    const { model, notices } = this.#deps;
    const { relay, room } = destination;
    model.problem.value = null;
    model.screen.value = { state: 'working', step: 'joining' };
    this.#partyLife = new AbortController();
    this.#party = new Party(
      {
        host: this.#host,
        player: () => this.#player,
        beginning: {
          nudgeMs: this.#soundDelay.ms,
          outputMs: this.#soundDelay.measuredMs,
          browser: this.#deps.browser,
          memory: this.#deps.learned.recall(relay),
        },
        remember: (memory) => this.#deps.learned.keep(relay, memory),
        openLink: (events, signal) => this.#deps.openLink(destination, events, signal),
        onView: (party) => {
          model.screen.value = { state: 'party', party };
        },
        onNews: (news) => notices.tell(news),
        onProblem: (code, params) =>
          this.#problem(
            code,
            code === 'item-missing' || code === 'jellyfin-unreachable' ? 'open-item' : 'none',
            params,
          ),
        onSolved: (code) => notices.solved(code),
        onBack: () => notices.connectedAgain(),
        onSeat: (seat) =>
          void this.#remember({
            ...this.#memory,
            seat: seat && { relay, room, seat: seat.seat, snapshot: this.#keptOf(destination) },
          }),
        onSnapshot: (snapshot) => {
          const { seat } = this.#memory;
          if (seat) void this.#remember({ ...this.#memory, seat: { ...seat, snapshot } });
        },
        onEnded: (code) => this.#ended(code),
      },
      this.#partyLife.signal,
    );
  }

  /** What this tab has kept of the room that it goes to. */
  #keptOf({ relay, room }: Destination): Snapshot | null {
    const { seat } = this.#memory;
    return seat?.relay === relay && seat.room === room ? seat.snapshot : null;
  }

  #ended(code: string | null): void {
    this.#party = null;
    this.#deps.model.screen.value = { state: 'idle' };
    if (code !== null) this.#problem(code, code === 'extension-updated' ? 'reload' : 'dismiss');
  }

  async #saveSettings(view: SettingsView): Promise<void> {
    const relay = normaliseRelay(view.relay);
    if (relay === null) return this.#problem('relay-address-wrong', 'dismiss');
    await this.#keep({ ...view, relay });
    this.#deps.model.problem.value = null;
    this.#entry.settingsSaved();
  }

  #problem(code: string, action: Problem['action'], params: string[] = []): void {
    this.#deps.model.problem.value = { code, params, action };
  }

  #solve(problem: Problem): void {
    this.#deps.model.problem.value = null;
    if (problem.action === 'reload') location.reload();
    if (problem.action === 'retry') void this.#entry.start();
    if (problem.action === 'open-item') this.#party?.returnToFilm();
  }

  /** A person opens or closes the panel. */
  #press(open: boolean): void {
    this.#deps.model.panelTakesFocus = open;
    this.#setPanel(open);
  }

  #setPanel(open: boolean): void {
    this.#deps.model.panelOpen.value = open;
    if (this.#memory.panelOpen !== open) void this.#remember({ ...this.#memory, panelOpen: open });
  }

  async #remember(memory: TabMemory): Promise<void> {
    this.#memory = memory;
    await this.#deps.ask({ type: 'tab-set', memory });
  }

  async #keep(change: Partial<Settings>): Promise<void> {
    this.settingsChanged({ ...this.#settings, ...change });
    await this.#deps.saveSettings(change);
  }
}
