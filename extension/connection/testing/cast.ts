import { afterEach } from 'vitest';
import type { LinkOptions } from '../link-options.ts';
import { Member } from './test-member.ts';
import { TestRelay } from './test-relay.ts';

const relays: TestRelay[] = [];
const members: Member[] = [];

afterEach(async () => {
  for (const member of members.splice(0)) member.lifetime.abort();
  for (const relay of relays.splice(0)) await relay.stop(null);
});

/** @returns a relay that listens, until the test is over. */
export async function aRelay(): Promise<TestRelay> {
  const relay = new TestRelay();
  relays.push(relay);
  await relay.start();
  return relay;
}

/** @returns a member who dials, until the test is over. */
export function aMember(relay: TestRelay, change: Partial<LinkOptions> = {}): Member {
  const member = new Member(relay, change);
  members.push(member);
  return member;
}
