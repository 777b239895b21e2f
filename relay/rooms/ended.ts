import { createHash } from 'node:crypto';
import { RESUME_TTL_MS } from '../../shared/limits.ts';
import { isAhead, type Standing } from '../../shared/standing.ts';

/** Rooms whose end is remembered, at most. */
const MAX_ENDED = 20_000;

/**
 * Rooms that everybody has left, for as long as a snapshot of them could be shown (PROTOCOL.md S-08). Numbers in columns that are
 * there from the start, looked through from end to end, which takes microseconds and is seldom asked for: each party that there
 * had been was 350 bytes as an object, and its id in a map 84.
 */
export class Ended {
  /** 64 bits of each id's digest: nobody finds another id with the same ones. */
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;
  private readonly epochs: Float64Array;
  private readonly serials: Float64Array;
  private readonly untilMs: Float64Array;
  private next = 0;

  /** @param most rooms that are remembered; the oldest make room for new ones. */
  constructor(most: number = MAX_ENDED) {
    this.high = new Uint32Array(most);
    this.low = new Uint32Array(most);
    this.epochs = new Float64Array(most);
    this.serials = new Float64Array(most);
    this.untilMs = new Float64Array(most);
  }

  /** @param at how far the room was. @param nowMs relay clock. */
  note(id: string, { epoch, serial }: Standing, nowMs: number): void {
    const place = this.next;
    this.next = (place + 1) % this.untilMs.length;
    const [high, low] = digestOf(id);
    this.high[place] = high;
    this.low[place] = low;
    this.epochs[place] = epoch;
    this.serials[place] = serial;
    this.untilMs[place] = nowMs + RESUME_TTL_MS;
  }

  /** @returns whether the room ended at this state or a later one. @param nowMs relay clock. */
  has(id: string, at: Standing, nowMs: number): boolean {
    const [high, low] = digestOf(id);
    // It may have ended more than once: the newest first, from the last place to the first, and then from the end on.
    const newer = this.lastBetween(0, this.next - 1, high, low);
    const place = newer >= 0 ? newer : this.lastBetween(this.next, this.low.length - 1, high, low);
    if (place < 0 || (this.untilMs[place] ?? 0) <= nowMs) return false;
    return !isAhead(at, { epoch: this.epochs[place] ?? 0, serial: this.serials[place] ?? 0 });
  }

  /** @returns the last place of this digest from one to the other; -1 when it is at none. */
  private lastBetween(first: number, last: number, high: number, low: number): number {
    for (let place = last; place >= first; place -= 1) {
      place = this.low.lastIndexOf(low, place);
      if (place < first) return -1;
      if (this.high[place] === high) return place;
    }
    return -1;
  }
}

function digestOf(id: string): readonly [high: number, low: number] {
  const digest = createHash('sha256').update(id).digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}
