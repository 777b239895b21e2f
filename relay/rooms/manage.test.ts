import { describe, expect, it } from 'vitest';
import { ASK_GAP_MS, SEAT_GRACE_MS } from '../../shared/limits.ts';
import type { Action, Control, Role } from '../../shared/protocol.ts';
import { FILM, TestRoom, watching } from '../testing/rooms.ts';

/** Ana hosts, Ben is a co-host, Cem a guest; a film plays. */
const party = (): TestRoom => watching().join('cem').manage('ana', { kind: 'role', member: 'ben', role: 'co-host' });
const MEMBER: Record<Role, string> = { host: 'ana', 'co-host': 'ben', guest: 'cem' };

const ACTIONS: readonly Action[] = [
  { kind: 'play' },
  { kind: 'pause', positionMs: 0 },
  { kind: 'seek', positionMs: 5000 },
  { kind: 'rate', rate: 1.5 },
  { kind: 'media', media: FILM, positionMs: 0, play: true },
  { kind: 'go-on' },
  { kind: 'wait', waitMs: 1000 },
];

describe('control', () => {
  const cases: [Control, Role, boolean][] = [
    ['everyone', 'host', true],
    ['everyone', 'co-host', true],
    ['everyone', 'guest', true],
    ['chosen', 'host', true],
    ['chosen', 'co-host', true],
    ['chosen', 'guest', false],
    ['host', 'host', true],
    ['host', 'co-host', false],
    ['host', 'guest', false],
  ];

  it.each(cases)('[P-03][peer R-22] of %s lets a %s steer: %s, whatever the command', (control, role, may) => {
    for (const action of ACTIONS) {
      const room = party().manage('ana', { kind: 'control', control });
      const before = room.timeline;
      room.command(MEMBER[role], action);
      expect(room.refusal(), action.kind).toBe(may ? null : 'not-allowed');
      expect(room.timeline === before, action.kind).toBe(!may);
    }
  });

  it('[P-03] is told to everyone and holds from the next command on', () => {
    const room = party().manage('ana', { kind: 'control', control: 'chosen' });
    expect(room.published('rules')).toEqual([
      { type: 'rules', by: 'ana', rules: { control: 'chosen', locked: false } },
    ]);
    expect(room.command('cem', { kind: 'pause', positionMs: 0 }).refusal()).toBe('not-allowed');
    room.manage('ana', { kind: 'control', control: 'everyone' });
    expect(room.command('cem', { kind: 'pause', positionMs: 0 }).refusal()).toBeNull();
  });

  it('[P-03] a refusal names no timeline, and comes before any look at what is stale', () => {
    const room = party().manage('ana', { kind: 'control', control: 'host' });
    room.command('cem', { kind: 'play' }, 0);
    expect(room.effects).toMatchObject([
      { type: 'reply', to: 'cem', message: { code: 'not-allowed', timeline: null } },
    ]);
  });

  it('[P-03] leaves what is no steering to all: who may not steer is waited for, and can hold the film', () => {
    const room = party().status('cem', 'in-sync').manage('ana', { kind: 'control', control: 'host' });
    room.input({ type: 'stall', member: 'cem', seq: room.timeline.seq, positionMs: 0 });
    expect(room.timeline.phase).toBe('holding');
    room.input({ type: 'ready', member: 'cem', seq: room.timeline.seq });
    expect(room.timeline.phase).toBe('playing');
  });
});

describe('managing', () => {
  it.each<[Role, boolean, boolean, boolean]>([
    ['host', true, true, true],
    ['co-host', false, true, false],
    ['guest', false, false, false],
  ])('[P-04][peer R-22] a %s may choose who steers: %s, lock: %s, give roles: %s', (role, control, lock, give) => {
    const by = MEMBER[role];
    const refused = (may: boolean) => (may ? null : 'not-allowed');
    expect(party().manage(by, { kind: 'control', control: 'host' }).refusal()).toBe(refused(control));
    expect(party().manage(by, { kind: 'lock', locked: true }).refusal()).toBe(refused(lock));
    expect(party().manage(by, { kind: 'role', member: 'cem', role: 'co-host' }).refusal()).toBe(refused(give));
    const room = party();
    room.manage(by, { kind: 'role', member: by, role: 'host' });
    expect(room.roles()).toEqual(['ana:host', 'ben:co-host', 'cem:guest']);
  });

  it('[P-04] nothing is refused quietly: the answer names the message', () => {
    const room = party().manage('cem', { kind: 'lock', locked: true });
    expect(room.effects).toMatchObject([{ to: 'cem', message: { type: 'error', id: 'm1', code: 'not-allowed' } }]);
    expect(party().manage('ana', { kind: 'role', member: 'nobody', role: 'host' }).refusal()).toBe('no-such-member');
  });

  it('[P-04] what is so already is told to the sender alone', () => {
    const rules = { control: 'everyone', locked: false };
    expect(party().manage('ana', { kind: 'lock', locked: false }).effects).toMatchObject([
      { type: 'tell', to: ['ana'], message: { type: 'rules', rules } },
    ]);
    expect(party().manage('ana', { kind: 'role', member: 'ben', role: 'co-host' }).effects).toMatchObject([
      { type: 'tell', to: ['ana'], message: { type: 'member', member: { id: 'ben', role: 'co-host' } } },
    ]);
  });

  it('[P-01][P-04] a role is told to everyone, and taken back the same way', () => {
    const room = party();
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', role: 'co-host' } }]);
    room.manage('ana', { kind: 'role', member: 'ben', role: 'guest' });
    expect(room.published('member')).toMatchObject([{ member: { id: 'ben', role: 'guest' } }]);
    expect(room.roles()).toEqual(['ana:host', 'ben:guest', 'cem:guest']);
  });
});

describe('handing over', () => {
  it('[P-02][P-04][peer R-26] makes the other host and the giver a co-host, at one stroke', () => {
    const room = party().manage('ana', { kind: 'role', member: 'cem', role: 'host' });
    expect(room.roles()).toEqual(['ana:co-host', 'ben:co-host', 'cem:host']);
    expect(room.published('member')).toMatchObject([
      { member: { id: 'cem', role: 'host' } },
      { member: { id: 'ana', role: 'co-host' } },
    ]);
    expect(room.manage('ana', { kind: 'control', control: 'host' }).refusal()).toBe('not-allowed');
  });

  it('[P-02] is not undone by the grant that opened the party', () => {
    const room = party().manage('ana', { kind: 'role', member: 'ben', role: 'host' }).join('ana2', 'grant');
    expect(room.roles()).toEqual(['ana:co-host', 'ben:host', 'cem:guest', 'ana2:co-host']);
  });

  it('[P-04] takes somebody who is there, and not only a name', () => {
    const room = party().input({ type: 'drop', member: 'ben' });
    expect(room.manage('ana', { kind: 'role', member: 'ben', role: 'host' }).refusal()).toBe('not-allowed');
    expect(room.roles()[0]).toBe('ana:host');
  });

  it('[P-04] is the only way for a host to be something else', () => {
    expect(party().manage('ana', { kind: 'role', member: 'ana', role: 'guest' }).refusal()).toBe('not-allowed');
  });
});

describe('succession', () => {
  it('[P-02][peer R-26] goes to co-hosts first, by standing', () => {
    const room = new TestRoom().join('ana', 'grant').join('ben').join('cem').join('dan');
    for (const member of ['dan', 'cem']) room.manage('ana', { kind: 'role', member, role: 'co-host' });
    room.input({ type: 'leave', member: 'ana' });
    expect(room.roles()).toEqual(['ben:guest', 'cem:host', 'dan:co-host']);
    room.input({ type: 'leave', member: 'cem' });
    expect(room.roles()).toEqual(['ben:guest', 'dan:host']);
    room.input({ type: 'leave', member: 'dan' });
    expect(room.roles()).toEqual(['ben:host']);
  });

  it('[P-02] goes to who is there before any who is away', () => {
    const room = party().input({ type: 'drop', member: 'ben' }).input({ type: 'leave', member: 'ana' });
    expect(room.roles()).toEqual(['ben:co-host', 'cem:host']);
    const away = party().input({ type: 'drop', member: 'cem' }).input({ type: 'drop', member: 'ben' });
    expect(away.input({ type: 'leave', member: 'ana' }).roles()).toEqual(['ben:host', 'cem:guest']);
  });

  it('[P-02][M-04] waits for a host whose connection is lost, and no longer', () => {
    const room = party().input({ type: 'drop', member: 'ana' });
    const { nowMs } = room;
    expect(room.input({ type: 'tick' }, nowMs + SEAT_GRACE_MS - 1).roles()[0]).toBe('ana:host');
    expect(room.input({ type: 'tick' }, nowMs + SEAT_GRACE_MS).roles()).toEqual(['ben:host', 'cem:guest']);
  });

  it('[P-02] ends for who stood in when the grant comes: it is again what it was', () => {
    const stoodIn = (room: TestRoom) => room.input({ type: 'leave', member: 'ana' }).join('ana2', 'grant').roles();
    expect(stoodIn(party())).toEqual(['ben:co-host', 'cem:guest', 'ana2:host']);
    expect(stoodIn(watching())).toEqual(['ben:guest', 'ana2:host']);
  });
});

describe('asking', () => {
  const toldTo = (room: TestRoom): string[] =>
    room.effects.flatMap((effect) => (effect.type === 'tell' && effect.message.type === 'asked' ? effect.to : []));

  it.each<[Control, string[]]>([
    ['everyone', ['ana', 'ben', 'cem']],
    ['chosen', ['ana', 'ben', 'cem']],
    ['host', ['ana', 'cem']],
  ])('[P-05] under %s reaches those who may steer, and comes back to who asked: %j', (control, expected) => {
    const room = party().join('dan').manage('ana', { kind: 'control', control });
    const before = room.timeline;
    room.manage('cem', { kind: 'ask', what: 'pause' });
    expect(toldTo(room).filter((id) => id !== 'dan')).toEqual(expected);
    expect(toldTo(room).includes('dan')).toBe(control === 'everyone');
    expect(room.effects).toMatchObject([{ message: { type: 'asked', by: 'cem', what: 'pause' } }]);
    expect(room.timeline).toBe(before);
  });

  it('[P-05] is for those who are there', () => {
    const room = party().input({ type: 'drop', member: 'ben' });
    expect(toldTo(room.manage('cem', { kind: 'ask', what: 'back' }))).toEqual(['ana', 'cem']);
  });

  it('[P-05] cannot be done again and again', () => {
    const room = party().manage('cem', { kind: 'ask', what: 'pause' });
    room.nowMs += ASK_GAP_MS - 1;
    expect(room.manage('cem', { kind: 'ask', what: 'pause' }).refusal()).toBe('rate-limited');
    expect(toldTo(room.manage('ben', { kind: 'ask', what: 'pause' }))).toContain('ana');
    room.nowMs += 1;
    expect(toldTo(room.manage('cem', { kind: 'ask', what: 'play' }))).toContain('ana');
  });
});
