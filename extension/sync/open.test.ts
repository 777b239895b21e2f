import { expect, it } from 'vitest';
import type { Timeline } from '../../shared/protocol.ts';
import { createEngine, type EngineInput, step } from './engine.ts';

const RELAY_MINUS_LOCAL_MS = 50_000;

it('opens the film where the party is now, so not before the clock of the relay is known', () => {
  const media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: 600_000 };
  const startedAtMs = 1_000 + RELAY_MINUS_LOCAL_MS;
  const timeline: Timeline = { epoch: 0, seq: 1, phase: 'playing', positionMs: 0, rate: 1, atMs: startedAtMs, media };
  let state = createEngine({ idPrefix: 'me', nowMs: 61_000 });
  const give = (input: EngineInput, nowMs: number) => {
    const result = step(state, input, nowMs, null);
    state = result.state;
    return result.effects.filter((effect) => effect.type === 'open');
  };
  expect(give({ type: 'link', open: true }, 61_000)).toEqual([]);
  const s = 61_000 + RELAY_MINUS_LOCAL_MS;
  const welcome = { type: 'timeline', timeline, waitMs: 30_000, s, receivedAtMs: 61_002, ownCommand: null } as const;
  expect(give(welcome, 61_002)).toEqual([]);
  const pong = { type: 'pong', c: 61_003, s: 61_005 + RELAY_MINUS_LOCAL_MS, receivedAtMs: 61_007 } as const;
  expect(give(pong, 61_007)).toEqual([{ type: 'open', media, positionMs: 60_007 }]);
});
