/** Where a letter is text; the player's own sliders are inputs too. */
const TEXT = 'textarea, select, input:not([type=range], [type=checkbox], [type=radio], [type=button])';

/**
 * Shift+W anywhere in the page, except where it is a letter being typed.
 * It stops there: the player would show its controls for any key it sees.
 */
export function onShortcut(document: Document, signal: AbortSignal, toggle: () => void): void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isShortcut(event) || isTyping(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) toggle();
  };
  document.addEventListener('keydown', onKeyDown, { signal, capture: true });
}

const isShortcut = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === 'w' && event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return event.isComposing || (target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT)));
}
