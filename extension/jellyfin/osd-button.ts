import type { ButtonView } from './host.ts';
import { OSD_HIDDEN_CLASSES, SELECTORS } from './selectors.ts';

const ATTENTION_COLOR = '#f2b01e';
const BADGE_COLOR = '#00a4dc';

export interface OsdEdges {
  onPress(): void;
  onVisible(visible: boolean): void;
}

/** The party button in the player's bottom bar, and a look-out for when that bar shows. */
export class OsdButton {
  readonly #document: Document;
  readonly #edges: OsdEdges;
  readonly #button: HTMLButtonElement;
  readonly #badge: HTMLSpanElement;
  #visible: boolean | null = null;
  #shown = '';
  #watch: AbortController | null = null;

  constructor(document: Document, edges: OsdEdges, signal: AbortSignal) {
    this.#document = document;
    this.#edges = edges;
    this.#badge = makeBadge(document);
    this.#button = makeButton(document, this.#badge, () => edges.onPress(), signal);
    signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Watches while a film is there: the app builds its bar anew for each film, and fades it by classes. */
  start(): void {
    if (this.#watch) return;
    this.#watch = new AbortController();
    const observer = new MutationObserver(() => this.#look());
    const { body } = this.#document;
    observer.observe(body, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] });
    this.#watch.signal.addEventListener('abort', () => observer.disconnect(), { once: true });
    this.#look();
  }

  stop(): void {
    this.#watch?.abort();
    this.#watch = null;
    this.#visible = null;
    this.#button.remove();
  }

  show(view: ButtonView): void {
    const { label, count, attention, pressed } = view;
    const shown = JSON.stringify(view);
    // A member's news comes each second and seldom changes the button; writing it would cost the page a new style.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#button.title = label;
    this.#button.setAttribute('aria-label', label);
    this.#button.setAttribute('aria-pressed', String(pressed));
    this.#badge.hidden = count === null && !attention;
    this.#badge.textContent = count === null ? '' : String(count);
    this.#badge.style.background = attention ? ATTENTION_COLOR : BADGE_COLOR;
    this.#badge.style.color = attention ? '#000' : '#fff';
    this.#badge.style.minWidth = this.#badge.style.height = count === null ? '8px' : '16px';
  }

  #look(): void {
    const buttons = this.#document.querySelector(SELECTORS.osdButtons);
    if (buttons && this.#button.parentElement !== buttons) {
      buttons.insertBefore(this.#button, buttons.querySelector(`:scope > ${SELECTORS.osdSettingsButton}`));
    }
    const bottom = this.#document.querySelector(SELECTORS.osdBottom);
    const visible = bottom !== null && !OSD_HIDDEN_CLASSES.some((name) => bottom.classList.contains(name));
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#edges.onVisible(visible);
  }
}

/** Looks native without the app's custom element: its classes do. The icon's name is a class of its icon font. */
function makeButton(
  document: Document,
  badge: HTMLElement,
  onPress: () => void,
  signal: AbortSignal,
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'autoSize paper-icon-button-light';
  button.dataset.opensyncparty = 'button';
  button.style.position = 'relative';
  const icon = document.createElement('span');
  icon.className = 'xlargePaperIconButton material-icons groups';
  icon.setAttribute('aria-hidden', 'true');
  button.append(icon, badge);
  button.addEventListener('click', onPress, { signal });
  // The app takes every Space and Enter for its own, and in Firefox drops the click that follows a key.
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === 'keydown' && !event.repeat) onPress();
  };
  button.addEventListener('keydown', onKey, { signal });
  button.addEventListener('keyup', onKey, { signal });
  return button;
}

function makeBadge(document: Document): HTMLSpanElement {
  const badge = document.createElement('span');
  badge.setAttribute('aria-hidden', 'true');
  badge.hidden = true;
  // Set one by one on the element: a strict page CSP refuses style attributes, not this.
  Object.assign(badge.style, {
    position: 'absolute',
    top: '4px',
    insetInlineEnd: '0',
    padding: '0 3px',
    boxSizing: 'border-box',
    borderRadius: '8px',
    font: '600 11px/16px sans-serif',
    textAlign: 'center',
    pointerEvents: 'none',
  });
  return badge;
}
