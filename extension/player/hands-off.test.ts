import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { attachPlayer } from './video-player.ts';

/** What of an element is its person's own: tracks, version, quality, sound. */
const OWN = ['audioTracks', 'videoTracks', 'textTracks', 'src', 'srcObject', 'load', 'volume', 'muted', 'addTextTrack'];

class Element extends EventTarget {
  static readonly HAVE_CURRENT_DATA = 2;
  static readonly HAVE_FUTURE_DATA = 3;
  static readonly HAVE_METADATA = 1;
  static readonly NETWORK_EMPTY = 0;
  readyState = 4;
  networkState = 1;
  currentSrc = 'https://home.example/Videos/1/stream.mkv?Static=true';
  currentTime = 10;
  duration = 600;
  paused = false;
  ended = false;
  seeking = false;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  preservesPitch = true;
  autoplay = true;
  isConnected = true;
  buffered = { length: 0 };

  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }
}

beforeEach(() => {
  vi.stubGlobal('HTMLMediaElement', Element);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it('touches place, pace and motion of the element, and nothing of what its person has chosen', () => {
  const read = new Set<PropertyKey>();
  const written = new Set<PropertyKey>();
  const element = new Proxy(new Element(), {
    get: (target, name) => {
      read.add(name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, name, value) => {
      written.add(name);
      return Reflect.set(target, name, value, target);
    },
  });
  const life = new AbortController();
  const deps = {
    seekThroughServer: () => Promise.resolve(),
    onEvent: () => undefined,
    now: () => 0,
    wasTouched: () => true,
  };
  const player = attachPlayer(element as unknown as HTMLVideoElement, deps, life.signal);
  player.read();
  player.pause();
  player.seek(60_000);
  player.setRate(1.5, 'kept');
  player.setRate(1.503, 'natural');
  player.play();
  for (const name of ['playing', 'seeked', 'pause', 'ended', 'emptied', 'loadstart', 'waiting', 'canplay'])
    element.dispatchEvent(new Event(name));
  player.read();
  life.abort();
  expect([...written].sort()).toEqual(['currentTime', 'playbackRate', 'preservesPitch']);
  expect(OWN.filter((name) => read.has(name))).toEqual([]);
});
