/** The part that runs inside the browser. */
import type { Stretch } from './fit.ts';

export interface Plan {
  preservesPitch: boolean;
  /** Rates in order, and how long each is held, in ms. */
  stretches: readonly { rate: number; forMs: number }[];
}

/** Self-contained: plays the page's video at these rates, and reads its clock as often as timers allow. */
export async function playStretches({ preservesPitch, stretches }: Plan): Promise<Stretch[]> {
  const video = document.querySelector('video');
  if (!video) throw new Error('no video in the page');
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  video.playbackRate = 1;
  video.preservesPitch = preservesPitch;
  await video.play();
  // The start has its own unsteadiness, which is not what is measured here.
  await pause(1_000);
  const done: Stretch[] = [];
  for (const { rate, forMs } of stretches) {
    video.playbackRate = rate;
    const fromMs = performance.now();
    const readings: [number, number][] = [];
    while (performance.now() - fromMs < forMs) {
      const beforeMs = performance.now();
      const positionMs = video.currentTime * 1000;
      const afterMs = performance.now();
      // Interrupted between the two clocks: says nothing.
      if (afterMs - beforeMs < 1) readings.push([(beforeMs + afterMs) / 2, positionMs]);
      await pause(5);
    }
    done.push({ rate, fromMs, readings });
  }
  video.pause();
  return done;
}
