import { afterEach, describe, expect, it } from 'vitest';
import { fuzz } from './testing/fuzz/fuzz.ts';
import { type RelayProcess, startRelayProcess } from './testing/process.ts';

/** Over both adapters together; `npm run fuzz` sends as many as one likes. */
const MESSAGES = Number(process.env.OSP_FUZZ_MESSAGES ?? 50_000);
const SEED = Number(process.env.OSP_FUZZ_SEED ?? Date.now() % 1_000_000);

let relay: RelayProcess | null = null;
afterEach(async () => {
  await relay?.stop();
  relay = null;
});

describe.each(['uws', 'ws'])('the relay process on %s', (socket) => {
  it(
    `[peer R-15][peer R-19][peer R-20][peer R-30] stands ${MESSAGES / 2} messages from plausible to noise, seed ${SEED}`,
    async () => {
      relay = await startRelayProcess({ OSP_SOCKET: socket });
      const result = await fuzz(relay, { messages: MESSAGES / 2, seed: SEED });
      expect(result).toMatchObject({ faults: [], witness: { faults: [] } });
      expect(relay.output()).not.toMatch(/"level":[56]0/);
      // It was heard out, not just turned away: the rooms did what most of the messages said.
      expect(result.answers.timeline).toBeGreaterThan(MESSAGES / 50);
      expect(result.answers.welcome).toBeGreaterThan(MESSAGES / 500);
      expect(result.witness.delivered).toBeGreaterThan(5);
      expect(result.witness.slowestMs).toBeLessThan(5_000);
      expect(result.heapBytes.late).toBeLessThan(result.heapBytes.early * 1.1 + 4e6);
      expect(result.files.late).toBeLessThanOrEqual(result.files.early + 2);
      expect(result.residentBytes.peak).toBeLessThan(400e6);
    },
    60_000 + MESSAGES * 5,
  );
});
