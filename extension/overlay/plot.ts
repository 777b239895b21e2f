import type { OffsetSample } from './model.ts';

/** The plot's own units: one across is a second, so that two minutes fit; the height has room for the line's ends. */
export const PLOT_WIDTH = 120;
export const PLOT_HEIGHT = 24;
const MIDDLE = PLOT_HEIGHT / 2;
const REACH = MIDDLE - 2;

/** Bent so that a wobble of 3 ms is seen and half a second still fits; never rescaled, so rows compare and nothing jumps. */
const LINEAR_MS = 2;
const FULL_MS = 500;
/** Members report every 3 s; after a longer silence nobody knows what lay between. */
const GAP_MS = 10_000;

/** @param offsetMs positive is ahead, and up. @returns the height in the plot. */
function heightOf(offsetMs: number): number {
  const share = Math.asinh(offsetMs / LINEAR_MS) / Math.asinh(FULL_MS / LINEAR_MS);
  return MIDDLE - REACH * Math.max(-1, Math.min(1, share));
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * The line of a member's last two minutes as an SVG path, the newest sample at the right edge. It breaks where there was
 * nothing to measure; a lone sample is a dot.
 */
export function plotPath(samples: readonly OffsetSample[]): string {
  const endMs = samples.at(-1)?.atMs ?? 0;
  let drawnAtMs: number | null = null;
  let path = '';
  for (const { atMs, offsetMs } of samples) {
    if (offsetMs === null) {
      drawnAtMs = null;
      continue;
    }
    const x = PLOT_WIDTH - (endMs - atMs) / 1_000;
    const point = `${short(x)} ${short(heightOf(offsetMs))}`;
    const continues = drawnAtMs !== null && atMs - drawnAtMs <= GAP_MS;
    path += continues ? `L${point}` : `M${point}h0`;
    drawnAtMs = atMs;
  }
  return path;
}

/** @returns the lowest and the highest offset of the last two minutes, in ms; null when nothing was measured. */
export function plotRange(samples: readonly OffsetSample[]): { lowMs: number; highMs: number } | null {
  const known = samples.flatMap(({ offsetMs }) => (offsetMs === null ? [] : [offsetMs]));
  return known.length === 0 ? null : { lowMs: Math.min(...known), highMs: Math.max(...known) };
}
