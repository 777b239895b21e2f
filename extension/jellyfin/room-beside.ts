/** Below this width the panel is a sheet at the bottom, and the picture keeps its place (overlay.md). */
const SHEET_BELOW_PX = 700;

/**
 * Lets the picture make room for a panel at the end of the line. Inline, because a page's CSP may refuse a style sheet.
 * @param container the player's container. @param widthPx room to leave; 0 gives the picture its place back.
 */
export function makeRoom(container: HTMLElement, widthPx: number): void {
  const side = container.ownerDocument.documentElement.dir === 'rtl' ? 'left' : 'right';
  if (widthPx === 0) container.style.removeProperty(side);
  // The middle term is far below 0 on a narrow page and far above the width on a wide one: a media query inline.
  else container.style.setProperty(side, `clamp(0px, (100vw - ${SHEET_BELOW_PX}px) * 1000, ${widthPx}px)`, 'important');
}
