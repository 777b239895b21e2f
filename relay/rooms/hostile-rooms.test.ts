import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Socket } from '../server/port.ts';
import type { LiveRoom } from './live-room.ts';
import { createRegistry, type Registry, randomId } from './registry.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const deaf: Socket = {
  send: () => 'sent',
  close: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
};

function come(room: LiveRoom): string {
  const member = randomId();
  const by = { kind: 'grant' } as const;
  const newcomer = { socket: deaf, seatToken: 'x'.repeat(20), version: 1, identityMs: null };
  room.input({ type: 'join', member, name: 'Ana', verified: true, seat: randomId(), by }, newcomer);
  return member;
}

function start(): { registry: Registry; refused: string[] } {
  const refused: string[] = [];
  const registry = createRegistry({
    publish: () => undefined,
    nowMs: () => performance.now(),
    maxMembers: 50,
    onRefused: (code) => refused.push(code),
    signSnapshot: () => 'a-token-of-some-length',
    onChange: () => undefined,
  });
  return { registry, refused };
}

describe('rooms that strangers fill a relay with', () => {
  it('[peer R-20] a thousand that were left, dropped or never entered are all gone in time, timers and all', () => {
    const { registry } = start();
    for (let count = 0; count < 1_000; count++) {
      const room = registry.getOrOpen(randomId());
      if (count % 3 === 0) continue;
      const member = come(room);
      if (count % 3 === 1) room.leave(member, deaf);
      else room.socketClosed(member, deaf);
    }
    expect(registry.size()).toBe(1_000);
    vi.advanceTimersByTime(15 * 60_000);
    expect(registry.size()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[peer R-17] are only so many, and those that are there go on', () => {
    const { registry } = start();
    const first = registry.getOrOpen('first');
    for (let count = 1; count < 10_000; count++) registry.getOrOpen(String(count));
    expect(() => registry.getOrOpen('one more')).toThrow('full');
    expect(registry.getOrOpen('first')).toBe(first);
    expect(first.nameOf(come(first))).toBe('Ana');
    registry.close();
  });

  it('[peer R-17] hold so many members and no more', () => {
    const { registry } = start();
    const room = registry.getOrOpen('room');
    for (let count = 0; count < 50; count++) come(room);
    expect(() => come(room)).toThrow('full');
    registry.close();
  });
});

describe('the time of day', () => {
  it('[peer R-33] is looked at by tokens, snapshots, what a browser keeps, ends of links, and the doctor alone: all else knows only monotonic clocks', () => {
    const sources = ['relay', 'shared', 'extension'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^testing/.test(path))
        .map((path) => `${folder}/${path}`),
    );
    expect(sources.length).toBeGreaterThan(100);
    const users = sources.filter((path) => /\bDate\.|new Date\b/.test(readFileSync(path, 'utf8')));
    expect(users).toContain('relay/auth/tokens.ts');
    for (const path of users)
      expect(path).toMatch(
        /^relay\/(auth|doctor)\/|^relay\/(server\/api|rooms\/gathering|rooms\/live-room)\.ts$|^extension\/(background\/(main|short-code)|content\/links|overlay\/format)\.ts$/,
      );
  });
});
