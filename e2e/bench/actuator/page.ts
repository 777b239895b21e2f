/** The part that runs inside the browser. */

export interface Plan {
  preservesPitch: boolean;
  /** Rates in order, and how long each is held, in ms. */
  stretches: readonly { rate: number; forMs: number }[];
  /** Whether to record what is heard. */
  capture: boolean;
}

/** One stretch at one rate, from the moment of the command until the next: readings of `performance.now()` and `currentTime` in ms. */
export interface Stretch {
  rate: number;
  fromMs: number;
  readings: (readonly [atMs: number, positionMs: number])[];
}

export interface Recording {
  rateHz: number;
  /** Mono float32 samples. */
  base64: string;
  /** The sound clock at the first sample, in ms. */
  startsAtMs: number;
  /** The page's clock beside the sound clock, in ms. */
  clock: (readonly [atMs: number, soundMs: number])[];
}

export interface Playback {
  stretches: Stretch[];
  recording: Recording | null;
}

/** Self-contained: plays the page's video at these rates, reads its clock as often as timers allow, and records its sound. */
export async function playStretches({ preservesPitch, stretches, capture }: Plan): Promise<Playback> {
  const video = document.querySelector('video');
  if (!video) throw new Error('no video in the page');
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  const openRecorder = async (): Promise<{ look: () => void; finish: () => Promise<Recording> }> => {
    const context = new AudioContext({ sampleRate: 48_000 });
    const source = `registerProcessor('recorder', class extends AudioWorkletProcessor {
      process([[channel]]) {
        if (channel) this.port.postMessage({ frame: currentFrame, samples: channel.slice() });
        return true;
      }
    });`;
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    const recorder = new AudioWorkletNode(context, 'recorder', { channelCount: 1, channelCountMode: 'explicit' });
    let startsAtMs: number | null = null;
    const chunks: Float32Array<ArrayBuffer>[] = [];
    recorder.port.onmessage = ({ data }: MessageEvent<{ frame: number; samples: Float32Array<ArrayBuffer> }>) => {
      startsAtMs ??= (data.frame / context.sampleRate) * 1000;
      chunks.push(data.samples);
    };
    context.createMediaElementSource(video).connect(recorder).connect(context.destination);
    await context.resume();
    const clock: [number, number][] = [];
    const finish = async (): Promise<Recording> => {
      recorder.disconnect();
      const bytes = await new Blob(chunks).arrayBuffer();
      const reader = new FileReader();
      const base64 = await new Promise<string>((resolve) => {
        reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
        reader.readAsDataURL(new Blob([bytes]));
      });
      const { sampleRate: rateHz } = context;
      await context.close();
      return { rateHz, base64, startsAtMs: startsAtMs ?? 0, clock };
    };
    // Exact to a tenth of a ms, where `context.currentTime` moves in steps of 10.
    const look = (): void => {
      const { performanceTime = 0, contextTime = 0 } = context.getOutputTimestamp();
      if (performanceTime > 0) clock.push([performanceTime, contextTime * 1000]);
    };
    return { look, finish };
  };

  const recorder = capture ? await openRecorder() : null;
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
      recorder?.look();
      // Interrupted between the two clocks: says nothing.
      if (afterMs - beforeMs <= 1) readings.push([(beforeMs + afterMs) / 2, positionMs]);
      await pause(5);
    }
    done.push({ rate, fromMs, readings });
  }
  const recording = (await recorder?.finish()) ?? null;
  video.pause();
  return { stretches: done, recording };
}

/** Self-contained. @returns the browser's version, as exactly as it tells pages. */
export async function browserVersion(): Promise<string> {
  interface Brands {
    getHighEntropyValues(hints: string[]): Promise<{ fullVersionList?: { brand: string; version: string }[] }>;
  }
  const { userAgentData } = navigator as Navigator & { userAgentData?: Brands };
  const told = await userAgentData?.getHighEntropyValues(['fullVersionList']);
  const full = told?.fullVersionList?.find(({ brand }) => brand === 'Chromium');
  return full?.version ?? navigator.userAgent.match(/(?:Firefox|Chrome)\/([\d.]+)/)?.[1] ?? 'unknown';
}
