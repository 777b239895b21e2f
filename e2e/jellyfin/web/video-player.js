/** The `<video>` and its container, with the life that jellyfin-web's htmlVideoPlayer gives them. Speaks through events. */
import { h } from './dom.js';
import { feed } from './mse.js';

const ZOOM_IN_MS = 240;
const VOLUME_KEY = 'volume';

class VideoPlayer extends EventTarget {
  video = null;
  #container = null;
  #feeder = null;
  #started = false;
  #streaming = false;
  /** The last time that `timeupdate` told: still known when the element has been reset. */
  #lastSeconds = null;
  #options = null;

  async play(options) {
    this.#started = false;
    this.#lastSeconds = null;
    const video = await this.#element(options.poster);
    this.#options = options;
    this.#feeder?.destroy();
    this.#feeder = null;
    this.#streaming = true;
    if (options.feedsHls) {
      this.#feeder = feed(video, options.url, options.startSeconds, (error) => this.#tell('error', error));
    } else {
      video.src = options.startSeconds ? `${options.url}#t=${options.startSeconds}` : options.url;
    }
    // A blocked autoplay is swallowed: the player stays half open, with nothing to click.
    await video.play().catch((error) => {
      if (!['NotAllowedError', 'AbortError'].includes(error.name)) throw error;
    });
  }

  get seconds() {
    return this.#lastSeconds ?? this.video?.currentTime ?? 0;
  }

  set seconds(value) {
    if (this.video) this.video.currentTime = value;
  }

  get seekable() {
    const ranges = this.video?.seekable;
    return Boolean(ranges?.length) && ranges.end(0) - ranges.start(0) > 0;
  }

  get volume() {
    return Math.round((this.video?.volume ?? 1) ** (1 / 3) * 100);
  }

  /** Percent; what the ear takes for even steps is cubic. */
  set volume(percent) {
    if (this.video) this.video.volume = (Math.min(100, Math.max(0, percent)) / 100) ** 3;
  }

  stop(destroys) {
    if (this.video) {
      if (this.#streaming) this.video.pause();
      this.#finish();
    }
    if (destroys) this.destroy();
  }

  destroy() {
    this.#feeder?.destroy();
    this.#feeder = null;
    document.documentElement.classList.remove('transparentDocument');
    document.body.classList.remove('hide-scroll');
    const video = this.video;
    this.video = null;
    if (video) {
      for (const [type, listener] of this.#listeners) video.removeEventListener(type, listener);
      resetSource(video);
      video.remove();
    }
    this.#container?.remove();
    this.#container = null;
    if (document.fullscreenElement) void document.exitFullscreen();
  }

  /** Once the controls are there, the picture goes behind them. */
  onNavigatedToOsd() {
    this.#container?.classList.remove('videoPlayerContainer-onTop');
  }

  async #element(poster) {
    document.body.classList.add('hide-scroll');
    if (this.video) {
      if (poster) this.video.poster = poster;
      return this.video;
    }
    const video = h('video', {
      class: 'htmlvideoplayer',
      preload: 'metadata',
      autoplay: 'autoplay',
      playsinline: '',
      'webkit-playsinline': '',
      crossorigin: 'anonymous',
      poster,
    });
    video.volume = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
    for (const [type, listener] of this.#listeners) video.addEventListener(type, listener);
    const className = 'videoPlayerContainer videoPlayerContainer-onTop';
    const style = { animation: `htmlvideoplayer-zoomin ${ZOOM_IN_MS}ms ease-in` };
    this.#container = h('div', { dir: 'ltr', class: className, style }, video);
    document.body.prepend(this.#container);
    this.video = video;
    await new Promise((resolve) => setTimeout(resolve, ZOOM_IN_MS));
    return video;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #finish() {
    this.#streaming = false;
    resetSource(this.video);
    this.#feeder?.destroy();
    this.#feeder = null;
    this.#tell('stopped');
  }

  #onPlaying() {
    if (!this.#started) {
      this.#started = true;
      this.#seekToStart();
      this.#tell('started');
    }
    this.#tell('playing');
  }

  /** `#t=` does it for files; a native HLS player does not know that. */
  #seekToStart() {
    const { startSeconds } = this.#options;
    if (!startSeconds || this.video.duration < startSeconds) return;
    if (Math.abs(this.video.currentTime - startSeconds) > 2) this.video.currentTime = startSeconds;
  }

  #onTimeUpdate() {
    this.#lastSeconds = this.video.currentTime;
    this.#tell('timeupdate');
  }

  #onVolumeChange() {
    localStorage.setItem(VOLUME_KEY, String(this.video.volume));
    this.#tell('volumechange');
  }

  #listeners = [
    ['timeupdate', () => this.#onTimeUpdate()],
    ['ended', () => this.#finish()],
    ['volumechange', () => this.#onVolumeChange()],
    ['pause', () => this.#tell('pause')],
    ['playing', () => this.#onPlaying()],
    ['play', () => this.#tell('unpause')],
    ['waiting', () => this.#tell('waiting')],
  ];
}

function resetSource(video) {
  video.src = '';
  video.removeAttribute('src');
}

export const player = new VideoPlayer();
