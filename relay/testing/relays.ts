import { afterEach } from 'vitest';
import { startTestRelay, type TestRelay } from './relay.ts';

/** @returns what starts a relay as `startTestRelay` does; each is closed when the test that started it ends. */
export function testRelays(): typeof startTestRelay {
  const relays: TestRelay[] = [];
  afterEach(async () => {
    for (const relay of relays.splice(0)) await relay.close();
  });
  return async (options) => {
    const relay = await startTestRelay(options);
    relays.push(relay);
    return relay;
  };
}
