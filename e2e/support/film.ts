/** Jellyfin's own web client as a person uses it: sign in, open a film, use the player's controls. */
import { FRAME_READER_SOURCE, type FrameStamp } from './frame-code.ts';
import { type Tab, until } from './tab.ts';

const VIDEO = '.videoPlayerContainer video';
const OSD = '#videoOsdPage:not(.hide)';

/** What the element says of itself. */
export interface Playback {
  positionMs: number;
  durationMs: number;
  paused: boolean;
  ended: boolean;
  rate: number;
  volume: number;
  muted: boolean;
  fullscreen: boolean;
}

export class Film {
  readonly #tab: Tab;
  readonly #server: { url: string; serverId: string };

  constructor(tab: Tab, server: { url: string; serverId: string }) {
    this.#tab = tab;
    this.#server = server;
  }

  visit(): Promise<void> {
    return this.#tab.goto(`${this.#server.url}/web/`);
  }

  /** On the log-in page, which the client shows by itself. The stand-in's passwords are the names. */
  async signIn(name: string): Promise<void> {
    await this.#tab.fillCss('#txtManualName', name);
    await this.#tab.fillCss('#txtManualPassword', name);
    await this.#tab.clickCss('#loginPage button[type=submit]');
    await this.#until('to be signed in', () => !/#!?\/?login/.test(location.hash) || null);
  }

  async signOut(): Promise<void> {
    await this.#tab.run(() => {
      location.hash = '#/mypreferencesmenu';
    }, null);
    // From 12 on, the page of settings leaves it to the menu of the user.
    const way = await this.#until('a way to sign out', () => {
      if (document.querySelector('#myPreferencesMenuPage .btnLogout')) return 'page';
      return document.querySelector('[aria-controls="app-user-menu"]') ? 'menu' : null;
    });
    if (way === 'menu') {
      await this.#tab.clickCss('[aria-controls="app-user-menu"]');
      await this.#tab.clickCss('[role="menuitem"]:has([data-testid="LogoutIcon"])');
    } else {
      await this.#tab.clickCss('#myPreferencesMenuPage .btnLogout');
    }
    await this.#until('to be signed out', () => /login|selectserver/.test(location.hash) || null);
  }

  /** Opens the item's page and presses its play button. */
  async open(itemId: string): Promise<void> {
    await this.look(itemId);
    await this.#tab.clickCss('.mainDetailButtons .btnPlay');
    await this.playing();
  }

  /** Shows the item's page. */
  async look(itemId: string): Promise<void> {
    await this.#tab.run((hash) => {
      location.hash = hash;
    }, `#/details?id=${itemId}&serverId=${this.#server.serverId}`);
  }

  /** Waits until the picture moves. @returns what the element says then. */
  async playing(): Promise<Playback> {
    const before = await until('a film', () => this.playback());
    return until('the film to play', async () => {
      const now = await this.playback();
      if (!now || now.paused || now.positionMs === before.positionMs) return null;
      return now;
    });
  }

  async paused(): Promise<Playback> {
    return until('the film to pause', async () => {
      const now = await this.playback();
      return now?.paused ? now : null;
    });
  }

  /** @returns null when there is no player. */
  playback(): Promise<Playback | null> {
    return this.#tab.run((selector) => {
      const video = document.querySelector<HTMLVideoElement>(selector);
      if (!video || video.readyState === 0) return null;
      return {
        positionMs: video.currentTime * 1000,
        durationMs: video.duration * 1000,
        paused: video.paused,
        ended: video.ended,
        rate: video.playbackRate,
        volume: video.volume,
        muted: video.muted,
        fullscreen: document.fullscreenElement !== null,
      };
    }, VIDEO);
  }

  /** What is really on the screen now, and when that was on the machine's clock. */
  frame(): Promise<(FrameStamp & { atEpochMs: number }) | null> {
    return this.#tab.evaluate(`(() => {
      const atEpochMs = performance.timeOrigin + performance.now();
      const stamp = ${FRAME_READER_SOURCE}(document.querySelector('${VIDEO}'));
      return stamp ? { ...stamp, atEpochMs } : null;
    })()`);
  }

  /** Wakes the player's controls with the mouse, away from buttons. */
  async showControls(): Promise<void> {
    await this.#tab.moveMouse({ x: 420, y: 260 });
    await this.#tab.moveMouse({ x: 480, y: 300 });
    await this.#until('the player controls', () => {
      const bar = document.querySelector('#videoOsdPage:not(.hide) .videoOsdBottom');
      return (bar && !bar.matches('.hide, .videoOsdBottom-hidden')) || null;
    });
  }

  /** The player's own button: pause when it plays, play when it is paused. */
  async togglePlay(): Promise<void> {
    await this.showControls();
    await this.#tab.clickCss(`${OSD} .btnPause`);
  }

  /** @param share 0 is the start of the film, 1 its end. */
  async seekTo(share: number): Promise<void> {
    await this.showControls();
    await this.#tab.clickCss(`${OSD} .osdPositionSlider`, share);
  }

  /** One step faster or slower with the player's own keys. */
  async changeSpeed(direction: 'faster' | 'slower'): Promise<void> {
    const [key, code] = direction === 'faster' ? ['>', 'Period'] : ['<', 'Comma'];
    // The page may heed either of them; only Chromium can be given both.
    await this.#tab.press(this.#tab.kind === 'chromium' ? `Shift+${code}` : key);
  }

  async toggleFullscreen(): Promise<void> {
    await this.showControls();
    await this.#tab.clickCss(`${OSD} .btnFullscreen`);
  }

  async next(): Promise<void> {
    await this.showControls();
    await this.#tab.clickCss(`${OSD} .btnNextTrack`);
  }

  /** Leaves the player as the browser's back button does. */
  async leavePlayer(): Promise<void> {
    await this.#tab.run(() => history.back(), null);
    await this.#until('the player to close', () => document.querySelector('.videoPlayerContainer') === null || null);
  }

  #until<R>(what: string, ask: (argument: null) => R): Promise<NonNullable<Awaited<R>>> {
    return until(what, async () => (await this.#tab.run(ask, null)) ?? null) as Promise<NonNullable<Awaited<R>>>;
  }
}
