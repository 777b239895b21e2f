/** Long enough for two sentences, in ms. */
const NOTICE_MS = 12_000;

/** Of the element, one by one and important: a strict page CSP refuses style attributes, and no rule of the page may win. */
const STYLE = {
  position: 'fixed',
  'inset-block-start': '16px',
  'inset-inline-start': '16px',
  'max-inline-size': 'min(420px, calc(100vw - 64px))',
  padding: '12px 16px',
  'border-radius': '6px',
  'z-index': '100002',
  background: '#101010',
  color: '#fff',
  font: '14px/1.4 sans-serif',
} as const;

/** Says one thing over the page without the overlay, which could not be loaded; a click or its time takes it away. */
export function plainNotice(document: Document, text: string, signal: AbortSignal): void {
  if (signal.aborted) return;
  const notice = document.createElement('div');
  notice.setAttribute('role', 'alert');
  notice.textContent = text;
  for (const [name, value] of Object.entries(STYLE)) notice.style.setProperty(name, value, 'important');
  const remove = (): void => {
    clearTimeout(timer);
    notice.remove();
  };
  const timer = setTimeout(remove, NOTICE_MS);
  notice.addEventListener('click', remove);
  signal.addEventListener('abort', remove, { once: true });
  document.body.append(notice);
}
