import type { Media, MemberState } from '../../shared/protocol.ts';
import type { MediaHost, SkippablePart } from '../jellyfin/host.ts';
import type { Player } from '../player/player.ts';
import type { PartyDeps } from './party-deps.ts';
import { type PartyState, steers } from './party-state.ts';

/** A part with no more left than this is as good as over, in ms: no hand is quicker. */
const TOO_SHORT_MS = 3_000;
/** So far before the end of a film a skip ends at the latest, in ms: the film is to end by itself. */
const BEFORE_END_MS = 1_000;

/** Where this person's player is and how fast it goes; null while it rests, or none is there. */
export type Going = { positionMs: number; rate: number; durationMs: number | null } | null;

/** @returns how the film goes that this person may skip in; null while it rests, or their player is not in it. */
export function goingOf(player: Player | null, party: PartyState | null, own: MemberState): Going {
  const follows = own === 'in-sync' || own === 'catching-up';
  if (!player || !party || !follows || !steers(party) || party.timeline.phase !== 'playing') return null;
  const { positionMs, durationMs } = player.read();
  return { positionMs, durationMs, rate: party.timeline.rate };
}

type SkipDeps = { host: Pick<MediaHost, 'parts'> } & Pick<PartyDeps, 'onNews' | 'setTimer'>;

/** Tells when the film comes to a part that people may want to skip, once each time it does. */
export class Skips {
  readonly #deps: SkipDeps;
  readonly #going: () => Going;
  readonly #signal: AbortSignal;
  #item: string | null = null;
  #parts: readonly SkippablePart[] = [];
  #inside: SkippablePart | null = null;
  #cancelTimer: () => void = () => undefined;

  constructor(deps: SkipDeps, going: () => Going, signal: AbortSignal) {
    this.#deps = deps;
    this.#going = going;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#cancelTimer(), { once: true });
  }

  /** @param media what the page plays now. */
  async mediaChanged(media: Media | null): Promise<void> {
    const item = media?.itemId ?? null;
    if (item === this.#item) return;
    this.#item = item;
    this.#parts = [];
    this.#inside = null;
    if (item === null) return;
    const parts = await this.#deps.host.parts();
    if (item !== this.#item || this.#signal.aborted) return;
    this.#parts = parts;
    this.look();
  }

  /** The film has moved on, or to somewhere else. */
  look(): void {
    this.#cancelTimer();
    const going = this.#parts.length > 0 ? this.#going() : null;
    if (!going || this.#signal.aborted) return;
    const { positionMs, rate, durationMs } = going;
    const part = this.#parts.find(({ startMs, endMs }) => startMs <= positionMs && positionMs < endMs - TOO_SHORT_MS);
    const isNew = part !== undefined && part !== this.#inside;
    this.#inside = part ?? null;
    if (isNew) {
      const toMs = Math.min(part.endMs, (durationMs ?? Number.POSITIVE_INFINITY) - BEFORE_END_MS);
      this.#deps.onNews({ type: 'part', part: part.kind, toMs, asked: part.asked });
    }
    const next = this.#parts.find(({ startMs }) => startMs > positionMs);
    // A timer that is early would find the part not begun yet, and set the next one.
    if (next) this.#cancelTimer = this.#deps.setTimer(() => this.look(), (next.startMs - positionMs) / rate + 50);
  }
}
