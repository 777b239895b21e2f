import type { ClientMessage, ParsedRelayMessage } from '../../shared/protocol.ts';
import type { InviteTerms, LinkView, PartyView } from '../overlay/model.ts';

/** An invite that the relay does not answer in this time is given up. */
const TIMEOUT_MS = 8_000;

export interface LinksDeps {
  send(message: ClientMessage): 'sent' | 'dropped';
  /** Where this member's Jellyfin is; null while signed out or out of the room. */
  jellyfinUrl(): string | null;
  /** There is a link now: it is kept for coming back with. */
  onMade(url: string): void;
  onChange(): void;
  /** Ends all waiting. */
  signal: AbortSignal;
}

/** This member's link into the party, made ahead of need, and what it may know of the others'. */
export class Links {
  readonly #deps: LinksDeps;
  readonly #asked = new Map<string, (url: string | null) => void>();
  #count = 0;
  #making: Promise<string | null> | null = null;
  #terms: InviteTerms | null = null;
  /** The link as people see it; `listed` once somebody asked for the list. */
  invite: PartyView['invite'] = { state: 'none' };
  listed: LinkView[] | null = null;

  constructor(deps: LinksDeps) {
    this.#deps = deps;
  }

  /** @returns the link, made once and kept; null when the relay cannot be asked now. */
  url(): Promise<string | null> {
    if (this.invite.state === 'ready') return Promise.resolve(this.invite.url);
    // Made ahead of the click, and not there yet: the click waits for that one.
    if (this.#making) return this.#making;
    const jellyfinUrl = this.#deps.jellyfinUrl();
    if (jellyfinUrl === null) return Promise.resolve(null);
    const id = this.#nextId();
    const answer = new Promise<string | null>((resolve) => {
      this.#asked.set(id, resolve);
      const timer = setTimeout(() => this.#settle(id, { state: 'none' }), TIMEOUT_MS);
      this.#deps.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve(null);
      });
    });
    this.#making = answer;
    this.invite = { state: 'making' };
    const message = { type: 'invite', id, jellyfinUrl, ...this.#terms } as const;
    if (this.#deps.send(message) === 'dropped') this.#settle(id, { state: 'none' });
    this.#deps.onChange();
    return answer;
  }

  /** A link names the film it was made for: another film, another link. The old one still lets people in. */
  renew(): void {
    this.invite = { state: 'none' };
    this.#making = null;
    void this.url();
  }

  /** Another link, that allows this; those to come allow the same. */
  make(terms: InviteTerms): void {
    this.#terms = terms;
    this.renew();
  }

  list(): void {
    this.#deps.send({ type: 'manage', id: this.#nextId(), action: { kind: 'invites' } });
  }

  revoke(invite: string): void {
    this.#deps.send({ type: 'manage', id: this.#nextId(), action: { kind: 'revoke', invite } });
    if (this.invite.state === 'ready' && this.invite.invite === invite) this.renew();
  }

  onMessage(message: Extract<ParsedRelayMessage, { type: 'invite' | 'invites' }>): void {
    if (message.type === 'invite') {
      const { id, url, invite, uses, expiresInMs } = message;
      return this.#settle(id, { state: 'ready', url, invite, uses, endsAtMs: Date.now() + expiresInMs });
    }
    this.listed = message.invites.map(({ exp, ...rest }) => ({ ...rest, endsAtMs: exp * 1000 }));
    this.#deps.onChange();
  }

  /** @returns whether that was a link which was asked for. */
  onRefused(id: string): boolean {
    const isOurs = this.#asked.has(id);
    this.#settle(id, { state: 'none' });
    return isOurs;
  }

  #nextId(): string {
    this.#count += 1;
    return `i${this.#count}`;
  }

  #settle(id: string, invite: PartyView['invite']): void {
    const resolve = this.#asked.get(id);
    if (!resolve) return;
    this.#asked.delete(id);
    if (this.#asked.size === 0) this.#making = null;
    this.invite = invite;
    if (invite.state === 'ready') this.#deps.onMade(invite.url);
    resolve(invite.state === 'ready' ? invite.url : null);
    if (this.listed && invite.state === 'ready') this.list();
    this.#deps.onChange();
  }
}
