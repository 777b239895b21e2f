import { describe, expect, it } from 'vitest';
import type { Control, Media, Member, Role } from '../../shared/protocol.ts';
import type { PartyState } from './party-state.ts';
import { memberOf, viewOf } from './testing/views.ts';

const media = (digit: string): Media => ({
  serverId: 'a'.repeat(32),
  itemId: digit.repeat(32),
  title: `Film ${digit}`,
  runtimeMs: null,
});
const member = (id: string, role: Role): Member => memberOf({ id, name: id.toUpperCase(), role });

/** Ben’s view: Ana hosts, film 1 is on and film 2 is queued by Ana, film 3 by somebody who has left. */
function queueOf(control: Control, role: Role, shown: Media | null = null) {
  const party: PartyState = {
    room: 'room',
    you: 'ben',
    timeline: { epoch: 1, seq: 1, phase: 'playing', positionMs: 0, rate: 1, atMs: 0, media: media('1') },
    wait: null,
    waitMs: 0,
    undoUntilMs: 0,
    begun: true,
    asked: null,
    rules: { control, locked: false },
    queue: [
      { id: 'q1', media: media('2'), by: 'ana', votes: ['ben', 'ana'] },
      { id: 'q2', media: media('3'), by: null, votes: [] },
    ],
    members: new Map([member('ana', 'host'), member('ben', role)].map((one) => [one.id, one])),
    offsets: new Map(),
  };
  return viewOf(party, 0, shown).queue;
}

describe('the queue that is shown', () => {
  it('[Q-01] says who added what and how many are for it', () => {
    expect(queueOf('everyone', 'guest').items).toEqual([
      { id: 'q1', title: 'Film 2', by: 'ANA', own: false, votes: 2, voted: true },
      { id: 'q2', title: 'Film 3', by: null, own: false, votes: 0, voted: false },
    ]);
  });

  it.each<[Control, Role, boolean, boolean]>([
    ['everyone', 'guest', true, true],
    ['chosen', 'guest', false, true],
    ['chosen', 'co-host', true, true],
    ['host', 'co-host', false, false],
    ['host', 'host', true, true],
  ])('[Q-01] where control is with %s, a %s may order: %s, add and vote: %s', (control, role, mayOrder, mayJoin) => {
    expect(queueOf(control, role, media('9'))).toMatchObject({
      mayOrder,
      mayJoin,
      addable: mayJoin ? media('9') : null,
    });
  });

  it('[Q-02] takes nothing that is on or queued already', () => {
    for (const digit of ['1', '2']) expect(queueOf('everyone', 'guest', media(digit)).addable).toBeNull();
    expect(queueOf('everyone', 'guest').addable).toBeNull();
  });
});
