import { assertNever } from '../../shared/errors.ts';
import type { Member, MemberState } from '../../shared/protocol.ts';
import type { LinkState } from '../connection/link.ts';
import type { ConnectionView, MemberView, PartyView } from '../overlay/model.ts';
import { type PartyState, waitingNames } from './party-state.ts';

/** This member's own measure, fresher than what comes back from the relay. */
export interface OwnStatus {
  state: MemberState;
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
    members: [...party.members.values()].map((member) => memberView(member, party.you, own)),
    waitingFor: waitingNames(party),
    invite: facts.invite,
    place: placeOf(own.state),
  };
}

function memberView(member: Member, you: string, own: OwnStatus): MemberView {
  const self = member.id === you;
  const { state, offsetMs, errorMs } = self ? own : member;
  const { id, name, verified } = member;
  return {
    id,
    name,
    verified,
    you: self,
    host: member.role === 'host',
    connected: member.connected,
    state,
    offsetMs,
    errorMs,
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
