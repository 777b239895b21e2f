import { ERROR_CODES, type ErrorCode } from '../shared/errors.ts';
import type { Action } from '../shared/protocol.ts';

/** Upper bounds of the fan-out histogram, in ms: a room of five takes well under 0.1, a relay in trouble over 25. */
export const FANOUT_BOUNDS_MS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100] as const;

type CommandKind = Action['kind'];

/**
 * What a relay has done since it started, as plain numbers: whoever does the work adds one, and they are only read when
 * somebody asks for the metrics. No room, member or address is in it.
 */
export interface Tally {
  /** Sockets open now, whether or not they have said hello. */
  sockets: number;
  /** Commands that members sent, accepted or not. */
  readonly commands: Record<CommandKind, number>;
  /** Messages to a whole room. */
  published: number;
  readonly refusals: Record<ErrorCode, number>;
  /** Time from a command's arrival until everything that follows from it is with the socket library. */
  readonly fanout: Fanout;
}

/** A histogram as plain numbers. */
interface Fanout {
  /** How many took up to each bound and longer than the one before; the last one counts the rest. */
  readonly counts: number[];
  sumMs: number;
}

const COMMAND_KINDS: Record<CommandKind, 0> = {
  play: 0,
  pause: 0,
  seek: 0,
  rate: 0,
  media: 0,
  'go-on': 0,
  wait: 0,
  undo: 0,
};

export function createTally(): Tally {
  return {
    sockets: 0,
    commands: { ...COMMAND_KINDS },
    published: 0,
    refusals: Object.fromEntries(ERROR_CODES.map((code) => [code, 0])) as Record<ErrorCode, number>,
    fanout: { counts: Array<number>(FANOUT_BOUNDS_MS.length + 1).fill(0), sumMs: 0 },
  };
}

/** @param tookMs of one command. */
export function countFanout({ fanout }: Tally, tookMs: number): void {
  let bucket = 0;
  while (bucket < FANOUT_BOUNDS_MS.length && tookMs > (FANOUT_BOUNDS_MS[bucket] ?? 0)) bucket += 1;
  fanout.counts[bucket] = (fanout.counts[bucket] ?? 0) + 1;
  fanout.sumMs += tookMs;
}
