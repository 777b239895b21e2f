import { describe, expect, it } from 'vitest';
import { type Control, type Gate, type Member, OPEN_RULES, type Timeline } from '../../shared/protocol.ts';
import { applyRelayMessage, type PartyState } from './party-state.ts';
import { memberOf, viewOf } from './testing/views.ts';

const member = (id: string): Member => memberOf({ id, role: id === 'ana' ? 'host' : 'guest' });
const rests = (item = '1'): Timeline => ({
  epoch: 0,
  seq: 1,
  phase: 'paused',
  positionMs: 600_000,
  rate: 1,
  atMs: 0,
  media: { serverId: 'a'.repeat(32), itemId: item.repeat(32), title: 'Film', runtimeMs: null },
});

/** What one member knows, told by the relay. */
class Told {
  party: PartyState | null = null;

  constructor(timeline: Timeline, { you = 'ana', members = ['ana', 'ben'], control = 'everyone' as Control } = {}) {
    this.party = applyRelayMessage(
      null,
      {
        type: 'welcome',
        v: 1,
        s: 0,
        room: 'room',
        you,
        seat: 'x'.repeat(20),
        resumed: false,
        timeline,
        gate: null,
        waitMs: 30_000,
        rules: { ...OPEN_RULES, control },
        queue: [],
        members: members.map(member),
      },
      0,
    ).party;
  }

  moves(change: Partial<Timeline>, gate: Gate | null = null): this {
    const before = this.party?.timeline ?? rests();
    const timeline = { ...before, seq: before.seq + 1, ...change };
    const message = { type: 'timeline', s: 0, cause: 'play', by: null, id: null, timeline, gate, waitMs: 0 } as const;
    this.party = applyRelayMessage(this.party, message, 0).party;
    return this;
  }

  joins(id: string): this {
    this.party = applyRelayMessage(this.party, { type: 'member', s: 0, member: member(id) }, 0).party;
    return this;
  }

  get preflight(): boolean {
    if (!this.party) throw new Error('a welcome opens the party');
    return viewOf(this.party).preflight;
  }
}

const gate = (soonestAtMs?: number): Gate => ({
  waitingFor: ['ben'],
  deadlineAtMs: 30_000,
  ...(soonestAtMs !== undefined && { soonestAtMs }),
});

describe('the look before the start', () => {
  it('is there while the film rests, and while it waits to start', () => {
    const room = new Told(rests());
    expect(room.preflight).toBe(true);
    expect(room.moves({ phase: 'preparing' }, gate()).preflight).toBe(true);
    expect(room.moves({ phase: 'paused' }).preflight).toBe(true);
  });

  it('is over when the film has played with somebody, until another one is on', () => {
    const room = new Told(rests()).moves({ phase: 'playing' });
    expect(room.preflight).toBe(false);
    expect(room.moves({ phase: 'paused' }).preflight).toBe(false);
    expect(room.moves({ ...rests('2'), seq: 9 }).preflight).toBe(true);
  });

  it('counts as not begun what the host alone has played', () => {
    const room = new Told({ ...rests(), phase: 'playing' }, { members: ['ana'] });
    expect(room.moves({ phase: 'paused' }).preflight).toBe(false);
    expect(room.joins('ben').preflight).toBe(true);
    const running = new Told({ ...rests(), phase: 'playing' }, { members: ['ana'] }).joins('ben');
    expect(running.moves({ phase: 'paused' }).preflight).toBe(false);
  });

  it.each<[Control, string, boolean]>([
    ['everyone', 'ben', true],
    ['host', 'ben', false],
    ['host', 'ana', true],
  ])('[P-03] where control is with %s, %s sees it: %s', (control, you, shown) => {
    expect(new Told(rests(), { you, control }).preflight).toBe(shown);
  });

  it('[T-15] is not there in a countdown, nor without a film', () => {
    expect(new Told(rests()).moves({ phase: 'preparing' }, gate(5_000)).preflight).toBe(false);
    expect(new Told({ ...rests(), media: null }).preflight).toBe(false);
  });
});
