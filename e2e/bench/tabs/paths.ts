/** The members' paths to the relay, as addresses: whoever talks to one of them is as far from the relay as that path says. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../support/places.ts';
import type { Path } from './conditions.ts';
import type { PathCut, PathErrors, PathOrder, PathReply } from './path-process.ts';

export interface Paths {
  /** The relay's address for each member. */
  urls: string[];
  /** The model's own error since the last question. */
  errors(): Promise<PathErrors>;
  /** Nothing gets through on this member's path for so long. */
  cut(member: number, forMs: number): Promise<void>;
  close(): Promise<void>;
}

/** @param seed of the packets' jitter. @param paths one for each member. */
export async function openPaths(relayUrl: string, seed: number, paths: readonly Path[]): Promise<Paths> {
  const child = fork(fileURLToPath(new URL('path-process.ts', import.meta.url)), {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    // A session of its own: Linux shares the processor out by sessions before it looks at priorities.
    detached: true,
  });
  const exited = once(child, 'exit');
  const ask = async (order: PathOrder | PathCut | 'errors'): Promise<PathReply> => {
    child.send(order);
    const answer = await Promise.race([once(child, 'message'), exited.then(() => null)]);
    if (!answer) throw new Error('the process of the paths ended');
    return answer[0] as PathReply;
  };
  const { hostname, port } = new URL(relayUrl);
  const opened = await ask({ relay: { host: hostname, port: Number(port) }, seed, paths });
  if (opened.type !== 'ports') throw new Error('the process of the paths did not open them');
  return {
    urls: opened.ports.map((each) => `http://127.0.0.1:${each}`),
    errors: async () => {
      const answer = await ask('errors');
      if (answer.type !== 'errors') throw new Error('the process of the paths did not answer');
      return answer.errors;
    },
    cut: async (cut, forMs) => {
      await ask({ cut, forMs });
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
