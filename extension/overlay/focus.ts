import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const CONTROLS = 'input, button:not([aria-disabled])';
/** What nobody opens the panel for. */
const SELDOM = ':is(.folded, .more) *';

/**
 * Keeps the keyboard where the person is: the first control when they open the panel, and again when the control they
 * used is replaced by the next screen (otherwise their keys would fall through to the player).
 * @param takesFocus false for a panel that was found open, not opened just now.
 */
export function useFocusCare(panel: RefObject<HTMLElement | null>, takesFocus: boolean): void {
  const isFirst = useRef(true);
  // Asked while rendering: afterwards the control may be gone already.
  const hadFocus = holdsFocus(panel.current);
  useLayoutEffect(() => {
    const opened = isFirst.current && takesFocus;
    isFirst.current = false;
    const lost = hadFocus && !holdsFocus(panel.current);
    if (panel.current && (opened || lost)) firstControl(panel.current).focus({ preventScroll: true });
  });
}

/**
 * Gives the focus back where it was before the panel opened, if it is in the panel when that closes.
 * @param overlay the overlay's outermost element. @param open whether the panel is open.
 */
export function useFocusReturn(overlay: RefObject<HTMLElement | null>, open: boolean): void {
  const wasOpen = useRef(false);
  const opener = useRef<Element | null>(null);
  const element = overlay.current;
  const closes = wasOpen.current && !open && holdsFocus(element);
  if (!wasOpen.current && open) opener.current = (element && activeIn(element)) ?? document.activeElement;
  wasOpen.current = open;
  useLayoutEffect(() => {
    if (!closes) return;
    // The pill is built anew each time, so the one that was pressed may be gone.
    const target = opener.current?.isConnected ? opener.current : overlay.current?.querySelector('.pill');
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  });
}

/** @returns a ref for what a fold or menu shows: unfolded, it would else be out of sight below the list. */
export function useInSight<T extends HTMLElement>(shows: unknown): RefObject<T | null> {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    if (shows) element.current?.scrollIntoView({ block: 'nearest' });
  }, [shows]);
  return element;
}

function holdsFocus(element: HTMLElement | null): boolean {
  return element?.contains(activeIn(element)) ?? false;
}

/** @returns what has the focus in the element's shadow tree; null when that is elsewhere in the page. */
function activeIn(element: HTMLElement): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.activeElement : element.ownerDocument.activeElement;
}

/** The panel's first control of substance: what it was opened for, before the button that closes it. */
function firstControl(panel: HTMLElement): HTMLElement {
  const inBody = panel.querySelector<HTMLElement>(`.body :is(${CONTROLS}):not(${SELDOM})`);
  return inBody ?? panel.querySelector<HTMLElement>(`.invite :is(${CONTROLS})`) ?? panel;
}
