/** The browser knows a device's latency only once it has played for a moment, so it is asked until the answer settles. */
const LOOK_MS = 100;
const SETTLED_LOOKS = 3;
const MAX_LOOKS = 20;

/**
 * How late sound comes out of this device, by what the browser knows of it. The only user of Web Audio; the device runs
 * only while this asks. To be called within a person's click: before one, a browser lets no sound run.
 * @returns ms, or null when the browser cannot tell.
 */
export async function measureSoundDelay(): Promise<number | null> {
  if (typeof AudioContext === 'undefined') return null;
  const context = new AudioContext();
  try {
    // Without a click it stays suspended; the looks below end all the same.
    void context.resume().catch(() => undefined);
    let known = 0;
    for (let look = 0; look < MAX_LOOKS && known < SETTLED_LOOKS; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      known = context.state === 'running' && context.outputLatency > 0 ? known + 1 : 0;
    }
    return known === SETTLED_LOOKS ? (context.outputLatency + context.baseLatency) * 1_000 : null;
  } finally {
    await context.close();
  }
}
