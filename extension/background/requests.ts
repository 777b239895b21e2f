import { assertNever } from '../../shared/errors.ts';
import type {
  BackgroundReplies,
  BackgroundReply,
  BackgroundRequest,
  KeptParty,
  KeptSeat,
  TabMemory,
} from '../platform/messages.ts';
import { destinationOf } from './landing.ts';
import { rememberServer } from './own-servers.ts';
import { drawQr } from './qr.ts';
import type { RelayHttp } from './relay-http.ts';
import { makeCode } from './short-code.ts';

/** What answering requests needs. */
export interface RequestEdges {
  http: RelayHttp;
  openOptions(): Promise<void>;
  /** @param origin a match pattern. */
  isAllowed(origin: string): Promise<boolean>;
  /** Runs overlay.js in a tab's page; rejects when the browser does not let us. */
  loadOverlay(tabId: number): Promise<void>;
  /** Tabs with a party's socket open. */
  partyTabs(): ReadonlySet<number>;
  closeTab(tabId: number): Promise<void>;
  readTab(tabId: number): Promise<TabMemory | null>;
  writeTab(tabId: number, memory: TabMemory | null): Promise<void>;
  readKept(): Promise<KeptParty | null>;
  /** Keeps the party that a tab is in, or forgets the one that it was in. */
  keep(before: TabMemory | null, memory: TabMemory): Promise<void>;
  forgetKept(): Promise<void>;
}

const TYPES: ReadonlySet<string> = new Set<BackgroundRequest['type']>([
  'relay-info',
  'relay-token',
  'relay-room',
  'relay-code',
  'open-options',
  'load-overlay',
  'draw-qr',
  'party-elsewhere',
  'party-here',
  'landing',
  'server-seen',
  'tab-get',
  'tab-set',
  'kept-get',
  'kept-forget',
]);

/** @returns whether the message has one of our request types; our own scripts are the only ones that can send them. */
export function isRequest(message: unknown): message is BackgroundRequest {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    typeof message.type === 'string' &&
    TYPES.has(message.type)
  );
}

interface Sender {
  tab?: { id?: number | undefined } | undefined;
  /** Of the page that asks. */
  url?: string | undefined;
}

/** @returns the tab that is in a party, other than the one that asks. */
const otherPartyTab = ({ tab }: Sender, { partyTabs }: RequestEdges): number | undefined =>
  [...partyTabs()].find((tabId) => tabId !== tab?.id);

/** @returns whose party another tab is in ('' while it has no seat yet); null when there is none. */
async function partyElsewhere(sender: Sender, edges: RequestEdges): Promise<{ user: string } | null> {
  const tabId = otherPartyTab(sender, edges);
  return tabId === undefined ? null : { user: (await edges.readTab(tabId))?.seat?.user ?? '' };
}

/**
 * Moves a party to the tab that asks. The other one is closed: both share one Jellyfin session, and the server would tell either
 * of them to play. @returns the seat; null when there is none to be had.
 */
async function bringPartyHere(sender: Sender, edges: RequestEdges): Promise<KeptSeat | null> {
  const tabId = otherPartyTab(sender, edges);
  if (tabId === undefined) return null;
  const seat = (await edges.readTab(tabId))?.seat ?? null;
  if (seat) await edges.closeTab(tabId);
  return seat;
}

/**
 * Answers one request of a content script or an extension page.
 * @param sender whose tab is meant by the `tab-` requests: nobody reaches another tab's memory.
 */
export async function answer(
  request: BackgroundRequest,
  sender: Sender,
  edges: RequestEdges,
): Promise<BackgroundReply<BackgroundReplies[BackgroundRequest['type']]>> {
  switch (request.type) {
    case 'relay-info':
      return edges.http.info(request.relay);
    case 'relay-token':
      return edges.http.token(request.relay, request.request);
    case 'relay-room':
      return edges.http.room(request.relay, request.identity);
    case 'relay-code':
      return makeCode(edges.http, request.url);
    case 'open-options':
      await edges.openOptions();
      return { ok: true, value: null };
    case 'draw-qr':
      return { ok: true, value: drawQr(request.text) };
    case 'party-elsewhere':
      return { ok: true, value: await partyElsewhere(sender, edges) };
    case 'party-here':
      return { ok: true, value: await bringPartyHere(sender, edges) };
    case 'landing':
      return { ok: true, value: await destinationOf(request.href, request.address, edges.isAllowed) };
    case 'server-seen':
      await rememberServer(request.serverId, sender.url);
      return { ok: true, value: null };
    case 'load-overlay':
    case 'tab-get':
    case 'tab-set': {
      const tabId = sender.tab?.id;
      if (tabId === undefined) return { ok: false, code: 'internal', message: 'not sent by a tab' };
      if (request.type === 'load-overlay') {
        await edges.loadOverlay(tabId);
        return { ok: true, value: null };
      }
      if (request.type === 'tab-get') return { ok: true, value: await edges.readTab(tabId) };
      const before = await edges.readTab(tabId);
      await edges.writeTab(tabId, request.memory);
      if (request.memory) await edges.keep(before, request.memory);
      return { ok: true, value: null };
    }
    case 'kept-get':
      return { ok: true, value: otherPartyTab(sender, edges) === undefined ? await edges.readKept() : null };
    case 'kept-forget':
      await edges.forgetKept();
      return { ok: true, value: null };
    default:
      return assertNever(request);
  }
}
