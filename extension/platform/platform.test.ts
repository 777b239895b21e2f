import { fakeBrowser } from '@webext-core/fake-browser';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { t } from './i18n.ts';
import { ask } from './rpc.ts';
import { DEFAULT_SETTINGS, loadSettings, onSettingsChanged, type Settings, saveSettings } from './settings.ts';

vi.mock('webextension-polyfill', () => ({ default: fakeBrowser }));

beforeEach(() => fakeBrowser.reset());

describe('settings', () => {
  it('are the defaults at first, and what was saved later', async () => {
    expect(await loadSettings()).toEqual(DEFAULT_SETTINGS);
    await saveSettings({ relay: 'https://r' });
    await saveSettings({ name: 'Ana' });
    expect(await loadSettings()).toEqual({ ...DEFAULT_SETTINGS, relay: 'https://r', name: 'Ana' });
  });

  it('survive odd storage field by field', async () => {
    await fakeBrowser.storage.local.set({ settings: { relay: 5, name: 'Ana', beside: 'yes', soundDelayMs: '180' } });
    expect(await loadSettings()).toEqual({ ...DEFAULT_SETTINGS, name: 'Ana' });
    await fakeBrowser.storage.local.set({ settings: 'nonsense' });
    expect(await loadSettings()).toEqual(DEFAULT_SETTINGS);
  });

  it('tell of changes until the end', async () => {
    const heard: Settings[] = [];
    const life = new AbortController();
    onSettingsChanged((settings) => heard.push(settings), life.signal);
    await saveSettings({ beside: true });
    await fakeBrowser.storage.local.set({ other: 1 });
    life.abort();
    await saveSettings({ beside: false });
    expect(heard).toEqual([{ ...DEFAULT_SETTINGS, beside: true }]);
  });
});

describe('ask', () => {
  const { id } = fakeBrowser.runtime;
  afterEach(() => {
    vi.restoreAllMocks();
    Object.assign(fakeBrowser.runtime, { id });
  });

  it('brings the answer', async () => {
    const send = vi.spyOn(fakeBrowser.runtime, 'sendMessage').mockResolvedValueOnce({ ok: true, value: null } as never);
    expect(await ask({ type: 'open-options' })).toEqual({ ok: true, value: null });
    expect(send).toHaveBeenCalledWith({ type: 'open-options' });
  });

  it('says that the background does not answer', async () => {
    expect(await ask({ type: 'tab-get' })).toMatchObject({ ok: false, code: 'background-stopped' });
    vi.spyOn(fakeBrowser.runtime, 'sendMessage').mockResolvedValueOnce(undefined);
    expect(await ask({ type: 'tab-get' })).toMatchObject({ ok: false, code: 'background-stopped' });
  });

  it('says that the extension was updated under the page', async () => {
    const gone = new Error('Extension context invalidated.');
    vi.spyOn(fakeBrowser.runtime, 'sendMessage').mockRejectedValueOnce(gone);
    expect(await ask({ type: 'tab-get' })).toMatchObject({ ok: false, code: 'extension-updated' });
    Object.assign(fakeBrowser.runtime, { id: undefined });
    expect(await ask({ type: 'tab-get' })).toMatchObject({ ok: false, code: 'extension-updated' });
  });
});

it('shows the key of a text that is missing', () => {
  expect(t('no_such_text')).toBe('no_such_text');
});
