import { RESUME_TTL_MS } from '../../shared/limits.ts';
import { isAhead, type Standing } from '../../shared/standing.ts';

/** Rooms whose end is remembered, at most. */
const MAX_ENDED = 20_000;

/**
 * Rooms that everybody has left, for as long as a snapshot of them could be shown (PROTOCOL.md S-08). In columns that are there
 * from the start: an object for each, with its numbers, was 350 bytes for every party that there had been.
 */
export class Ended {
  /** Where in the columns a room is. */
  private readonly places = new Map<string, number>();
  private readonly ids: string[];
  private readonly epochs: Float64Array;
  private readonly serials: Float64Array;
  private readonly untilMs: Float64Array;
  private next = 0;

  /** @param most rooms that are remembered; the oldest make room for new ones. */
  constructor(most: number = MAX_ENDED) {
    this.ids = Array.from({ length: most }, () => '');
    this.epochs = new Float64Array(most);
    this.serials = new Float64Array(most);
    this.untilMs = new Float64Array(most);
  }

  /** @param at how far the room was. @param nowMs relay clock. */
  note(id: string, { epoch, serial }: Standing, nowMs: number): void {
    const place = this.next;
    this.next = (place + 1) % this.ids.length;
    const oldest = this.ids[place] ?? '';
    // It may have ended again since, and is then known by its newer place.
    if (this.places.get(oldest) === place) this.places.delete(oldest);
    this.ids[place] = id;
    this.epochs[place] = epoch;
    this.serials[place] = serial;
    this.untilMs[place] = nowMs + RESUME_TTL_MS;
    this.places.set(id, place);
  }

  /** @returns whether the room ended at this state or a later one. @param nowMs relay clock. */
  has(id: string, at: Standing, nowMs: number): boolean {
    const place = this.places.get(id);
    if (place === undefined || (this.untilMs[place] ?? 0) <= nowMs) return false;
    return !isAhead(at, { epoch: this.epochs[place] ?? 0, serial: this.serials[place] ?? 0 });
  }
}
