import type { Avatar } from '../../shared/avatar.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { ClientMessage, Follow, ManageAction, Media, ParsedRelayMessage, Wish } from '../../shared/protocol.ts';
import type { Link, LinkState } from '../connection/link.ts';
import { HostError } from '../jellyfin/host.ts';
import { pictureAddress } from '../jellyfin/picture.ts';
import type { PlayerEvent } from '../player/player.ts';
import { isTrimOf, pitchFor } from '../sync/controller.ts';
import type { Gesture } from '../sync/io.ts';
import { mediaKey } from '../sync/state.ts';
import { type EngineRunner, runEngine } from './engine-runner.ts';
import { Links } from './links.ts';
import type { PartyDeps } from './party-deps.ts';
import { addOwnOffset, applyRelayMessage, type News, type PartyState, steers } from './party-state.ts';
import { type OwnStatus, partyView } from './party-view.ts';
import { goingOf, Skips } from './skips.ts';
import { watchSurroundings } from './surroundings.ts';
import { gestureFor, wishFor } from './wishes.ts';

const othersIn = (party: PartyState | null): number => (party?.members.size ?? 1) - 1;

/** One party from hello to leave: wires the link, the engine and the player, and keeps what is known for the overlay. */
export class Party {
  readonly #deps: PartyDeps;
  readonly #end = new AbortController();
  readonly #link: Link;
  readonly #runner: EngineRunner;
  readonly #noteFilm: () => void;
  readonly #links: Links;
  readonly #skips: Skips;
  #party: PartyState | null = null;
  #linkState: LinkState = { state: 'connecting', attempt: 1 };
  #own: OwnStatus = { state: 'joining', reason: null, offsetMs: null, errorMs: null };
  #linkProblem: string | null = null;
  #viewQueued = false;
  #shown: Media | null = null;
  /** The last command of the engine's, with what could be asked for in its place. */
  #sent: { id: string; ask: Wish | null } | null = null;
  #managed = 0;
  #maySteer = true;
  #follow: Follow;

  constructor(deps: PartyDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#follow = deps.beginning.follow ?? 'closely';
    signal.addEventListener('abort', () => this.#end.abort(), { signal: this.#end.signal });
    const edge = {
      send: (message: ClientMessage) => this.#send(message),
      player: deps.player,
      open: (media: Media, positionMs: number) => void this.#open(media, positionMs),
      remember: deps.remember,
    };
    this.#links = new Links({
      send: (message) => this.#link.send(message),
      jellyfinUrl: () => (this.#party && deps.host.session()?.baseUrl) ?? null,
      onMade: (invite) => deps.onLearned({ invite }),
      onChange: () => this.#show(),
      signal: this.#end.signal,
    });
    this.#runner = runEngine(edge, deps.beginning, this.#end.signal);
    this.#link = deps.openLink(
      {
        onState: (state) => this.#onLink(state),
        onMessage: (message, receivedAtMs) => this.#onMessage(message, receivedAtMs),
        film: () => this.#runner.film() ?? deps.film,
      },
      this.#end.signal,
    );
    const going = () => goingOf(deps.player(), this.#party, this.#own.state);
    this.#skips = new Skips(deps, going, this.#end.signal);
    this.#noteFilm = watchSurroundings(this.#runner, (film) => deps.onLearned({ film }), this.#end.signal);
    void this.pageMoved();
    this.mediaChanged(deps.host.media());
    // A film that was on before the party told its loading to nobody.
    if ((deps.player()?.read().readyState ?? 0) >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      this.#runner.dispatch({ type: 'player', event: 'loaded' });
    }
  }

  /** @param event what the player says a person or the stream did. */
  playerEvent(event: PlayerEvent): void {
    switch (event.type) {
      case 'user-play':
        return this.#user({ type: 'play', positionMs: event.positionMs });
      case 'user-pause':
        return this.#user({ type: 'pause', positionMs: event.positionMs });
      case 'user-seek':
        return this.#user({ type: 'seek', positionMs: event.positionMs });
      case 'user-rate':
        return this.#user({ type: 'rate', rate: event.rate });
      default:
        return this.#runner.dispatch({ type: 'player', event: event.type });
    }
  }

  mediaChanged(media: Media | null): void {
    this.#runner.dispatch({ type: 'media', media });
    void this.#skips.mediaChanged(media);
  }

  /** The page's player went away or came back. */
  playerGone(): void {
    this.#runner.dispatch({ type: 'player', event: 'gone' });
  }

  /** Takes a correction off the element's rate: the page is about to look at it. The next tick puts it back. */
  showGroupRate(): void {
    const player = this.#deps.player();
    const rate = this.#party?.timeline.rate;
    if (player && rate !== undefined && isTrimOf(player.read().rate, rate)) player.setRate(rate, pitchFor(rate));
  }

  /** What the person wants of the film, other than by the player's own controls. */
  wish(type: 'return-to-film' | 'bring-everyone' | 'catch-up' | 'go-on' | 'play-now' | 'stay' | 'undo'): void {
    this.#runner.dispatch({ type });
  }

  /** The page shows something else: an item, perhaps, that could be queued. */
  async pageMoved(): Promise<void> {
    this.#shown = await this.#deps.host.shown();
    this.#show();
  }

  /** Asks the relay for something about the party; what follows from it comes as messages. */
  manage(action: ManageAction): void {
    this.#managed += 1;
    this.#link.send({ type: 'manage', id: `m${this.#managed}`, action });
  }

  /** Steers as if by a person's hand on this player: somebody asked for it. */
  steer(what: Wish): void {
    const player = this.#deps.player();
    if (player) this.#user(gestureFor(what, player.read().positionMs));
  }

  /** For everyone, past a part of the film. @param toMs its end, in this player's film. */
  skipTo(toMs: number): void {
    const player = this.#deps.player();
    if (player && player.read().positionMs < toMs) this.#user({ type: 'seek', positionMs: toMs });
  }

  /** @param waitMs how long the room is to wait for who stalls; 0: never. */
  setWait(waitMs: number): void {
    this.#runner.dispatch({ type: 'wait-policy', waitMs });
  }

  /** @param how this person wants to follow from now on. */
  follow(how: Follow): void {
    this.#follow = how;
    this.#runner.dispatch({ type: 'follow', how });
    this.#show();
  }

  /** @param ms the person's own offset: their sound comes out late by so much. */
  nudge(ms: number): void {
    this.#runner.dispatch({ type: 'nudge', ms });
  }

  /** @param ms how much later this person's version of the party's film has everything. */
  setCut(ms: number): void {
    const item = this.#item();
    if (item === null) return;
    this.#deps.cuts.choose(item, ms);
    this.#runner.dispatch({ type: 'cut', cut: { item, ms } });
    this.#show();
  }

  /** @param ms how late sound comes out of this device, as the browser says. */
  soundComesOut(ms: number): void {
    this.#runner.dispatch({ type: 'output', ms });
  }

  /** Starts with the right to make sound that a click gives; the engine then catches up by itself. */
  startPlayback(): void {
    this.#deps.player()?.play();
  }

  leave(): void {
    this.#link.leave();
  }

  /** This member's link, and what is known of the others'. */
  get links(): Links {
    return this.#links;
  }

  /** The party's film by its name; null: none. */
  #item(): string | null {
    const media = this.#party?.timeline.media;
    return media ? mediaKey(media) : null;
  }

  #cutMs(): number {
    const item = this.#item();
    return item === null ? 0 : this.#deps.cuts.of(item);
  }

  #user(event: Gesture): void {
    this.#runner.dispatch({ type: 'user', event });
  }

  #send(message: ClientMessage): void {
    if (message.type === 'status') {
      const { state, reason, offsetMs, errorMs } = message;
      this.#own = { state, reason, offsetMs, errorMs };
      if (this.#party) this.#party = addOwnOffset(this.#party, offsetMs, performance.now());
      this.#skips.look();
      this.#show();
    }
    if (message.type === 'command') {
      const player = this.#deps.player();
      const roomMs = player && player.read().positionMs - this.#cutMs();
      this.#sent = { id: message.id, ask: wishFor(message.action, roomMs) };
    }
    this.#link.send(message);
  }

  async #open(media: Media, positionMs: number): Promise<void> {
    try {
      await this.#deps.host.open(media, positionMs);
      this.#deps.onSolved('item-missing');
      this.#deps.onSolved('jellyfin-unreachable');
    } catch (error) {
      const code = error instanceof HostError ? error.code : 'player-unknown';
      this.#runner.dispatch({ type: 'open-failed', missing: code === 'item-missing' });
      this.#deps.onProblem(code === 'signed-out' ? 'jellyfin-signed-out' : code, [media.title]);
    }
  }

  #onLink(state: LinkState): void {
    // Ended from outside, by a newer script or because its person was signed out: the seat stays what it was.
    if (this.#end.signal.aborted) return;
    this.#linkState = state;
    this.#runner.dispatch({ type: 'link', open: state.state === 'open' });
    if (state.state === 'open' && this.#linkProblem !== null) {
      this.#deps.onSolved(this.#linkProblem);
      this.#linkProblem = null;
      if (this.#party) this.#deps.onBack();
    }
    if (state.state === 'waiting') {
      this.#linkProblem = state.code ?? (state.reached ? 'relay-lost' : 'relay-unreachable');
      this.#deps.onProblem(this.#linkProblem, []);
    }
    if (state.state === 'ended') {
      this.#deps.onSeat(null);
      this.#end.abort();
      this.#deps.onEnded(state.end.reason === 'left' ? null : state.end.code);
      return;
    }
    this.#show();
  }

  #onMessage(message: ParsedRelayMessage, receivedAtMs: number): void {
    const before = othersIn(this.#party);
    const itemBefore = this.#item();
    const step = applyRelayMessage(this.#party, message, receivedAtMs);
    this.#party = step.party;
    const item = this.#item();
    // Before the timeline that opens it: it is opened at its own place.
    if (item !== null && item !== itemBefore) this.#runner.dispatch({ type: 'cut', cut: { item, ms: this.#cutMs() } });
    const others = othersIn(this.#party);
    if (others !== before) this.#runner.dispatch({ type: 'members', others });
    for (const news of step.news) this.#deps.onNews(this.#inPlace(news, message));
    if (this.#party) this.#tellSteering(steers(this.#party));
    switch (message.type) {
      case 'pong':
        return this.#runner.dispatch({ type: 'pong', c: message.c, s: message.s, receivedAtMs });
      case 'welcome': {
        this.#deps.onSeat({ kind: 'seat', seat: message.seat });
        const { timeline, waitMs, s } = message;
        this.#runner.dispatch({ type: 'timeline', timeline, waitMs, s, receivedAtMs, ownCommand: null });
        // Made ahead of the click: the clipboard may only be written at once (no prompt, no wait).
        if (timeline.media || !this.#deps.host.media()) void this.#links.url();
        break;
      }
      case 'timeline': {
        if (message.cause === 'media') this.#links.renew();
        const { timeline, waitMs, s } = message;
        const ownCommand = message.by === this.#party?.you ? message.id : null;
        this.#runner.dispatch({ type: 'timeline', timeline, waitMs, s, receivedAtMs, ownCommand });
        // Whoever skips or pauses, and closes the page, is to find it there another day.
        if (timeline.phase !== 'playing') this.#noteFilm();
        break;
      }
      case 'error':
        if (message.id !== null) this.#onRefused(message.id, message.code, message.timeline);
        break;
      case 'invite':
      case 'invites':
        this.#links.onMessage(message);
        break;
      case 'renewed':
        this.#deps.onSeat({ kind: 'seat', seat: message.seat });
        break;
      case 'snapshot':
        this.#deps.onLearned({ snapshot: message.snapshot });
        break;
      case 'member':
      case 'left':
      case 'rules':
      case 'queue':
      case 'asked':
      case 'unknown':
        break;
    }
    this.#show();
  }

  /** Steering without the right to is no mishap: the room says who may, and it can be asked for. */
  #inPlace(news: News, message: ParsedRelayMessage): News {
    const isSteering = message.type === 'error' && message.id !== null && message.id === this.#sent?.id;
    if (news.type !== 'refused' || news.code !== 'not-allowed' || !isSteering || !this.#party) return news;
    return { type: 'may-not-steer', control: this.#party.rules.control, ask: this.#sent?.ask ?? null };
  }

  #tellSteering(may: boolean): void {
    if (may === this.#maySteer) return;
    this.#maySteer = may;
    this.#runner.dispatch({ type: 'may-steer', may });
  }

  #onRefused(id: string, code: ErrorCode, timeline: PartyState['timeline'] | null): void {
    if (!this.#links.onRefused(id)) this.#runner.dispatch({ type: 'refused', commandId: id, code, timeline });
  }

  /** One view per task however many messages came: the overlay renders once. */
  #show(): void {
    if (this.#viewQueued || this.#end.signal.aborted) return;
    this.#viewQueued = true;
    queueMicrotask(() => {
      this.#viewQueued = false;
      if (!this.#party || this.#end.signal.aborted) return;
      const shown = this.#own.state === 'other-item' ? this.#deps.host.media() : this.#shown;
      const { invite, listed: links } = this.#links;
      const facts = {
        party: this.#party,
        link: this.#linkState,
        own: this.#own,
        follow: this.#follow,
        invite,
        links,
        shown,
        cutMs: this.#cutMs(),
        pictureOf: (avatar: Avatar) => pictureAddress(this.#deps.host.session(), avatar),
      };
      this.#deps.onView(partyView({ ...facts, nowMs: performance.now() }));
    });
  }
}
