import * as signals from '@preact/signals-core';
import type { Translate } from '../overlay/i18n.ts';
import type { OverlayActions, OverlayModel } from '../overlay/model.ts';
import { problemKeys } from '../overlay/problems.ts';
import { onShortcut } from '../overlay/shortcut.ts';
import type { OverlaySlot } from '../overlay/slot.ts';
import type { BackgroundReply } from '../platform/messages.ts';

export interface OverlayParts {
  model: OverlayModel;
  actions: OverlayActions;
  t: Translate;
  /** Asks for overlay.js; it has run when the answer is there. */
  load(): Promise<BackgroundReply<null>>;
  /** Says something without an overlay. */
  sayPlainly(text: string): void;
  document: Document;
}

/** @returns whether there is anything to show beside Jellyfin's own button. */
function hasSomethingToShow({ screen, problem, panelOpen, toasts }: OverlayModel): boolean {
  return panelOpen.value || problem.value !== null || screen.value.state !== 'idle' || toasts.value.length > 0;
}

/**
 * Loads the overlay's script the first time that there is something to show, and mounts it. When it does not come, that is
 * said, and the next thing to show or the next press tries again.
 */
export function showOverlay(parts: OverlayParts, signal: AbortSignal): void {
  const { model, actions, t, document } = parts;
  // Made anew by each content script: an older one's overlay follows the older one's signals.
  const slot: OverlaySlot = { signals };
  globalThis.ospOverlaySlot = slot;
  const mounted = new AbortController();
  const waiting = AbortSignal.any([signal, mounted.signal]);
  let isLoading = false;

  async function load(): Promise<void> {
    if (isLoading) return;
    isLoading = true;
    const reply = await parts.load();
    isLoading = false;
    if (waiting.aborted) return;
    if (slot.mount) {
      mounted.abort();
      slot.mount(model, actions, t, signal, document);
      return;
    }
    const { what, todo } = problemKeys(!reply.ok && reply.code === 'extension-updated' ? reply.code : 'overlay-failed');
    parts.sayPlainly(`${t(what)} ${t(todo)}`);
    model.panelOpen.value = false;
  }

  onShortcut(document, waiting, () => actions.setPanelOpen(!model.panelOpen.value));
  const isNeeded = signals.computed(() => hasSomethingToShow(model));
  const stop = signals.effect(() => {
    // Read by itself too: a press tries again while other things are there to show.
    if (model.panelOpen.value || isNeeded.value) void load();
  });
  waiting.addEventListener('abort', stop, { once: true });
}
