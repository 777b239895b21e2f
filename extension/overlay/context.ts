import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Translate } from './i18n.ts';
import type { OverlayActions, OverlayModel } from './model.ts';

/** What every view may use: what to show, what can be done, and words. */
export interface Overlay {
  model: OverlayModel;
  actions: OverlayActions;
  t: Translate;
}

export const OverlayContext = createContext<Overlay | null>(null);

/** @returns the overlay that this view is part of. */
export function useOverlay(): Overlay {
  const overlay = useContext(OverlayContext);
  if (!overlay) throw new Error('useOverlay: this view is rendered outside of mountOverlay');
  return overlay;
}
