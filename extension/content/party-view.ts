import type { Avatar } from '../../shared/avatar.ts';
import { assertNever } from '../../shared/errors.ts';
import { mayQueue } from '../../shared/powers.ts';
import type { Follow, Media, Member, MemberState, Reason } from '../../shared/protocol.ts';
import type { LinkState } from '../connection/link.ts';
import type { ConnectionView, MemberView, PartyView, QueueView, WaitView } from '../overlay/model.ts';
import { type PartyState, roleIn, steers, waitedFor } from './party-state.ts';

/** This member's own measure, fresher than what comes back from the relay. */
export interface OwnStatus {
  state: MemberState;
  reason: Reason | null;
  offsetMs: number | null;
  errorMs: number | null;
}

export interface PartyFacts {
  party: PartyState;
  link: LinkState;
  own: OwnStatus;
  /** How this person follows. */
  follow: Follow;
  invite: PartyView['invite'];
  links: PartyView['links'];
  /** The item that this member looks at in the library, or plays alone. */
  shown: Media | null;
  /** How much later this person has said that their version of the film has everything, in ms. */
  cutMs: number;
  /** Where this page's own Jellyfin has the picture; null: that is another server. */
  pictureOf(avatar: Avatar): string | null;
  /** This page's monotonic clock. */
  nowMs: number;
}

/** What the panel shows of a party; pure, so that each state of it can be shown in a test. */
export function partyView(facts: PartyFacts): PartyView {
  const { party, own, nowMs, follow } = facts;
  const maySteer = steers(party);
  return {
    title: party.timeline.media?.title ?? null,
    connection: connectionView(facts.link),
    members: [...party.members.values()].map((member) => memberView(member, facts)),
    wait: waitView(party),
    waitMs: party.waitMs,
    queue: queueView(party, facts.shown),
    rules: party.rules,
    role: roleIn(party),
    steers: maySteer,
    playing: party.timeline.phase !== 'paused',
    preflight: maySteer && isBeforeStart(party),
    canUndo: maySteer && nowMs < party.undoUntilMs,
    asked: maySteer ? askedView(party, nowMs) : null,
    invite: facts.invite,
    links: facts.links,
    follow,
    cutMs: facts.cutMs !== 0 || own.reason === 'other-cut' ? facts.cutMs : null,
    place: follow === 'free' ? 'free' : placeOf(own.state),
  };
}

/** Resting or getting ready, with others there, and never played with them; a countdown is a start under way. */
function isBeforeStart({ begun, members, timeline: { media, phase }, wait }: PartyState): boolean {
  const rests = phase === 'paused' || (phase === 'preparing' && (wait?.startsAtMs ?? null) === null);
  return rests && !begun && media !== null && members.size > 1;
}

function askedView({ asked, members }: PartyState, nowMs: number): PartyView['asked'] {
  const who = asked && nowMs < asked.untilMs ? members.get(asked.by)?.name : undefined;
  return asked && who !== undefined ? { who, what: asked.what } : null;
}

function queueView(party: PartyState, shown: Media | null): QueueView {
  const { queue, you, members, rules, timeline } = party;
  const mayOrder = steers(party);
  const mayJoin = mayQueue(rules.control, roleIn(party));
  const isThere = [timeline.media, ...queue.map(({ media }) => media)].some((media) => media?.itemId === shown?.itemId);
  return {
    items: queue.map(({ id, media, by, votes }) => ({
      id,
      title: media.title,
      by: (by === null ? null : members.get(by)?.name) ?? null,
      own: by === you,
      votes: votes.length,
      voted: votes.includes(you),
    })),
    mayOrder,
    mayJoin,
    addable: mayJoin && !isThere ? shown : null,
  };
}

function waitView(party: PartyState): WaitView | null {
  const late = waitedFor(party);
  if (!party.wait) return null;
  const { sinceMs, endsAtMs, startsAtMs } = party.wait;
  const next = startsAtMs === null ? null : { title: party.timeline.media?.title ?? '', startsAtMs };
  if (late.length === 0 && !next) return null;
  const names = late.flatMap(({ id, name }) => (id === party.you ? [] : [name]));
  return { names, you: names.length < late.length, sinceMs, endsAtMs, next };
}

const NO_OFFSETS: MemberView['offsets'] = [];

function memberView(member: Member, { party: { you, offsets }, own, follow, pictureOf }: PartyFacts): MemberView {
  const self = member.id === you;
  const { state, reason, offsetMs, errorMs } = self ? own : member;
  const { id, name, verified } = member;
  return {
    id,
    name,
    verified,
    picture: member.avatar ? pictureOf(member.avatar) : null,
    you: self,
    role: member.role,
    connected: member.connected,
    state,
    reason,
    follow: self ? follow : (member.follow ?? 'closely'),
    delivery: member.delivery ?? null,
    offsetMs,
    errorMs,
    offsets: offsets.get(id) ?? NO_OFFSETS,
  };
}

function connectionView(link: LinkState): ConnectionView {
  switch (link.state) {
    case 'open':
      return { state: 'open' };
    case 'connecting':
      return { state: 'connecting' };
    case 'waiting':
      return { state: 'reconnecting', retryInMs: link.retryInMs };
    case 'ended':
      return { state: 'connecting' };
    default:
      return assertNever(link);
  }
}

function placeOf(state: MemberState): PartyView['place'] {
  switch (state) {
    case 'away':
    case 'other-item':
    case 'autoplay-blocked':
      return state;
    case 'joining':
      return 'opening';
    case 'in-sync':
    case 'catching-up':
    case 'buffering':
    case 'background':
    case 'item-missing':
      return 'following';
    default:
      return assertNever(state);
  }
}
