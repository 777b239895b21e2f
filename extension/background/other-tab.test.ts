import { fakeBrowser } from '@webext-core/fake-browser';
import { describe, expect, it, vi } from 'vitest';
import type { BackgroundRequest, TabMemory } from '../platform/messages.ts';
import { answer, type RequestEdges } from './requests.ts';

vi.mock('webextension-polyfill', () => ({ default: fakeBrowser }));

const memory: TabMemory = {
  seat: { relay: 'https://r', room: 'one', seat: 'the-seat', snapshot: null, film: null, invite: null, user: 'u@s' },
  pendingInvite: null,
  panelOpen: true,
};

/** A background with a party in tab 7. */
function background(seven: TabMemory | null = memory) {
  const closed: number[] = [];
  const edges: Partial<RequestEdges> = {
    partyTabs: () => new Set(closed.includes(7) ? [] : [7]),
    readTab: async (tabId) => (tabId === 7 && !closed.includes(7) ? seven : null),
    closeTab: async (tabId) => void closed.push(tabId),
    readKept: async () => ({ seat: memory.seat as NonNullable<TabMemory['seat']>, restarted: false, ageMs: 0 }),
  };
  const asks = (tabId: number, type: 'party-elsewhere' | 'party-here' | 'kept-get'): Promise<unknown> =>
    answer({ type } satisfies BackgroundRequest, { tab: { id: tabId } }, edges as RequestEdges);
  return { closed, asks };
}

describe('a party in another tab', () => {
  it('is told of with whose it is, and not to the tab that it is in', async () => {
    const { asks } = background();
    expect(await asks(8, 'party-elsewhere')).toEqual({ ok: true, value: { user: 'u@s' } });
    expect(await asks(7, 'party-elsewhere')).toEqual({ ok: true, value: null });
  });

  it('is nobody’s to go back to meanwhile', async () => {
    const { asks } = background();
    expect(await asks(8, 'kept-get')).toEqual({ ok: true, value: null });
    expect(await asks(7, 'kept-get')).toMatchObject({ value: { seat: memory.seat } });
  });

  it('moves with its seat, and the tab that it was in is closed', async () => {
    const { asks, closed } = background();
    expect(await asks(8, 'party-here')).toEqual({ ok: true, value: memory.seat });
    expect(closed).toEqual([7]);
    expect(await asks(8, 'party-here')).toEqual({ ok: true, value: null });
  });

  it.each([
    ['in its own tab', 7, memory],
    ['that has no seat yet', 8, null],
  ])('closes nothing for a party %s', async (_what, tabId, seven) => {
    const { asks, closed } = background(seven);
    expect(await asks(tabId, 'party-here')).toEqual({ ok: true, value: null });
    expect(closed).toEqual([]);
  });
});
