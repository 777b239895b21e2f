import type { OverlayModel } from './model.ts';

/** Long enough to read a name and a verb, short enough not to be in the way (overlay.md). */
export const TOAST_MS = 4_000;
/** More at a time would cover the picture. */
export const MAX_TOASTS = 2;

/** Says something for four seconds; the oldest makes room. */
export function addToast(model: OverlayModel, text: string): void {
  model.toastCount += 1;
  model.toasts.value = [...model.toasts.value, { id: model.toastCount, text }].slice(-MAX_TOASTS);
}

/** Takes a toast away when its time is over. */
export function dropToast(model: OverlayModel, id: number): void {
  model.toasts.value = model.toasts.value.filter((toast) => toast.id !== id);
}
