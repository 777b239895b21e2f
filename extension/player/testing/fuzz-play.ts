import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { FakeBrowser } from './fake-browser.ts';
import { FakeVideo } from './fake-video.ts';
import type { Op, World } from './fuzz-ops.ts';
import { FuzzRun } from './fuzz-run.ts';

let browser: FakeBrowser | null = null;

/** The element and the timers of the page are the run's, in each test of the file. */
export function inFakeBrowser(): void {
  beforeEach(() => {
    vi.stubGlobal('HTMLMediaElement', FakeVideo);
    vi.stubGlobal('queueMicrotask', (run: () => void) => browser?.queueMicrotask(run));
    vi.stubGlobal('setTimeout', (run: () => void, delayMs?: number) => browser?.setTimeout(run, delayMs));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
}

/** @returns a run in that world in which nothing has happened yet. */
export const startRun = (world: World): FuzzRun =>
  new FuzzRun(world, (made) => {
    browser = made;
  });

/** @returns the run after all that, come to rest. */
export function play(world: World, ops: readonly Op[]): FuzzRun {
  const run = startRun(world);
  for (const op of ops) run.apply(op);
  run.comeToRest();
  expect(run.browser.thrown).toEqual([]);
  return run;
}

/** What must hold whatever happened: told and made agree, a reading is the element's, leaving leaves no trace. */
export function expectSound(run: FuzzRun, world: World): void {
  const { video, gestures, player, events } = run;
  expect(gestures.verdicts()).toEqual([]);
  expect(events.filter((event) => event.type === 'autoplay-blocked')).toHaveLength(run.refusedPlays);
  const { paused, seeking, rate } = player.read();
  expect({ paused, seeking, rate }).toEqual({ paused: video.paused, seeking: false, rate: video.playbackRate });
  const rateToLeave = gestures.rateToLeave();
  run.leave();
  expect(video.preservesPitch).toBe(world.pitch);
  if (rateToLeave !== null) expect(video.playbackRate).toBe(rateToLeave);
}

export type Told = { type: string; positionMs?: number; rate?: number };
/** What was taken for a person's doing. */
export const toldBy = (run: FuzzRun): Told[] => run.events.filter((event) => event.type.startsWith('user-'));
