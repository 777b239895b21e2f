import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Credential, RelayMessage } from '../../shared/protocol.ts';
import { randomId } from '../rooms/registry.ts';
import { hello, type TestClient } from '../testing/client.ts';
import { itemOf, toAction, toManage } from '../testing/model/messages.ts';
import { MOVES } from '../testing/model/moves.ts';
import { type Move, PartyModel } from '../testing/model/party.ts';
import { startTestRelay, type TestRelay } from '../testing/relay.ts';

const STEPS = 2_000;
const SEED = Date.now() % 1_000_000_000;

let steps = 0;
let relay: TestRelay;
beforeAll(async () => {
  const many = { burst: 100_000, perSecond: 10_000 };
  relay = await startTestRelay({ addressLimits: { sockets: 10_000, handshakes: many, tokens: many } });
});
afterAll(() => relay.close());

interface Sitting {
  client: TestClient;
  id: string;
  seat: string;
}

type Told = Extract<RelayMessage, { type: 'timeline' }>;
type Welcome = Extract<RelayMessage, { type: 'welcome' }>;
type Answer = { refused: ErrorCode; told: null } | { refused: null; told: Told | null };

/** A room of a real relay, with a socket for each of the model's people. */
class Real {
  readonly #room = randomId();
  readonly #sitting = new Map<number, Sitting>();
  readonly #ids = new Map<string, string>();
  /** The last welcome, which shows the whole room. */
  #newest: Welcome | null = null;
  #seq = 0;
  #sent = 0;

  async do(move: Move, model: PartyModel): Promise<Answer> {
    if (move.type === 'join') return this.#join(move, model);
    if (!('chair' in move)) throw new Error('the time passes by itself');
    const sitting = this.#at(move.chair);
    if (move.type === 'resume') return this.#resume(move.chair, model);
    if (move.type === 'leave') {
      sitting.client.send({ type: 'leave' });
      await sitting.client.closed;
      return { refused: null, told: null };
    }
    const answer = await this.#say(sitting.client, move);
    if (answer.told) this.#seq = answer.told.timeline.seq;
    return answer;
  }

  /** Who is not in the party any more was put out by its relay. */
  async checkKicked(names: readonly number[]): Promise<void> {
    for (const chair of names) deepStrictEqual(await this.#at(chair).client.closed, { code: 1008, reason: 'kicked' });
  }

  close(): void {
    for (const { client } of this.#sitting.values()) client.vanish();
  }

  async #join({ chair, who, way }: Extract<Move, { type: 'join' }>, model: PartyModel): Promise<Answer> {
    const name = model.nextName();
    const client = await relay.knock(this.#room);
    client.send(hello(await this.#credential(who, way)));
    return this.#entered(chair, name, client);
  }

  async #resume(chair: number, model: PartyModel): Promise<Answer> {
    const client = await relay.knock(this.#room);
    client.send(hello({ kind: 'seat', seat: this.#at(chair).seat }));
    return this.#entered(chair, model.last(chair).name, client);
  }

  async #entered(chair: number, name: string, client: TestClient): Promise<Answer> {
    const welcome = await Promise.race([client.next('welcome').catch(() => null), client.closed.then(() => null)]);
    if (!welcome) return { refused: (await client.closed).reason as ErrorCode, told: null };
    this.#sitting.set(chair, { client, id: welcome.you, seat: welcome.seat });
    this.#ids.set(welcome.you, name);
    this.#seq = welcome.timeline.seq;
    this.#newest = welcome;
    return { refused: null, told: null };
  }

  /** @returns the room as that welcome has it, by the model's names. */
  seen(): unknown {
    const { members, rules, timeline, queue } = this.#newest ?? { members: [] };
    return {
      people: members.map(({ id, role }) => `${this.#ids.get(id)} ${role}`),
      rules,
      item: itemOf(timeline?.media?.itemId),
      queue: (queue ?? []).map(({ media, votes }) => ({ item: itemOf(media.itemId), votes: votes.length })),
    };
  }

  async #credential(who: string | null, way: string): Promise<Credential> {
    const room = this.#room;
    const person = { sub: `${who}@server`, name: who ?? 'Guest', verified: true };
    if (way === 'grant') {
      return { kind: 'grant', grant: await relay.tokens.mint('grant', { room, ...person }, 60_000) };
    }
    const shown = { by: 'Ana', title: null, itemId: null, serverId: null, jellyfinUrl: 'http://jellyfin.test' };
    const invite = await relay.tokens.mint('invite', { room, jti: way, uses: 1_000_000, ...shown }, 60_000);
    if (who === null) return { kind: 'invite', invite, name: 'Guest' };
    return { kind: 'invite', invite, identity: await relay.tokens.mint('identity', person, 60_000) };
  }

  async #say(client: TestClient, move: Extract<Move, { chair: number }>): Promise<Answer> {
    this.#sent += 1;
    const id = `x${this.#sent}`;
    const action = toAction(move);
    const base = this.#seq + (move.type === 'command' && move.isStale ? 1 : 0);
    const names = { member: (chair: number) => this.#at(chair).id, entry: () => 'unknown' };
    if (action) client.send({ type: 'command', id, base, action });
    else client.send({ type: 'manage', id, action: toManage(move, names) });
    return answered(client, id, this.#sent, action !== null);
  }

  #at(chair: number): Sitting {
    const sitting = this.#sitting.get(chair);
    if (!sitting) throw new Error('nobody sat there');
    return sitting;
  }
}

/** The relay answers a ping after what came before it: by then a refusal is there, and what is told to all on its way. */
async function answered(client: TestClient, id: string, c: number, isCommand: boolean): Promise<Answer> {
  client.send({ type: 'ping', c });
  let before: readonly RelayMessage[] = [];
  await client.next('pong', (pong) => {
    before = [...client.rest()];
    return pong.c === c;
  });
  for (const message of before) {
    if (message.type === 'error' && message.id === id) return { refused: message.code, told: null };
    if (message.type === 'timeline' && message.id === id) return { refused: null, told: message };
  }
  return { refused: null, told: isCommand ? await client.next('timeline', (message) => message.id === id) : null };
}

class Step implements fc.AsyncCommand<PartyModel, Real> {
  readonly move: Move;

  constructor(move: Move) {
    this.move = move;
  }

  check(model: Readonly<PartyModel>): boolean {
    // Who asked when, and who is away how long, are the pure test's: here time passes as it likes.
    return model.applies(this.move) && !['drop', 'ask', 'queue-remove'].includes(this.move.type);
  }

  async run(model: PartyModel, real: Real): Promise<void> {
    const { move } = this;
    const { item, undo } = model;
    const target = undo?.positionMs;
    const before = [0, 1, 2, 3, 4, 5].filter((chair) => model.on(chair));
    const by = 'chair' in move && move.type !== 'join' ? model.last(move.chair).name : null;
    const { refused, told } = await real.do(move, model);
    deepStrictEqual(refused, model.run(move));
    if (told) {
      model.nowMs = told.s;
      const isUndo = told.cause === 'undo';
      if (isUndo) deepStrictEqual(told.timeline.positionMs, target);
      if (isUndo || move.type !== 'command') model.moved(told.fromMs, item, move.type === 'seek' ? by : null);
    }
    if (move.type === 'kick') await real.checkKicked(before.filter((chair) => !model.on(chair)));
    if ((move.type === 'join' || move.type === 'resume') && refused === null) checkWelcome(model, real);
    steps += 1;
  }

  toString(): string {
    return JSON.stringify(this.move);
  }
}

function checkWelcome(model: PartyModel, real: Real): void {
  deepStrictEqual(real.seen(), {
    people: model.people.map(({ name, role }) => `${name} ${role}`),
    rules: model.rules,
    item: model.item,
    queue: model.queue.map(({ item, votes }) => ({ item, votes: votes.length })),
  });
}

const OPENING: Move = { type: 'join', chair: 0, who: 'opener', way: 'grant' };

describe('a party of a real relay, whatever its people do', () => {
  it(`[P-02][P-03][P-04][P-06][P-07][R-15][peer R-22][peer R-27] is what the model says, over sockets, seed ${SEED}`, async () => {
    const moves = fc.oneof(...MOVES).map((move) => new Step(move));
    for (let run = 0; steps < STEPS; run++) {
      await fc.assert(
        fc.asyncProperty(fc.commands([moves], { maxCommands: 150, size: 'max' }), async (commands) => {
          const [model, real] = [new PartyModel(), new Real()];
          await new Step(OPENING).run(model, real);
          try {
            await fc.asyncModelRun(() => ({ model, real }), commands);
            for (const chair of [0, 1, 2, 3, 4, 5]) {
              if (model.on(chair)) await new Step({ type: 'resume', chair }).run(model, real);
            }
          } finally {
            real.close();
          }
        }),
        { numRuns: 4, seed: SEED + run },
      );
    }
  }, 120_000);
});
