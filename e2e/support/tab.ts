/** The one interface of both browsers: a tab that a person looks at, and the browser it is in. */

export type Role =
  | 'alert'
  | 'button'
  | 'checkbox'
  | 'dialog'
  | 'heading'
  | 'link'
  | 'list'
  | 'listitem'
  | 'radio'
  | 'slider'
  | 'spinbutton'
  | 'status'
  | 'textbox';

/** Something on the screen as assistive technology sees it. A string name must fit whole, a pattern anywhere. */
export interface Target {
  role: Role;
  name?: string | RegExp;
  within?: Target;
}

export interface Point {
  x: number;
  y: number;
}

export interface Tab {
  readonly kind: 'chromium' | 'firefox';
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Evaluates an expression in the page's own world. */
  evaluate<R>(source: string): Promise<R>;
  /** Calls a function in the page's own world. It must be self-contained: only its text goes there. */
  run<A, R>(pageFunction: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** What the visible elements that fit say; [] when there is none now. Form fields say their value. */
  texts(target: Target): Promise<string[]>;
  /** Clicks with the pointer, once the element is there. */
  click(target: Target): Promise<void>;
  /**
   * Clicks the first visible element that a CSS selector finds: for the page's own controls, which have no stable names.
   * @param share how far along its width, 0 to 1.
   */
  clickCss(selector: string, share?: number): Promise<void>;
  /** Puts text into a field as a person does: focus, select all, type. */
  fill(target: Target, text: string): Promise<void>;
  fillCss(selector: string, text: string): Promise<void>;
  /** A key by its `KeyboardEvent.key` name, with modifiers: `Shift+W`. */
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
  moveMouse(to: Point): Promise<void>;
  /** @param deltaY pixels, positive downwards. */
  wheel(at: Point, deltaY: number): Promise<void>;
  screenshot(file: string): Promise<void>;
  bringToFront(): Promise<void>;
  isOpen(): boolean;
  close(): Promise<void>;
}

export interface BrowserSeat {
  readonly kind: 'chromium' | 'firefox';
  newTab(): Promise<Tab>;
  /** A tab on one of the extension's own pages, e.g. `options.html`. */
  extensionPage(path: string): Promise<Tab>;
  /** Closes all tabs but one empty one and forgets what the extension has stored. */
  reset(): Promise<void>;
  /** Ends the extension's background as the browser does when it idles. */
  stopBackground(): Promise<void>;
  /** What an update does: the extension starts anew while its old content scripts stay in the pages. */
  reloadExtension(): Promise<void>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /** Folder of the unpacked extension, e.g. `dist/e2e-chrome`; null for a browser without it. */
  extension: string | null;
  headless: boolean;
  /** A window of this size on the screen; without one the page is as large as the viewport. */
  window?: { left: number; top: number; width: number; height: number };
  viewport?: { width: number; height: number };
  /** Accept the self-signed certificates of the https journeys. */
  insecureCertificates?: boolean;
}

export const VIEWPORT = { width: 1280, height: 720 } as const;
/** Longest wait for something a person would expect to see by now, in ms. */
export const PATIENCE_MS = 15_000;

/**
 * The text of a page function, callable in any page: bundlers wrap inner functions in a `__name` helper that no page has.
 */
export function sourceOf<A, R>(pageFunction: (argument: A) => R | Promise<R>, argument: A): string {
  return `((__name) => (${pageFunction.toString()}))((f) => f)(${JSON.stringify(argument) ?? 'undefined'})`;
}

/** Asks again until the answer is not null. @throws Error saying what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | null>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A page function, self-contained: what the visible ones among these elements say, with single spaces; fields say their value. */
export function readTexts(elements: Element[]): string[] {
  return elements.flatMap((element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return [];
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return [element.value];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const parts: string[] = [];
    while (walker.nextNode()) {
      const { parentElement, nodeValue } = walker.currentNode;
      if (parentElement?.checkVisibility({ visibilityProperty: true })) parts.push(nodeValue ?? '');
    }
    return [parts.join(' ').replace(/\s+/g, ' ').trim()];
  });
}

export function describeTarget({ role, name, within }: Target): string {
  const own = name === undefined ? role : `${role} ${String(name)}`;
  return within ? `${own} in ${describeTarget(within)}` : own;
}
