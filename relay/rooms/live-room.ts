import type { ErrorCode } from '../../shared/errors.ts';
import { MEMBER_NEWS_GAP_MS, RESUME_TTL_MS } from '../../shared/limits.ts';
import type { Media } from '../../shared/protocol.ts';
import type { Standing } from '../../shared/standing.ts';
import type { Seat, SnapshotClaims } from '../auth/claims.ts';
import type { Socket } from '../server/port.ts';
import type { Announcement } from './effects.ts';
import { encode, Portraits } from './encode.ts';
import { GivenSeats } from './given-seats.ts';
import type { Invites } from './invites.ts';
import { type RoomInput, step, wakeAtMs } from './room.ts';
import { type Newcomer, type RoomOutlets, runEffects } from './run-effects.ts';
import { changeOf, type FilmStanding, issueSnapshot, standingOf, type Use, useOf } from './snapshot.ts';
import { type FeedRoom, type SignSnapshot, SnapshotFeed } from './snapshot-feed.ts';
import { findPerson, type RoomState } from './state.ts';

/** What the rooms of a relay share. */
export interface World {
  publish: (topic: string, text: string) => void;
  nowMs: () => number;
  /** Counts a message that was refused. */
  refused: (code: ErrorCode) => void;
  signSnapshot: SignSnapshot;
  /** Everybody has left this room, when it was this far. */
  ended: (room: string, at: Standing) => void;
  /** Nobody has been in this room for long. */
  forget: (room: string) => void;
}

/** One room with its sockets and its one timer; one object without closures, because a relay holds thousands. */
export class LiveRoom implements RoomOutlets, FeedRoom {
  readonly id: string;
  readonly sockets = new Map<string, Socket>();
  readonly portraits = new Portraits();
  private readonly seats = new GivenSeats();
  /** What members keep of it. */
  readonly feed = new SnapshotFeed(this);
  private readonly world: World;
  private state: RoomState;
  private timer: NodeJS.Timeout | null = null;
  private timerAtMs = Number.POSITIVE_INFINITY;
  private phase: 'idle' | 'busy' | 'over' = 'idle';
  /** Inputs that came up during another one, oldest first. */
  private waiting: readonly RoomInput[] | null = null;
  /** The newest of each member that the others have not been told yet. */
  private news: Map<string, Extract<Announcement, { type: 'member' }>> | null = null;
  private newsTimer: NodeJS.Timeout | null = null;
  private toldNewsAtMs = Number.NEGATIVE_INFINITY;

  constructor(fresh: RoomState, world: World) {
    this.id = fresh.id;
    this.state = fresh;
    this.world = world;
    this.schedule();
  }

  /**
   * Feeds one input. @param newcomer the socket that wants in, for `join` and `resume`.
   * @throws ProtocolError when the newcomer is refused.
   */
  input(roomInput: RoomInput, newcomer: Newcomer | null = null): void {
    // Sending may find a socket dead, which is an input of its own: it waits until this one is done.
    if (this.phase !== 'idle') {
      this.waiting = [...(this.waiting ?? []), roomInput];
      return;
    }
    this.phase = 'busy';
    const before = this.state;
    try {
      const next = step(before, roomInput, this.world.nowMs());
      this.state = next.room;
      runEffects(this.state, next.effects, this, newcomer);
    } finally {
      // Who is refused may have changed the room as well. One that is opened anew has the snapshot it was opened from.
      this.feed.took(isOpenedAnew(before, this.state) ? 'none' : changeOf(before, this.state));
      this.settle(roomInput.type === 'tick' || isOtherwiseDue(before, this.state));
    }
  }

  /** @returns whether this is the socket that speaks for the member. */
  isSeated(member: string, socket: Socket): boolean {
    return this.sockets.get(member) === socket;
  }

  /** The socket is gone: a drop, unless the member has come back over another one meanwhile. */
  socketClosed(member: string, socket: Socket): void {
    if (this.sockets.get(member) !== socket) return;
    this.sockets.delete(member);
    this.input({ type: 'drop', member });
  }

  /** The member goes for good, unless it has come back over another socket meanwhile. */
  leave(member: string, socket: Socket): void {
    if (this.sockets.get(member) !== socket) return;
    socket.unsubscribe(this.id);
    this.sockets.delete(member);
    this.input({ type: 'leave', member });
    if (this.state.people.length === 0) this.world.ended(this.id, standingOf(this.state));
  }

  /** @returns what a snapshot and what the film is known to do are good for here. @param member who brings them. */
  useOf(snapshot: Standing, member: string, film: FilmStanding | null): Use {
    return useOf(this.state, snapshot, member, film);
  }

  /** @returns the member's name, null when not a member. */
  nameOf(member: string): string | null {
    return findPerson(this.state, member)?.name ?? null;
  }

  /** @returns what the member's newest seat says; null when not a member, or away since the room was opened anew. */
  seatOf(member: string): Seat | null {
    const { seat, seatNo, keys, invite, avatar } = findPerson(this.state, member) ?? { seat: null };
    if (!seat) return null;
    const bearer = { who: [...keys], ...(invite && { via: invite }), ...(avatar && { avatar }) };
    return { room: this.id, member, jti: seat, no: seatNo, ...bearer };
  }

  /** The member has been given this seat. */
  seatGiven(token: string, seat: Pick<Seat, 'member' | 'jti'>, until: number | undefined): void {
    this.seats.note(token, { member: seat.member, jti: seat.jti, until }, this.world.nowMs() + RESUME_TTL_MS);
    this.seats.tidy(this.state.people);
  }

  /** @returns what the seat says, when it is the one that its member was given last; null: it has to be read. */
  seatShown(token: string): Seat | null {
    const given = this.seats.take(token, this.world.nowMs());
    const seat = given && this.seatOf(given.member);
    if (seat?.jti !== given?.jti) return null;
    return seat && given?.until !== undefined ? { ...seat, until: given.until } : seat;
  }

  isLocked(): boolean {
    return this.state.house.rules.locked;
  }

  media(): Media | null {
    return this.state.timeline.media;
  }

  /** @returns what is remembered of the room's invites. */
  invites(): Invites {
    return this.state.invites;
  }

  announce(message: Announcement): void {
    if (message.type === 'member') return this.gather(message);
    if (message.type === 'left') this.news?.delete(message.member);
    // Everything is told in the order in which it happened.
    this.tellNews();
    this.publish(message);
  }

  current(): RoomState {
    return this.state;
  }

  issue(nowMs: number): SnapshotClaims {
    const { room, snapshot } = issueSnapshot(this.state, nowMs, Date.now());
    this.state = room;
    return snapshot;
  }

  sign(snapshot: SnapshotClaims): string {
    return this.world.signSnapshot(snapshot);
  }

  tell(text: string): void {
    this.world.publish(this.id, text);
  }

  nowMs(): number {
    return this.world.nowMs();
  }

  refused(code: ErrorCode): void {
    this.world.refused(code);
  }

  forget(): void {
    this.phase = 'over';
    this.world.forget(this.id);
  }

  /** Nothing happens in this room by itself any more. */
  stop(): void {
    this.unschedule();
    if (this.newsTimer) clearTimeout(this.newsTimer);
    this.newsTimer = null;
    this.feed.stop();
  }

  /** At once, or together with what else is new of the members shortly (PROTOCOL.md M-09). */
  private gather(message: Extract<Announcement, { type: 'member' }>): void {
    const waitMs = this.toldNewsAtMs + MEMBER_NEWS_GAP_MS - this.world.nowMs();
    this.news ??= new Map();
    // Taken out first, so that what is newest also comes last.
    this.news.delete(message.member.id);
    this.news.set(message.member.id, message);
    if (waitMs <= 0) this.tellNews();
    else this.newsTimer ??= setTimeout(tellNews, waitMs, this).unref();
  }

  /** One after the other in one go, so that they leave as one packet for each member. */
  tellNews(): void {
    if (this.newsTimer) clearTimeout(this.newsTimer);
    this.newsTimer = null;
    if (!this.news) return;
    for (const message of this.news.values()) this.publish(message);
    this.news = null;
    this.toldNewsAtMs = this.world.nowMs();
  }

  /** One text and one publish for the whole room; `s` is the last thing decided. */
  private publish(message: Announcement): void {
    this.world.publish(this.id, encode(message, this.world.nowMs()));
  }

  private settle(isOtherwiseDueNow: boolean): void {
    if (this.phase === 'over') return;
    this.phase = 'idle';
    if (isOtherwiseDueNow) this.schedule();
    const [next, ...later] = this.waiting ?? [];
    if (!next) return;
    this.waiting = later.length > 0 ? later : null;
    this.input(next);
  }

  /** Something was due when the timer was set, and may have moved, or be gone. */
  wake(): void {
    this.timer = null;
    this.timerAtMs = Number.POSITIVE_INFINITY;
    const dueAtMs = wakeAtMs(this.state);
    if (dueAtMs !== null && dueAtMs <= this.world.nowMs()) this.input({ type: 'tick' });
    else this.schedule();
  }

  private unschedule(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.timerAtMs = Number.POSITIVE_INFINITY;
  }

  /** A timer that goes off early stays: to set one anew for each who drops and comes back costs more. */
  private schedule(): void {
    const dueAtMs = wakeAtMs(this.state);
    if (dueAtMs === null || this.timerAtMs <= dueAtMs) return;
    this.unschedule();
    this.timerAtMs = dueAtMs;
    this.timer = setTimeout(wake, Math.max(0, dueAtMs - this.world.nowMs()), this).unref();
  }
}

const tellNews = (room: LiveRoom): void => room.tellNews();
const wake = (room: LiveRoom): void => room.wake();

const isOpenedAnew = ({ seed: before }: RoomState, { seed }: RoomState): boolean =>
  seed !== null && (seed.epoch !== before?.epoch || seed.serial !== before.serial);

/** What `wakeAtMs` looks at: a command to a resting film with nothing to follow changes none of it. */
const isOtherwiseDue = (before: RoomState, after: RoomState): boolean =>
  before.people !== after.people ||
  before.gate !== after.gate ||
  before.emptySinceMs !== after.emptySinceMs ||
  before.queue !== after.queue ||
  (after.queue.entries.length > 0 && before.timeline !== after.timeline);
