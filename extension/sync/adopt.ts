import { isSameMedia } from '../../shared/media.ts';
import type { Timeline } from '../../shared/protocol.ts';
import { isNewer } from '../../shared/timeline.ts';
import { allowSeeks } from './controller.ts';
import { motionBefore, timelineKey } from './motion-of.ts';
import { patch, type Turn } from './state.ts';

/**
 * Takes a timeline from the relay if it is not older than the one at hand. The first one of a connection is the truth
 * whatever its number: the room may have been made anew.
 */
export function adopt(turn: Turn, timeline: Timeline): void {
  const { state, nowMs } = turn;
  const { room, link } = state;
  const first = link.state === 'open' && !link.welcomed;
  if (room && !first && isNewer(room.timeline, timeline)) return;
  const sameItem = room !== null && isSameMedia(room.timeline.media, timeline.media);
  const resent = room !== null && timelineKey(room.timeline) === timelineKey(timeline);
  patch(turn, {
    room: {
      timeline,
      before: resent ? room.before : sameItem ? motionBefore(room, timeline) : null,
      mediaSinceMs: sameItem ? room.mediaSinceMs : nowMs,
    },
    link: first ? { state: 'open', welcomed: true } : link,
    control: resent ? state.control : allowSeeks(state.control),
    detached: resent && !first ? state.detached : false,
    source: state.source.state === 'ended' && sameItem && !resent ? { state: 'ready', stalled: false } : state.source,
  });
}
