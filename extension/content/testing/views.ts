import type { Media, Member } from '../../../shared/protocol.ts';
import type { PartyView } from '../../overlay/model.ts';
import type { PartyState } from '../party-state.ts';
import { partyView } from '../party-view.ts';

/** Somebody in step, as the relay tells of them; a test says what is different. */
export const memberOf = (part: Pick<Member, 'id'> & Partial<Member>): Member => ({
  name: part.id,
  role: 'guest',
  verified: true,
  connected: true,
  state: 'in-sync',
  offsetMs: null,
  errorMs: null,
  reason: null,
  ...part,
});

/** What the panel of a member shows who is in step and connected, and has no link yet. @param shown the item looked at. */
export const viewOf = (party: PartyState, nowMs = 0, shown: Media | null = null): PartyView =>
  partyView({
    party,
    link: { state: 'open' },
    own: { state: 'in-sync', reason: null, offsetMs: null, errorMs: null },
    follow: 'closely',
    invite: { state: 'none' },
    links: null,
    shown,
    cutMs: 0,
    pictureOf: ({ userId }) => `https://home.example/UserImage?userId=${userId}`,
    nowMs,
  });
