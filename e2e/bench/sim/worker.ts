/** A child process of jobs.ts: plays the parties it is told to. */
import { ALGORITHMS } from './algorithms/all.ts';
import type { Job } from './jobs.ts';
import { run } from './run.ts';
import { SCENARIOS } from './scenarios.ts';

process.on('message', (job: Job) => {
  const scenario = SCENARIOS.find(({ name }) => name === job.scenario);
  const algorithm = ALGORITHMS.find(({ name }) => name === job.algorithm);
  if (!scenario || !algorithm) throw new Error(`no such party: ${job.scenario} ${job.algorithm}`);
  process.send?.(run(scenario, algorithm, job.seed, job.forMs));
});
