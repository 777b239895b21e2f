/** The page over the film: `#videoOsdPage`, its bottom bar, hiding, and taking the focus. */
import { actionSheet, formatTime, h } from './dom.js';
import { keyListeners } from './keys.js';
import { buildBar } from './osd-bar.js';
import { playback, RATES } from './playback.js';
import { player } from './video-player.js';

const HIDE_AFTER_MS = 3000;
const MOVE_PX = 10;
const CLICK_WAIT_MS = 300;
const MOUSE_IDLE_MS = 5000;
/** jellyfin-web asks for the item again before it tells the rating button. */
const RATING_DELAY_MS = 120;
const isDialogOpen = () => document.querySelector('.dialogContainer .dialog.opened') !== null;

export function osdPage(header, setTitle) {
  const osd = new Osd(header, setTitle);
  return { element: osd.page, onShow: () => osd.show(), onHide: () => osd.leave() };
}

class Osd {
  #header;
  #setTitle;
  #bar;
  #visible = false;
  #hideTimer = 0;
  #clickTimer = 0;
  #pointerIsDown = false;
  #lastMove = null;
  #stop = new AbortController();

  constructor(header, setTitle) {
    this.#header = header;
    this.#setTitle = setTitle;
    this.#build();
  }

  #build() {
    this.#bar = buildBar({
      previous: () => void playback.previous(),
      next: () => void playback.next(),
      rewind: () => void playback.seekBy(-10),
      forward: () => void playback.seekBy(30),
      playPause: () => playback.playPause(),
      mute: () => this.#toggleMute(),
      settings: () => void this.#settings(),
      fullscreen: toggleFullscreen,
      pictureInPicture: () => void player.video?.requestPictureInPicture?.(),
      volume: (percent) => {
        player.volume = percent;
      },
      seekPercent: (percent) => void playback.seekPercent(percent),
    });
    this.bottom = this.#bar.element;
    const upNext = h('div', { class: 'upNextContainer hide' });
    const className = 'page libraryPage mainAnimatedPage';
    this.page = h('div', { id: 'videoOsdPage', 'data-role': 'page', class: className }, upNext, this.bottom);
  }

  show() {
    document.documentElement.classList.add('transparentDocument');
    this.#header.classList.add('osdHeader');
    const { signal } = this.#stop;
    const on = (target, type, listener, options = {}) =>
      target.addEventListener(type, listener, { signal, ...options });
    on(document, 'pointermove', (event) => this.#onMove(event), { passive: true });
    const keys = keyListeners({ osd: this, toggleFullscreen, toggleMute: () => this.#toggleMute(), isDialogOpen });
    for (const [target, type, listener, options] of keys) on(target, type, listener, options);
    on(document, 'keydown', () => this.restartHiding(), { capture: true, passive: true });
    const pointer = (isDown) => () => {
      this.#pointerIsDown = isDown;
      this.restartHiding();
    };
    on(window, 'pointerdown', pointer(true), { capture: true, passive: true });
    on(window, 'pointerup', pointer(false), { capture: true, passive: true });
    on(this.page, 'pointerdown', (event) => this.#onPress(event), { passive: true });
    on(this.page, 'dblclick', (event) => event.target === this.page && toggleFullscreen());
    on(document, 'fullscreenchange', () => this.#showFullscreenState());
    for (const type of ['pause', 'playing', 'unpause', 'timeupdate', 'volumechange'])
      on(player, type, () => this.#refresh());
    on(playback, 'playbackstart', () => this.#onItem());
    on(playback, 'playbackstop', (event) => this.#onStop(event.detail.next));
    this.#watchMouse(signal);
    this.#onItem();
    this.reveal();
  }

  /** Leaving the page in any way ends the film. */
  leave() {
    clearTimeout(this.#hideTimer);
    clearTimeout(this.#clickTimer);
    this.#stop.abort();
    this.#header.removeEventListener('transitionend', this.#afterHiding);
    this.#header.classList.remove('osdHeader', 'osdHeader-hidden', 'hide');
    document.body.classList.remove('mouseIdle');
    playback.stop();
  }

  #onStop(next) {
    if (next) return;
    document.documentElement.classList.remove('transparentDocument');
    if (history.length > 1) history.back();
    else location.hash = '#/home';
  }

  #onItem() {
    const { item } = playback;
    if (!item) return;
    const title = item.SeriesName
      ? `${item.SeriesName} - S1:E${item.IndexNumber} - ${item.Name}`
      : `${item.Name} (${item.ProductionYear})`;
    this.#setTitle(title);
    document.title = item.SeriesName ?? item.Name;
    for (const name of ['.btnPreviousTrack', '.btnNextTrack']) {
      this.page.querySelector(name).classList.toggle('hide', !playback.hasNext && !playback.hasPrevious);
    }
    setTimeout(() => {
      const rating = this.page.querySelector('.btnUserRating');
      rating.classList.remove('hide');
      rating.dataset.id = item.Id;
      rating.dataset.serverid = item.ServerId;
    }, RATING_DELAY_MS);
    this.#refresh();
  }

  #refresh() {
    const button = this.page.querySelector('.btnPause');
    const name = playback.paused ? 'Play' : 'Pause';
    button.title = `${name} (K)`;
    button.setAttribute('aria-label', name);
    button.firstElementChild.className = `xlargePaperIconButton material-icons ${playback.paused ? 'play_arrow' : 'pause'}`;
    const muted = player.video?.muted ?? false;
    const mute = this.page.querySelector('.buttonMute');
    mute.title = muted ? 'Unmute (M)' : 'Mute (M)';
    mute.firstElementChild.className = `xlargePaperIconButton material-icons ${muted ? 'volume_off' : 'volume_up'}`;
    this.#bar.volumeSlider.value = String(player.volume);
    const total = playback.item?.RunTimeTicks ?? 0;
    this.#bar.positionText.textContent = formatTime(playback.positionTicks / 1e7);
    this.#bar.durationText.textContent = formatTime(total / 1e7);
    if (!this.#bar.positionSlider.matches(':active'))
      this.#bar.positionSlider.value = String((100 * playback.positionTicks) / Math.max(1, total));
    const leftMs = (total - playback.positionTicks) / 1e4 / (player.video?.playbackRate || 1);
    const end = new Date(Date.now() + leftMs).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit' });
    this.page.querySelector('.endsAtText').textContent = `Ends at ${end}`;
  }

  #showFullscreenState() {
    const isOn = document.fullscreenElement !== null;
    const button = this.page.querySelector('.btnFullscreen');
    button.title = isOn ? 'Exit full screen (F)' : 'Full screen (F)';
    button.setAttribute('aria-label', isOn ? 'Exit full screen' : 'Full screen');
    button.firstElementChild.className = `xlargePaperIconButton material-icons ${isOn ? 'fullscreen_exit' : 'fullscreen'}`;
  }

  reveal(focusElement) {
    this.#header.classList.remove('osdHeader-hidden', 'hide');
    this.#header.removeEventListener('transitionend', this.#afterHiding);
    this.bottom.removeEventListener('transitionend', this.#afterHiding);
    this.bottom.classList.remove('hide', 'videoOsdBottom-hidden');
    this.#visible = true;
    this.#takeFocus(focusElement);
    this.restartHiding();
  }

  get visible() {
    return this.#visible;
  }

  button(name) {
    return this.bottom.querySelector(name);
  }

  hide() {
    this.#header.classList.add('osdHeader-hidden');
    if (!this.#visible) return;
    this.#visible = false;
    this.bottom.classList.add('videoOsdBottom-hidden');
    this.#header.addEventListener('transitionend', this.#afterHiding);
    this.bottom.addEventListener('transitionend', this.#afterHiding);
    const active = document.activeElement;
    if (this.bottom.contains(active) || this.#header.contains(active)) active.blur();
  }

  #afterHiding = (event) => {
    const { target } = event;
    if (target !== this.bottom && target !== this.#header) return;
    target.classList.add('hide');
    target.removeEventListener('transitionend', this.#afterHiding);
  };

  /** The focus goes to the pause button unless what has it now could keep it; a fixed or detached element could not. */
  #takeFocus(focusElement) {
    const current = focusElement ?? document.activeElement;
    const keeps = current && !current.disabled && current.offsetParent !== null && current.type !== 'range';
    const target = keeps ? focusElement : this.bottom.querySelector('.btnPause');
    target?.focus();
  }

  restartHiding() {
    clearTimeout(this.#hideTimer);
    if (this.#visible && !this.#pointerIsDown && !isDialogOpen())
      this.#hideTimer = setTimeout(() => this.hide(), HIDE_AFTER_MS);
  }

  #onMove(event) {
    if (event.pointerType !== 'mouse') return;
    const at = { x: event.screenX, y: event.screenY };
    this.#lastMove ??= at;
    if (Math.abs(at.x - this.#lastMove.x) < MOVE_PX && Math.abs(at.y - this.#lastMove.y) < MOVE_PX) return;
    this.#lastMove = at;
    this.reveal();
  }

  #onPress(event) {
    if (event.target.closest('.videoOsdBottom, .upNextContainer')) {
      this.reveal();
      return;
    }
    if (event.button) return;
    if (this.#clickTimer) {
      clearTimeout(this.#clickTimer);
      this.#clickTimer = 0;
      return;
    }
    this.#clickTimer = setTimeout(() => {
      playback.playPause();
      this.reveal();
      this.#clickTimer = 0;
    }, CLICK_WAIT_MS);
  }

  #watchMouse(signal) {
    let movedAt = performance.now();
    const move = () => {
      movedAt = performance.now();
      document.body.classList.remove('mouseIdle');
    };
    document.addEventListener('pointermove', move, { signal });
    const timer = setInterval(() => {
      if (performance.now() - movedAt > MOUSE_IDLE_MS) document.body.classList.add('mouseIdle');
    }, MOUSE_IDLE_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  #toggleMute() {
    if (player.video) player.video.muted = !player.video.muted;
  }

  async #settings() {
    const rate = player.video?.playbackRate ?? 1;
    const chosen = await actionSheet('Settings', [{ id: 'playbackrate', name: `Playback speed: ${rate}x` }]);
    if (chosen === 'playbackrate') {
      const entries = RATES.map((value) => ({ id: String(value), name: `${value}x`, selected: value === rate }));
      const speed = await actionSheet('Playback speed', entries);
      if (speed !== null) playback.setRate(Number(speed));
    }
    this.restartHiding();
  }
}

function toggleFullscreen() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}
