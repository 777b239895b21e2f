import { describe, expect, it } from 'vitest';
import type { Memory } from '../sync/state.ts';
import { createLearned } from './learned.ts';

const memory: Memory = {
  latencies: { 'direct/cold': [70, 72] },
  choice: { type: 'trim', pitch: 'natural' },
  pace: 20e-6,
  skew: -30e-6,
};

function keep(agent = 'Browser/1', relay = 'https://a'): unknown {
  let stored: unknown;
  createLearned(undefined, agent, (kept) => {
    stored = JSON.parse(JSON.stringify(kept));
  }).keep(relay, memory);
  return stored;
}

const ignore = (): void => undefined;

describe('what was learned', () => {
  it('comes back for the same relay, as it was', () => {
    expect(createLearned(keep(), 'Browser/1', ignore).recall('https://a')).toEqual(memory);
  });

  it('of the device holds for another relay, whose clock has another pace', () => {
    expect(createLearned(keep(), 'Browser/1', ignore).recall('https://b')).toEqual({ ...memory, pace: 0, skew: 0 });
  });

  it('is forgotten after an update of the browser', () => {
    expect(createLearned(keep(), 'Browser/2', ignore).recall('https://a')).toBeUndefined();
  });

  it.each([undefined, null, 5, {}, { device: {} }, { relays: [] }])('is nothing when storage holds %j', (stored) => {
    expect(createLearned(stored, 'Browser/1', ignore).recall('https://a')).toBeUndefined();
  });

  it('does not grow with the relays', () => {
    let stored: { relays?: unknown[] } = {};
    const learned = createLearned(undefined, 'Browser/1', (kept) => {
      stored = kept;
    });
    for (let i = 0; i < 50; i++) learned.keep(`https://${i}`, memory);
    expect(stored.relays).toHaveLength(20);
    expect(learned.recall('https://49')).toEqual(memory);
  });
});
