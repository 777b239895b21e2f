/** A person with a browser, on Jellyfin and in a party. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Film } from './film.ts';
import { startRecording, takeRecording } from './sampler.ts';
import { type BrowserSeat, type Tab, type Target, until } from './tab.ts';
import { type WordKey, words } from './words.ts';

export const PANEL: Target = { role: 'dialog', name: 'Watch party' };
const PLAYER_BUTTON: Target = { role: 'button', name: /^Watch party/ };
export const START: Target = { role: 'button', name: 'Start a party', within: PANEL };
export const LEAVE: Target = { role: 'button', name: 'Leave party', within: PANEL };
export const COPY: Target = { role: 'button', name: 'Copy invite link', within: PANEL };
export const JOIN: Target = { role: 'button', name: 'Join', within: PANEL };
export const RELAY_ADDRESS: Target = { role: 'textbox', name: 'Relay address', within: PANEL };
export const INVITE_LINK: Target = { role: 'textbox', name: 'Invite link', within: PANEL };

export interface MemberOptions {
  /** Jellyfin user name, shown to the others. */
  name: string;
  seat: BrowserSeat;
  server: { url: string; serverId: string };
  /** Folder for screenshots. */
  shots: string;
}

/** Where the builds for journeys may run (vite.config.ts). */
const ALLOWED: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

export class Member {
  readonly name: string;
  readonly seat: BrowserSeat;
  readonly tab: Tab;
  readonly film: Film;
  readonly #options: MemberOptions;
  /** The browser outlives the journeys: what is on its clipboard at first may be the link of another one, to a relay that is gone. */
  #linkBefore = '';

  constructor(options: MemberOptions, tab: Tab) {
    this.name = options.name;
    this.seat = options.seat;
    this.tab = tab;
    this.film = new Film(tab, options.server);
    this.#options = options;
  }

  static async arrive(options: MemberOptions): Promise<Member> {
    return new Member(options, await options.seat.newTab());
  }

  /** Opens Jellyfin, signs in and starts an item. */
  async watch(itemId: string): Promise<void> {
    await this.film.visit();
    await this.film.signIn(this.name);
    await this.film.open(itemId);
  }

  /** By keyboard, as it works in and out of the player. */
  async openPanel(): Promise<void> {
    const seen = async (): Promise<true | null> => ((await this.sees(PANEL)) ? true : null);
    await until(`${this.name} to see the panel`, async () => {
      if (await seen()) return true;
      await this.tab.press('Shift+W');
      // In a page that was loading, the key may have closed what was just about to open: it is pressed again then.
      return until('the panel', seen, 3_000).catch(() => null);
    });
  }

  /** By the button in the player's bottom bar. */
  async openPanelFromPlayer(): Promise<void> {
    await this.film.showControls();
    await this.tab.click(PLAYER_BUTTON);
    await this.seesSoon(PANEL);
  }

  async closePanel(): Promise<void> {
    if (!(await this.sees(PANEL))) return;
    await this.tab.click({ role: 'button', name: words('panel_close'), within: PANEL });
    await until('the panel to close', async () => ((await this.sees(PANEL)) ? null : true));
  }

  /** Starts a party, naming the relay when the panel asks for it. */
  async startParty(relay: string): Promise<void> {
    await this.openPanel();
    this.#linkBefore = await this.#clipboard();
    await this.tab.click(START);
    const next = await until('the party, or the question for a relay', async () =>
      (await this.sees(LEAVE)) ? 'party' : (await this.sees(RELAY_ADDRESS)) ? 'relay' : null,
    );
    if (next === 'relay') await this.enterRelay(relay);
    await this.seesSoon(LEAVE);
  }

  async enterRelay(relay: string): Promise<void> {
    await this.tab.fill(RELAY_ADDRESS, relay);
    await this.tab.click({ role: 'button', name: words('continue'), within: PANEL });
  }

  /** @returns the link that the button put on the clipboard. */
  async copyInvite(): Promise<string> {
    await this.openPanel();
    await this.tab.click(COPY);
    await this.seesSoon({ role: 'button', name: words('copied'), within: PANEL });
    return this.linkOnClipboard();
  }

  linkOnClipboard(): Promise<string> {
    return until('an invite link on the clipboard', async () => {
      const text = await this.#clipboard();
      return text.includes('/join/') && text !== this.#linkBefore ? text : null;
    });
  }

  /** @returns '' also when it may not be read: on plain http, and now and then in Firefox. */
  #clipboard(): Promise<string> {
    return this.tab.run(async () => {
      try {
        return await navigator.clipboard.readText();
      } catch {
        return '';
      }
    }, null);
  }

  /** Pastes a link into the panel. */
  async joinByPasting(link: string): Promise<void> {
    await this.openPanel();
    await this.tab.fill(INVITE_LINK, link);
    await this.tab.click(JOIN);
  }

  /**
   * Opens a link as it comes by mail: the relay's page finds the extension, and goes on to Jellyfin by itself, or by its button
   * where the extension has not been allowed on the relay's page.
   */
  async joinByLink(link: string): Promise<void> {
    await this.tab.goto(link);
    if (!ALLOWED.has(new URL(link).hostname)) await this.tab.click({ role: 'link', name: /Jellyfin/ });
    await until(`${this.name} to be led on to Jellyfin`, async () => {
      // A page that is being left answers nothing.
      const path = await this.tab.run(() => location.pathname, null).catch(() => '');
      return path.includes('/web') ? true : null;
    });
  }

  async leaveParty(): Promise<void> {
    await this.openPanel();
    await this.tab.click(LEAVE);
    await this.seesSoon(START);
  }

  /** The rows of the people list, as text. */
  people(): Promise<string[]> {
    return this.tab.texts({ role: 'listitem', within: PANEL });
  }

  /** The people whose picture the panel shows, and the server that it is from. */
  pictures(): Promise<{ of: string; from: string; isShown: boolean }[]> {
    return this.tab.run(() => {
      const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
      const images = roots.flatMap((root) => [...root.querySelectorAll<HTMLImageElement>('.person img')]);
      return images.map((image) => ({
        of: image.closest('.person')?.querySelector('.name')?.textContent ?? '',
        from: new URL(image.src).origin,
        isShown: image.complete && image.naturalWidth > 0,
      }));
    }, null);
  }

  /** What the panel says as a whole; '' when it is closed. */
  async panelText(): Promise<string> {
    const [text] = await this.tab.texts(PANEL);
    return text ?? '';
  }

  async alerts(): Promise<string> {
    return (await this.tab.texts({ role: 'alert' })).join(' ');
  }

  async notices(): Promise<string> {
    return (await this.tab.texts({ role: 'status' })).join(' ');
  }

  /** Presses one of the panel's buttons, as soon as it is there. */
  async press(key: WordKey): Promise<void> {
    await this.tab.click({ role: 'button', name: words(key), within: PANEL });
  }

  /** Gives the browser the click that it wants before it plays sound. */
  async startIfAsked(): Promise<void> {
    const button: Target = { role: 'button', name: words('start_watching') };
    if (await this.sees(button)) await this.tab.click(button);
  }

  /** @returns a question: what disturbed this member's film since now? */
  async noteDisturbances(): Promise<() => Promise<string[]>> {
    await startRecording(this.tab);
    return async () => {
      const { events } = await takeRecording(this.tab);
      return events.map(({ type }) => type).filter((type) => ['pause', 'seeking', 'waiting', 'emptied'].includes(type));
    };
  }

  /** The same person, browser and log-in in another tab. */
  async secondTab(): Promise<Member> {
    return new Member(this.#options, await this.seat.newTab());
  }

  async sees(target: Target): Promise<boolean> {
    return (await this.tab.texts(target)).length > 0;
  }

  async seesSoon(target: Target): Promise<void> {
    await until(`${this.name} to see ${target.role} ${String(target.name ?? '')}`, async () =>
      (await this.sees(target)) ? true : null,
    );
  }

  async screenshot(name: string): Promise<void> {
    const { shots } = this.#options;
    await mkdir(shots, { recursive: true });
    await this.tab.screenshot(join(shots, `${name}-${this.name}.png`));
  }
}
