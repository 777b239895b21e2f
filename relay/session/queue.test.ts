import { expect, it } from 'vitest';
import type { SnapshotClaims } from '../auth/claims.ts';
import { hello, type TestClient } from '../testing/client.ts';
import type { TestRelay } from '../testing/relay.ts';
import { testRelays } from '../testing/relays.ts';
import { FILM } from '../testing/rooms.ts';

const aRelay = testRelays();

const item = (digit: string) => ({ ...FILM, itemId: digit.repeat(32) });
const add = (digit: string) =>
  ({ type: 'manage', id: `add-${digit}`, action: { kind: 'queue-add', media: item(digit) } }) as const;

/** @returns the first snapshot that this client is given which says so. */
async function snapshotOf(relay: TestRelay, client: TestClient, says: (claims: SnapshotClaims) => boolean) {
  for (;;) {
    const { snapshot } = await client.next('snapshot');
    if (says(await relay.tokens.verify('snapshot', snapshot.token))) return snapshot;
  }
}

it('[Q-01][S-02] a queue is everybody’s at once, and outlives its relay with who added and voted', async () => {
  const first = await aRelay();
  const ana = await first.host('Ana');
  const ben = await first.guest(ana, 'Ben');
  ben.send(add('1'));
  await ana.next('queue', ({ id }) => id === 'add-1');
  ana.send(add('2'));
  ana.send({ type: 'manage', id: 'v', action: { kind: 'queue-vote', entry: 'q2', up: true } });
  const { entries } = await ben.next('queue', ({ id }) => id === 'v');
  expect(entries).toMatchObject([
    { id: 'q2', media: item('2'), by: ana.id, votes: [ana.id] },
    { id: 'q1', media: item('1'), by: ben.id, votes: [] },
  ]);
  const snapshot = await snapshotOf(first, ben, ({ queue }) => queue.entries[0]?.votes.length === 1);
  await first.close();
  const second = await aRelay();
  const again = await second.knock(ben.room);
  again.send(hello({ kind: 'seat', seat: ben.seat }, 1, { snapshot }));
  expect((await again.next('welcome')).queue).toEqual(entries);
});

it('[Q-01] a member who changes it all the time is slowed down, and stays', async () => {
  const relay = await aRelay();
  const ana = await relay.host('Ana');
  for (let i = 0; i < 21; i += 1) ana.send(add('1'));
  expect(await ana.next('error')).toMatchObject({ code: 'rate-limited', id: 'add-1' });
  ana.send({ type: 'ping', c: 1 });
  await ana.next('pong');
});
