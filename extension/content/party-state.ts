import { assertNever, type ErrorCode } from '../../shared/errors.ts';
import type { Gate, Member, ParsedRelayMessage, Timeline } from '../../shared/protocol.ts';
import { isNewer } from '../../shared/timeline.ts';

/** What this member knows of the room: the last word of the relay, nothing of its own. */
export interface PartyState {
  room: string;
  you: string;
  timeline: Timeline;
  gate: Gate | null;
  members: ReadonlyMap<string, Member>;
}

/** What somebody did to the film, with what there is to say of it. */
export type Act =
  | { kind: 'play' | 'pause' }
  | { kind: 'seek'; positionMs: number }
  | { kind: 'rate'; rate: number }
  | { kind: 'media'; title: string };

/** What changed in words for people; `who` is null when it was this member's own doing or nobody's. */
export type News =
  | { type: 'acted'; who: string; act: Act }
  | { type: 'joined'; who: string }
  | { type: 'left'; who: string }
  | { type: 'refused'; code: ErrorCode };

export interface PartyStep {
  party: PartyState | null;
  news: News[];
}

/**
 * Folds one relay message into what is known of the room.
 * @param party null before the welcome. @param message a parsed frame.
 */
export function applyRelayMessage(party: PartyState | null, message: ParsedRelayMessage): PartyStep {
  switch (message.type) {
    case 'welcome': {
      const members = new Map(message.members.map((member) => [member.id, member]));
      const { room, you, timeline, gate } = message;
      return { party: { room, you, timeline, gate, members }, news: [] };
    }
    case 'timeline':
      return party ? onTimeline(party, message) : { party, news: [] };
    case 'member':
      return party ? onMember(party, message.member) : { party, news: [] };
    case 'left':
      return party ? onLeft(party, message.member) : { party, news: [] };
    case 'error':
      return { party, news: message.code === 'stale-command' ? [] : [{ type: 'refused', code: message.code }] };
    case 'pong':
    case 'invite':
    case 'unknown':
      return { party, news: [] };
    default:
      return assertNever(message);
  }
}

type TimelineMessage = Extract<ParsedRelayMessage, { type: 'timeline' }>;

function onTimeline(party: PartyState, message: TimelineMessage): PartyStep {
  const { timeline, gate, cause, by } = message;
  if (isNewer(party.timeline, timeline)) return { party, news: [] };
  const actor = by === null || by === party.you ? undefined : party.members.get(by);
  const news: News[] = [];
  const act = actOf(cause, timeline);
  if (actor && act) news.push({ type: 'acted', who: actor.name, act });
  return { party: { ...party, timeline, gate }, news };
}

function actOf(cause: TimelineMessage['cause'], timeline: Timeline): Act | null {
  switch (cause) {
    case 'play':
    case 'pause':
      return { kind: cause };
    case 'seek':
      return { kind: 'seek', positionMs: timeline.positionMs };
    case 'rate':
      return { kind: 'rate', rate: timeline.rate };
    case 'media':
      return { kind: 'media', title: timeline.media?.title ?? '' };
    case 'welcome':
    case 'ready':
    case 'deadline':
    case 'waiting':
    case 'go-on':
    case 'wait':
    case 'stall':
      return null;
    default:
      return assertNever(cause);
  }
}

function onMember(party: PartyState, member: Member): PartyStep {
  const news: News[] = party.members.has(member.id) ? [] : [{ type: 'joined', who: member.name }];
  return { party: { ...party, members: new Map(party.members).set(member.id, member) }, news };
}

function onLeft(party: PartyState, id: string): PartyStep {
  const members = new Map(party.members);
  const gone = members.get(id);
  members.delete(id);
  return { party: { ...party, members }, news: gone ? [{ type: 'left', who: gone.name }] : [] };
}

/** @returns names of the members whom the start waits for, in the order of the gate. */
export function waitingNames(party: PartyState): string[] {
  return (party.gate?.waitingFor ?? []).flatMap((id) => party.members.get(id)?.name ?? []);
}
