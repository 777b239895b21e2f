import type { MemberView, PartyView } from '../model.ts';

/** Somebody in step, of whom nothing is measured; a test says what is different. */
export const memberView = (part: Pick<MemberView, 'id' | 'name'> & Partial<MemberView>): MemberView => ({
  you: false,
  role: 'guest',
  verified: true,
  picture: null,
  connected: true,
  state: 'in-sync',
  reason: null,
  follow: 'closely',
  delivery: null,
  offsetMs: null,
  errorMs: null,
  offsets: [],
  ...part,
});

/** A party that this person hosts, where nothing is going on; a test says what is different. */
export const partyView = (part: Partial<PartyView>): PartyView => ({
  title: null,
  connection: { state: 'open' },
  members: [],
  wait: null,
  waitMs: 30_000,
  queue: { items: [], mayOrder: true, mayJoin: true, addable: null },
  rules: { control: 'everyone', locked: false },
  role: 'host',
  steers: true,
  playing: true,
  preflight: false,
  canUndo: false,
  asked: null,
  invite: { state: 'none' },
  links: null,
  follow: 'closely',
  cutMs: null,
  place: 'following',
  ...part,
});
