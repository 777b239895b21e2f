import { beforeEach, describe, expect, it } from 'vitest';
import { createModel, type OverlayActions, type OverlayModel } from '../overlay/model.ts';
import { addToast } from '../overlay/toasts.ts';
import type { BackgroundReply } from '../platform/messages.ts';
import { showOverlay } from './overlay-loader.ts';

const LOADED: BackgroundReply<null> = { ok: true, value: null };
const FAILED: BackgroundReply<null> = { ok: false, code: 'internal', message: 'no access' };

let model: OverlayModel;
let life: AbortController;
let replies: BackgroundReply<null>[];
/** What happened, in order. */
let log: string[];

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function start(): void {
  showOverlay(
    {
      model,
      actions: {} as OverlayActions,
      t: (key) => key,
      load: async () => {
        log.push('load');
        const reply = replies.shift() ?? FAILED;
        const slot = globalThis.ospOverlaySlot;
        if (reply.ok && slot) slot.mount = () => log.push('mount');
        return reply;
      },
      sayPlainly: (text) => log.push(text),
      document: new EventTarget() as Document,
    },
    life.signal,
  );
}

beforeEach(() => {
  model = createModel();
  life = new AbortController();
  replies = [LOADED];
  log = [];
});

describe('the overlay', () => {
  it('is not loaded for a film without a party', async () => {
    model.playerVisible.value = true;
    start();
    model.osdVisible.value = false;
    await settled();
    expect(log).toEqual([]);
  });

  const REASONS: Record<string, (model: OverlayModel) => void> = {
    'an opened panel': ({ panelOpen }) => {
      panelOpen.value = true;
    },
    'a problem': ({ problem }) => {
      problem.value = { code: 'relay-lost', params: [], action: 'dismiss' };
    },
    'a party': ({ screen }) => {
      screen.value = { state: 'working', step: 'joining' };
    },
    'a toast': (all) => addToast(all, 'Ana paused'),
  };
  it.each(Object.entries(REASONS))('is loaded for %s, once', async (_, change) => {
    start();
    change(model);
    await settled();
    model.panelOpen.value = false;
    model.panelOpen.value = true;
    addToast(model, 'Ben joined');
    await settled();
    expect(log).toEqual(['load', 'mount']);
  });

  it('that does not come is said, closes the panel again, and is tried again with the next press', async () => {
    replies = [FAILED, LOADED];
    start();
    model.panelOpen.value = true;
    await settled();
    expect(log).toEqual(['load', 'error_overlay_failed error_overlay_failed_do']);
    expect(model.panelOpen.value).toBe(false);
    model.panelOpen.value = true;
    await settled();
    expect(log.slice(2)).toEqual(['load', 'mount']);
  });

  it('of an extension that is gone says to reload the page', async () => {
    replies = [{ ok: false, code: 'extension-updated', message: 'gone' }];
    start();
    model.panelOpen.value = true;
    await settled();
    expect(log).toEqual(['load', 'error_extension_updated error_extension_updated_do']);
  });

  it('is not mounted by a script that was replaced while it loaded', async () => {
    start();
    model.panelOpen.value = true;
    life.abort();
    await settled();
    expect(log).toEqual(['load']);
  });
});
