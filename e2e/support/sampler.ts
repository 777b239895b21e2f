/** Records, inside a page, what a person there sees of the film and when. */
import { FRAME_READER_SOURCE, type FrameStamp } from './frame-code.ts';
import type { Tab } from './tab.ts';

/** What the film's clock said. Times are ms of the machine's one clock: all members of a test run on one machine. */
export interface ClockSample {
  atMs: number;
  positionMs: number;
  rate: number;
  /** Whether the rate leaves the pitch alone (`preservesPitch`). */
  pitchKept: boolean;
  playing: boolean;
}

/** A picture that came onto the screen, read from its own pixels. */
export interface PictureSample {
  atMs: number;
  item: number;
  frame: number;
}

/** A media event of the element, or `click`: a person's, anywhere in the page. */
export interface EventSample {
  atMs: number;
  type: string;
  positionMs: number;
}

export interface Track {
  clock: ClockSample[];
  pictures: PictureSample[];
  events: EventSample[];
}

interface Recorder extends Track {
  stop(): void;
}

type RecorderWindow = Window & { __ospRecorder?: Recorder };

/** Self-contained: runs in the page. `currentTime` every 20 ms, each presented frame, and the events that matter. */
function record(readFrame: (video: HTMLVideoElement) => FrameStamp | null): void {
  const holder = window as RecorderWindow;
  holder.__ospRecorder?.stop();
  const epoch = (now: number): number => performance.timeOrigin + now;
  const track: Track = { clock: [], pictures: [], events: [] };
  const watched = new WeakSet<HTMLVideoElement>();
  const life = new AbortController();
  const onFrame = (video: HTMLVideoElement, displayMs: number): void => {
    if (life.signal.aborted) return;
    const seen = readFrame(video);
    if (seen) track.pictures.push({ atMs: epoch(displayMs), item: seen.item, frame: seen.frame });
    video.requestVideoFrameCallback((_now, frame) => onFrame(video, frame.expectedDisplayTime));
  };
  const find = (): HTMLVideoElement | null => document.querySelector('.videoPlayerContainer video');
  const note = (type: string, video: HTMLVideoElement | null): void => {
    track.events.push({ atMs: epoch(performance.now()), type, positionMs: (video?.currentTime ?? 0) * 1000 });
  };
  const watch = (video: HTMLVideoElement): void => {
    watched.add(video);
    video.requestVideoFrameCallback((_now, frame) => onFrame(video, frame.expectedDisplayTime));
    const media = [
      'canplay',
      'play',
      'playing',
      'pause',
      'seeking',
      'seeked',
      'waiting',
      'ratechange',
      'ended',
      'emptied',
    ];
    for (const type of media) video.addEventListener(type, () => note(type, video), { signal: life.signal });
  };
  window.addEventListener('click', () => note('click', find()), { capture: true, signal: life.signal });
  const timer = setInterval(() => {
    const video = find();
    if (!video) return;
    if (!watched.has(video)) watch(video);
    const playing = !video.paused && !video.seeking && video.readyState > 2;
    track.clock.push({
      atMs: epoch(performance.now()),
      positionMs: video.currentTime * 1000,
      rate: video.playbackRate,
      pitchKept: video.preservesPitch,
      playing,
    });
  }, 20);
  holder.__ospRecorder = {
    ...track,
    stop: () => {
      clearInterval(timer);
      life.abort();
    },
  };
}

/** Starts a recording in the member's page; an earlier one is dropped. */
export async function startRecording(tab: Tab): Promise<void> {
  // As text, not with `new Function`: a page's CSP would stop that.
  await tab.evaluate(`((__name) => (${record.toString()})(${FRAME_READER_SOURCE}))((f) => f)`);
}

/** @returns what was recorded since the last call (or the start), and forgets it there. */
export function takeRecording(tab: Tab): Promise<Track> {
  return tab.run(() => {
    const recorder = (window as RecorderWindow).__ospRecorder;
    if (!recorder) return { clock: [], pictures: [], events: [] };
    return {
      clock: recorder.clock.splice(0),
      pictures: recorder.pictures.splice(0),
      events: recorder.events.splice(0),
    };
  }, null);
}

export function joinTracks(first: Track, second: Track): Track {
  return {
    clock: [...first.clock, ...second.clock],
    pictures: [...first.pictures, ...second.pictures],
    events: [...first.events, ...second.events],
  };
}
