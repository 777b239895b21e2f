import type { Tokens } from '../../auth/tokens.ts';
import { randomId } from '../../rooms/registry.ts';
import { connect, hello } from '../client.ts';
import { FILM } from '../rooms.ts';

/** How two well-behaved members fared. */
export interface Witnessed {
  /** Commands of one that reached the other. */
  delivered: number;
  /** Longest time from command to delivery, in ms. */
  slowestMs: number;
  /** In words, when they were not served. */
  faults: string[];
}

/** As often as a lively person clicks. */
const EVERY_MS = 200;

/** Two members of a room of their own, one pausing and playing and the other watching, until stopped. */
export async function startWitness(
  { wsUrl }: { wsUrl: string },
  tokens: Tokens,
): Promise<{ result: Witnessed; stop: () => Promise<void> }> {
  const room = randomId();
  const result: Witnessed = { delivered: 0, slowestMs: 0, faults: [] };
  const enter = async (name: string, address: string) => {
    const client = await connect(`${wsUrl}/v1/rooms/${room}`, { 'x-forwarded-for': address });
    const grant = await tokens.mint('grant', { room, sub: name, name, verified: true }, 60_000);
    client.send(hello({ kind: 'grant', grant }));
    await client.next('welcome');
    return client;
  };
  const [actor, watcher] = [await enter('Ana', '192.0.2.1'), await enter('Ben', '192.0.2.2')];
  actor.send({ type: 'command', id: 'm', base: 0, action: { kind: 'media', media: FILM, positionMs: 0, play: true } });
  let { seq } = (await watcher.next('timeline')).timeline;
  let running = true;
  const loop = async (): Promise<void> => {
    for (let round = 0; running; round++) {
      const action = round % 2 === 0 ? ({ kind: 'pause', positionMs: 0 } as const) : ({ kind: 'play' } as const);
      const sentMs = performance.now();
      actor.send({ type: 'command', id: `r${round}`, base: seq, action });
      ({ seq } = (await watcher.next('timeline', ({ id }) => id === `r${round}`)).timeline);
      result.slowestMs = Math.max(result.slowestMs, performance.now() - sentMs);
      result.delivered += 1;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  const done = loop().catch((error: unknown) => {
    result.faults.push(String(error));
  });
  return {
    result,
    stop: async () => {
      running = false;
      await done;
      for (const client of [actor, watcher]) client.close();
    },
  };
}
