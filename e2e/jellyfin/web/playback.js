/** The queue and its rules: what jellyfin-web's playbackManager does. Tells 'playbackstart', 'playbackstop' and 'showosd'. */
import * as api from './api.js';
import { toast } from './dom.js';
import { fetchStream, usesOwnHls } from './streams.js';
import { player } from './video-player.js';

const RATE_KEY = 'playbackRateSpeed';
const REPORT_EVERY_MS = 10_000;
const REPORT_DELAY_MS = 10;
const JUMP_MS = 5000;
const NEVER = { atMs: Number.NEGATIVE_INFINITY, positionTicks: 0 };
const TICKS_PER_MS = 10_000;
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4];

class Playback extends EventTarget {
  stream = null;
  #queue = [];
  #index = -1;
  #changingStream = false;
  #leaving = false;
  #stopping = false;
  #lastReport = NEVER;
  #waitingReport = 0;

  constructor() {
    super();
    const reported = { timeupdate: 'timeupdate', pause: 'pause', unpause: 'unpause', volumechange: 'volumechange' };
    for (const [type, name] of Object.entries(reported)) player.addEventListener(type, () => this.#progress(name));
    player.addEventListener('started', () => this.#tell('showosd'));
    player.addEventListener('stopped', () => this.#onStopped());
    player.addEventListener('error', () => toast('Playback Error'));
    setInterval(() => this.#progress('timeupdate'), REPORT_EVERY_MS);
  }

  get item() {
    return this.stream?.item ?? null;
  }

  get hasNext() {
    return this.#index + 1 < this.#queue.length;
  }

  get hasPrevious() {
    return this.#index > 0;
  }

  get positionTicks() {
    return Math.round(player.seconds * 1000) * TICKS_PER_MS + (this.stream?.offsetTicks ?? 0);
  }

  get paused() {
    return player.video?.paused ?? true;
  }

  /** Items, or ids of items; a single episode brings the rest of its series. */
  async play({ items, ids, startPositionTicks = 0, startIndex = 0 }) {
    let queue = items ?? (await itemsOf(ids));
    if (queue.length === 1 && queue[0].Type === 'Episode') queue = await restOfSeries(queue[0]);
    if (queue.length === 0) return;
    this.#queue = queue;
    await this.#playAt(startIndex, startPositionTicks);
  }

  async #playAt(index, startPositionTicks) {
    const item = this.#queue[index];
    if (this.stream) this.#endForAnother();
    this.#index = index;
    const stream = await fetchStream(item, startPositionTicks);
    await this.#open(stream);
    stream.started = true;
    this.#lastReport = NEVER;
    this.#report('Playing');
    this.#tell('playbackstart');
  }

  /** Something else plays next: the element stays, its source goes. */
  #endForAnother() {
    this.#leaving = true;
    player.stop(false);
    this.#leaving = false;
    this.#report('Playing/Stopped');
    this.stream = null;
  }

  async #open(stream) {
    this.stream = stream;
    await player.play(stream);
    const rate = sessionStorage.getItem(RATE_KEY);
    if (rate !== null && player.video) player.video.playbackRate = Number(rate);
  }

  #onStopped() {
    if (this.#leaving || this.#changingStream || !this.stream) return;
    this.stream.ended = true;
    this.#report('Playing/Stopped');
    const next = this.#stopping ? null : (this.#queue[this.#index + 1] ?? null);
    this.#stopping = false;
    if (!next) {
      this.stream = null;
      player.destroy();
    }
    this.#tell('playbackstop', { next });
    if (next) void this.#playNextIfWanted();
  }

  /** In the same turn as the end: jellyfin-web resets the element once more, so no `ratechange` back to 1 is ever seen. */
  #playNextIfWanted() {
    if (api.cachedUser()?.Configuration.EnableNextEpisodeAutoPlay) return this.next();
  }

  stop() {
    if (!this.stream) return;
    this.#stopping = true;
    player.stop(true);
  }

  async next() {
    if (this.hasNext) await this.#playAt(this.#index + 1, 0);
  }

  async previous() {
    if (this.hasPrevious) await this.#playAt(this.#index - 1, 0);
  }

  playPause() {
    if (this.paused) this.unpause();
    else player.video?.pause();
  }

  pause() {
    player.video?.pause();
  }

  unpause() {
    player.video?.play().catch((error) => toast(error.message));
  }

  /** On the element where that works; else a new stream that begins there. */
  async seek(ticks) {
    const target = Math.min(Math.max(0, ticks), this.item?.RunTimeTicks ?? 0);
    if (usesOwnHls(this.stream) || player.seekable) {
      player.seconds = target / TICKS_PER_MS / 1000;
      return;
    }
    this.#changingStream = true;
    const { item, playSessionId } = this.stream;
    const stream = await fetchStream(item, target);
    await api.call('DELETE', '/Videos/ActiveEncodings', { query: { deviceId: api.deviceId(), playSessionId } });
    await this.#open(stream);
    stream.started = true;
    this.#changingStream = false;
    this.#progress('timeupdate');
  }

  seekBy(seconds) {
    return this.seek(this.positionTicks + seconds * 1e7);
  }

  seekPercent(percent) {
    return this.seek(((this.item?.RunTimeTicks ?? 0) * percent) / 100);
  }

  /** Chosen by the user, so it is kept for the next stream. */
  setRate(rate) {
    if (!player.video) return;
    player.video.playbackRate = rate;
    sessionStorage.setItem(RATE_KEY, String(rate));
  }

  /** As in jellyfin-web: from a rate that is not in the list, a step up leads to the second entry's neighbour, the first. */
  stepRate(step) {
    const index = RATES.indexOf(player.video?.playbackRate) + step;
    this.setRate(RATES[Math.min(Math.max(index, 0), RATES.length - 1)]);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * `timeupdate` at most every ten seconds, unless the position jumped; everything else at once. "At once" is a moment later, and
   * a stop in between takes it back: so the pause at the end of an item is never reported.
   */
  #progress(name) {
    if (!this.stream?.started || this.stream.ended) return;
    const sinceMs = performance.now() - this.#lastReport.atMs;
    const expected = this.#lastReport.positionTicks + sinceMs * TICKS_PER_MS;
    const jumped = Math.abs(this.positionTicks - expected) >= JUMP_MS * TICKS_PER_MS;
    if (name === 'timeupdate' && sinceMs < REPORT_EVERY_MS && !jumped) return;
    const positionTicks = this.positionTicks;
    this.#lastReport = { atMs: performance.now(), positionTicks };
    clearTimeout(this.#waitingReport);
    this.#waitingReport = setTimeout(() => this.#report('Playing/Progress', name), REPORT_DELAY_MS);
  }

  #report(path, EventName) {
    const { stream } = this;
    clearTimeout(this.#waitingReport);
    const body = {
      ItemId: stream.item.Id,
      MediaSourceId: stream.mediaSource.Id,
      PositionTicks: this.positionTicks,
      IsPaused: this.paused,
      IsMuted: player.video?.muted ?? false,
      VolumeLevel: player.volume,
      PlaybackRate: player.video?.playbackRate ?? 1,
      PlayMethod: stream.playMethod,
      PlaySessionId: stream.playSessionId,
      CanSeek: true,
      RepeatMode: 'RepeatNone',
      ...(EventName ? { EventName } : {}),
    };
    api.post(`/Sessions/${path}`, body).catch((error) => console.warn('report failed', error.message));
  }
}

async function itemsOf(ids) {
  const { Items } = await api.get('/Items', { userId: api.userId(), ids: ids.join(',') });
  return Items;
}

async function restOfSeries(episode) {
  const userId = api.userId();
  const { Items } = await api.get(`/Shows/${episode.SeriesId}/Episodes`, { userId, startItemId: episode.Id });
  return Items;
}

export const playback = new Playback();
