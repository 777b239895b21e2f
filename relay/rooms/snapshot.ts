import type { Film, Timeline } from '../../shared/protocol.ts';
import { isAhead, type Standing } from '../../shared/standing.ts';
import { positionAt } from '../../shared/timeline.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import type { Invites } from './invites.ts';
import { type Person, type RoomState, withSerial } from './state.ts';

/** A report of the film this close to what the time of day says is believed, in ms: far more than clocks drift apart. */
const FILM_TOLERANCE_MS = 5_000;
/** A member's clock may place the film this much before a snapshot that was issued a moment ago, in ms. */
const FILM_ERROR_MS = 250;
/**
 * A snapshot older than this of a film that nobody says plays on is of another evening, in ms: renewed each half hour, it
 * leaves as much for a relay to be down.
 */
const LONG_AGO_MS = 3_600_000;
/** Numbers of a film this far above the ones that are known are made up: they must not run out. */
const MAX_AHEAD = 1_000_000;

/** @returns where the snapshot stands that the members of a room hold. */
const heldIn = ({ seed, timeline, serial }: RoomState): Standing =>
  seed && !seed.over ? seed : { epoch: timeline.epoch, serial };

/** @returns where a room stands: with the snapshot it came from, until it has a history of its own. */
export const standingOf = (room: RoomState): Standing =>
  isUntouched(room) ? heldIn(room) : { epoch: room.timeline.epoch, serial: room.serial };

/** Nobody has moved the film since the room was opened anew. */
const isUntouched = ({ seed, timeline }: RoomState): boolean => seed !== null && timeline.seq === seed.film.seq;

/** What a member can still do for a room: bring all of it, no more than the bearer's own place, the film, or nothing. */
export type Use = 'room' | 'place' | 'film' | 'none';

/**
 * @returns what is good for a room that is known (PROTOCOL.md S-05). @param member who brings the snapshot, and says
 * where the film is.
 */
export function useOf(room: RoomState, snapshot: Standing, member: string, film: FilmStanding | null): Use {
  const standing = standingOf(room);
  if (isAhead(snapshot, standing)) return 'room';
  // All have been cut off for so long that they lost their seats: they are shown to be what the room was.
  if (room.people.length === 0 && !isAhead(heldIn(room), snapshot)) return 'room';
  // The room's own snapshots have its epoch: whoever is missing from it although one names them has left it.
  const seed = snapshot.epoch < room.timeline.epoch ? room.seed : null;
  if (!room.people.some(({ id }) => id === member)) return seed && isAhead(snapshot, seed) ? 'place' : 'none';
  // Nobody who was put out is let in again by an older snapshot that came first (PROTOCOL.md P-08).
  if (seed && isAhead(snapshot, seed.heard)) return 'place';
  return film && knowsMore(room, film) ? 'film' : 'none';
}

/** The film went on elsewhere, or further than those knew who opened the room anew. */
export function knowsMore(room: RoomState, film: FilmStanding): boolean {
  const { timeline, seed } = room;
  if (film.epoch === timeline.epoch) return false;
  // It was opened anew elsewhere; what this relay did meanwhile, and by chance under the same number, nobody heard of.
  if (film.epoch > timeline.epoch) return isPlausible(film, timeline);
  return seed !== null && isUntouched(room) && isFilmAhead(film, seed.film);
}

/** What an input changed: what a snapshot alone holds, no more than how the film moves, or neither (PROTOCOL.md S-01). */
export type Change = 'none' | 'film' | 'room';

/** @returns how soon the members should have a new snapshot. */
export function changeOf(before: RoomState, after: RoomState): Change {
  if (before.waitMs !== after.waitMs || before.house !== after.house) return 'room';
  if (before.invites !== after.invites || before.queue !== after.queue) return 'room';
  if (before.people !== after.people && !haveSamePeople(before, after)) return 'room';
  return before.timeline === after.timeline ? 'none' : 'film';
}

const haveSamePeople = (before: RoomState, after: RoomState): boolean =>
  before.people.length === after.people.length &&
  after.people.every((person, i) => {
    const old = before.people[i];
    return old?.id === person.id && old.role === person.role && old.name === person.name;
  });

/**
 * The next snapshot of a room (PROTOCOL.md S-02).
 * @param nowMs relay clock. @param issuedAtMs time of day.
 * @returns the room with the snapshot counted, and what the snapshot says.
 */
export function issueSnapshot(
  room: RoomState,
  nowMs: number,
  issuedAtMs: number,
): { room: RoomState; snapshot: SnapshotClaims } {
  const { timeline, waitMs, house, invites } = room;
  const { epoch, seq, phase, rate, media } = timeline;
  const serial = room.serial + 1;
  const snapshot: SnapshotClaims = {
    room: room.id,
    epoch,
    serial,
    issuedAtMs,
    timeline: {
      seq,
      phase,
      positionMs: positionAt(timeline, nowMs),
      rate,
      startsInMs: phase === 'playing' ? Math.max(0, timeline.atMs - nowMs) : 0,
      media,
    },
    waitMs,
    ...house,
    queue: keptQueue(room),
    bans: [...house.bans],
    people: room.people.map(keptPerson),
    ...keptInvites(invites),
  };
  return { room: withSerial(room, serial), snapshot };
}

/** Members by their place among the people: ids of all who voted would be most of a snapshot. */
function keptQueue({ queue, people }: RoomState): SnapshotClaims['queue'] {
  const places = new Map(people.map(({ id }, place) => [id, place]));
  const entries = queue.entries.map(({ id, media, by, votes }) => ({
    id,
    media,
    by: (by === null ? null : places.get(by)) ?? null,
    votes: votes.flatMap((voter) => places.get(voter) ?? []),
  }));
  return { entries, next: queue.next };
}

function keptPerson({ id, name, role, below, verified, seatNo }: Person): SnapshotClaims['people'][number] {
  const kept = { id, name, role, verified, seatNo };
  return role === 'host' && below === 'co-host' ? { ...kept, below } : kept;
}

/** In short, so that they fit in beside a full room. */
const keptInvites = ({ known, voidUntil }: Invites): Pick<SnapshotClaims, 'invites' | 'invitesVoidUntil'> => ({
  invites: known.map(({ jti, by, uses, used, exp, revoked }) => [jti, by, uses, used, exp, revoked]),
  invitesVoidUntil: voidUntil,
});

/** @returns the invites that a snapshot remembers. */
export const invitesIn = ({ invites, invitesVoidUntil }: SnapshotClaims): Invites => ({
  known: invites.map(([jti, by, uses, used, exp, revoked]) => ({ jti, by, uses, used, exp, revoked })),
  voidUntil: invitesVoidUntil,
});

/** How far along a film's history something is; higher is newer (PROTOCOL.md T-03). */
export interface FilmStanding {
  epoch: number;
  seq: number;
}

/** What a member said of the film when it came back: `film` was true at `atMs` on the relay's clock. */
export interface FilmReport {
  member: string;
  film: Film;
  atMs: number;
}

/** A film whose position is as of now, in media ms; it may lie past the end, as a timeline does. */
export type FilmNow = Pick<Timeline, 'epoch' | 'seq' | 'phase' | 'positionMs' | 'rate' | 'media'>;

/**
 * How the film moves and where it is now, by those who went on watching and by the time of day (PROTOCOL.md S-06).
 * @param elapsedMs time of day since the snapshot was issued; negative when that clock was set back.
 * @param nowMs relay clock.
 */
export function filmNow(
  snapshot: SnapshotClaims,
  reports: readonly FilmReport[],
  elapsedMs: number,
  nowMs: number,
): FilmNow {
  const { timeline, people } = snapshot;
  const { seq, phase, rate, media } = timeline;
  const kept = { epoch: snapshot.epoch, seq };
  const said = reports.filter(({ member }) => people.some(({ id }) => id === member)).map((one) => asOf(one, nowMs));
  const [newest] = said.filter((film) => isFilmAhead(film, kept)).sort(byNewest);
  if (newest) {
    const knowIt = said.filter((film) => film.epoch === newest.epoch && film.seq === newest.seq);
    const wentOn = knowIt.filter((film) => film.phase !== 'paused');
    const agreed = wentOn.length > 0 ? wentOn : knowIt;
    return middleOf(agreed.sort((a, b) => a.positionMs - b.positionMs)) ?? newest;
  }
  const same = said.filter((film) => film.seq === seq && film.epoch >= kept.epoch && isPlausible(film, kept));
  // Opened anew elsewhere, it is newer than what another relay went on to do meanwhile.
  const epoch = Math.max(kept.epoch, ...same.map((film) => film.epoch));
  const places = same.map(({ positionMs }) => positionMs);
  const wentOn = same.some((film) => film.phase !== 'paused');
  if (phase !== 'paused' && !wentOn && (same.length > 0 || isLongAgo(elapsedMs))) {
    const known = places.filter((positionMs) => positionMs >= timeline.positionMs).sort((a, b) => a - b);
    return { epoch, seq, phase: 'paused', positionMs: middleOf(known) ?? timeline.positionMs, rate, media };
  }
  if (phase !== 'playing') return { epoch, seq, phase, positionMs: timeline.positionMs, rate, media };
  const watched = same.filter((film) => film.phase === 'playing').map(({ positionMs }) => positionMs);
  return { epoch, seq, phase, positionMs: playingAt(timeline, watched, elapsedMs), rate, media };
}

/** @param elapsedMs time of day since a snapshot was issued. @returns whether that was on another evening (PROTOCOL.md S-10). */
export const isLongAgo = (elapsedMs: number): boolean => elapsedMs > LONG_AGO_MS;

const asOf = ({ film, atMs }: FilmReport, nowMs: number): FilmNow => ({
  ...film,
  positionMs: positionAt({ ...film, atMs }, nowMs),
});

/** Numbers far ahead are made up (PROTOCOL.md S-06). */
const isPlausible = (film: FilmStanding, than: FilmStanding): boolean =>
  film.epoch <= than.epoch + MAX_AHEAD && film.seq <= than.seq + MAX_AHEAD;

/** A room that is opened anew has the same `seq` in its next epoch: that alone is nothing new. */
function isFilmAhead(film: FilmStanding, than: FilmStanding): boolean {
  if (!isPlausible(film, than)) return false;
  return film.epoch === than.epoch ? film.seq > than.seq : film.epoch > than.epoch && film.seq !== than.seq;
}

const byNewest = (a: FilmNow, b: FilmNow): number => b.epoch - a.epoch || b.seq - a.seq;

/** @returns the middle one, the lower of two; undefined of none. */
const middleOf = <T>(sorted: readonly T[]): T | undefined => sorted[Math.floor((sorted.length - 1) / 2)];

/** Where a film is that plays on as the snapshot says. @param said positions of now. */
function playingAt(timeline: SnapshotClaims['timeline'], said: readonly number[], elapsedMs: number): number {
  const byClock = timeline.positionMs + timeline.rate * Math.max(0, elapsedMs - timeline.startsInMs);
  const possible = said.filter((positionMs) => positionMs >= timeline.positionMs - FILM_ERROR_MS).sort((a, b) => a - b);
  const toleranceMs = FILM_TOLERANCE_MS * timeline.rate;
  const likely = possible.filter((positionMs) => Math.abs(positionMs - byClock) <= toleranceMs);
  const [first = 0, last = 0] = [possible[0], possible.at(-1)];
  // The clock may have been set: members who agree with each other are believed before it.
  const trusted = likely.length > 0 || last - first > toleranceMs ? likely : possible;
  // Of two the one further on: each is behind by as long as it was under way for longer than usual.
  return trusted[Math.floor(trusted.length / 2)] ?? byClock;
}
