import { describe, expect, it } from 'vitest';
import type { Role } from '../../shared/protocol.ts';
import { issue, restoring } from '../testing/kept.ts';
import { TestRoom, watching } from '../testing/rooms.ts';
import { NO_BANS, unite } from './bans.ts';
import { changeOf } from './snapshot.ts';

const kicking = (room: TestRoom, by: string, member: string): TestRoom => room.manage(by, { kind: 'kick', member });
const ids = (room: TestRoom): string[] => room.room.people.map(({ id }) => id);

const resume = (member: string, keys: readonly string[] = [], invite: string | null = null, seatNo = 1) =>
  ({
    type: 'resume',
    member,
    seat: `${member}-seat-1`,
    seatNo,
    nextSeat: `${member}-seat-2`,
    keys,
    invite,
  }) as const;

/** By an invite of its own. */
const comesBy = (member: string, jti: string, keys: readonly string[] = []) =>
  ({
    type: 'join',
    member,
    name: member,
    verified: true,
    seat: `${member}-seat-1`,
    keys,
    by: { kind: 'invite', jti, uses: 100, exp: 2_000_000_000, by: null },
  }) as const;

describe('a kick', () => {
  it('[P-06] closes the socket, tells the others who did it, and leaves the film alone', () => {
    const room = watching();
    const { timeline } = room;
    expect(kicking(room, 'ana', 'ben').effects).toEqual([
      { type: 'close', member: 'ben', code: 1008, reason: 'kicked' },
      { type: 'publish', message: { type: 'left', member: 'ben', by: 'ana' } },
    ]);
    expect(ids(room)).toEqual(['ana']);
    expect(room.timeline).toBe(timeline);
  });

  it('[P-06][T-08] frees a start that waited for that member', () => {
    const room = watching().command('ana', { kind: 'seek', positionMs: 9000 });
    room.input({ type: 'ready', member: 'ana', seq: room.timeline.seq });
    expect(room.timeline.phase).toBe('preparing');
    expect(kicking(room, 'ana', 'ben').timeline.phase).toBe('playing');
  });

  it.each<[Role, Role, boolean]>([
    ['host', 'co-host', true],
    ['host', 'guest', true],
    ['host', 'host', false],
    ['co-host', 'host', false],
    ['co-host', 'co-host', false],
    ['co-host', 'guest', true],
    ['guest', 'host', false],
    ['guest', 'co-host', false],
    ['guest', 'guest', false],
  ])('[P-04][P-06][peer R-22] a %s puts a %s out: %s', (by, other, may) => {
    const room = new TestRoom().join('host', 'grant');
    for (const id of ['co-host', 'co-host2', 'guest', 'guest2']) room.join(id);
    for (const member of ['co-host', 'co-host2']) room.manage('host', { kind: 'role', member, role: 'co-host' });
    kicking(room, by, by === other && other !== 'host' ? `${other}2` : other);
    expect(room.refusal()).toBe(may ? null : 'not-allowed');
    expect(ids(room)).toHaveLength(may ? 4 : 5);
  });

  it('[P-06] takes all that are the same person, and so not one who is also somebody higher', () => {
    const room = watching()
      .input(comesBy('c1', 'x', ['cem']))
      .input(comesBy('c2', 'y', ['cem']));
    expect(ids(kicking(room, 'ana', 'c1'))).toEqual(['ana', 'ben']);
    const own = new TestRoom()
      .join('ana', 'grant', ['ana'])
      .input(comesBy('ana2', 'x', ['ana']))
      .join('ben');
    own.manage('ana', { kind: 'role', member: 'ben', role: 'co-host' });
    expect(kicking(own, 'ana', 'ana2').refusal()).toBe('not-allowed');
    expect(kicking(own, 'ben', 'ana2').refusal()).toBe('not-allowed');
    expect(kicking(own, 'ana', 'nobody').refusal()).toBe('no-such-member');
  });
});

describe('who was kicked', () => {
  it('[P-06][peer R-27] does not get in by the seat, also not by one that was on its way', () => {
    const room = kicking(watching(), 'ana', 'ben');
    for (const seatNo of [1, 2, 99]) {
      room.input(resume('ben', [], null, seatNo));
      expect(room.refusal()).toBe('kicked');
    }
    expect(ids(room)).toEqual(['ana']);
  });

  it('[P-06][peer R-07][peer R-27] is known by the identity, whatever the link or the grant', () => {
    const room = watching().input(comesBy('cem', 'x', ['cem-key']));
    kicking(room, 'ana', 'cem');
    expect(room.input(comesBy('c2', 'other', ['cem-key'])).refusal()).toBe('kicked');
    expect(room.join('c3', 'grant', ['cem-key']).refusal()).toBe('kicked');
    // While the secret is being changed everybody has two keys.
    expect(room.input(comesBy('c4', 'other', ['new', 'cem-key'])).refusal()).toBe('kicked');
    expect(room.input(comesBy('dan', 'x', ['dan-key'])).refusal()).toBeNull();
  });

  it('[P-06] cannot leave the identity out: the link lets in only who has one', () => {
    for (const keys of [['cem-key'], []]) {
      const room = kicking(watching().input(comesBy('cem', 'x', keys)), 'ana', 'cem');
      expect(room.input(comesBy('c2', 'x')).refusal()).toBe('kicked');
      expect(room.input(comesBy('dan', 'x', ['dan-key'])).refusal()).toBeNull();
      expect(room.input(comesBy('eve', 'y')).refusal()).toBeNull();
    }
  });

  it('[P-06] of others who came by the same link nobody has to go', () => {
    const room = watching().input(comesBy('cem', 'x')).input(comesBy('dan', 'x'));
    kicking(room, 'ana', 'cem')
      .input({ type: 'drop', member: 'dan' })
      .input(resume('dan', [], 'x'));
    expect(room.refusal()).toBeNull();
    expect(ids(room)).toEqual(['ana', 'ben', 'dan']);
  });

  it('[P-06] while the room did not know who it was is known by the seat that is shown', () => {
    const room = new TestRoom().input(restoring('ana', issue(watching().input(comesBy('cem', 'x', ['cem-key'])))));
    room.input(resume('ana'));
    kicking(room, 'ana', 'cem');
    const before = room.room;
    expect(room.input(resume('cem', ['cem-key'], 'x')).refusal()).toBe('kicked');
    expect(changeOf(before, room.room)).toBe('room');
    expect(room.input(comesBy('c2', 'other', ['cem-key'])).refusal()).toBe('kicked');
  });

  it('[P-06] goes with a second seat, too, that was away when the room was opened anew', () => {
    const was = watching()
      .input(comesBy('c1', 'x', ['cem-key']))
      .input(comesBy('c2', 'x', ['cem-key']));
    const room = new TestRoom().input(restoring('ana', issue(was))).input(resume('ana'));
    room.input(resume('c1', ['cem-key'], 'x'));
    kicking(room, 'ana', 'c1').input(resume('c2', ['cem-key'], 'x'));
    expect(room.refusal()).toBe('kicked');
    expect(ids(room)).toEqual(['ana', 'ben']);
    expect(room.published('left')).toEqual([{ type: 'left', member: 'c2', by: null }]);
  });
});

describe('a kick and snapshots', () => {
  /** Before and after Cem is kicked. */
  const twice = () => {
    const room = watching().input(comesBy('cem', 'x', ['cem-key']));
    const older = issue(room);
    return { older, newer: issue(kicking(room, 'ana', 'cem')) };
  };

  it('[P-08][peer R-27] outlives the relay', () => {
    const room = new TestRoom().input(restoring('ana', twice().newer));
    expect(room.input(resume('cem')).refusal()).toBe('kicked');
    expect(room.input(comesBy('c2', 'y', ['cem-key'])).refusal()).toBe('kicked');
    expect(room.input(comesBy('c3', 'x')).refusal()).toBe('kicked');
  });

  it('[P-08][peer R-38] puts out who had brought the room back by an older one', () => {
    const { older, newer } = twice();
    const room = new TestRoom().input(restoring('cem', older)).input(resume('cem', ['cem-key'], 'x'));
    expect(ids(room)).toContain('cem');
    room.input(restoring('ana', newer));
    expect(room.effects).toContainEqual({ type: 'close', member: 'cem', code: 1008, reason: 'kicked' });
    expect(ids(room)).toEqual(['ana', 'ben']);
  });

  it('[P-08] also when the room has gone on meanwhile, and for who has a place there', () => {
    const { older, newer } = twice();
    const room = new TestRoom().input(restoring('cem', older)).input(resume('cem', ['cem-key'], 'x'));
    room.command('cem', { kind: 'pause', positionMs: 0 });
    const { timeline } = room;
    room.input(restoring('ana', newer));
    expect(room.effects).toContainEqual({ type: 'close', member: 'cem', code: 1008, reason: 'kicked' });
    expect(ids(room)).toEqual(['ana', 'ben']);
    expect(room.timeline).toBe(timeline);
    expect(room.input(resume('cem', ['cem-key'], 'x')).refusal()).toBe('kicked');
  });

  it('[P-08] gives nobody a place back who was kicked since', () => {
    const was = watching();
    const first = issue(was);
    const naming = issue(was.input(comesBy('cem', 'x', ['cem-key'])));
    const newest = issue(kicking(was, 'ana', 'cem'));
    const room = new TestRoom().input(restoring('ana', first)).input(resume('ana'));
    room.command('ana', { kind: 'pause', positionMs: 0 }).input(restoring('ana', newest));
    room.input(restoring('cem', naming)).input(resume('cem', ['cem-key'], 'x'));
    expect(room.refusal()).toBe('kicked');
    expect(ids(room)).toEqual(['ana', 'ben']);
  });

  it('[P-08] brings rules and roles back', () => {
    const was = watching().manage('ana', { kind: 'control', control: 'chosen' });
    was.manage('ana', { kind: 'lock', locked: true }).manage('ana', { kind: 'role', member: 'ben', role: 'host' });
    const room = new TestRoom()
      .input(restoring('ben', issue(was)))
      .input(resume('ana'))
      .input(resume('ben'));
    expect(room.roles()).toEqual(['ana:co-host', 'ben:host']);
    expect(room.input(comesBy('cem', 'x')).refusal()).toBe('room-locked');
    expect(room.join('ana2', 'grant').roles()).toContain('ana2:co-host');
  });

  it('[P-08] the newest are kept, and all that two relays know', () => {
    const many = Array.from({ length: 200 }, (_, i) => `p${i}`);
    const kept = unite(NO_BANS, many);
    expect(kept).toHaveLength(120);
    expect(kept.at(-1)).toBe('p199');
    expect(unite(['a', 'b'], ['b', 'c', 'c'])).toEqual(['a', 'b', 'c']);
    expect(unite(kept, ['p199'])).toBe(kept);
  });
});

describe('a lock', () => {
  const locked = (): TestRoom => watching().manage('ana', { kind: 'lock', locked: true });

  it('[P-07] keeps invites out, whoever shows them, until it is undone', () => {
    const room = locked();
    expect(room.published('rules')).toMatchObject([{ by: 'ana', rules: { locked: true } }]);
    expect(room.join('cem').refusal()).toBe('room-locked');
    expect(room.input(comesBy('cem', 'x', ['cem-key'])).refusal()).toBe('room-locked');
    expect(room.room.invites).toEqual(watching().room.invites);
    expect(room.manage('ana', { kind: 'lock', locked: false }).join('cem').refusal()).toBeNull();
  });

  it('[P-07] lets back in who has a seat, and the host who has the grant', () => {
    const room = locked().input({ type: 'drop', member: 'ben' }).input(resume('ben'));
    expect(room.refusal()).toBeNull();
    expect(room.join('ana2', 'grant').refusal()).toBeNull();
    expect(room.roles()).toEqual(['ana:co-host', 'ben:guest', 'ana2:host']);
  });
});
