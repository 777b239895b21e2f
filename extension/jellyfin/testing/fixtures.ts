/**
 * The player page as each version of jellyfin-web builds it: our own shortening of what its DOM shows, with the
 * classes, nesting and order kept. 12.0 has the same bar as 10.11 under another top bar.
 */
const button = (name: string, more = ''): string =>
  `<button is="paper-icon-button-light" class="${name} autoSize paper-icon-button-light${more}"></button>`;

const left = ['btnRecord', 'btnPreviousTrack', 'btnRewind', 'btnPause', 'btnFastForward', 'btnNextTrack']
  .map((name) => button(name))
  .join('');

const rating = (itemId: string): string =>
  `<button is="emby-ratingbutton" type="button" class="btnUserRating autoSize paper-icon-button-light"
    data-id="${itemId}" data-serverid="0123456789abcdef0123456789abcdef"></button>`;

const right = `${button('btnSubtitles', ' hide')}${button('btnAudio', ' hide')}
  <div class="volumeButtons hide-mouse-idle-tv">${button('buttonMute')}</div>
  ${button('btnVideoOsdSettings')}${button('btnPip')}${button('btnFullscreen')}`;

const slider = `<div class="sliderContainer flex-grow"><div class="mdl-slider-container">
  <input type="range" class="osdPositionSlider mdl-slider">
  <div class="mdl-slider-background-flex-container"><div class="mdl-slider-background-flex">
    <div class="mdl-slider-background-flex-inner">
      <div class="mdl-slider-background-lower" style="background-color: rgb(0, 164, 220)"></div>
    </div></div></div></div></div>`;

const osdPage = (buttons: string, hidden = false): string => `
  <div id="videoOsdPage" data-role="page" class="page libraryPage mainAnimatedPage${hidden ? ' hide' : ''}">
    <div class="upNextContainer hide"></div>
    <div class="videoOsdBottom videoOsdBottom-maincontrols"><div class="osdControls">
      <div class="flex flex-direction-row align-items-center">${slider}</div>
      <div class="buttons focuscontainer-x">${buttons}</div>
    </div></div>
  </div>`;

const app = (inside: string): string =>
  `<div id="reactRoot"><div class="mainAnimatedPages skinBody">${inside}</div></div>`;

export const PLAYER = '<div class="videoPlayerContainer" dir="ltr"><video class="htmlvideoplayer"></video></div>';

/** The bar of one version while an item plays; `other` is the id that a left, hidden page still shows. */
export function playerPage(version: '10.8' | '10.10' | '10.11' | '12.0', itemId: string, other = ''): string {
  const time = '<div class="osdTimeText"><span class="endsAtText"></span></div>';
  const group = version === '10.8' || version === '10.10' ? left : `<div dir="ltr">${left}</div>`;
  const buttons = group + time + (version === '10.8' ? '' : rating(itemId)) + right;
  const stale = other === '' ? '' : osdPage(rating(other) + right, true);
  return PLAYER + app(stale + osdPage(buttons));
}

/** A whole page. @param mark whether it says that it is Jellyfin. */
export const wholePage = (body: string, mark = true): string => `<!doctype html><html class="preload layout-desktop"
  style="color: rgba(255, 255, 255, 0.8)"><head><meta charset="utf-8">
  ${mark ? '<meta name="application-name" content="Jellyfin">' : '<title>Jellyfin</title>'}</head><body>${body}</body></html>`;
