import type { Translate } from './i18n.ts';

interface Formats {
  whole: Intl.NumberFormat;
  tenths: Intl.NumberFormat;
  names: Intl.ListFormat;
  facts: Intl.ListFormat;
}

/** Making an Intl object costs far more than using one. */
const cache = new Map<string, Formats>();

function formatsOf(t: Translate): Formats {
  const tag = t('language_tag') || 'en';
  const known = cache.get(tag);
  if (known) return known;
  const formats: Formats = {
    whole: new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }),
    tenths: new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }),
    names: new Intl.ListFormat(tag, { type: 'conjunction' }),
    facts: new Intl.ListFormat(tag, { type: 'unit', style: 'short' }),
  };
  cache.set(tag, formats);
  return formats;
}

/** From here on a length of time reads better in seconds. */
const SECONDS_FROM_MS = 1_000;

/** @param ms a length of time, not negative. @returns e.g. `4 ms`, `1.2 s`. */
export const formatDuration = (ms: number, t: Translate): string => formatAmount(ms, '', t);

/** @param ms an offset; positive means ahead of the party. @returns e.g. `+4 ms`, `−1.2 s`. */
export function formatOffset(ms: number, t: Translate): string {
  return formatAmount(Math.abs(ms), signOf(ms), t);
}

const signOf = (ms: number): string => (Math.round(ms) === 0 ? '' : ms > 0 ? '+' : '−');

/** The least bound that is shown, in ms: finer ones are not known, whatever the arithmetic says. */
const LEAST_BOUND_MS = 1;
const boundOf = (errorMs: number): number => Math.max(LEAST_BOUND_MS, Math.ceil(errorMs));

/**
 * An offset with how well it is known. @param errorMs null when that is not known.
 * @returns e.g. `+3 ±2 ms`; without a bound from a second on, where it would say nothing.
 */
export function formatMeasured(ms: number, errorMs: number | null, t: Translate): string {
  if (errorMs === null || Math.abs(ms) >= SECONDS_FROM_MS) return formatOffset(ms, t);
  const { whole } = formatsOf(t);
  return t('amount_with_bound', signOf(ms) + whole.format(Math.abs(ms)), whole.format(boundOf(errorMs)));
}

/** What a screen reader says for `formatMeasured`. */
export function speakMeasured(ms: number, errorMs: number | null, t: Translate): string {
  const offset = speakOffset(ms, t);
  if (errorMs === null || Math.abs(ms) >= SECONDS_FROM_MS) return offset;
  return t('offset_with_bound', offset, formatDuration(boundOf(errorMs), t));
}

function formatAmount(ms: number, sign: string, t: Translate): string {
  const { whole, tenths } = formatsOf(t);
  if (ms < SECONDS_FROM_MS) return t('amount_ms', sign + whole.format(ms));
  return t('amount_seconds', sign + tenths.format(ms / SECONDS_FROM_MS));
}

/** What a screen reader says for an offset. @param ms positive means ahead of the party. */
export function speakOffset(ms: number, t: Translate): string {
  if (Math.round(ms) === 0) return t('offset_none');
  const amount = formatDuration(Math.abs(ms), t);
  return ms > 0 ? t('offset_ahead', amount) : t('offset_behind', amount);
}

/** @param atMs time of day. @returns e.g. `21:30`; `Fri 09:00` on another day. */
export function formatMoment(atMs: number, t: Translate): string {
  const at = new Date(atMs);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : ({ weekday: 'short' } as const);
  return at.toLocaleString(t('language_tag') || 'en', { ...day, hour: '2-digit', minute: '2-digit' });
}

/** @returns `Plays the file as it is, good connection` in the language of the messages. */
export const formatFacts = (facts: readonly string[], t: Translate): string => formatsOf(t).facts.format(facts);

/** @returns `Ben and Ana` in the language of the messages. */
export const formatNames = (names: readonly string[], t: Translate): string => formatsOf(t).names.format(names);
