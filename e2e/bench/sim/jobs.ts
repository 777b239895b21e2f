/** Spreads the parties over the cores: each child process plays one at a time, and asks for the next when it is done. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RunFigures } from './run.ts';

export interface Job {
  scenario: string;
  algorithm: string;
  seed: number;
  forMs: number;
}

export interface Result {
  job: Job;
  figures: RunFigures;
}

const PLAYER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Runs all jobs. @returns the results, in the order of the jobs. */
export async function runJobs(jobs: readonly Job[], onDone: (done: number) => void): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let done = 0;
  const takeTurns = async (): Promise<void> => {
    // Typed arrays as they are: a party has some ten thousand samples.
    const child = fork(PLAYER, { serialization: 'advanced' });
    try {
      while (next < jobs.length) {
        const index = next++;
        const job = jobs[index];
        if (!job) break;
        results[index] = { job, figures: await ask(child, job) };
        onDone(++done);
      }
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, takeTurns));
  return results;
}

function ask(child: ChildProcess, job: Job): Promise<RunFigures> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`a party broke off: ${JSON.stringify(job)}`));
    child.once('exit', onExit);
    child.once('message', (figures: RunFigures) => {
      child.off('exit', onExit);
      resolve(figures);
    });
    child.send(job);
  });
}
