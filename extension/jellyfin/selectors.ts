/**
 * Everything of jellyfin-web's DOM that we rely on, in one place. Each is proved against the markup of the
 * supported versions in media-host.browser.test.ts. A page of the app that was left stays in the document with
 * the class `hide` and old contents, hence `:not(.hide)`.
 */
const OSD_PAGE = '#videoOsdPage:not(.hide)';

export const SELECTORS = {
  /** In the static index.html, before any script: on any origin and base path. */
  mark: 'meta[name="application-name"][content="Jellyfin"]',
  /** The element films play in; its container is a child of body that comes and goes with playback. */
  video: 'body > .videoPlayerContainer video',
  container: 'body > .videoPlayerContainer',
  /** The player's bottom bar; gets `videoOsdBottom-hidden`, then `hide`, when the controls fade. */
  osdBottom: `${OSD_PAGE} .videoOsdBottom`,
  osdButtons: `${OSD_PAGE} .videoOsdBottom .buttons`,
  /** Our button stands before this one. */
  osdSettingsButton: '.btnVideoOsdSettings',
  /** Names the item that plays; absent in 10.8, hidden for items that cannot be rated. */
  osdRating: `${OSD_PAGE} .btnUserRating[data-id]:not(.hide)`,
  /** Elements whose background is the theme's accent colour, the likeliest first. */
  accents: ['.mdl-slider-background-lower', '.button-submit'],
} as const;

/** The bottom bar is on its way out or gone when it has one of these classes. */
export const OSD_HIDDEN_CLASSES = ['videoOsdBottom-hidden', 'hide'] as const;
