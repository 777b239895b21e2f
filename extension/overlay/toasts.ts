import type { Offer, OverlayModel } from './model.ts';

/** Long enough to read a name and a verb, short enough not to be in the way (overlay.md). */
export const TOAST_MS = 4_000;
/** With something to press there is more to decide; the panel offers the same for longer. */
export const OFFER_MS = 10_000;
/** More at a time would cover the picture. */
export const MAX_TOASTS = 2;

/** Says something for a few seconds; the oldest makes room, and so does the same said before. */
export function addToast(model: OverlayModel, text: string, offer?: Offer): void {
  model.toastCount += 1;
  const others = model.toasts.value.filter((toast) => toast.text !== text);
  model.toasts.value = [...others, { id: model.toastCount, text, ...(offer && { offer }) }].slice(-MAX_TOASTS);
}

/** Takes a toast away when its time is over. */
export function dropToast(model: OverlayModel, id: number): void {
  model.toasts.value = model.toasts.value.filter((toast) => toast.id !== id);
}
