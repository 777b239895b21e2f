import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import { issue, restoring } from '../testing/kept.ts';
import { itemOf, toAction, toManage } from '../testing/model/messages.ts';
import { MOVES } from '../testing/model/moves.ts';
import { type Item, type Move, PartyModel } from '../testing/model/party.ts';
import { TestRoom } from '../testing/rooms.ts';
import { wakeAtMs } from './room.ts';

const STEPS = 100_000;
const SEED = Date.now() % 1_000_000_000;

const tally = { steps: 0, refusals: new Map<ErrorCode, number>(), kinds: new Map<string, number>() };

/** The room under test; its members have the model's names. */
class Real {
  room = new TestRoom();

  /** @returns why the move was refused. */
  do(move: Move, model: PartyModel): ErrorCode | null {
    const { room } = this;
    const name = 'chair' in move && move.type !== 'join' ? model.last(move.chair).name : '';
    switch (move.type) {
      case 'join': {
        const by =
          move.way === 'grant'
            ? ({ kind: 'grant' } as const)
            : ({ kind: 'invite', jti: move.way, uses: 1e9, exp: 2_000_000_000, by: null } as const);
        const keys = move.who === null ? [] : [move.who];
        const seat = `${model.nextName()}-seat`;
        room.input({ type: 'join', member: model.nextName(), name: 'N', verified: true, seat, keys, by });
        break;
      }
      case 'resume': {
        const { who, way } = model.last(move.chair);
        const person = room.person(name);
        room.input({
          type: 'resume',
          member: name,
          seat: person?.seat ?? 'a-seat-of-before',
          seatNo: person?.seatNo ?? 1,
          nextSeat: `${name}-${room.nowMs}`,
          keys: who === null ? [] : [who],
          invite: way === 'grant' ? null : way,
        });
        break;
      }
      case 'leave':
      case 'drop':
        room.input({ type: move.type, member: name });
        break;
      case 'wait':
        this.#pass(move.ms);
        break;
      case 'restart':
        this.#restart();
        break;
      default:
        this.#say(name, move, model);
    }
    return this.room.refusal();
  }

  #say(name: string, move: Extract<Move, { chair: number }>, model: PartyModel): void {
    const action = toAction(move);
    const base = this.room.timeline.seq + (move.type === 'command' && move.isStale ? 1 : 0);
    if (action) this.room.input({ type: 'command', member: name, id: 'c', base, action });
    else
      this.room.manage(
        name,
        toManage(move, { member: (chair) => model.last(chair).name, entry: (item) => this.#entry(item) }),
      );
  }

  #entry(item: Item): string {
    return this.room.room.queue.entries.find(({ media }) => itemOf(media.itemId) === item)?.id ?? 'none';
  }

  #pass(ms: number): void {
    const { room } = this;
    const untilMs = room.nowMs + ms;
    for (let dueMs = wakeAtMs(room.room); dueMs !== null && dueMs <= untilMs; dueMs = wakeAtMs(room.room)) {
      room.input({ type: 'tick' }, dueMs);
      if (room.effects.some(({ type }) => type === 'forget')) break;
    }
    room.nowMs = untilMs;
    room.effects = [];
  }

  /** Another relay opens the room anew from its newest snapshot. */
  #restart(): void {
    const { nowMs } = this.room;
    const snapshot = issue(this.room);
    const bearer = this.room.room.people[0]?.id ?? '';
    this.room = new TestRoom().input(restoring(bearer, snapshot), nowMs);
    this.room.effects = [];
  }
}

class Step implements fc.Command<PartyModel, Real> {
  readonly move: Move;

  constructor(move: Move) {
    this.move = move;
  }

  check(model: Readonly<PartyModel>): boolean {
    return model.applies(this.move);
  }

  run(model: PartyModel, real: Real): void {
    const { move } = this;
    const item = model.item;
    const { seq } = real.room.timeline;
    const target = model.undo;
    const by = 'chair' in move && move.type !== 'join' ? model.last(move.chair).name : null;
    const refused = real.do(move, model);
    const expected = model.run(move);
    deepStrictEqual(refused, expected);
    this.#checkFilm(model, real, { item, seq, target, by, isDone: expected === null });
    checkRoom(model, real.room);
    tally.steps += 1;
    tally.kinds.set(move.type, (tally.kinds.get(move.type) ?? 0) + 1);
    if (expected) tally.refusals.set(expected, (tally.refusals.get(expected) ?? 0) + 1);
  }

  #checkFilm(
    model: PartyModel,
    { room }: Real,
    before: { item: Item | null; seq: number; target: PartyModel['undo']; by: string | null; isDone: boolean },
  ): void {
    const { move } = this;
    const [told] = room.published('timeline');
    if (!before.isDone || !['command', 'seek', 'media'].includes(move.type)) return;
    deepStrictEqual(told?.timeline.seq, before.seq + 1);
    const isUndo = move.type === 'command' && move.kind === 'undo';
    if (isUndo) deepStrictEqual(told?.timeline.positionMs, before.target?.positionMs);
    if (isUndo || move.type !== 'command')
      model.moved(told?.fromMs, before.item, move.type === 'seek' ? before.by : null);
  }

  toString(): string {
    return JSON.stringify(this.move);
  }
}

function checkRoom(model: PartyModel, { room }: TestRoom): void {
  same(
    {
      people: room.people.map(({ id, role, presence }) => [id, role, presence.state === 'connected']),
      rules: room.house.rules,
      item: itemOf(room.timeline.media?.itemId),
      queue: room.queue.entries.map(({ media, by, votes }) => [itemOf(media.itemId), by, [...votes].sort()]),
      hosts: room.people.filter(({ role }) => role === 'host').length,
    },
    {
      people: model.people.map(({ name, role, awayUntilMs }) => [name, role, awayUntilMs === null]),
      rules: model.rules,
      item: model.item,
      queue: model.queue.map(({ item, by, votes }) => [item, by, [...votes].sort()]),
      hosts: Math.min(1, model.people.length),
    },
  );
}

/** Compared as text, which is quick; said in full when it differs. */
function same(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) deepStrictEqual(found, wanted);
}

const TIMELY: typeof MOVES = [
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(0, 900, 4000, 6000, 61_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
];

describe('a party, whatever its people do', () => {
  it(`[P-02][P-03][P-04][P-06][P-07][P-08][R-15][Q-01][peer R-22][peer R-26][peer R-27] is what the model says, seed ${SEED}`, () => {
    const steps = fc.oneof(...MOVES, ...TIMELY).map((move) => new Step(move));
    for (let run = 0; tally.steps < STEPS; run++) {
      fc.assert(
        fc.property(fc.commands([steps], { maxCommands: 400, size: 'max' }), (commands) => {
          fc.modelRun(() => ({ model: new PartyModel(), real: new Real() }), commands);
        }),
        { numRuns: 50, seed: SEED + run },
      );
    }
    // What never happened would prove nothing.
    for (const code of ['kicked', 'room-locked', 'not-allowed', 'no-such-member', 'nothing-to-undo'] as const) {
      expect(tally.refusals.get(code) ?? 0, code).toBeGreaterThan(100);
    }
    for (const [kind, count] of tally.kinds) expect(count, kind).toBeGreaterThan(100);
  }, 120_000);
});
