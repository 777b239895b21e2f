/** Virtual time: things to do in order, no waiting. A binary heap, since a party plans some hundred thousand things. */
export interface Entry {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

const isBefore = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export class Agenda {
  private readonly heap: Entry[] = [];
  private order = 0;
  private nowMs = 0;

  now(): number {
    return this.nowMs;
  }

  /** Plans something for an instant in ms, now at the earliest. Of two at one instant the first planned is done first. */
  at(atMs: number, run: () => void): Entry {
    const entry: Entry = { atMs: Math.max(atMs, this.nowMs), order: this.order++, run };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return entry;
  }

  after(delayMs: number, run: () => void): Entry {
    return this.at(this.nowMs + delayMs, run);
  }

  /** Takes something off again; nothing happens when it is done already. */
  cancel(entry: Entry | null): void {
    if (entry) entry.run = null;
  }

  /** Does everything planned up to an instant in ms. */
  runUntil(endMs: number): void {
    for (let next = this.heap[0]; next && next.atMs <= endMs; next = this.heap[0]) {
      this.removeFirst();
      this.nowMs = next.atMs;
      const { run } = next;
      next.run = null;
      run?.();
    }
    this.nowMs = endMs;
  }

  private rise(from: number): void {
    const { heap } = this;
    const entry = heap[from];
    let at = from;
    while (entry && at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || !isBefore(entry, above)) break;
      heap[at] = above;
      heap[parent] = entry;
      at = parent;
    }
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const a = heap[left];
      const b = heap[left + 1];
      const child = b && a && isBefore(b, a) ? left + 1 : left;
      const below = heap[child];
      if (!below || !isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
