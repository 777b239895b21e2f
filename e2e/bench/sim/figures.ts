/** What many parties come to. */
import { quantile, rounded } from '../report.ts';
import { KINDS, type Kind, type RunFigures } from './run.ts';

type PerKind = Record<Kind, number | null>;

export interface Figures {
  /** |offset| of any two members in steady play, in ms. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Seconds; null when that many did not get together before the next command. */
  settle: PerKind;
  settleP95: PerKind;
  /** For each hour of one member. */
  rateChangesPerHour: number;
  seeksPerHour: number;
  /** Share of steady time in which a member's picture stood. */
  stoodShare: number;
}

export function summarise(runs: readonly RunFigures[]): Figures {
  const offsets = pool(runs.map(({ offsetsMs }) => offsetsMs));
  const sum = (of: (run: RunFigures) => number): number => runs.reduce((total, each) => total + of(each), 0);
  const settle = (share: number): PerKind => {
    const entries = KINDS.map(
      (kind) =>
        [
          kind,
          seconds(
            runs.flatMap(({ settleS }) => settleS[kind]),
            share,
          ),
        ] as const,
    );
    return { play: null, seek: null, join: null, ...Object.fromEntries(entries) };
  };
  return {
    p50: rounded(sortedQuantile(offsets, 0.5), 2),
    p95: rounded(sortedQuantile(offsets, 0.95), 2),
    p99: rounded(sortedQuantile(offsets, 0.99), 2),
    settle: settle(0.5),
    settleP95: settle(0.95),
    rateChangesPerHour: Number((sum((run) => run.rateChanges) / sum((run) => run.steadyHours)).toFixed(2)),
    seeksPerHour: Number((sum((run) => run.seeks) / sum((run) => run.hours)).toFixed(2)),
    stoodShare: Number((sum((run) => run.stood) / sum((run) => run.watched)).toFixed(4)),
  };
}

function seconds(settles: readonly number[], share: number): number | null {
  const found = quantile(settles, share);
  return found !== null && Number.isFinite(found) ? rounded(found, 2) : null;
}

/** A typed array sorts millions of numbers in the time that report.ts' quantile takes for thousands. */
function pool(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}

const sortedQuantile = (sorted: Float32Array, share: number): number | null =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
