import { assertNever } from '../../shared/errors.ts';
import { RUNTIME_SLACK_MS } from '../../shared/limits.ts';
import { isSameMedia } from '../../shared/media.ts';
import type { Follow, Media } from '../../shared/protocol.ts';
import { send } from './commands.ts';
import {
  AUTO_ADVANCE_WAIT_MS,
  END_MARGIN_MS,
  ITEM_CONFIRM_MS,
  ITEM_UNKNOWN_MS,
  OPEN_PATIENCE_MS,
  PAGE_CLOSES_MS,
} from './constants.ts';
import { targetOf } from './motion-of.ts';
import { breakMotion, pitchAt, writeRate } from './rate.ts';
import { type Ended, isOnRoomItem, mediaKey, patch, type Turn } from './state.ts';

/** The page says what plays. */
export function onMedia(turn: Turn, media: Media | null): void {
  const { state } = turn;
  if (media) {
    patch(turn, { item: { state: 'known', media } });
    return;
  }
  if (state.item.state === 'known') {
    patch(turn, { item: { state: 'unconfirmed', media: null, sinceMs: turn.nowMs } });
  }
}

/** The element got another stream: of the same item or of the next one, which the page will say. */
export function onSourceChanged(turn: Turn): void {
  const { item } = turn.state;
  patch(turn, {
    source: { state: 'loading' },
    motion: { state: 'idle' },
    startKind: 'cold',
    item: item.state === 'known' ? { state: 'unconfirmed', media: item.media, sinceMs: turn.nowMs } : item,
  });
}

/** The item is over here, by itself: what the page does next is nobody's wish. */
export function onEnded(turn: Turn): void {
  const { state, nowMs } = turn;
  const media = isOnRoomItem(state) ? state.room?.timeline.media : null;
  const target = targetOf(state, nowMs);
  const ended = media && target ? { key: mediaKey(media), roomMs: target.positionAt(nowMs) } : null;
  patch(turn, { source: { state: 'ended' }, motion: { state: 'idle' }, ended });
}

/** The person left the player, or the page closed it at the end of the last item. */
export function onGone(turn: Turn): void {
  const { place, source } = turn.state;
  const closedByPage = source.state === 'ended' || isRoomAtEnd(turn);
  const keepsPlace = place.state === 'opening' || place.state === 'item-missing' || closedByPage;
  patch(turn, {
    item: { state: 'none' },
    source: { state: 'none' },
    motion: { state: 'idle' },
    ended: null,
    place: keepsPlace || (place.state === 'following' && place.had === null) ? place : { state: 'away' },
  });
}

/** At the end of its last item the page takes the element out before that can tell of its end. */
function isRoomAtEnd({ state, nowMs }: Turn): boolean {
  const runtimeMs = isOnRoomItem(state) ? (state.room?.timeline.media?.runtimeMs ?? null) : null;
  const target = targetOf(state, nowMs);
  return runtimeMs !== null && target !== null && target.positionAt(nowMs) >= runtimeMs - PAGE_CLOSES_MS;
}

/** Keeps what plays here and what the room watches in step: follow, open, offer, or stand aside. */
export function reconcileItem(turn: Turn): void {
  confirmItem(turn);
  const { room, link, inFlight } = turn.state;
  if (!room || link.state !== 'open' || !link.welcomed || inFlight || turn.state.follow === 'free') return;
  const own = turn.state.item.state === 'known' ? turn.state.item.media : null;
  const wanted = room.timeline.media;
  if (!wanted) {
    if (turn.state.maySteer) offer(turn, own, false);
    return;
  }
  if (isSameMedia(own, wanted)) {
    const ended = turn.state.source.state === 'ready' ? null : turn.state.ended;
    patch(turn, { place: { state: 'following', had: mediaKey(wanted) }, ended });
    return;
  }
  differ(turn, own, wanted);
}

/** After a new source of the same item (quality, retry) the page has nothing to say; time passing says it is the same. */
function confirmItem(turn: Turn): void {
  const { item, source } = turn.state;
  if (item.state !== 'unconfirmed' || !item.media || source.state !== 'ready') return;
  if (turn.nowMs - item.sinceMs >= ITEM_CONFIRM_MS) patch(turn, { item: { state: 'known', media: item.media } });
}

/** This member's player holds something else than the room watches (or nothing). */
function differ(turn: Turn, own: Media | null, wanted: Media): void {
  const { place } = turn.state;
  const key = mediaKey(wanted);
  switch (place.state) {
    case 'following':
      if (place.had === key) goOn(turn, own, wanted);
      else if (!mayYetArrive(turn)) open(turn, wanted);
      return;
    case 'opening':
      if (place.key !== key) open(turn, wanted);
      else if (own ? mediaKey(own) !== (place.from ?? mediaKey(own)) : turn.nowMs - place.sinceMs > OPEN_PATIENCE_MS) {
        patch(turn, { place: { state: own ? 'other-item' : 'away' } });
      }
      return;
    case 'away':
      if (own) patch(turn, { place: { state: 'other-item' } });
      return;
    case 'other-item':
      if (turn.state.item.state === 'none') patch(turn, { place: { state: 'away' } });
      return;
    case 'item-missing':
      if (place.key !== key) patch(turn, { place: { state: 'following', had: null } });
      return;
    default:
      assertNever(place);
  }
}

/** Our player may come to the room's item by itself: at an item's end all players advance within a moment. */
function mayYetArrive(turn: Turn): boolean {
  const { item, source, room } = turn.state;
  const waitedMs = turn.nowMs - (room?.mediaSinceMs ?? 0);
  if (item.state === 'unconfirmed' || (item.state === 'none' && turn.reading)) return waitedMs < ITEM_UNKNOWN_MS;
  const { reading } = turn;
  const atEnd =
    source.state === 'ended' ||
    (reading?.durationMs != null && reading.positionMs > reading.durationMs - AUTO_ADVANCE_WAIT_MS);
  return atEnd && waitedMs < AUTO_ADVANCE_WAIT_MS;
}

/** Our player has something else on now, by itself or by its person's hand, and the room is still at what it had. */
function goOn(turn: Turn, own: Media | null, wanted: Media): void {
  if (!own) return;
  const { ended, maySteer } = turn.state;
  if (ended?.key === mediaKey(wanted)) goOnFromEnd(turn, own, wanted, ended);
  else if (maySteer) offer(turn, own, false);
  else patch(turn, { place: { state: 'other-item' } });
}

/** Takes the room along at its end. Before it, or without the right to, waits at the beginning for the room to come. */
function goOnFromEnd(turn: Turn, own: Media, wanted: Media, { roomMs }: Ended): void {
  const { state, nowMs, reading } = turn;
  const positionMs = targetOf(state, nowMs)?.positionAt(nowMs) ?? roomMs;
  if (positionMs < roomMs - RUNTIME_SLACK_MS) {
    open(turn, wanted);
    return;
  }
  if (reading && !reading.paused && state.source.state === 'ready') turn.effects.push({ type: 'pause' });
  const isOver = wanted.runtimeMs === null || positionMs >= wanted.runtimeMs - RUNTIME_SLACK_MS;
  if (isOver && state.maySteer) offer(turn, own, true);
}

/** Proposes our item to the room, once per item and timeline: the first film, or the one our player went on to. */
function offer(turn: Turn, own: Media | null, ended: boolean): void {
  const { state, reading } = turn;
  if (!own || state.place.state !== 'following' || !state.room || !reading) return;
  // Only a loaded stream tells where it begins: the page resumes a half-seen item after its first frame.
  if (state.source.state !== 'ready') return;
  const { epoch, seq, media } = state.room.timeline;
  const offered = `${mediaKey(own)}@${epoch}:${seq}`;
  if (state.offered === offered) return;
  patch(turn, { offered });
  // The player's next item starts for all; a first film keeps what its person was doing with it.
  const play = media !== null || !reading.paused;
  const positionMs = Math.max(0, reading.positionMs);
  send(turn, { kind: 'media', media: own, positionMs, play, ended }, null, false);
}

/** Has the page open the room's film where the room is; the relay's clock must be known, or that would be where it was. */
function open(turn: Turn, media: Media): void {
  const { item } = turn.state;
  const from = item.state === 'known' ? mediaKey(item.media) : null;
  const target = targetOf(turn.state, turn.nowMs);
  if (!target) return;
  const position = target.positionAt(turn.nowMs);
  const last = media.runtimeMs === null ? position : Math.max(0, media.runtimeMs - END_MARGIN_MS);
  turn.effects.push({ type: 'open', media, positionMs: Math.min(position, last) });
  patch(turn, {
    place: { state: 'opening', key: mediaKey(media), from, sinceMs: turn.nowMs },
    motion: { state: 'idle' },
  });
}

/** The page could not open it: stand aside until the room watches something else or the person tries again. */
export function onOpenFailed(turn: Turn, missing: boolean): void {
  const { place } = turn.state;
  if (place.state !== 'opening') return;
  patch(turn, { place: missing ? { state: 'item-missing', key: place.key } : { state: 'away' } });
}

/** The person goes their own way, or comes back: from there the party's film is theirs again. */
export function onFollow(turn: Turn, how: Follow): void {
  const { follow, room, control } = turn.state;
  if (how === follow) return;
  const report = { ...turn.state.report, sentAtMs: Number.NEGATIVE_INFINITY };
  patch(turn, { follow: how, report, waiting: [], motion: { state: 'idle' }, control: { ...control, trim: 0 } });
  if (how === 'free' || how === 'loosely') {
    const rate = room?.timeline.rate ?? 1;
    if (turn.reading && turn.reading.rate !== rate) writeRate(turn, rate, 0, pitchAt(turn.state.actuator, rate));
    breakMotion(turn, rate);
  }
  if (follow === 'free') returnToFilm(turn);
}

/** The person wants back to the party's film. */
export function returnToFilm(turn: Turn): void {
  const { room, item } = turn.state;
  patch(turn, { detached: false });
  const wanted = room?.timeline.media;
  if (!wanted) return;
  const here = item.state === 'known' && isSameMedia(item.media, wanted);
  if (here) patch(turn, { place: { state: 'following', had: mediaKey(wanted) } });
  else open(turn, wanted);
}

/** The person takes everyone along to what plays here. */
export function bringEveryone(turn: Turn): void {
  const { room, item, link, inFlight } = turn.state;
  if (!room || item.state !== 'known' || link.state !== 'open' || inFlight) return;
  patch(turn, { place: { state: 'following', had: mediaKey(item.media) }, offered: null });
  const positionMs = Math.max(0, turn.reading?.positionMs ?? 0);
  send(turn, { kind: 'media', media: item.media, positionMs, play: turn.reading?.paused === false }, null, false);
}
