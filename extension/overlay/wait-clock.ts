import { useEffect, useState } from 'preact/hooks';
import type { Screen, WaitView } from './model.ts';

/** A wait that is over sooner needs no button: it would only flash by. */
const OFFER_AFTER_MS = 1_000;

/** @returns the wait of the party that the screen shows, if there is one. */
export const waitOf = (screen: Screen): WaitView | null => (screen.state === 'party' ? screen.party.wait : null);

const offerAtMs = ({ sinceMs }: WaitView): number => sinceMs + OFFER_AFTER_MS;

/** @returns whether the wait has lasted long enough to offer going on, and is for somebody. */
export const mayGoOn = (wait: WaitView, nowMs: number): boolean =>
  nowMs >= offerAtMs(wait) && (wait.you || wait.names.length > 0);

/**
 * `performance.now()`, renewed with each second of the countdown and when going on is first offered; renders nothing
 * in between.
 */
export function useWaitClock(wait: WaitView | null): number {
  const [, setBeat] = useState(0);
  const nowMs = performance.now();
  const atMs = wait && nextChangeMs(wait, nowMs);
  useEffect(() => {
    if (atMs === null) return;
    // A timer may come a little early, and would then find nothing changed and no next one set.
    const timer = setTimeout(() => setBeat(atMs), Math.ceil(atMs - performance.now()) + 1);
    return () => clearTimeout(timer);
  }, [atMs]);
  return nowMs;
}

/** @returns when what is said of a wait changes next, in ms of `performance.now()`; null when it does not any more. */
export function nextChangeMs(wait: WaitView, nowMs: number): number | null {
  const offerMs = offerAtMs(wait);
  const ends = [wait.endsAtMs, ...(wait.next ? [wait.next.startsAtMs] : [])];
  const ticks = ends.flatMap((atMs) => (atMs > nowMs ? [tickBefore(atMs, nowMs)] : []));
  const changes = [...(offerMs > nowMs ? [offerMs] : []), ...ticks];
  return changes.length === 0 ? null : Math.min(...changes);
}

/** @returns when one second less is left until then. */
const tickBefore = (atMs: number, nowMs: number): number => atMs - (Math.ceil((atMs - nowMs) / 1_000) - 1) * 1_000;
