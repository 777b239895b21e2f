import { describe, expect, it } from 'vitest';
import { type Member, OPEN_RULES, type ParsedRelayMessage, type Timeline } from '../../shared/protocol.ts';
import { addOwnOffset, applyRelayMessage, type News, type PartyState, waitedFor } from './party-state.ts';
import { memberOf } from './testing/views.ts';

const timeline = (seq: number, epoch = 0): Timeline => ({
  epoch,
  seq,
  phase: 'paused',
  positionMs: 0,
  rate: 1,
  atMs: 0,
  media: null,
});

const member = (id: string, name: string): Member => memberOf({ id, name, offsetMs: 1, errorMs: 1 });

const welcome: ParsedRelayMessage = {
  type: 'welcome',
  v: 1,
  s: 0,
  room: 'room',
  you: 'a',
  seat: 'x'.repeat(20),
  resumed: false,
  timeline: timeline(3),
  gate: null,
  waitMs: 30_000,
  rules: OPEN_RULES,
  queue: [],
  members: [member('a', 'Ana'), member('b', 'Ben')],
};

function inParty(): PartyState {
  const { party } = applyRelayMessage(null, welcome, 0);
  if (!party) throw new Error('a welcome opens the party');
  return party;
}

const moved = (seq: number, by: string | null, epoch = 0): ParsedRelayMessage => ({
  type: 'timeline',
  s: 0,
  cause: 'pause',
  by,
  id: null,
  timeline: timeline(seq, epoch),
  gate: null,
  waitMs: 30_000,
});

describe('applyRelayMessage', () => {
  it('knows nothing before the welcome', () => {
    expect(applyRelayMessage(null, moved(9, 'b'), 0).party).toBeNull();
  });

  it('names who acted, and stays silent about this member', () => {
    expect(applyRelayMessage(inParty(), moved(4, 'b'), 0).news).toEqual([
      { type: 'acted', who: 'Ben', act: { kind: 'pause' }, undoable: false },
    ]);
    expect(applyRelayMessage(inParty(), moved(4, 'a'), 0).news).toEqual([]);
    expect(applyRelayMessage(inParty(), moved(4, null), 0).news).toEqual([]);
  });

  it.each([
    ['older seq', moved(2, 'b'), 3],
    ['newer seq', moved(4, 'b'), 4],
    ['newer epoch beats seq', moved(0, 'b', 1), 0],
  ])('[T-03] keeps the newest timeline: %s', (_name, message, seq) => {
    expect(applyRelayMessage(inParty(), message, 0).party?.timeline.seq).toBe(seq);
  });

  it('tells the host, and only the host, once, whose library lacks the film', () => {
    const lacking: ParsedRelayMessage = {
      type: 'member',
      s: 0,
      member: { ...member('b', 'Ben'), state: 'item-missing' },
    };
    expect(applyRelayMessage(inParty(), lacking, 0).news).toEqual([]);
    const host: ParsedRelayMessage = { type: 'member', s: 0, member: { ...member('a', 'Ana'), role: 'host' } };
    const { party } = applyRelayMessage(inParty(), host, 0);
    const told = applyRelayMessage(party, lacking, 0);
    expect(told.news).toEqual([{ type: 'missing', who: 'Ben' }]);
    expect(applyRelayMessage(told.party, lacking, 0).news).toEqual([]);
  });

  it('[Q-01] keeps the queue as it is told, and names who added something', () => {
    const media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Sintel', runtimeMs: null };
    const entries = [{ id: 'q1', media, by: 'b', votes: [] }];
    const told = (by: string | null): ParsedRelayMessage => ({ type: 'queue', s: 0, by, id: null, entries });
    const { party, news } = applyRelayMessage(inParty(), told('b'), 0);
    expect(party?.queue).toEqual(entries);
    expect(news).toEqual([{ type: 'queued', who: 'Ben', title: 'Sintel' }]);
    // A vote, the queue going on, and one's own doing are no news.
    expect(applyRelayMessage(party, told('b'), 0).news).toEqual([]);
    expect(applyRelayMessage(inParty(), told(null), 0).news).toEqual([]);
    const own = { ...told('a'), entries: [{ id: 'q1', media, by: 'a', votes: [] }] } as ParsedRelayMessage;
    expect(applyRelayMessage(inParty(), own, 0).news).toEqual([]);
  });

  it('tells of joins and leaves once', () => {
    const joined = applyRelayMessage(inParty(), { type: 'member', s: 0, member: member('c', 'Cleo') }, 0);
    expect(joined.news).toEqual([{ type: 'joined', who: 'Cleo' }]);
    const again = applyRelayMessage(joined.party, { type: 'member', s: 0, member: member('c', 'Cleo') }, 0);
    expect(again.news).toEqual([]);
    const left = applyRelayMessage(again.party, { type: 'left', s: 0, member: 'c', by: null }, 0);
    expect(left.news).toEqual([{ type: 'left', who: 'Cleo' }]);
    expect(applyRelayMessage(left.party, { type: 'left', s: 0, member: 'c', by: null }, 0).news).toEqual([]);
  });

  it('says a refusal, but not that a command came second', () => {
    const refusal = (code: 'stale-command' | 'room-full'): ParsedRelayMessage => ({
      type: 'error',
      code,
      message: '',
      id: null,
      timeline: null,
    });
    expect(applyRelayMessage(inParty(), refusal('room-full'), 0).news).toEqual([
      { type: 'refused', code: 'room-full' },
    ]);
    expect(applyRelayMessage(inParty(), refusal('stale-command'), 0).news).toEqual([]);
  });
});

type TimelineMessage = Extract<ParsedRelayMessage, { type: 'timeline' }>;

/** What a timeline message of the relay does to a party in which Ben is waited for already, or nobody. */
const told = (party: PartyState, part: Partial<TimelineMessage>, nowMs = 0): { party: PartyState; news: News[] } => {
  const message = { ...(moved(party.timeline.seq + 1, null) as TimelineMessage), ...part };
  const { party: after, news } = applyRelayMessage(party, message, nowMs);
  if (!after) throw new Error('a timeline ends no party');
  return { party: after, news };
};
const held = (deadlineAtMs: number, ...waitingFor: string[]): Partial<TimelineMessage> => ({
  cause: 'stall',
  by: waitingFor[0] ?? null,
  gate: { waitingFor, deadlineAtMs },
});

describe('a wait', () => {
  it('is counted on this page’s clock, from when it was told', () => {
    const { party } = told(inParty(), { ...held(90_000, 'b'), s: 60_000 }, 7_000);
    expect(party.wait).toEqual({ waitingFor: ['b'], sinceMs: 7_000, endsAtMs: 37_000, startsAtMs: null });
    expect(told(party, { gate: null }).party.wait).toBeNull();
  });

  it('keeps its end when it is told again with other people, and takes another end that is chosen', () => {
    const { party } = told(inParty(), { ...held(90_000, 'b'), s: 60_000 }, 7_000);
    const wider = told(party, { ...held(90_000, 'b', 'a'), cause: 'waiting', s: 65_000 }, 12_080).party;
    expect(wider.wait).toEqual({ waitingFor: ['b', 'a'], sinceMs: 7_000, endsAtMs: 37_000, startsAtMs: null });
    const other = told(wider, { ...held(110_000, 'a'), s: 80_000 }, 27_000).party;
    expect(other.wait).toEqual({ waitingFor: ['a'], sinceMs: 7_000, endsAtMs: 57_000, startsAtMs: null });
  });

  it('[T-15] counts down to the next item on this page’s clock, and told again does not jitter', () => {
    const gate = { waitingFor: ['b'], deadlineAtMs: 72_000, soonestAtMs: 65_000 };
    const { party, news } = told(inParty(), { cause: 'media', by: 'b', gate, s: 60_000 }, 7_000);
    expect(news).toEqual([]);
    expect(party.wait).toMatchObject({ startsAtMs: 12_000, endsAtMs: 19_000 });
    const again = told(party, { cause: 'waiting', gate: { ...gate, waitingFor: [] }, s: 61_000 }, 8_030).party;
    expect(again.wait).toMatchObject({ waitingFor: [], startsAtMs: 12_000, endsAtMs: 19_000 });
    const skipped = told(again, { cause: 'play', gate: { waitingFor: ['b'], deadlineAtMs: 72_000 }, s: 62_000 }, 9_000);
    expect(skipped.party.wait).toMatchObject({ startsAtMs: null });
  });

  it('names whom it is for, skipping members who left', () => {
    const { party } = told(inParty(), held(9_000, 'b', 'gone'));
    expect(waitedFor(party).map(({ name }) => name)).toEqual(['Ben']);
  });

  it('comes with a welcome too', () => {
    const gate = { waitingFor: ['b'], deadlineAtMs: 5_000 };
    const { party } = applyRelayMessage(null, { ...welcome, s: 1_000, gate } as ParsedRelayMessage, 50);
    expect(party?.wait).toEqual({ waitingFor: ['b'], sinceMs: 50, endsAtMs: 4_050, startsAtMs: null });
  });

  it('[T-09] [T-11] [T-14] is told of by name: who stalls, who went on, whom the film left behind', () => {
    const stall = told(inParty(), held(9_000, 'b'));
    expect(stall.news).toEqual([{ type: 'stalled', who: 'Ben' }]);
    expect(told(inParty(), held(9_000, 'a')).news).toEqual([]);
    expect(told(stall.party, { cause: 'go-on', by: 'b' }).news).toEqual([
      { type: 'acted', who: 'Ben', act: { kind: 'go-on' }, undoable: false },
    ]);
    expect(told(inParty(), { cause: 'go-on', by: 'b' }).news).toEqual([]);
    const both = told(inParty(), held(9_000, 'a', 'b')).party;
    expect(told(both, { cause: 'deadline' }).news).toEqual([{ type: 'started-without', who: ['Ben'] }]);
    const alone = told(inParty(), held(9_000, 'a')).party;
    expect(told(alone, { cause: 'deadline' }).news).toEqual([]);
  });

  it('is as long as the room chose, and its choosing is told of', () => {
    expect(inParty().waitMs).toBe(30_000);
    const { party, news } = told(inParty(), { cause: 'wait', by: 'b', waitMs: 0 });
    expect(party.waitMs).toBe(0);
    expect(news).toEqual([{ type: 'acted', who: 'Ben', act: { kind: 'wait', waitMs: 0 }, undoable: false }]);
  });
});

describe('the offsets of the last two minutes', () => {
  const said = (
    party: PartyState,
    id: string,
    offsetMs: number | null,
    nowMs: number,
    connected = true,
  ): PartyState => {
    const message = { type: 'member', s: 0, member: { ...member(id, id), offsetMs, connected } } as const;
    const { party: after } = applyRelayMessage(party, message, nowMs);
    if (!after) throw new Error('a member ends no party');
    return after;
  };
  const offsets = (party: PartyState, id: string) => (party.offsets.get(id) ?? []).map(({ offsetMs }) => offsetMs);

  it('are kept per member, with gaps while somebody cannot tell or is gone', () => {
    let party = said(inParty(), 'b', 3, 1_000);
    party = said(party, 'b', null, 4_000);
    party = said(party, 'b', 5, 7_000, false);
    party = said(party, 'b', -2, 10_000);
    expect(offsets(party, 'b')).toEqual([3, null, null, -2]);
    expect(offsets(party, 'a')).toEqual([]);
  });

  it('are this member’s own where they are made, not as the relay repeats them', () => {
    const party = said(addOwnOffset(inParty(), 2, 1_000), 'a', 9, 3_000);
    expect(party.offsets.get('a')).toEqual([{ atMs: 1_000, offsetMs: 2 }]);
  });

  it('outlive a reconnect, but not the member', () => {
    const party = said(said(inParty(), 'b', 3, 1_000), 'c', 4, 1_000);
    const again = applyRelayMessage(party, welcome, 9_000).party;
    expect(again && offsets(again, 'b')).toEqual([3]);
    expect(again?.offsets.has('c')).toBe(false);
    const left = applyRelayMessage(party, { type: 'left', s: 0, member: 'b', by: null }, 9_000).party;
    expect(left?.offsets.has('b')).toBe(false);
  });
});
