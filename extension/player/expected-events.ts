import { assertNever } from '../../shared/errors.ts';

/**
 * The ledger that tells a person's doing from our own (design.md rule 7). Each of our writes that changes the element
 * makes it queue an event; the ledger holds what is still to come and takes it off when it comes. What is left over is
 * a person's. No time window takes part: expectations end with the event, the end of the seek, or a new source.
 */
export interface Ledger {
  phase: Phase;
  /** Our play() and pause() calls whose events are still to come. The element queues one event for each change. */
  plays: number;
  pauses: number;
  /** Our seeks whose `seeking` events are still to come. */
  seeks: number;
  /** Where our seek in progress goes, in ms; each `seeking` event shows the newest target, whoever asked for it. */
  ownSeekMs: number | null;
  /** Where a person's seek in progress goes, in ms. */
  userSeekMs: number | null;
  /** Rate as last written by us or reported as a person's. */
  rate: number;
}

/**
 * `loading`: a source is being set up by the page: what it does to it is nobody's gesture.
 * `unstarted`: loaded, and nothing has started it (blocked autoplay).
 * `starting`: its first frames; the page may still jump to where the person left off.
 * `settled`: from here on whatever is not ours is a person's.
 */
export type Phase = 'loading' | 'unstarted' | 'starting' | 'settled';

/** The element as it is when an event is handled. */
export interface ElementState {
  paused: boolean;
  seeking: boolean;
  rate: number;
  positionMs: number;
  /** Where it was when last seen undisturbed, carried on to now. */
  lastPositionMs: number;
  /** At or past its end: an element pauses itself there. */
  atEnd: boolean;
  /** In the document and with a source; otherwise the page is taking the player down. */
  alive: boolean;
}

export type ElementEvent = 'play' | 'pause' | 'seeking' | 'seeked' | 'ratechange';

/** A person's doing found in an event; null when it was ours or the page's own. */
export type Finding = { type: 'play' | 'pause' | 'seek' } | { type: 'rate'; rate: number } | null;

/** A seek lands where it was sent; what it names in between is within this. */
const SEEK_MATCH_MS = 250;
/** While playing, a jump shorter than this is the stream's own: hls.js steps over gaps. People seek 5 s and more. */
const OWN_NUDGE_MS = 1_000;
const RATE_MATCH = 1e-6;

/** @returns a ledger that expects nothing. */
export const createLedger = (phase: Phase, rate: number): Ledger => ({
  phase,
  plays: 0,
  pauses: 0,
  seeks: 0,
  ownSeekMs: null,
  userSeekMs: null,
  rate,
});

/** A new source drops the events still queued for the old one (the element's load algorithm), and resets the rate. */
export const resetLedger = (rate: number): Ledger => createLedger('loading', rate);

/** Our play() or pause() changed the element. Call it only then: otherwise no event comes. */
export const expectPausedChange = (ledger: Ledger, paused: boolean): Ledger =>
  paused ? { ...ledger, pauses: ledger.pauses + 1 } : { ...ledger, plays: ledger.plays + 1 };

/** Our seek began, and with it one `seeking` event. @param positionMs its target in element time. */
export const expectSeek = (ledger: Ledger, positionMs: number): Ledger => ({
  ...ledger,
  seeks: ledger.seeks + 1,
  ownSeekMs: positionMs,
});

/** Our rate was written. */
export const expectRate = (ledger: Ledger, rate: number): Ledger => ({ ...ledger, rate });

/** Takes an event of the element. @returns the ledger after it, and whose doing it was. */
export function settleEvent(
  ledger: Ledger,
  event: ElementEvent,
  element: ElementState,
): { ledger: Ledger; finding: Finding } {
  switch (event) {
    case 'play':
      if (ledger.plays > 0) return { ledger: { ...ledger, plays: ledger.plays - 1 }, finding: null };
      return { ledger, finding: isPersonal(ledger, element) && ledger.phase !== 'starting' ? { type: 'play' } : null };
    case 'pause':
      if (ledger.pauses > 0) return { ledger: { ...ledger, pauses: ledger.pauses - 1 }, finding: null };
      return { ledger, finding: isPersonal(ledger, element) && !element.atEnd ? { type: 'pause' } : null };
    case 'seeking':
      return settleSeeking(ledger, element);
    case 'seeked':
      return { ledger: element.seeking || ledger.seeks > 0 ? ledger : seekDone(ledger), finding: null };
    case 'ratechange':
      return settleRate(ledger, element);
    default:
      return assertNever(event);
  }
}

const seekDone = (ledger: Ledger): Ledger => ({ ...ledger, ownSeekMs: null, userSeekMs: null });

const isPersonal = (ledger: Ledger, element: ElementState): boolean => ledger.phase !== 'loading' && element.alive;

const near = (aMs: number, bMs: number | null): boolean => bMs !== null && Math.abs(aMs - bMs) <= SEEK_MATCH_MS;

function settleSeeking(ledger: Ledger, element: ElementState): { ledger: Ledger; finding: Finding } {
  const { positionMs } = element;
  if (near(positionMs, ledger.ownSeekMs) || near(positionMs, ledger.userSeekMs)) {
    return { ledger: { ...ledger, seeks: Math.max(0, ledger.seeks - 1) }, finding: null };
  }
  const pageOwn = !isPersonal(ledger, element) || ledger.phase === 'starting';
  const nudge = !element.paused && Math.abs(positionMs - element.lastPositionMs) < OWN_NUDGE_MS;
  if (pageOwn || nudge) return { ledger, finding: null };
  return { ledger: { ...ledger, userSeekMs: positionMs }, finding: { type: 'seek' } };
}

function settleRate(ledger: Ledger, element: ElementState): { ledger: Ledger; finding: Finding } {
  if (Math.abs(element.rate - ledger.rate) <= RATE_MATCH) return { ledger, finding: null };
  const next = { ...ledger, rate: element.rate };
  const personal = isPersonal(ledger, element) && ledger.phase !== 'starting';
  return { ledger: next, finding: personal ? { type: 'rate', rate: element.rate } : null };
}
