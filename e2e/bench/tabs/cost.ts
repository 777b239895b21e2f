/** What our script costs the page's main thread, from the DevTools CPU profile of a playing tab. */
import { setTimeout as delay } from 'node:timers/promises';
import { devtoolsOf } from '../../support/chromium.ts';
import type { Tab } from '../../support/tab.ts';

/** The part of a DevTools `Profiler.Profile` that is looked at. */
export interface CpuProfile {
  nodes: readonly { id: number; callFrame: { functionName: string; url: string }; children?: readonly number[] }[];
  /** Node on top of the stack at each look. */
  samples?: readonly number[];
  /** Microseconds from the look before to each look. */
  timeDeltas?: readonly number[];
}

export interface Cost {
  seconds: number;
  /** Share of one core, in percent: everything below a frame of ours, the browser's own functions included. */
  percentOfCore: number;
  /** Longest time that one of our frames was on the stack without a break, in ms. */
  longestMs: number;
  /** Times that the thread was busy for more than 50 ms without a break with our script in it. */
  longTasks: number;
}

const SAMPLE_EVERY_US = 250;
const LONG_TASK_MS = 50;
const IDLE = '(idle)';

/** Profiles a Chromium tab. The profiler itself slows what it watches a little, so the cost is rather less than said. */
export async function measureCost(tab: Tab, seconds: number): Promise<Cost> {
  const devtools = await devtoolsOf(tab);
  await devtools.send('Profiler.enable');
  await devtools.send('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await devtools.send('Profiler.start');
  await delay(seconds * 1000);
  const { profile } = await devtools.send('Profiler.stop');
  await devtools.detach();
  return costOf(profile, (url) => url.startsWith('chrome-extension://'));
}

/** PURE. @param isOurs by the address of a frame's script. */
export function costOf(profile: CpuProfile, isOurs: (url: string) => boolean): Cost {
  const ours = nodesBelow(profile, isOurs);
  const idle = new Set(profile.nodes.filter(({ callFrame }) => callFrame.functionName === IDLE).map(({ id }) => id));
  const cost: Cost = { seconds: 0, percentOfCore: 0, longestMs: 0, longTasks: 0 };
  let oursMs = 0;
  let stretchMs = 0;
  let task = { ms: 0, hasOurs: false };
  for (const [index, id] of (profile.samples ?? []).entries()) {
    // A look stands for the time until the next one.
    const ms = Math.max(0, profile.timeDeltas?.[index + 1] ?? 0) / 1000;
    cost.seconds += ms / 1000;
    const isOurTime = ours.has(id);
    stretchMs = isOurTime ? stretchMs + ms : 0;
    if (isOurTime) oursMs += ms;
    cost.longestMs = Math.max(cost.longestMs, stretchMs);
    const wasLong = task.hasOurs && task.ms > LONG_TASK_MS;
    task = idle.has(id) ? { ms: 0, hasOurs: false } : { ms: task.ms + ms, hasOurs: task.hasOurs || isOurTime };
    if (!wasLong && task.hasOurs && task.ms > LONG_TASK_MS) cost.longTasks += 1;
  }
  cost.percentOfCore = cost.seconds === 0 ? 0 : (oursMs / (cost.seconds * 1000)) * 100;
  return cost;
}

/** @returns the nodes of our frames and of all that they called. */
function nodesBelow({ nodes }: CpuProfile, isOurs: (url: string) => boolean): Set<number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const below = new Set<number>();
  const waiting = nodes.filter(({ callFrame }) => isOurs(callFrame.url)).map(({ id }) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (below.has(id)) continue;
    below.add(id);
    waiting.push(...(byId.get(id)?.children ?? []));
  }
  return below;
}
