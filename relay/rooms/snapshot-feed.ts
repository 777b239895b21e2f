import { MAX_SNAPSHOT_LENGTH } from '../../shared/limits.ts';
import type { RelayMessage, Snapshot } from '../../shared/protocol.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import type { Change } from './snapshot.ts';
import { isConnected, type RoomState } from './state.ts';

/** The film goes on unsaid while nobody touches it, so a snapshot is issued anew after this time, in ms. */
const RENEW_MS = 30 * 60_000;
/** Between two snapshots, in ms; in larger rooms this long for each member, as it is longer and goes to more. */
const SPACING_MS = 250;
const SPACING_PER_MEMBER_MS = 25;
/** How the film moves is known to each member without a snapshot, except to one whose page has just been loaded anew. */
const FILM_DELAY_MS = 10_000;

/** @returns the signed token. */
export type SignSnapshot = (snapshot: SnapshotClaims) => string;

/** The room whose members are fed. */
export interface FeedRoom {
  current(): RoomState;
  /** Counts one more snapshot. @param nowMs relay clock. */
  issue(nowMs: number): SnapshotClaims;
  sign: SignSnapshot;
  /** To everyone who is there. */
  tell(text: string): void;
  nowMs(): number;
}

/** Keeps the members of one room in possession of its newest snapshot (PROTOCOL.md S-01). */
export class SnapshotFeed {
  private readonly room: FeedRoom;
  private kept: Snapshot | null = null;
  private issuedAtMs = Number.NEGATIVE_INFINITY;
  private renewAtMs = Number.POSITIVE_INFINITY;
  /** When something that no snapshot says yet has to be in one. */
  private dueAtMs = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  /** So many members did not fit into a snapshot. */
  private tooMany = Number.POSITIVE_INFINITY;

  constructor(room: FeedRoom) {
    this.room = room;
  }

  /** The room has taken an input. @param change what that made different. */
  took(change: Change): void {
    const nowMs = this.room.nowMs();
    const dueAtMs = this.dueOf(change, nowMs);
    // Most commands end here: one that came before them waits already.
    if (this.timer && dueAtMs >= this.dueAtMs) return;
    this.dueAtMs = Math.min(this.dueAtMs, dueAtMs);
    // Nobody is there to keep it: what they have stays the newest there is.
    if (this.dueAtMs === Number.POSITIVE_INFINITY || !this.isAnyoneThere()) return;
    this.stop();
    if (this.dueAtMs <= nowMs) this.issue();
    else this.timer = setTimeout(issue, this.dueAtMs - nowMs, this).unref();
  }

  /** The room came from this one, and it is what members are to hold until there is a newer one. */
  adopt(snapshot: Snapshot): void {
    const nowMs = this.room.nowMs();
    this.kept = snapshot;
    this.renewAtMs = nowMs + RENEW_MS;
    this.room.tell(snapshotMessage(snapshot, nowMs));
  }

  /** @returns the newest that the members were given; null before the first. */
  newest(): Snapshot | null {
    return this.kept;
  }

  /** Sends the one that still waits, if one does. */
  flush(): void {
    if (this.timer) this.issue();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  issue(): void {
    this.stop();
    if (!this.isAnyoneThere()) return;
    const nowMs = this.room.nowMs();
    const { length } = this.room.current().people;
    this.dueAtMs = Number.POSITIVE_INFINITY;
    this.issuedAtMs = nowMs;
    if (length >= this.tooMany) return;
    const claims = this.room.issue(nowMs);
    const token = this.signShort(claims);
    if (token.length > MAX_SNAPSHOT_LENGTH) this.tooMany = length;
    else this.adopt({ epoch: claims.epoch, serial: claims.serial, token });
  }

  /** The people are worth more than what they queued: of a queue that does not fit the end is left out (PROTOCOL.md S-02). */
  private signShort(claims: SnapshotClaims): string {
    const token = this.room.sign(claims);
    const { entries } = claims.queue;
    if (token.length <= MAX_SNAPSHOT_LENGTH || entries.length === 0) return token;
    const shorter = entries.slice(0, Math.floor(entries.length / 2));
    return this.signShort({ ...claims, queue: { ...claims.queue, entries: shorter } });
  }

  private dueOf(change: Change, nowMs: number): number {
    if (nowMs >= this.renewAtMs) return nowMs;
    if (change === 'none') return Number.POSITIVE_INFINITY;
    if (change === 'film') return nowMs + FILM_DELAY_MS;
    const { length } = this.room.current().people;
    return Math.max(nowMs, this.issuedAtMs + Math.max(SPACING_MS, length * SPACING_PER_MEMBER_MS));
  }

  private isAnyoneThere(): boolean {
    return this.room.current().people.some(isConnected);
  }
}

const issue = (feed: SnapshotFeed): void => feed.issue();

/** @returns the frame that hands a snapshot to members. @param s relay clock. */
export const snapshotMessage = (snapshot: Snapshot, s: number): string =>
  JSON.stringify({ type: 'snapshot', s, snapshot } satisfies RelayMessage);
