/** The button over the film that skips its intro or credits, as jellyfin-web shows it by default (10.10 on). */
import * as api from './api.js';
import { h, icon } from './dom.js';
import { playback } from './playback.js';
import { player } from './video-player.js';

const SHOWN_MS = 8000;
const WORDS = { Intro: 'Skip Intro', Outro: 'Skip Outro' };

export function offerSkips() {
  let segments = [];
  let current = null;
  let timer = 0;
  const button = h('button', { type: 'button', class: 'skip-button hide', on: { click: () => void skip() } });
  document.body.append(button);
  const hide = () => {
    clearTimeout(timer);
    button.classList.add('hide');
  };
  const skip = () => current && playback.seek(current.EndTicks);

  playback.addEventListener('playbackstart', async () => {
    segments = [];
    current = null;
    hide();
    const { item, mediaSource } = playback.stream;
    if (!mediaSource.HasSegments) return;
    const wanted = Object.keys(WORDS).map((type) => `includeSegmentTypes=${type}`);
    const { Items } = await api.get(`/MediaSegments/${item.Id}?${wanted.join('&')}`);
    if (playback.item === item) segments = Items;
  });
  playback.addEventListener('playbackstop', () => {
    current = null;
    hide();
  });
  player.addEventListener('timeupdate', () => {
    const at = playback.positionTicks;
    const found = segments.find(({ StartTicks, EndTicks }) => StartTicks <= at && at < EndTicks) ?? null;
    if (found === current) return;
    current = found;
    hide();
    if (!found) return;
    button.replaceChildren(WORDS[found.Type], icon('skip_next', ''));
    button.classList.remove('hide');
    timer = setTimeout(hide, SHOWN_MS);
  });
}
