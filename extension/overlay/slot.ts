import type * as signals from '@preact/signals-core';
import type { Translate } from './i18n.ts';
import type { OverlayActions, OverlayModel } from './model.ts';

/** Shows the overlay until the signal aborts. */
export type MountOverlay = (
  model: OverlayModel,
  actions: OverlayActions,
  t: Translate,
  signal: AbortSignal,
  document: Document,
) => void;

/**
 * Where the two scripts of a page meet: content.js puts itself here, overlay.js (loaded when there is something to
 * show) adds how to show it. Both run in the extension's own world, whose globals no page sees.
 */
export interface OverlaySlot {
  /** The one instance of the signals' library: another one would not notice what changes in the model. */
  signals: typeof signals;
  mount?: MountOverlay;
}

declare global {
  /** vite.config.ts names it too. */
  var ospOverlaySlot: OverlaySlot | undefined;
}
