/** @returns the relay's base URL without trailing slash; null when the text is not an address. */
export function normaliseRelay(text: string): string | null {
  const typed = text.trim();
  const withScheme = /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`;
  try {
    const url = new URL(withScheme.replace(/^ws/i, 'http'));
    return /^https?:$/.test(url.protocol) ? `${url.origin}${url.pathname}`.replace(/\/+$/, '') : null;
  } catch {
    return null;
  }
}
