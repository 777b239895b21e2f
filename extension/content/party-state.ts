import { assertNever, type ErrorCode } from '../../shared/errors.ts';
import { maySteer } from '../../shared/powers.ts';
import type {
  Control,
  Gate,
  Member,
  ParsedRelayMessage,
  QueueEntry,
  Role,
  Rules,
  Timeline,
  Wish,
} from '../../shared/protocol.ts';
import { isNewer } from '../../shared/timeline.ts';
import type { SegmentKind } from '../jellyfin/host.ts';
import { addOffset, type OffsetHistory } from './offset-history.ts';

/** Ends this close together are one: more than messages differ in their way, less than anyone reads off a countdown. */
const SAME_END_MS = 1_000;
/** A skip that stood this long was meant, and a wish that nobody followed is over. */
const MOMENT_MS = 60_000;

/** Who is waited for, in times of this page's monotonic clock: the relay's own cannot be shown. */
export interface Wait {
  waitingFor: readonly string[];
  /** Since when this member knows of it. */
  sinceMs: number;
  endsAtMs: number;
  /** Until then it is counted down to the next item, with nobody left to wait for too; null: no countdown. */
  startsAtMs: number | null;
}

/** What this member knows of the room: the last word of the relay, nothing of its own. */
export interface PartyState {
  room: string;
  you: string;
  timeline: Timeline;
  wait: Wait | null;
  /** How long the room waits for who stalls; 0: never. */
  waitMs: number;
  /** Who may steer, and whether newcomers are let in. */
  rules: Rules;
  queue: readonly QueueEntry[];
  /** The last skip or change of item can be taken back; said until then, as it goes on being possible unsaid. */
  undoUntilMs: number;
  /** The item has played here while others were there, too: nobody begins a party's film alone. */
  begun: boolean;
  /** What somebody who may not steer has asked for, until somebody steers. */
  asked: { by: string; what: Wish; untilMs: number } | null;
  members: ReadonlyMap<string, Member>;
  /** What each member said of its offset in the last two minutes; this member's own comes by `addOwnOffset`. */
  offsets: ReadonlyMap<string, OffsetHistory>;
}

/** What somebody did to the film, with what there is to say of it. */
export type Act =
  | { kind: 'play' | 'pause' | 'go-on' }
  /** `fromMs`: where the film was; null when the relay does not say. */
  | { kind: 'seek'; positionMs: number; fromMs: number | null }
  | { kind: 'undo' }
  | { kind: 'rate'; rate: number }
  | { kind: 'media'; title: string }
  | { kind: 'wait'; waitMs: number };

/** What changed in words for people; `who` is null when it was this member's own doing or nobody's. */
export type News =
  /** `undoable`: this member may take it back. */
  | { type: 'acted'; who: string; act: Act; undoable: boolean }
  | { type: 'joined'; who: string }
  | { type: 'left'; who: string }
  /** Put out of the party; `by` is null when that was this member. */
  | { type: 'removed'; who: string; by: string | null }
  /** `who` is null for this member; `by` when that is nobody's doing, or this member's. */
  | { type: 'role'; who: string | null; role: Role; by: string | null }
  | { type: 'control'; who: string; control: Control }
  | { type: 'lock'; who: string; locked: boolean }
  /**
   * The film has come to a part that this member may skip for everyone; `toMs` is its end in this player's film. `asked`: the page
   * shows a button for it.
   */
  | { type: 'part'; part: SegmentKind; toMs: number; asked: boolean }
  /** `who` is null for this member; `answerable`: it may do what is asked for. */
  | { type: 'asked'; who: string | null; what: Wish; answerable: boolean }
  /** This member did something in its player that the room does not let it do; `ask` is what it can ask for instead. */
  | { type: 'may-not-steer'; control: Control; ask: Wish | null }
  /** The film is held for somebody whose player loads. */
  | { type: 'stalled'; who: string }
  /** Somebody's library does not have the film; told to the host, who chose it or can choose another. */
  | { type: 'missing'; who: string }
  /** The wait was over before these had loaded. */
  | { type: 'started-without'; who: string[] }
  | { type: 'queued'; who: string; title: string }
  | { type: 'refused'; code: ErrorCode };

export interface PartyStep {
  party: PartyState | null;
  news: News[];
}

/**
 * Folds one relay message into what is known of the room.
 * @param party null before the welcome. @param message a parsed frame. @param nowMs when it came, on this page's clock.
 */
export function applyRelayMessage(party: PartyState | null, message: ParsedRelayMessage, nowMs: number): PartyStep {
  const next = fold(party, message, nowMs);
  return next.party ? { ...next, party: withBegun(party, next.party) } : next;
}

function withBegun(before: PartyState | null, party: PartyState): PartyState {
  const { media, phase } = party.timeline;
  const knew = before?.begun === true && before.timeline.media?.itemId === media?.itemId;
  const plays = phase === 'playing' || phase === 'holding';
  const begun = knew || (plays && [...party.members.values()].filter(({ connected }) => connected).length > 1);
  return begun === party.begun ? party : { ...party, begun };
}

function fold(party: PartyState | null, message: ParsedRelayMessage, nowMs: number): PartyStep {
  switch (message.type) {
    case 'welcome':
      return { party: onWelcome(party, message, nowMs), news: [] };
    case 'timeline':
      return party ? onTimeline(party, message, nowMs) : { party, news: [] };
    case 'member':
      return party ? onMember(party, message.member, nowMs) : { party, news: [] };
    case 'left':
      return party ? onLeft(party, message.member, message.by) : { party, news: [] };
    case 'error':
      return { party, news: message.code === 'stale-command' ? [] : [{ type: 'refused', code: message.code }] };
    case 'rules':
      return party ? onRules(party, message.by, message.rules) : { party, news: [] };
    case 'queue':
      return party ? onQueue(party, message) : { party, news: [] };
    case 'asked':
      return party ? onAsked(party, message, nowMs) : { party, news: [] };
    case 'pong':
    case 'invite':
    case 'invites':
    case 'renewed':
    case 'snapshot':
    case 'unknown':
      return { party, news: [] };
    default:
      return assertNever(message);
  }
}

/** This member's own measure, taken where it is made: fresher than what comes back from the relay. */
export function addOwnOffset(party: PartyState, offsetMs: number | null, nowMs: number): PartyState {
  return { ...party, offsets: withOffset(party.offsets, party.you, offsetMs, nowMs) };
}

type WelcomeMessage = Extract<ParsedRelayMessage, { type: 'welcome' }>;
type TimelineMessage = Extract<ParsedRelayMessage, { type: 'timeline' }>;

/** A welcome is all there is to know, except what the plots remember of members who are still there. */
function onWelcome(before: PartyState | null, message: WelcomeMessage, nowMs: number): PartyState {
  const { room, you, timeline, gate, waitMs, rules, queue, s } = message;
  const members = new Map(message.members.map((member) => [member.id, member]));
  const offsets = new Map([...(before?.offsets ?? [])].filter(([id]) => members.has(id)));
  // What could be taken back is not known of a room that was opened anew (PROTOCOL.md R-15).
  const isSameRoom = before?.timeline.epoch === timeline.epoch;
  const undoUntilMs = isSameRoom ? before.undoUntilMs : 0;
  return {
    room,
    you,
    timeline,
    wait: waitOf(gate, s, nowMs),
    waitMs,
    rules,
    queue,
    undoUntilMs,
    begun: false,
    asked: null,
    members,
    offsets,
  };
}

function onQueue(party: PartyState, message: Extract<ParsedRelayMessage, { type: 'queue' }>): PartyStep {
  const { by, entries: queue } = message;
  const known = new Set(party.queue.map(({ id }) => id));
  const added = queue.find((entry) => !known.has(entry.id) && entry.by === by);
  const who = by === null || by === party.you ? undefined : party.members.get(by)?.name;
  const news: News[] = added && who !== undefined ? [{ type: 'queued', who, title: added.media.title }] : [];
  return { party: { ...party, queue }, news };
}

function onTimeline(party: PartyState, message: TimelineMessage, nowMs: number): PartyStep {
  const { timeline, gate, waitMs, s } = message;
  if (isNewer(party.timeline, timeline)) return { party, news: [] };
  const wait = continued(party.wait, waitOf(gate, s, nowMs));
  const undoUntilMs = message.fromMs === undefined ? party.undoUntilMs : nowMs + MOMENT_MS;
  const asked = message.by === null ? party.asked : null;
  return { party: { ...party, timeline, wait, waitMs, undoUntilMs, asked }, news: newsOf(party, message) };
}

/** A wait told again goes on; its end measured anew would jitter with the way of the message. */
function continued(before: Wait | null, told: Wait | null): Wait | null {
  if (!before || !told) return told;
  return {
    ...told,
    sinceMs: before.sinceMs,
    endsAtMs: isSameEnd(before.endsAtMs, told.endsAtMs) ? before.endsAtMs : told.endsAtMs,
    startsAtMs: isSameEnd(before.startsAtMs, told.startsAtMs) ? before.startsAtMs : told.startsAtMs,
  };
}

const isSameEnd = (before: number | null, told: number | null): boolean =>
  before !== null && told !== null && Math.abs(told - before) <= SAME_END_MS;

/** @param s relay clock when the gate was told, so that only a duration is carried over to our clock. */
function waitOf(gate: Gate | null, s: number, nowMs: number): Wait | null {
  if (!gate) return null;
  const { waitingFor, deadlineAtMs, soonestAtMs } = gate;
  const here = (atMs: number): number => nowMs + Math.max(0, atMs - s);
  const startsAtMs = soonestAtMs === undefined ? null : here(soonestAtMs);
  return { waitingFor, sinceMs: nowMs, endsAtMs: here(deadlineAtMs), startsAtMs };
}

function newsOf(party: PartyState, message: TimelineMessage): News[] {
  if (message.cause === 'deadline') {
    const late = waitedFor(party).flatMap(({ id, name }) => (id === party.you ? [] : [name]));
    return late.length > 0 ? [{ type: 'started-without', who: late }] : [];
  }
  const { by } = message;
  const who = by === null || by === party.you ? undefined : party.members.get(by)?.name;
  if (who === undefined) return [];
  // The player went on by itself, which the countdown says.
  if (message.cause === 'media' && message.gate?.soonestAtMs !== undefined) return [];
  // With nobody waited for there was nothing to go on from (PROTOCOL.md T-14).
  if (message.cause === 'go-on' && !party.wait) return [];
  if (message.cause === 'stall') return [{ type: 'stalled', who }];
  const act = actOf(message);
  return act ? [{ type: 'acted', who, act, undoable: message.fromMs !== undefined && steers(party) }] : [];
}

function actOf({ cause, timeline, waitMs, fromMs }: TimelineMessage): Act | null {
  switch (cause) {
    case 'play':
    case 'pause':
    case 'go-on':
    case 'undo':
      return { kind: cause };
    case 'seek':
      return { kind: 'seek', positionMs: timeline.positionMs, fromMs: fromMs ?? null };
    case 'rate':
      return { kind: 'rate', rate: timeline.rate };
    case 'media':
      return { kind: 'media', title: timeline.media?.title ?? '' };
    case 'wait':
      return { kind: 'wait', waitMs };
    case 'welcome':
    case 'ready':
    case 'deadline':
    case 'waiting':
    case 'stall':
    case 'queue':
      return null;
    default:
      return assertNever(cause);
  }
}

function onMember(party: PartyState, member: Member, nowMs: number): PartyStep {
  const before = party.members.get(member.id);
  const news: News[] = before ? [] : [{ type: 'joined', who: member.name }];
  if (before && before.role !== member.role) news.push(...roleNews(party, before, member));
  const isNowMissing = member.state === 'item-missing' && before?.state !== 'item-missing' && member.id !== party.you;
  if (isNowMissing && party.members.get(party.you)?.role === 'host') news.push({ type: 'missing', who: member.name });
  const members = new Map(party.members).set(member.id, member);
  if (member.id === party.you) return { party: { ...party, members }, news };
  const offsets = withOffset(party.offsets, member.id, member.connected ? member.offsetMs : null, nowMs);
  return { party: { ...party, members, offsets }, news };
}

/** Roles are the host's to give (PROTOCOL.md P-04): who is host when one changes has done it, unless the host is gone. */
function roleNews(party: PartyState, before: Member, { id, name, role }: Member): News[] {
  const host = [...party.members.values()].find((member) => member.role === 'host' && member.id !== id);
  // Handing over makes two changes; the new host's comes first, and says it.
  if (before.role === 'host' && host) return [];
  const byHost = before.role !== 'host' && host?.connected && host.id !== party.you;
  return [{ type: 'role', who: id === party.you ? null : name, role, by: byHost ? host.name : null }];
}

function withOffset(
  offsets: PartyState['offsets'],
  id: string,
  offsetMs: number | null,
  nowMs: number,
): PartyState['offsets'] {
  return new Map(offsets).set(id, addOffset(offsets.get(id) ?? [], nowMs, offsetMs));
}

function onLeft(party: PartyState, id: string, by: string | null): PartyStep {
  const members = new Map(party.members);
  const offsets = new Map(party.offsets);
  const gone = members.get(id);
  members.delete(id);
  offsets.delete(id);
  return { party: { ...party, members, offsets }, news: gone ? [goneNews(party, gone.name, by)] : [] };
}

function goneNews(party: PartyState, who: string, by: string | null): News {
  if (by === null) return { type: 'left', who };
  return { type: 'removed', who, by: by === party.you ? null : (party.members.get(by)?.name ?? '') };
}

/** What this member chose itself needs no telling: its panel shows it. */
function onRules(party: PartyState, by: string | null, rules: Rules): PartyStep {
  const who = by === null || by === party.you ? undefined : party.members.get(by)?.name;
  const news: News[] = [];
  if (who !== undefined && rules.control !== party.rules.control)
    news.push({ type: 'control', who, control: rules.control });
  if (who !== undefined && rules.locked !== party.rules.locked) news.push({ type: 'lock', who, locked: rules.locked });
  return { party: { ...party, rules }, news };
}

function onAsked(
  party: PartyState,
  { by, what }: Extract<ParsedRelayMessage, { type: 'asked' }>,
  nowMs: number,
): PartyStep {
  const who = by === party.you ? null : party.members.get(by)?.name;
  if (who === undefined) return { party, news: [] };
  const answerable = who !== null && steers(party);
  const asked = answerable ? { by, what, untilMs: nowMs + MOMENT_MS } : party.asked;
  return { party: { ...party, asked }, news: [{ type: 'asked', who, what, answerable }] };
}

/** @returns what this member is in the party. */
export const roleIn = ({ members, you }: PartyState): Role => members.get(you)?.role ?? 'guest';

/** @returns whether this member may steer the film (PROTOCOL.md P-03). */
export const steers = (party: PartyState): boolean => maySteer(party.rules.control, roleIn(party));

/** @returns the members whom the start waits for, in the order of the gate. */
export function waitedFor(party: PartyState): Member[] {
  return (party.wait?.waitingFor ?? []).flatMap((id) => party.members.get(id) ?? []);
}
