import { fakeBrowser } from '@webext-core/fake-browser';
import { beforeEach, describe, expect, it, vi } from 'vitest';

interface Registration {
  id: string;
  matches: string[];
  runAt: string;
}

/** The parts that fake-browser leaves out, as small as the rules they stand for. */
const world = vi.hoisted(() => {
  const listeners = { added: [] as ((p: { origins?: string[] }) => unknown)[], removed: [] as (() => unknown)[] };
  return {
    listeners,
    origins: [] as string[],
    registered: new Map<string, Registration>(),
    injected: [] as number[],
    closed: new Set<number>(),
  };
});

vi.mock('webextension-polyfill', () => {
  const permissions = {
    getAll: async () => ({ origins: [...world.origins], permissions: [] }),
    onAdded: { addListener: (listener: () => unknown) => void world.listeners.added.push(listener) },
    onRemoved: { addListener: (listener: () => unknown) => void world.listeners.removed.push(listener) },
  };
  const scripting = {
    getRegisteredContentScripts: async () => [...world.registered.values()],
    registerContentScripts: async (scripts: Registration[]) => {
      for (const script of scripts) {
        if (world.registered.has(script.id)) throw new Error(`Duplicate script ID '${script.id}'`);
        world.registered.set(script.id, script);
      }
    },
    unregisterContentScripts: async ({ ids }: { ids: string[] }) => {
      for (const id of ids) if (!world.registered.delete(id)) throw new Error('Nonexistent script ID');
    },
    executeScript: async ({ target }: { target: { tabId: number } }) => {
      if (world.closed.has(target.tabId)) throw new Error('No tab with id');
      world.injected.push(target.tabId);
    },
  };
  const tabs = { query: async ({ url }: { url: string[] }) => url.flatMap((_, index) => [{ id: index + 1 }, {}]) };
  return { default: { ...fakeBrowser, permissions, scripting, tabs } };
});

const { followSites, injectIntoOpenTabs, reconcileSites } = await import('./sites.ts');

const HOME = 'https://home.example/*';
const NAS = 'http://192.168.1.2/*';
const registered = (): string[] => [...world.registered.values()].flatMap((script) => script.matches);

beforeEach(() => {
  fakeBrowser.reset();
  world.origins.length = 0;
  world.registered.clear();
  world.injected.length = 0;
  world.closed.clear();
  world.listeners.added.length = 0;
  world.listeners.removed.length = 0;
});

describe('reconcileSites', () => {
  it('registers each allowed site once, before the page runs', async () => {
    world.origins.push(HOME, NAS);
    await reconcileSites();
    await reconcileSites();
    expect(registered()).toEqual([HOME, NAS]);
    expect([...world.registered.values()].every((script) => script.runAt === 'document_start')).toBe(true);
  });

  it('takes back what is allowed no longer, and leaves scripts that are not sites alone', async () => {
    world.origins.push(HOME);
    await reconcileSites();
    world.registered.set('other', { id: 'other', matches: ['x'], runAt: '' });
    world.origins[0] = NAS;
    await reconcileSites();
    expect(registered()).toEqual(['x', NAS]);
  });

  it('does not trip over itself', async () => {
    world.origins.push(HOME);
    await Promise.all([reconcileSites(), reconcileSites(), reconcileSites()]);
    expect(registered()).toEqual([HOME]);
  });
});

describe('followSites', () => {
  it('starts in the open tabs of a site as it is allowed', async () => {
    followSites();
    world.origins.push(HOME);
    for (const listener of world.listeners.added) await listener({ origins: [HOME] });
    expect(registered()).toEqual([HOME]);
    expect(world.injected).toEqual([1]);
  });

  it('takes a site back when the user does', async () => {
    followSites();
    world.origins.push(HOME);
    await reconcileSites();
    world.origins.length = 0;
    for (const listener of world.listeners.removed) await listener();
    expect(registered()).toEqual([]);
  });

  it('renews the scripts of open pages after an update', async () => {
    followSites();
    world.origins.push(HOME, NAS);
    await fakeBrowser.runtime.onInstalled.trigger({ reason: 'update' } as never);
    expect(registered()).toEqual([HOME, NAS]);
    expect(world.injected).toEqual([1, 2]);
  });
});

it('lets a closing tab not keep the others waiting', async () => {
  world.closed.add(1);
  await injectIntoOpenTabs([HOME, NAS]);
  expect(world.injected).toEqual([2]);
});

it('asks for no tabs when no site was meant', async () => {
  await injectIntoOpenTabs([]);
  expect(world.injected).toEqual([]);
});
