import { assertNever } from '../../shared/errors.ts';

/**
 * The ledger that tells a person's doing from our own (design.md rule 7). It knows what the element is as far as our own
 * writes and attributed events go; what differs when an event comes, or when we are about to write, is somebody else's.
 * No time window takes part.
 */
export interface Ledger {
  phase: Phase;
  /** Whether it rests, after our writes and the events heard. */
  paused: boolean;
  /** The changes of `paused` whose events are still to come, as far as known, oldest first: one event for each change. */
  changes: readonly Change[];
  /** Seeks whose `seeking` is still to come: ours, and a person's that showed before one of our writes. */
  seeks: number;
  place: Place;
  /** Rate as last written by us or reported as a person's. */
  rate: number;
  /** While the rate is ours: the one that it took the place of. */
  theirRate: number | null;
}

/** `known`: ours, the page's or the end's. `foreign`: it came before one of ours, so it must have been somebody's. */
type Change = 'known' | 'foreign';

/** Where the element is known to be; from there it can only have played on. */
export interface Place {
  /** Element time, in ms. */
  positionMs: number;
  atMs: number;
  /** It has not played since. */
  atRest: boolean;
  /** `sought`: a seek whose doer is known goes there, may land beside it, and has not been heard to land. */
  how: 'seen' | 'sought';
}

/**
 * `replaced`: the source is gone, and its `emptied` still to come.
 * `loading`: a source is being set up by the page: what it does to it is nobody's gesture.
 * `unstarted`: loaded, and nothing has started it (blocked autoplay).
 * `starting`: its first frame; the page may still jump to where the person left off.
 * `resuming`: that jump is under way: another jump is a person's, a change of rate may be the page's.
 * `settled`: from here on whatever is not ours is a person's.
 */
export type Phase = 'replaced' | 'loading' | 'unstarted' | 'starting' | 'resuming' | 'settled';

/** The element as it is when an event is handled, or before a write. */
export interface ElementState {
  /** When this was, in ms. */
  atMs: number;
  paused: boolean;
  seeking: boolean;
  rate: number;
  /** What a load resets the rate to. */
  defaultRate: number;
  positionMs: number;
  /** `readyState` is HAVE_METADATA or more. */
  hasMetadata: boolean;
  /** At or past its end: an element pauses itself there. */
  atEnd: boolean;
  /** In the document and with a source; otherwise the page is taking the player down. */
  alive: boolean;
}

export type ElementEvent = 'play' | 'pause' | 'seeking' | 'ratechange';

/** A person's doing found in an event; null when it was ours or the page's own. */
export type Finding = { type: 'play' | 'pause' | 'seek' } | { type: 'rate'; rate: number } | null;

/** A seek lands within this of where it was sent. */
const SEEK_MATCH_MS = 250;
/** While playing, a jump shorter than this is the stream's own: hls.js steps over gaps. People seek 5 s and more. */
const OWN_NUDGE_MS = 1_000;
/** At rest, a jump longer than this is a jump: a person steps by frames of 16 ms and more. */
const REST_MATCH_MS = 10;
const RATE_MATCH = 1e-6;

/** @returns a ledger that expects nothing and knows the element as it is. */
export const createLedger = (phase: Phase, element: ElementState): Ledger => ({
  phase,
  paused: element.paused,
  changes: [],
  seeks: 0,
  place: placeOf(element.paused, element, 'seen'),
  rate: element.rate,
  theirRate: null,
});

/**
 * A new source: the element's load algorithm paused it, reset its rate, and dropped the events still queued for the old one.
 * Those of our writes since then are still to come.
 */
export function resetLedger(ledger: Ledger, element: ElementState): Ledger {
  if (ledger.phase === 'replaced')
    return { ...ledger, phase: 'loading', place: placeOf(ledger.paused, element, 'seen') };
  const isRateOurs = ledger.theirRate !== null && isRate(element.rate, ledger.rate);
  return { ...createLedger('loading', element), paused: true, theirRate: isRateOurs ? element.defaultRate : null };
}

/** A load upon an element without a source has no `emptied`, but resets the rate as well. */
export const settleLoadStart = (ledger: Ledger, element: ElementState): Ledger =>
  ledger.theirRate === null ? ledger : { ...ledger, theirRate: element.defaultRate };

/** Before a write: a load whose `emptied` is still to come shows in what is there. */
export const noticeLoad = (ledger: Ledger, element: ElementState): Ledger =>
  element.hasMetadata || isSetUpByPage(ledger)
    ? ledger
    : { ...resetLedger(ledger, element), phase: 'replaced', place: ledger.place };

/** Our play() or pause() changed the element to `paused`. Call it only then: otherwise no event comes. */
export function expectPausedChange(ledger: Ledger, paused: boolean): Ledger {
  const unheard: readonly Change[] = ledger.paused === paused ? [isSetUpByPage(ledger) ? 'known' : 'foreign'] : [];
  return {
    ...withPlaying(ledger, !paused || unheard.length > 0),
    paused,
    changes: [...ledger.changes, ...unheard, 'known'],
  };
}

/** Before a write that leads away from its end: the pause that the element made there is nobody's. */
export const expectEnd = (ledger: Ledger, element: ElementState): Ledger =>
  element.paused && element.atEnd && !ledger.paused ? expectPausedChange(ledger, true) : ledger;

/** Our seek began, and with it one `seeking`. @param element as the seek left it: at its target. */
export const expectSeek = (ledger: Ledger, element: ElementState): Ledger => ({
  ...soughtBy(ledger, element),
  seeks: ledger.seeks + 1,
});

/** Our rate was written. */
export const expectRate = (ledger: Ledger, rate: number): Ledger =>
  isRate(rate, ledger.rate) ? ledger : { ...ledger, rate, theirRate: ledger.theirRate ?? ledger.rate };

/** The page has set the element up: as it is now is how a person's doing begins. */
export const settleLedger = (ledger: Ledger, phase: Phase, element: ElementState): Ledger => ({
  ...settleRate(ledger, element).ledger,
  phase,
  place: placeOf(ledger.paused, element, element.seeking ? 'sought' : 'seen'),
});

/** Looks where the element is. What it cannot have come to by itself is left for its event to tell. */
export const observe = (ledger: Ledger, element: ElementState): Ledger =>
  !element.seeking && isExplained(ledger, element)
    ? { ...ledger, place: placeOf(ledger.paused, element, ledger.place.how) }
    : ledger;

/** A `seeked` was heard: a seek has landed, unless it was that of one before. */
export const settleLanding = (ledger: Ledger, element: ElementState): Ledger => {
  const observed = observe(ledger, element);
  return element.seeking || ledger.seeks > 0 ? observed : { ...observed, place: { ...observed.place, how: 'seen' } };
};

/** Takes an event of the element, or looks as if it had come. @returns the ledger after it, and whose doing it was. */
export function settleEvent(
  ledger: Ledger,
  event: ElementEvent,
  element: ElementState,
): { ledger: Ledger; finding: Finding } {
  switch (event) {
    case 'play':
    case 'pause':
      return settlePaused(ledger, event, element);
    case 'seeking':
      return settleSeeking(ledger, element);
    case 'ratechange':
      return settleRate(ledger, element);
    default:
      return assertNever(event);
  }
}

/** @param paused as the ledger knows it: rest by a pause that nobody heard may have been broken by a play as unheard. */
const placeOf = (paused: boolean, element: ElementState, how: Place['how']): Place => ({
  positionMs: element.positionMs,
  atMs: element.atMs,
  atRest: paused && element.paused,
  how,
});

const soughtBy = (ledger: Ledger, element: ElementState): Ledger => ({
  ...ledger,
  place: placeOf(ledger.paused, element, 'sought'),
});

const withPlaying = (ledger: Ledger, plays: boolean): Ledger =>
  plays ? { ...ledger, place: { ...ledger.place, atRest: false } } : ledger;

const isSetUpByPage = ({ phase }: Ledger): boolean => phase === 'replaced' || phase === 'loading';

const isPersonal = (ledger: Ledger, element: ElementState): boolean => !isSetUpByPage(ledger) && element.alive;

const isRate = (a: number, b: number): boolean => Math.abs(a - b) <= RATE_MATCH;

/** Whether the element can be where it is without anybody's jump: played on from its place, or held up on the way. */
function isExplained({ place, rate }: Ledger, element: ElementState): boolean {
  const atRest = place.atRest && element.paused;
  if (atRest && place.how === 'seen') return Math.abs(element.positionMs - place.positionMs) <= REST_MATCH_MS;
  const playedMs = Math.max(0, element.atMs - place.atMs) * Math.max(rate, element.rate);
  const matchMs = atRest ? SEEK_MATCH_MS : OWN_NUDGE_MS;
  const jumpMs = element.positionMs - place.positionMs;
  return jumpMs >= -matchMs && jumpMs <= playedMs + matchMs;
}

/** Pauses and plays come by turns, so the next to come follows from where they lead and how many there are. */
const isPauseNext = ({ changes, paused }: Ledger): boolean => (changes.length % 2 === 1 ? paused : !paused);

function settlePaused(
  whole: Ledger,
  event: 'play' | 'pause',
  element: ElementState,
): { ledger: Ledger; finding: Finding } {
  const {
    changes: [change, ...changes],
    ...ledger
  } = whole;
  // Out of turn: its change was taken for one without an event, because it took so long, and ours came after it.
  if (change && isPauseNext(whole) !== (event === 'pause'))
    return { ledger: whole, finding: isPersonal(whole, element) ? { type: event } : null };
  const paused = changes.length > 0 ? ledger.paused : event === 'pause';
  const next: Ledger = { ...withPlaying({ ...ledger, changes }, event === 'play'), paused };
  const personal = change !== 'known' && isPersonal(next, element) && !(event === 'pause' && element.atEnd);
  return { ledger: next, finding: personal ? { type: event } : null };
}

/** Before a write that would hide it: looks for a seek of a person's. Its `seeking` is still to come, like those of our own. */
export function foreseeSeek(ledger: Ledger, element: ElementState): { ledger: Ledger; finding: Finding } {
  const seeks = isExplained(ledger, element) ? ledger.seeks : ledger.seeks + 1;
  return lookForSeek({ ...ledger, seeks }, element);
}

function settleSeeking(ledger: Ledger, element: ElementState): { ledger: Ledger; finding: Finding } {
  const heard = lookForSeek({ ...ledger, seeks: Math.max(0, ledger.seeks - 1) }, element);
  // This one was of a seek that is known: that of the one found is still to come.
  return heard.finding && ledger.seeks > 0 ? { ...heard, ledger: { ...heard.ledger, seeks: ledger.seeks } } : heard;
}

/** Looks for a seek of a person's when an event comes. */
function lookForSeek(ledger: Ledger, element: ElementState): { ledger: Ledger; finding: Finding } {
  if (isExplained(ledger, element)) return { ledger: observe(ledger, element), finding: null };
  const personal = isPersonal(ledger, element) && ledger.phase !== 'starting';
  return { ledger: soughtBy(ledger, element), finding: personal ? { type: 'seek' } : null };
}

function settleRate(ledger: Ledger, element: ElementState): { ledger: Ledger; finding: Finding } {
  const { rate } = element;
  if (isRate(rate, ledger.rate)) return { ledger, finding: null };
  const personal = isPersonal(ledger, element) && (ledger.phase === 'unstarted' || ledger.phase === 'settled');
  return { ledger: { ...ledger, rate, theirRate: null }, finding: personal ? { type: 'rate', rate } : null };
}
