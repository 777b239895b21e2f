/** How fast media comes over the network from an instant on, in media ms for each ms. */
export interface Supply {
  fromMs: number;
  fill: number;
}

/** Media kept behind the picture, so that a small step back needs no request, in ms. */
const KEPT_BEHIND_MS = 30_000;
/** A seek this near to the end of what is buffered waits for more, in ms. */
const SEEK_MARGIN_MS = 300;

/** What of the film is at hand: filled by the network, emptied by playing. All motion is even between two `settle`s. */
export class Buffer {
  private readonly mostMs: number;
  private aheadAtMs = 0;
  private ahead = 0;
  private behind = 0;
  private fill: number;
  private speed = 0;
  /** Nothing comes before this: the request is on its way. */
  private fillsFromMs = 0;

  /** @param mostMs a player asks for no more than this ahead. */
  constructor(mostMs: number, fill: number) {
    this.mostMs = mostMs;
    this.fill = fill;
  }

  aheadMs(nowMs: number): number {
    return this.after(nowMs);
  }

  /** Goes on from now with this speed of playing and of the network. */
  settle(nowMs: number, speed: number, fill = this.fill): void {
    if (nowMs < this.fillsFromMs) {
      this.speed = speed;
      this.fill = fill;
      return;
    }
    const ahead = this.after(nowMs);
    this.behind = Math.min(KEPT_BEHIND_MS, this.behind + this.speed * (nowMs - this.aheadAtMs));
    this.ahead = ahead;
    this.aheadAtMs = nowMs;
    this.speed = speed;
    this.fill = fill;
  }

  /** @returns whether a step by `byMs` stays within what is at hand. */
  reaches(nowMs: number, byMs: number): boolean {
    return byMs <= this.after(nowMs) - SEEK_MARGIN_MS && byMs >= -this.behind;
  }

  /** A seek within what is at hand. */
  step(nowMs: number, byMs: number): void {
    this.settle(nowMs, 0);
    this.ahead -= byMs;
    this.behind += byMs;
  }

  /** A seek beyond it: empty, until the first piece comes at `fillsFromMs`. */
  restart(fillsFromMs: number, firstMs: number): void {
    this.behind = 0;
    this.ahead = firstMs;
    this.aheadAtMs = fillsFromMs;
    this.fillsFromMs = fillsFromMs;
    this.speed = 0;
  }

  /** @returns in how many ms there is nothing left; infinite when the network keeps up. */
  emptyInMs(nowMs: number): number {
    const drain = this.speed - this.fill;
    return drain > 0 ? this.after(nowMs) / drain : Number.POSITIVE_INFINITY;
  }

  /** @returns in how many ms there is this much ahead, standing. */
  reachesInMs(nowMs: number, wantedMs: number): number {
    const missing = wantedMs - this.after(nowMs);
    if (missing <= 0) return 0;
    return this.fill > 0 ? missing / this.fill : Number.POSITIVE_INFINITY;
  }

  private after(nowMs: number): number {
    if (nowMs < this.fillsFromMs) return 0;
    const grown = this.ahead + (this.fill - this.speed) * Math.max(0, nowMs - this.aheadAtMs);
    return Math.max(0, Math.min(this.mostMs, grown));
  }
}
