import type { Credential, Film, Snapshot } from '../../shared/protocol.ts';
import type { Link, LinkEvents } from '../connection/link.ts';
import type { MediaHost } from '../jellyfin/host.ts';
import type { PartyView } from '../overlay/model.ts';
import type { Player } from '../player/player.ts';
import type { Memory } from '../sync/state.ts';
import type { Cuts } from './cuts.ts';
import type { Beginning } from './engine-runner.ts';
import type { News } from './party-state.ts';

/** What a party needs of the page and tells it. */
export interface PartyDeps {
  host: MediaHost;
  player(): Player | null;
  /** The person's own offset, and what earlier parties learned. */
  beginning: Beginning;
  remember(memory: Memory): void;
  /** Where this person's own versions of films are others. */
  cuts: Cuts;
  /** Where the film was left, when this party is taken up again. */
  film: Film | null;
  openLink(events: LinkEvents, signal: AbortSignal): Link;
  /** @returns takes it back. */
  setTimer(run: () => void, delayMs: number): () => void;
  onView(view: PartyView): void;
  onNews(news: News): void;
  onProblem(code: string, params: string[]): void;
  onSolved(code: string): void;
  /** The link is open again after it was lost. */
  onBack(): void;
  /** A seat to take back after a reload; null when the party is over. */
  onSeat(seat: Extract<Credential, { kind: 'seat' }> | null): void;
  /** The room's newest state, where its film is, or a link to it: to bring along when the seat is taken back. */
  onLearned(part: { snapshot: Snapshot } | { film: Film } | { invite: string }): void;
  /** The link ended for good; `code` is null when this member left. */
  onEnded(code: string | null): void;
}
