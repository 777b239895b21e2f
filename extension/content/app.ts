import { effect } from '@preact/signals-core';
import { type InviteLink, parseInviteLink } from '../../shared/invite-link.ts';
import type { HostEvent, JellyfinSession, MediaHost } from '../jellyfin/host.ts';
import { type OverlayActions, PANEL_ROOM_PX, type Problem, type SettingsView } from '../overlay/model.ts';
import type { Settings } from '../platform/settings.ts';
import type { Player } from '../player/player.ts';
import type { AppDeps } from './app-deps.ts';
import { buttonView } from './button-view.ts';
import { type Destination, Entry } from './entry.ts';
import { LastParty, userOf, withoutFilm } from './last-party.ts';
import { copyFirstLink, linkActions } from './link-actions.ts';
import { Party } from './party.ts';
import { partyActions } from './party-actions.ts';
import { normaliseRelay } from './relay-address.ts';
import { SoundDelay } from './sound-delay.ts';
import { TabKeeper } from './tab-keeper.ts';

/** The extension in one Jellyfin tab: at most one party, one player, one overlay. */
export class App {
  readonly #deps: AppDeps;
  readonly #signal: AbortSignal;
  readonly #host: MediaHost & { start(): void };
  readonly #entry: Entry;
  readonly #soundDelay: SoundDelay;
  #settings: Settings;
  readonly #keeper: TabKeeper;
  readonly #last: LastParty;
  #party: Party | null = null;
  /** Who this tab is in its party as, as `user@server`; '' in none. */
  #user = '';
  #player: Player | null = null;
  #playerLife = new AbortController();
  #partyLife = new AbortController();

  constructor(deps: AppDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#settings = deps.settings;
    this.#keeper = new TabKeeper(deps.ask, () => userOf(this.#host.session()));
    this.#last = new LastParty(deps.ask, deps.model);
    this.#entry = new Entry({
      model: deps.model,
      ask: deps.ask,
      session: () => this.#host.session(),
      userName: () => this.#host.userName(),
      settings: () => this.#settings,
      keep: (change) => this.#keep(change),
      setPendingInvite: (pendingInvite) => this.#keeper.change({ pendingInvite }),
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
    const stop = effect(() => {
      this.#host.showButton(buttonView(this.#deps.model, this.#deps.say));
      const { settings, panelOpen, playerVisible } = this.#deps.model;
      const beside = settings.value.beside && panelOpen.value && playerVisible.value;
      this.#host.makeRoom(beside ? PANEL_ROOM_PX : 0);
    });
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

  /**
   * Takes up what this tab was doing: an invite it arrived with, or the seat it had before a reload, a restart of the browser or
   * an update of the extension.
   * @param arrival the invite found in the address bar; 'unreadable' when there was one that cannot be read.
   * @param interrupted this script took over from one of an older version that was in a party.
   */
  async resume(arrival: InviteLink | 'unreadable' | null, interrupted = false): Promise<void> {
    await this.#keeper.load();
    const { seat, pendingInvite, panelOpen } = this.#keeper.get();
    const user = userOf(this.#host.session());
    if (seat && user !== '' && user !== seat.user) void this.#keeper.change({ seat: null });
    this.#setPanel(panelOpen || arrival !== null || interrupted);
    if (arrival === 'unreadable') return this.#problem('invite-unreadable', 'dismiss');
    if (arrival) return this.#entry.join(arrival);
    const link = pendingInvite && parseInviteLink(pendingInvite);
    if (seat && user === seat.user) this.#entry.takeSeat(withoutFilm(seat));
    else if (link) await this.#entry.join(link);
    else if (seat && user === '') this.#await(seat.user);
    else if (!(await this.#comeBack()) && interrupted) this.#problem('party-interrupted', 'dismiss');
  }

  /** Goes back to the party that was on when something stopped it; one of longer ago is offered. */
  async #comeBack(): Promise<boolean> {
    const session = this.#host.session();
    const kept = session && (await this.#last.look(userOf(session)));
    if (!kept || this.#party) return false;
    this.#entry.takeSeat(kept);
    return true;
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
      ...linkActions(
        () => this.#party?.links,
        this.#deps.ask,
        (code) => this.#refused(code),
      ),
      saveSettings: (settings) => void this.#saveSettings(settings),
      takeUp: () => this.#last.takeUp((kept) => this.#entry.takeSeat(kept)),
      forgetKept: () => this.#last.forget(),
      pair: (code) => void this.#entry.pair(code),
      ...partyActions(() => this.#party),
      setFollow: (how) => {
        this.#party?.follow(how);
        // Going one's own way is for now; the rest is how somebody watches.
        if (how !== 'free') void this.#keep({ follow: how });
      },
      setSoundDelay: (ms) => this.#soundDelay.choose(ms),
      setCut: (ms) => this.#party?.setCut(ms),
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
        model.panelOpen.value = event.video !== null && this.#keeper.get().panelOpen;
        model.theme.value = this.#host.theme();
        return this.#onVideo(event.video);
      case 'media':
        return this.#party?.mediaChanged(event.media);
      case 'osd':
        model.osdVisible.value = event.visible;
        return;
      case 'moved':
        return void this.#party?.pageMoved();
      case 'speed-key':
        return this.#party?.showGroupRate();
      case 'button':
        return this.#press(!model.panelOpen.value);
    }
  }

  #onSession(session: JellyfinSession | null): void {
    const user = userOf(session);
    if (this.#party && user !== this.#user) {
      if (!session) return this.#stepOut(this.#user);
      this.#party.leave();
      this.#deps.model.panelOpen.value = true;
      return this.#problem('user-changed', 'dismiss');
    }
    if (!session) return;
    void this.#deps.ask({ type: 'server-seen', serverId: session.serverId });
    if (this.#party) return;
    this.#deps.notices.solved('jellyfin-signed-out');
    if (this.#last.isOfAnother(user)) void this.#keeper.change({ seat: null });
    const { pendingInvite } = this.#keeper.get();
    const waiting = pendingInvite && parseInviteLink(pendingInvite);
    if (waiting) void this.#entry.join(waiting);
    else if (this.#keeper.isLoaded() && this.#deps.model.screen.value.state === 'idle') void this.#comeBack();
  }

  /** Out of the party without leaving it: the relay keeps the seat for a while, and this browser for longer. */
  #stepOut(user: string): void {
    this.#partyLife.abort();
    this.#party = null;
    this.#deps.model.screen.value = { state: 'idle' };
    this.#await(user);
  }

  #await(user: string): void {
    this.#last.await(user);
    this.#deps.model.panelOpen.value = true;
    this.#problem('jellyfin-signed-out', 'dismiss');
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
    const { relay } = destination;
    const copy = destination.credential.kind === 'grant' ? copyFirstLink(() => notices.linkCopied()) : null;
    model.problem.value = null;
    this.#user = userOf(this.#host.session());
    this.#last.entering(destination.room);
    model.screen.value = { state: 'working', step: 'joining' };
    this.#partyLife = new AbortController();
    this.#party = new Party(
      {
        host: this.#host,
        player: () => this.#player,
        beginning: {
          follow: this.#settings.follow,
          nudgeMs: this.#soundDelay.ms,
          outputMs: this.#soundDelay.measuredMs,
          browser: this.#deps.browser,
          memory: this.#deps.learned.recall(relay),
        },
        cuts: this.#deps.cuts,
        setTimer: this.#deps.setTimer,
        remember: (memory) => this.#deps.learned.keep(relay, memory),
        film: destination.film ?? null,
        openLink: (events, signal) =>
          this.#deps.openLink(destination, () => this.#entry.identityFor(relay), events, signal),
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
        onSeat: (seat) => {
          if (seat) this.#last.entering(null);
          this.#keeper.seatGiven(destination, seat?.seat ?? null);
        },
        onLearned: (part) => {
          this.#keeper.learned(part);
          if ('invite' in part) void copy?.(part.invite);
        },
        onEnded: (code) => this.#ended(code),
      },
      this.#partyLife.signal,
    );
  }

  #ended(code: string | null): void {
    this.#party = null;
    this.#deps.model.screen.value = { state: 'idle' };
    const link = this.#last.ended(code);
    // The seat was given up meanwhile: the party may still be there to be joined anew.
    if (link) void this.#entry.join(link);
    else if (code !== null) this.#refused(code);
  }

  #refused(code: string): void {
    this.#problem(code, code === 'extension-updated' ? 'reload' : 'dismiss');
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
    if (problem.action === 'watch-here') void this.#entry.watchHere();
    if (problem.action === 'open-item') this.#party?.wish('return-to-film');
  }

  /** A person opens or closes the panel. */
  #press(open: boolean): void {
    this.#deps.model.panelTakesFocus = open;
    this.#setPanel(open);
    if (open && this.#deps.model.screen.value.state === 'idle') void this.#entry.lookElsewhere();
  }

  #setPanel(open: boolean): void {
    this.#deps.model.panelOpen.value = open;
    if (this.#keeper.get().panelOpen !== open) void this.#keeper.change({ panelOpen: open });
  }

  async #keep(change: Partial<Settings>): Promise<void> {
    this.settingsChanged({ ...this.#settings, ...change });
    await this.#deps.saveSettings(change);
  }
}
