import {
  HAVE_FUTURE_DATA,
  HOLD_BUFFER_MS,
  LOW_BUFFER_MS,
  LOW_FILL_SHARE,
  READY_BUFFER_MS,
  STALL_PATIENCE_MS,
  SUPPLY_LOOK_MS,
  SUPPLY_WINDOW_MS,
} from './constants.ts';
import type { Reading } from './io.ts';
import { timelineKey } from './motion-of.ts';
import { patch, type Turn } from './state.ts';
import type { Supply } from './supply-state.ts';

/**
 * Tells the room when this player has stood still for long, or is about to: all pause at one picture before anyone
 * starves (PROTOCOL.md T-11, sync.md section 3f). A short stall is this member's own business.
 */
export function watchSupply(turn: Turn): void {
  const { state, reading, nowMs } = turn;
  const { room, motion, supply } = state;
  const timeline = room?.timeline;
  const key = timeline ? timelineKey(timeline) : null;
  if (timeline?.phase !== 'playing' || !reading || reading.paused || motion.state !== 'flowing' || motion.key !== key) {
    if (supply.standingSinceMs !== null || supply.ends.length > 0) {
      patch(turn, { supply: { ...supply, standingSinceMs: null, ends: [] } });
    }
    return;
  }
  const stands = isStanding(turn, reading);
  const standingSinceMs = stands ? (supply.standingSinceMs ?? nowMs) : null;
  const ends = reading.seeking ? [] : addEnd(supply.ends, reading);
  const longStood = standingSinceMs !== null && nowMs - standingSinceMs >= STALL_PATIENCE_MS;
  if (standingSinceMs !== null && !longStood) {
    turn.effects.push({ type: 'wake', atMs: standingSinceMs + STALL_PATIENCE_MS, to: 'look' });
  }
  const isWaitedFor = state.follow === 'closely' || state.others === 0;
  const tell =
    state.roomWaits &&
    isWaitedFor &&
    supply.toldKey !== key &&
    (longStood || isRunningDry(ends, reading, timeline.rate));
  if (tell) turn.effects.push({ type: 'stall', seq: timeline.seq, positionMs: Math.max(0, reading.positionMs) });
  // Well again: the next time is another time.
  const recovered = !stands && reading.bufferedAheadMs >= HOLD_BUFFER_MS;
  const toldKey = tell ? key : recovered ? null : supply.toldKey;
  patch(turn, { supply: { standingSinceMs, ends, toldKey } });
}

function isStanding({ state }: Turn, reading: Reading): boolean {
  if (reading.seeking || isLastOfFilm(reading)) return false;
  const stalled = state.source.state === 'ready' && state.source.stalled;
  return stalled || reading.readyState < HAVE_FUTURE_DATA;
}

function addEnd(ends: Supply['ends'], { atMs, positionMs, bufferedAheadMs }: Reading): Supply['ends'] {
  const newest = ends.at(-1);
  if (newest && atMs - newest.atMs < SUPPLY_LOOK_MS) return ends;
  const fresh = ends.filter((end) => atMs - end.atMs <= SUPPLY_WINDOW_MS);
  return [...fresh, { atMs, endMs: positionMs + bufferedAheadMs }];
}

/** Little is left, and less arrives than is played: it will stand still soon. */
function isRunningDry(ends: Supply['ends'], reading: Reading, rate: number): boolean {
  const oldest = ends[0];
  const newest = ends.at(-1);
  if (!oldest || !newest || newest.atMs - oldest.atMs < SUPPLY_WINDOW_MS / 2) return false;
  if (reading.bufferedAheadMs >= LOW_BUFFER_MS || isLastOfFilm(reading)) return false;
  return (newest.endMs - oldest.endMs) / (newest.atMs - oldest.atMs) < LOW_FILL_SHARE * rate;
}

/** Nothing more comes after this. */
const isLastOfFilm = ({ positionMs, bufferedAheadMs, durationMs }: Reading): boolean =>
  durationMs !== null && positionMs + bufferedAheadMs >= durationMs - LOW_BUFFER_MS / 2;

/**
 * Loaded far enough to start and go on (PROTOCOL.md T-07). After a hold more is wanted, so that it does not come again.
 * @param held it ran dry here a moment ago.
 */
export function isLoaded(reading: Reading, held: boolean): boolean {
  if (reading.seeking || reading.readyState < HAVE_FUTURE_DATA) return false;
  return reading.bufferedAheadMs >= (held ? HOLD_BUFFER_MS : READY_BUFFER_MS) || isLastOfFilm(reading);
}
