import { useMemo } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { speakOffset } from '../format.ts';
import type { OffsetSample } from '../model.ts';
import { PLOT_HEIGHT, PLOT_WIDTH, plotPath, plotRange } from '../plot.ts';

const VIEW_BOX = `0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`;
const MIDDLE_LINE = `M0 ${PLOT_HEIGHT / 2}H${PLOT_WIDTH}`;

/** A member's offset over the last two minutes. It has one size for good, and is drawn anew only with news of its own. */
export function Plot({ samples }: { samples: readonly OffsetSample[] }) {
  const { t } = useOverlay();
  return useMemo(() => {
    const range = plotRange(samples);
    if (!range) return null;
    const label = t('plot_label', speakOffset(range.lowMs, t), speakOffset(range.highMs, t));
    return (
      <svg class="plot" viewBox={VIEW_BOX} preserveAspectRatio="none" role="img" aria-label={label}>
        <path class="plot-middle" d={MIDDLE_LINE} />
        <path class="plot-line" d={plotPath(samples)} />
      </svg>
    );
  }, [samples, t]);
}
