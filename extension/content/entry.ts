import { type InviteLink, parseInviteLink, readInviteClaims } from '../../shared/invite-link.ts';
import type { Credential, Film, Snapshot } from '../../shared/protocol.ts';
import type { JellyfinSession } from '../jellyfin/host.ts';
import type { OverlayModel, Problem } from '../overlay/model.ts';
import type { KeptSeat } from '../platform/messages.ts';
import type { Settings } from '../platform/settings.ts';
import { userOf, withoutFilm } from './last-party.ts';
import { type Ask, pairWith, type SignIn, signIn } from './sign-in.ts';

/** Where a party is and how this tab gets in. */
export interface Destination {
  relay: string;
  room: string;
  credential: Credential;
  /** What this tab kept of the room, to take its seat back with. */
  snapshot?: Snapshot | null;
  /** Where the film was when this browser left it, and a link to come in with when the seat is gone. */
  film?: Film | null;
  invite?: string | null;
}

export interface EntryDeps {
  model: OverlayModel;
  ask: Ask;
  session(): JellyfinSession | null;
  /** Of who is signed in to Jellyfin; '' when that cannot be told. */
  userName(): Promise<string>;
  settings(): Settings;
  keep(change: Partial<Settings>): Promise<void>;
  /** An invite to go on with once the person has signed in to Jellyfin; null when there is none. */
  setPendingInvite(link: string | null): Promise<void>;
  /** Out of the party that this tab is in, if any. */
  leaveParty(): void;
  enter(destination: Destination): void;
  problem(code: string, action: Problem['action']): void;
}

const textOf = ({ relay, room, invite }: InviteLink): string => `${relay}/join/${room}#${invite}`;

/** The ways into a party: start one, follow a link, and what has to be set up before. One attempt at a time. */
export class Entry {
  readonly #deps: EntryDeps;
  #attempt = new AbortController();
  /** What to do once the missing piece (relay, pairing) is there. */
  #afterSetup: () => void = () => undefined;

  constructor(deps: EntryDeps) {
    this.#deps = deps;
  }

  /** Gives up what is under way, and shows the panel's first screen. */
  cancel(): void {
    this.#attempt.abort();
    this.#afterSetup = () => undefined;
    this.#deps.model.screen.value = { state: 'idle' };
  }

  /** Opens a room of this person's own. */
  async start(): Promise<void> {
    const attempt = this.#begin();
    const session = this.#deps.session();
    if (!session) return this.#deps.problem('jellyfin-signed-out', 'dismiss');
    const { relay, identity } = this.#deps.settings();
    if (relay === '') return this.#askFor('relay', 'start');
    if (await this.lookElsewhere()) return;
    this.#working('signing-in');
    const who = await signIn(this.#deps.ask, relay, session, identity);
    if (!attempt.aborted) await this.#startAs(who, attempt);
  }

  /** @param text what was pasted. */
  async joinText(text: string): Promise<void> {
    const link = parseInviteLink(text);
    if (!link) return this.#deps.problem('invite-unreadable', 'dismiss');
    await this.join(link);
  }

  /** Follows an invite, now or once the person has signed in to Jellyfin. */
  async join(link: InviteLink): Promise<void> {
    const attempt = this.#begin();
    const session = this.#deps.session();
    if (!session) {
      await this.#deps.setPendingInvite(textOf(link));
      return this.#deps.problem('jellyfin-signed-out', 'none');
    }
    await this.#deps.setPendingInvite(null);
    if (await this.lookElsewhere()) return;
    this.#deps.leaveParty();
    this.#working('joining');
    const who = await signIn(this.#deps.ask, link.relay, session, '');
    if (attempt.aborted) return;
    if (who.state === 'failed' && who.code.startsWith('relay-')) return this.#fail(who.code);
    const { relay, name } = this.#deps.settings();
    if (relay === '') await this.#deps.keep({ relay: link.relay });
    const proof = who.state === 'identity' ? { identity: who.identity } : {};
    // A relay that asked Jellyfin knows the name; any other calls whoever gives none "Guest".
    const shown = name || (who.state === 'identity' ? session.userName : await this.#deps.userName());
    if (attempt.aborted) return;
    const named = shown === '' ? {} : { name: shown };
    const credential = { kind: 'invite' as const, invite: link.invite, ...named, ...proof };
    this.#deps.enter({ relay: link.relay, room: link.room, credential, invite: textOf(link) });
    this.#warnOfOtherServer(link, session);
  }

  /** @param code a pairing code from the relay's console, or an identity token. */
  async pair(code: string): Promise<void> {
    const attempt = this.#begin();
    const session = this.#deps.session();
    if (!session) return this.#deps.problem('jellyfin-signed-out', 'dismiss');
    this.#working('signing-in');
    const { relay, name } = this.#deps.settings();
    const shown = name || (await this.#deps.userName()) || 'Host';
    if (attempt.aborted) return;
    const who = await pairWith(this.#deps.ask, relay, code, shown);
    if (attempt.aborted) return;
    if (who.state === 'identity') {
      await this.#deps.keep({ identity: who.identity });
      return this.#startAs(who, attempt);
    }
    this.#askFor('pairing', 'start');
    if (who.state === 'failed') this.#deps.problem(who.code, 'dismiss');
  }

  /**
   * @param relay of the party that this tab is in.
   * @returns an identity that is good now, for one that ends. @throws Error when there is none to be had yet.
   */
  async identityFor(relay: string): Promise<string> {
    const session = this.#deps.session();
    if (!session) throw new Error('jellyfin-signed-out');
    const { relay: own, identity: stored } = this.#deps.settings();
    const who = await signIn(this.#deps.ask, relay, session, relay === own ? stored : '');
    if (who.state !== 'identity') throw new Error(who.state);
    // It can be renewed only while it is good, so the newest is the one to keep.
    if (relay === own && stored !== '') await this.#deps.keep({ identity: who.identity });
    return who.identity;
  }

  /**
   * Says so when another tab is in a party: tabs of one browser share one Jellyfin session, so only one of them can be steered.
   * @returns whether there is one.
   */
  async lookElsewhere(): Promise<boolean> {
    const reply = await this.#deps.ask({ type: 'party-elsewhere' });
    const other = reply.ok ? reply.value : null;
    if (!other) return false;
    if (other.user === userOf(this.#deps.session())) this.#deps.problem('second-tab', 'watch-here');
    else this.#deps.problem('others-tab', 'dismiss');
    return true;
  }

  /** Goes on in this tab with the party of the other one. */
  async watchHere(): Promise<void> {
    const attempt = this.#begin();
    const reply = await this.#deps.ask({ type: 'party-here' });
    if (attempt.aborted || !reply.ok || !reply.value) return;
    this.takeSeat(withoutFilm(reply.value));
  }

  /** Back into the party that a seat was kept of. */
  takeSeat({ seat, ...kept }: KeptSeat): void {
    this.#deps.enter({ ...kept, credential: { kind: 'seat', seat } });
  }

  /** Settings were saved: goes on with what waited for them. */
  settingsSaved(): void {
    if (this.#deps.model.screen.value.state !== 'setup') return;
    this.#deps.model.screen.value = { state: 'idle' };
    this.#afterSetup();
  }

  #begin(): AbortSignal {
    this.#attempt.abort();
    this.#attempt = new AbortController();
    return this.#attempt.signal;
  }

  async #startAs(who: SignIn, attempt: AbortSignal): Promise<void> {
    if (who.state === 'needs-pairing') return this.#askFor('pairing', 'start');
    if (who.state === 'failed') return this.#fail(who.code);
    this.#working('creating');
    const { relay } = this.#deps.settings();
    const room = await this.#deps.ask({ type: 'relay-room', relay, identity: who.identity });
    if (attempt.aborted) return;
    if (!room.ok) return this.#fail(room.code);
    this.#deps.enter({ relay, room: room.value.room, credential: { kind: 'grant', grant: room.value.grant } });
  }

  /** A guest on another server than the host's can be present, but will not find the film (peers.md wish 11). */
  #warnOfOtherServer(link: InviteLink, session: JellyfinSession): void {
    const claims = readInviteClaims(link.invite);
    if (claims?.serverId && claims.serverId !== session.serverId) this.#deps.problem('other-server', 'dismiss');
  }

  #askFor(need: 'relay' | 'pairing', next: 'start' | 'join'): void {
    this.#afterSetup = next === 'start' ? () => void this.start() : () => undefined;
    this.#deps.model.screen.value = { state: 'setup', need, next };
  }

  #working(step: 'signing-in' | 'creating' | 'joining'): void {
    this.#deps.model.screen.value = { state: 'working', step };
  }

  #fail(code: string): void {
    this.#deps.model.screen.value = { state: 'idle' };
    const action = code.startsWith('relay-') ? 'settings' : code.startsWith('token-') ? 'retry' : 'dismiss';
    this.#deps.problem(code, action);
  }
}
