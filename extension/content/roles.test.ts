import { describe, expect, it } from 'vitest';
import type { Control, Member, ParsedRelayMessage, Role, Timeline } from '../../shared/protocol.ts';
import { createModel } from '../overlay/model.ts';
import { translate } from '../overlay/testing/translate.ts';
import { Notices } from './notices.ts';
import { applyRelayMessage, type News, type PartyState } from './party-state.ts';
import { memberOf, viewOf } from './testing/views.ts';
import { gestureFor, wishFor } from './wishes.ts';

const timeline = (seq: number, positionMs = 0): Timeline => ({
  epoch: 1,
  seq,
  phase: 'playing',
  positionMs,
  rate: 1,
  atMs: 0,
  media: null,
});

const member = (id: string, name: string, role: Role): Member => memberOf({ id, name, role });

/** A party of Ana (host), Ben (co-host) and Cleo (guest), as one of them knows it. */
function partyOf(you: 'a' | 'b' | 'c', control: Control = 'chosen'): PartyState {
  const members = [member('a', 'Ana', 'host'), member('b', 'Ben', 'co-host'), member('c', 'Cleo', 'guest')];
  const message: ParsedRelayMessage = {
    type: 'welcome',
    v: 1,
    s: 0,
    room: 'r',
    you,
    seat: 's',
    resumed: false,
    timeline: timeline(1),
    gate: null,
    waitMs: 30_000,
    rules: { control, locked: false },
    queue: [],
    members,
  };
  const { party } = applyRelayMessage(null, message, 0);
  if (!party) throw new Error('a welcome makes a party');
  return party;
}

const moved = (by: string, fromMs: number, positionMs: number): ParsedRelayMessage => ({
  type: 'timeline',
  s: 0,
  cause: 'seek',
  by,
  id: 'x',
  timeline: timeline(2, positionMs),
  gate: null,
  waitMs: 30_000,
  fromMs,
});
const undone: ParsedRelayMessage = {
  type: 'timeline',
  s: 0,
  cause: 'undo',
  by: 'a',
  id: 'x',
  timeline: timeline(3, 5_000),
  gate: null,
  waitMs: 30_000,
  fromMs: 35_000,
};
const role = (id: string, name: string, now: Role): ParsedRelayMessage => ({
  type: 'member',
  s: 0,
  member: member(id, name, now),
});
const rules = (by: string, control: Control, locked: boolean): ParsedRelayMessage => ({
  type: 'rules',
  s: 0,
  by,
  rules: { control, locked },
});
const asked: ParsedRelayMessage = { type: 'asked', s: 0, by: 'c', what: 'pause' };

/** What is said to somebody in the party, with what can be done about it. */
function said(you: 'a' | 'b' | 'c', ...messages: ParsedRelayMessage[]): string[] {
  const model = createModel();
  const notices = new Notices(model, translate);
  let party: PartyState | null = partyOf(you);
  for (const message of messages) {
    const heard = applyRelayMessage(party, message, 1_000);
    for (const news of heard.news) notices.tell(news);
    party = heard.party ?? party;
  }
  return model.toasts.value.map(({ text, offer }) => [text, offer?.kind].filter(Boolean).join(' | '));
}

describe('who did what', () => {
  it.each<[string, 'a' | 'b' | 'c', ParsedRelayMessage, string[]]>([
    ['a skip, to who may take it back', 'a', moved('b', 5_000, 35_400), ['Ben skipped 30 s ahead | undo']],
    ['a skip, to who may not', 'c', moved('b', 5_000, 35_400), ['Ben skipped 30 s ahead']],
    ['a way back', 'a', moved('b', 35_000, 25_000), ['Ben went back 10 s | undo']],
    ['a long way', 'a', moved('b', 0, 3_723_000), ['Ben jumped to 1:02:03 | undo']],
    ['one’s own skip', 'b', moved('b', 5_000, 35_000), []],
    ['an undo', 'b', undone, ['Ana took the last skip back | undo']],
    ['a new co-host', 'a', role('c', 'Cleo', 'co-host'), ['Cleo is co-host now']],
    ['a new co-host, to others', 'b', role('c', 'Cleo', 'co-host'), ['Ana made Cleo co-host']],
    ['a new co-host, to that one', 'c', role('c', 'Cleo', 'co-host'), ['Ana made you co-host']],
    ['no co-host any more', 'a', role('b', 'Ben', 'guest'), ['Ben is not co-host any more']],
    ['no co-host any more, to others', 'c', role('b', 'Ben', 'guest'), ['Ana took co-host back from Ben']],
    ['no co-host any more, to that one', 'b', role('b', 'Ben', 'guest'), ['Ana took co-host back from you']],
    ['a new host, to that one', 'b', role('b', 'Ben', 'host'), ['Ana handed the party to you']],
    ['a new host, to others', 'c', role('b', 'Ben', 'host'), ['Ana handed the party to Ben']],
    ['another control', 'c', rules('a', 'host', false), ['Ana lets only the host steer']],
    ['a lock', 'c', rules('b', 'chosen', true), ['Ben locked the party']],
    ['one’s own lock', 'b', rules('b', 'chosen', true), []],
    ['a wish, to who may grant it', 'b', asked, ['Cleo asks for a pause | steer']],
    ['a wish of one’s own', 'c', asked, ['You asked those who steer']],
    ['somebody put out', 'c', { type: 'left', s: 0, member: 'b', by: 'a' }, ['Ana removed Ben from the party']],
    [
      'somebody put out by oneself',
      'a',
      { type: 'left', s: 0, member: 'b', by: 'a' },
      ['You removed Ben from the party'],
    ],
  ])('%s', (_, you, message, texts) => {
    expect(said(you, message)).toEqual(texts);
  });

  it('[P-04] handing over is said once, with whose doing it is', () => {
    const handedOver = [role('b', 'Ben', 'host'), role('a', 'Ana', 'co-host')];
    expect(said('c', ...handedOver)).toEqual(['Ana handed the party to Ben']);
    expect(said('b', ...handedOver)).toEqual(['Ana handed the party to you']);
    expect(said('a', ...handedOver)).toEqual(['Ben is the host now']);
  });

  it('[P-02] who becomes host because the host has left is so by nobody’s doing', () => {
    const left: ParsedRelayMessage = { type: 'left', s: 0, member: 'a', by: null };
    expect(said('b', left, role('b', 'Ben', 'host'))).toEqual(['Ana left', 'You are the host now']);
    expect(said('c', left, role('b', 'Ben', 'host'))).toEqual(['Ana left', 'Ben is the host now']);
  });

  it('what somebody may not do is said with who may, and with what to ask for', () => {
    const model = createModel();
    const news: News = { type: 'may-not-steer', control: 'host', ask: 'pause' };
    new Notices(model, translate).tell(news);
    expect(model.toasts.value).toMatchObject([
      { text: 'Only the host steers here.', offer: { kind: 'ask', what: 'pause' } },
    ]);
    expect(model.problem.value).toBeNull();
  });
});

describe('the panel', () => {
  const heard = (party: PartyState, message: ParsedRelayMessage): PartyState =>
    applyRelayMessage(party, message, 1_000).party ?? party;

  it('[P-03] knows who may steer', () => {
    for (const [you, control, may] of [
      ['c', 'everyone', true],
      ['c', 'chosen', false],
      ['b', 'chosen', true],
      ['b', 'host', false],
      ['a', 'host', true],
    ] as const)
      expect(viewOf(partyOf(you, control), 0).steers).toBe(may);
  });

  it('[R-15] offers to take a move back for a minute, to who may', () => {
    const party = heard(partyOf('a'), moved('b', 5_000, 35_000));
    expect(viewOf(party, 60_999).canUndo).toBe(true);
    expect(viewOf(party, 61_001).canUndo).toBe(false);
    expect(viewOf(partyOf('a'), 0).canUndo).toBe(false);
    expect(viewOf(heard(partyOf('c'), moved('b', 5_000, 35_000)), 2_000).canUndo).toBe(false);
  });

  it('[P-05] shows what was asked for to who may grant it, until somebody steers or a minute is over', () => {
    const party = heard(partyOf('b'), asked);
    expect(viewOf(party, 2_000).asked).toEqual({ who: 'Cleo', what: 'pause' });
    expect(viewOf(party, 61_001).asked).toBeNull();
    expect(viewOf(heard(party, moved('a', 0, 9_000)), 2_000).asked).toBeNull();
    expect(viewOf(heard(partyOf('c'), asked), 2_000).asked).toBeNull();
  });
});

describe('a wish', () => {
  it('is granted as by a hand on the player', () => {
    expect(gestureFor('pause', 20_000)).toEqual({ type: 'pause', positionMs: 20_000 });
    expect(gestureFor('back', 20_000)).toEqual({ type: 'seek', positionMs: 10_000 });
    expect(gestureFor('back', 4_000)).toEqual({ type: 'seek', positionMs: 0 });
  });

  it('stands for what somebody may not do, where one comes near it', () => {
    expect(wishFor({ kind: 'pause', positionMs: 5 }, 5)).toBe('pause');
    expect(wishFor({ kind: 'play' }, null)).toBe('play');
    expect(wishFor({ kind: 'seek', positionMs: 10_000 }, 20_000)).toBe('back');
    expect(wishFor({ kind: 'seek', positionMs: 30_000 }, 20_000)).toBeNull();
    expect(wishFor({ kind: 'rate', rate: 2 }, 20_000)).toBeNull();
  });
});
