import { browser, type MessageSender } from '../platform/browser.ts';
import { PIPE_PORT, type TabMemory } from '../platform/messages.ts';
import { forgetKept, keep, readKept } from './kept-party.ts';
import { attachPipe } from './pipe.ts';
import { RelayHttp } from './relay-http.ts';
import { answer, isRequest } from './requests.ts';
import { followSites, loadOverlay, reconcileSites } from './sites.ts';
import { forgetClosedTabs, readTab, writeTab } from './tab-memory.ts';

// Listeners are added in this first turn: an event that wakes the background is only given to those.

const http = new RelayHttp({
  fetch: (input, init) => fetch(input, init),
  queryPermission: async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
});

/** Parties that are connected, by tab; a stopped background forgets them, and their content scripts come back. */
const partyTabs = new Map<unknown, number>();

const edges = {
  http,
  isAllowed: (origin: string) => browser.permissions.contains({ origins: [origin] }),
  openOptions: () => browser.runtime.openOptionsPage(),
  loadOverlay,
  closeTab: (tabId: number) => browser.tabs.remove(tabId),
  readTab,
  writeTab,
  readKept: () => readKept(Date.now()),
  keep: (before: TabMemory | null, memory: TabMemory) => keep(before, memory, Date.now()),
  forgetKept,
  partyTabs: () => new Set(partyTabs.values()),
};

browser.runtime.onMessage.addListener((message: unknown, sender: MessageSender) => {
  if (sender.id !== browser.runtime.id || !isRequest(message)) return undefined;
  return answer(message, sender, edges).catch((error: unknown) => ({
    ok: false,
    code: 'internal',
    message: error instanceof Error ? error.message : 'unknown',
  }));
});

browser.runtime.onConnect.addListener((port) => {
  if (port.name !== PIPE_PORT || port.sender?.id !== browser.runtime.id) return;
  const ended = attachPipe(port, {
    openSocket: (url) => new WebSocket(url),
    stayAwake: () => void browser.runtime.getPlatformInfo(),
  });
  const tabId = port.sender.tab?.id;
  if (tabId === undefined) return;
  partyTabs.set(port, tabId);
  ended.addEventListener('abort', () => partyTabs.delete(port));
});

forgetClosedTabs();
followSites();
void reconcileSites();
