/** The bottom bar of the player page: its elements, in jellyfin-web's order and with its classes and names. */
import { h, icon, iconButton } from './dom.js';

/** @param actions what the buttons do: previous, next, rewind, forward, playPause, mute, settings, fullscreen, volume, seekPercent */
export function buildBar(actions) {
  const volumeSlider = h('input', {
    type: 'range',
    class: 'osdVolumeSlider',
    min: '0',
    max: '100',
    step: '1',
    'aria-label': 'Volume',
    on: { input: () => actions.volume(Number(volumeSlider.value)) },
  });
  const positionSlider = h('input', {
    type: 'range',
    class: 'osdPositionSlider',
    min: '0',
    max: '100',
    step: '.01',
    value: '0',
    'aria-label': 'Position',
    on: { change: () => actions.seekPercent(Number(positionSlider.value)) },
  });
  const positionText = h('div', { class: 'osdTextContainer startTimeText osdPositionText' });
  const durationText = h('div', { class: 'osdTextContainer endTimeText osdDurationText' });
  const slider = h('div', { class: 'osdSlider' }, positionText, positionSlider, durationText);
  const buttons = h(
    'div',
    { class: 'buttons focuscontainer-x' },
    transport(actions),
    h('div', { class: 'osdTimeText' }, h('span', { class: 'endsAtText' })),
    ...extras(actions, volumeSlider),
  );
  const className = 'videoOsdBottom videoOsdBottom-maincontrols';
  const element = h('div', { class: className }, h('div', { class: 'osdControls' }, slider, buttons));
  return { element, volumeSlider, positionSlider, positionText, durationText };
}

const nothing = () => undefined;
const named = (name) => ({ 'aria-label': name });

function transport(actions) {
  return h(
    'div',
    { dir: 'ltr' },
    iconButton('btnRecord autoSize hide', 'fiber_manual_record', 'Record', nothing),
    iconButton(
      'btnPreviousTrack autoSize hide',
      'skip_previous',
      'Skip to previous (Shift+P)',
      actions.previous,
      named('Skip to previous'),
    ),
    iconButton('btnPreviousChapter autoSize hide', 'undo', 'Previous chapter (PageDown)', nothing),
    iconButton('btnRewind', 'fast_rewind', 'Rewind (J)', actions.rewind, named('Rewind')),
    iconButton('btnPause autoSize', 'pause', 'Pause (K)', actions.playPause, named('Pause')),
    iconButton('btnFastForward', 'fast_forward', 'Fast-forward (L)', actions.forward, named('Fast-forward')),
    iconButton('btnNextChapter autoSize hide', 'redo', 'Next chapter (PageUp)', nothing),
    iconButton(
      'btnNextTrack autoSize hide',
      'skip_next',
      'Skip to next (Shift+N)',
      actions.next,
      named('Skip to next'),
    ),
  );
}

function extras(actions, volumeSlider) {
  const settings = iconButton('btnVideoOsdSettings autoSize', 'settings', 'Settings', actions.settings);
  settings.replaceChildren(icon('settings', 'largePaperIconButton'));
  return [
    iconButton('btnUserRating hide autoSize', 'favorite', 'Add to favorites', nothing),
    iconButton('btnSubtitles hide autoSize', 'closed_caption', 'Subtitles', nothing),
    iconButton('btnAudio hide autoSize', 'audiotrack', 'Audio', nothing),
    h(
      'div',
      { class: 'volumeButtons hide-mouse-idle-tv' },
      iconButton('buttonMute autoSize', 'volume_up', 'Mute (M)', actions.mute, named('Mute')),
      h('div', { class: 'sliderContainer osdVolumeSliderContainer' }, volumeSlider),
    ),
    settings,
    iconButton('btnAirPlay hide autoSize', 'airplay', 'AirPlay', nothing),
    iconButton('btnPip autoSize', 'picture_in_picture_alt', 'Picture in picture', actions.pictureInPicture),
    iconButton('btnFullscreen autoSize', 'fullscreen', 'Full screen (F)', actions.fullscreen, named('Full screen')),
  ];
}
