import { assertNever } from '../../shared/errors.ts';
import type { Member, MemberState, Reason } from '../../shared/protocol.ts';
import type { LinkState } from '../connection/link.ts';
import type { ConnectionView, MemberView, PartyView, WaitView } from '../overlay/model.ts';
import { type PartyState, waitedFor } from './party-state.ts';

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
  invite: PartyView['invite'];
}

/** What the panel shows of a party; pure, so that each state of it can be shown in a test. */
export function partyView(facts: PartyFacts): PartyView {
  const { party, own } = facts;
  return {
    title: party.timeline.media?.title ?? null,
    connection: connectionView(facts.link),
    members: [...party.members.values()].map((member) => memberView(member, party, own)),
    wait: waitView(party),
    waitMs: party.waitMs,
    invite: facts.invite,
    place: placeOf(own.state),
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

function memberView(member: Member, { you, offsets }: PartyState, own: OwnStatus): MemberView {
  const self = member.id === you;
  const { state, reason, offsetMs, errorMs } = self ? own : member;
  const { id, name, verified } = member;
  return {
    id,
    name,
    verified,
    you: self,
    host: member.role === 'host',
    connected: member.connected,
    state,
    reason,
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
