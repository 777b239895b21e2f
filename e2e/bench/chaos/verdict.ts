import type { ChaosFigures } from './run.ts';

const MUST_BE_NONE = [
  'roomsDiffering',
  'lostSeats',
  'doubleHosts',
  'lateReturns',
  'graceWrong',
  'intrudersIn',
] as const satisfies readonly (keyof ChaosFigures)[];

/** Faults that hit nobody, or people who did nothing, would prove nothing. */
const MUST_BE_SOME = ['commands', 'intruders', 'backMaxMs'] as const satisfies readonly (keyof ChaosFigures)[];

/** @returns what speaks against the relay in a run, or against the run; empty when all is well. */
export function verdict(figures: ChaosFigures): string[] {
  return [
    ...MUST_BE_NONE.filter((name) => (figures[name] ?? 0) > 0).map((name) => `${name}: ${figures[name]}, not 0`),
    ...MUST_BE_SOME.filter((name) => !figures[name]).map((name) => `${name}: none`),
  ];
}
