import { RESUME_GRACE_MS, SEAT_GRACE_MS } from '../../shared/limits.ts';
import type { Snapshot } from '../../shared/protocol.ts';
import { isAhead } from '../../shared/standing.ts';
import type { SnapshotClaims } from '../auth/claims.ts';
import type { LiveRoom } from './live-room.ts';
import type { Registry } from './registry.ts';
import { type FilmReport, filmNow, isLongAgo } from './snapshot.ts';

/** How long the first who comes back waits for others with a newer snapshot, in ms (PROTOCOL.md S-05). */
const GATHER_MS = 300;

/** A member with a seat and a snapshot that has been checked. */
export interface Returning {
  member: string;
  snapshot: SnapshotClaims;
  token: string;
  report: FilmReport | null;
}

/** Opens rooms anew from what their members kept (PROTOCOL.md S-04 to S-06). */
export interface Gatherings {
  /** @returns once the room is there. Rejects with a ProtocolError when the relay is full. */
  present(room: string, returning: Returning): Promise<LiveRoom>;
  /** @returns the room that others are bringing back just now, once it is there; null when nobody is. */
  pending(room: string): Promise<LiveRoom> | null;
  /** Stops all timers. */
  close(): void;
}

export interface GatheringOptions {
  registry: Pick<Registry, 'get' | 'getOrOpen'>;
  nowMs: () => number;
}

interface Gathering {
  best: Returning;
  reports: FilmReport[];
  missing: Set<string>;
  timer: NodeJS.Timeout;
  room: Promise<LiveRoom>;
  finish: () => void;
}

export function createGatherings({ registry, nowMs }: GatheringOptions): Gatherings {
  const gatherings = new Map<string, Gathering>();

  const bring = (room: LiveRoom, { member, snapshot, token }: Returning, reports: readonly FilmReport[]): LiveRoom => {
    const elapsedMs = Date.now() - snapshot.issuedAtMs;
    const film = filmNow(snapshot, reports, elapsedMs, nowMs());
    const { epoch, serial } = snapshot;
    const kept: Snapshot = { epoch, serial, token };
    const isWhole = room.useOf(snapshot, member, film) === 'room';
    room.input({
      type: 'restore',
      member,
      snapshot,
      film,
      graceMs: isLongAgo(elapsedMs) ? RESUME_GRACE_MS : SEAT_GRACE_MS,
    });
    if (isWhole) room.feed.adopt(kept);
    return room;
  };

  const begin = (id: string, first: Returning): Gathering => {
    const { promise, resolve, reject } = withResolvers<LiveRoom>();
    const finish = (): void => {
      clearTimeout(gathering.timer);
      gatherings.delete(id);
      try {
        resolve(bring(registry.getOrOpen(id), gathering.best, gathering.reports));
      } catch (error) {
        reject(error);
      }
    };
    const gathering: Gathering = {
      best: first,
      reports: [],
      missing: new Set(),
      timer: setTimeout(finish, GATHER_MS).unref(),
      room: promise,
      finish,
    };
    gatherings.set(id, gathering);
    return gathering;
  };

  return {
    present: (id, returning) => {
      const live = registry.get(id);
      if (live) return Promise.resolve(bring(live, returning, returning.report ? [returning.report] : []));
      const open = gatherings.get(id);
      const gathering = open ?? begin(id, returning);
      if (returning.report) gathering.reports.push(returning.report);
      if (!open || isAhead(returning.snapshot, gathering.best.snapshot)) {
        gathering.best = returning;
        gathering.missing = new Set(returning.snapshot.people.map((person) => person.id));
      }
      gathering.missing.delete(returning.member);
      if (gathering.missing.size === 0) gathering.finish();
      return gathering.room;
    },
    pending: (id) => gatherings.get(id)?.room ?? null,
    close: () => {
      for (const { timer } of gatherings.values()) clearTimeout(timer);
      gatherings.clear();
    },
  };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
