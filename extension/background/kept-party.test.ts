import { fakeBrowser } from '@webext-core/fake-browser';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RESUME_TTL_MS } from '../../shared/limits.ts';
import type { TabMemory } from '../platform/messages.ts';
import { forgetKept, keep, readKept } from './kept-party.ts';

vi.mock('webextension-polyfill', () => ({ default: fakeBrowser }));

const media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: null };
const memoryOf = (room: string | null): TabMemory => ({
  seat:
    room === null
      ? null
      : {
          relay: 'https://r',
          room,
          seat: `seat-of-${room}`,
          snapshot: { epoch: 1, serial: 2, token: 'a-token-of-the-room' },
          film: { epoch: 1, seq: 4, phase: 'paused', positionMs: 61_000, rate: 1, media },
          invite: `https://r/join/${room}#invite`,
          user: 'u@s',
        },
  pendingInvite: null,
  panelOpen: true,
});

beforeEach(() => fakeBrowser.reset());

describe('the party that a browser was in last', () => {
  it('outlives the run of the browser or the extension, and the first tab hears that it did', async () => {
    await keep(null, memoryOf('one'), 1000);
    expect(await readKept(6000)).toEqual({ seat: memoryOf('one').seat, restarted: false, ageMs: 5000 });
    await fakeBrowser.storage.session.clear();
    expect(await readKept(7000)).toMatchObject({ restarted: true, ageMs: 6000 });
    expect(await readKept(8000)).toMatchObject({ restarted: false });
  });

  it('is forgotten when the tab that was in it has left it, and not for another tab’s', async () => {
    await keep(null, memoryOf('one'), 0);
    await keep(null, memoryOf(null), 1);
    await keep(memoryOf('two'), memoryOf(null), 2);
    expect((await readKept(3))?.seat.room).toBe('one');
    await keep(memoryOf('one'), memoryOf(null), 4);
    expect(await readKept(5)).toBeNull();
  });

  it('[S-10] is worth nothing after two weeks, or when it is asked to be forgotten, or cannot be read', async () => {
    await keep(null, memoryOf('one'), 0);
    expect(await readKept(RESUME_TTL_MS)).not.toBeNull();
    expect(await readKept(RESUME_TTL_MS + 1)).toBeNull();
    await forgetKept();
    expect(await readKept(1)).toBeNull();
    await fakeBrowser.storage.local.set({ 'kept-party': { seat: { relay: 5 } } });
    expect(await readKept(1)).toBeNull();
  });
});
