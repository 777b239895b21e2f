import { describe, expect, it } from 'vitest';
import type { Member, ParsedRelayMessage, Timeline } from '../../shared/protocol.ts';
import { applyRelayMessage, type PartyState, waitingNames } from './party-state.ts';

const timeline = (seq: number, epoch = 0): Timeline => ({
  epoch,
  seq,
  phase: 'paused',
  positionMs: 0,
  rate: 1,
  atMs: 0,
  media: null,
});

const member = (id: string, name: string): Member => ({
  id,
  name,
  role: 'guest',
  verified: true,
  connected: true,
  state: 'in-sync',
  offsetMs: 1,
  errorMs: 1,
  reason: null,
});

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
  members: [member('a', 'Ana'), member('b', 'Ben')],
};

function inParty(): PartyState {
  const { party } = applyRelayMessage(null, welcome);
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
    expect(applyRelayMessage(null, moved(9, 'b')).party).toBeNull();
  });

  it('names who acted, and stays silent about this member', () => {
    expect(applyRelayMessage(inParty(), moved(4, 'b')).news).toEqual([
      { type: 'acted', who: 'Ben', act: { kind: 'pause' } },
    ]);
    expect(applyRelayMessage(inParty(), moved(4, 'a')).news).toEqual([]);
    expect(applyRelayMessage(inParty(), moved(4, null)).news).toEqual([]);
  });

  it.each([
    ['older seq', moved(2, 'b'), 3],
    ['newer seq', moved(4, 'b'), 4],
    ['newer epoch beats seq', moved(0, 'b', 1), 0],
  ])('[T-03] keeps the newest timeline: %s', (_name, message, seq) => {
    expect(applyRelayMessage(inParty(), message).party?.timeline.seq).toBe(seq);
  });

  it('tells of joins and leaves once', () => {
    const joined = applyRelayMessage(inParty(), { type: 'member', s: 0, member: member('c', 'Cleo') });
    expect(joined.news).toEqual([{ type: 'joined', who: 'Cleo' }]);
    const again = applyRelayMessage(joined.party, { type: 'member', s: 0, member: member('c', 'Cleo') });
    expect(again.news).toEqual([]);
    const left = applyRelayMessage(again.party, { type: 'left', s: 0, member: 'c' });
    expect(left.news).toEqual([{ type: 'left', who: 'Cleo' }]);
    expect(applyRelayMessage(left.party, { type: 'left', s: 0, member: 'c' }).news).toEqual([]);
  });

  it('says a refusal, but not that a command came second', () => {
    const refusal = (code: 'stale-command' | 'room-full'): ParsedRelayMessage => ({
      type: 'error',
      code,
      message: '',
      id: null,
      timeline: null,
    });
    expect(applyRelayMessage(inParty(), refusal('room-full')).news).toEqual([{ type: 'refused', code: 'room-full' }]);
    expect(applyRelayMessage(inParty(), refusal('stale-command')).news).toEqual([]);
  });

  it('names whom a start waits for, skipping members who left', () => {
    const gate = { waitingFor: ['b', 'gone'], deadlineAtMs: 5 };
    expect(waitingNames({ ...inParty(), gate })).toEqual(['Ben']);
  });
});
