import { LEEWAY_S } from './compact.ts';

/** @param until seconds since 1970; undefined: never. @returns how far off that is, in ms, negative when it is past; null: never. */
export const msUntil = (until: number | undefined): number | null =>
  until === undefined ? null : until * 1000 - Date.now();

/** @returns how long what ends then is good for, in ms; null: for ever. */
export function goodForMs(until: number | undefined): number | null {
  const ms = msUntil(until);
  return ms === null ? null : Math.max(0, ms);
}

/** @returns whether what ends then has ended, on a clock that may be off (PROTOCOL.md A-01). */
export const hasEnded = (until: number): boolean => until + LEEWAY_S <= Date.now() / 1000;
