import { fakeBrowser } from '@webext-core/fake-browser';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TabMemory } from '../platform/messages.ts';
import { forgetClosedTabs, readTab, writeTab } from './tab-memory.ts';

vi.mock('webextension-polyfill', () => ({ default: fakeBrowser }));

const MEMORY: TabMemory = {
  seat: {
    relay: 'https://r',
    room: 'room',
    seat: 'seat',
    snapshot: { epoch: 1, serial: 2, token: 'a-token-of-the-room' },
    film: null,
    invite: null,
    user: 'u@s',
  },
  pendingInvite: null,
  panelOpen: true,
};

beforeEach(() => fakeBrowser.reset());

describe('tab memory', () => {
  it('is kept for each tab by itself', async () => {
    await writeTab(1, MEMORY);
    expect(await readTab(1)).toEqual(MEMORY);
    expect(await readTab(2)).toBeNull();
  });

  it('[peer R-53] is in session storage, which ends with the browser', async () => {
    await writeTab(1, MEMORY);
    expect(await fakeBrowser.storage.local.get()).toEqual({});
    expect(Object.keys(await fakeBrowser.storage.session.get())).toEqual(['tab:1']);
  });

  it('can be forgotten, and is when the tab closes', async () => {
    forgetClosedTabs();
    await writeTab(1, MEMORY);
    await writeTab(2, MEMORY);
    await writeTab(1, null);
    await fakeBrowser.tabs.onRemoved.trigger(2, { windowId: 1, isWindowClosing: false });
    expect(await fakeBrowser.storage.session.get()).toEqual({});
  });

  it('[S-03] reads what a version wrote that kept no snapshots', async () => {
    const seat = { relay: 'https://r', room: 'room', seat: 'seat' };
    await fakeBrowser.storage.session.set({ 'tab:1': { ...MEMORY, seat } });
    expect(await readTab(1)).toEqual({
      ...MEMORY,
      seat: { ...seat, snapshot: null, film: null, invite: null, user: '' },
    });
  });

  it('ignores what it cannot read, and writes nothing odd', async () => {
    await fakeBrowser.storage.session.set({ 'tab:1': { seat: 'x' } });
    expect(await readTab(1)).toBeNull();
    await expect(writeTab(1, { seat: 5 } as unknown as TabMemory)).rejects.toThrow();
  });
});
