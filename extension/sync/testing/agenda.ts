/** Virtual time: things to do in order, no waiting. */
export class Agenda {
  private nowMs = 0;
  private order = 0;
  private readonly entries: { atMs: number; order: number; run: () => void }[] = [];

  now(): number {
    return this.nowMs;
  }

  /** @returns a function that takes it off again. */
  at(atMs: number, run: () => void): () => void {
    const entry = { atMs: Math.max(atMs, this.nowMs), order: this.order++, run };
    this.entries.push(entry);
    return () => {
      const index = this.entries.indexOf(entry);
      if (index >= 0) this.entries.splice(index, 1);
    };
  }

  after(delayMs: number, run: () => void): () => void {
    return this.at(this.nowMs + delayMs, run);
  }

  runUntil(endMs: number): void {
    for (;;) {
      const next = this.entries.reduce<(typeof this.entries)[number] | null>(
        (best, entry) =>
          best && (best.atMs < entry.atMs || (best.atMs === entry.atMs && best.order < entry.order)) ? best : entry,
        null,
      );
      if (!next || next.atMs > endMs) break;
      this.entries.splice(this.entries.indexOf(next), 1);
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = endMs;
  }
}

/** A small seeded generator (mulberry32), so that a failing run can be run again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
