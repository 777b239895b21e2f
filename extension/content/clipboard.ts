/**
 * Puts text on the clipboard within a click, also on plain http pages, where the Clipboard API does not exist.
 * @returns whether it is there.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

/** Opens the system's share sheet where there is one. */
export async function shareText(url: string): Promise<void> {
  if (!navigator.share) return;
  try {
    await navigator.share({ url });
  } catch (error) {
    // Closing the share sheet is an AbortError: the person changed their mind.
    if (!(error instanceof DOMException && error.name === 'AbortError')) await copyText(url);
  }
}

function copyByCommand(text: string): boolean {
  const onCopy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', onCopy, { capture: true });
  try {
    return document.execCommand('copy');
  } finally {
    document.removeEventListener('copy', onCopy, { capture: true });
  }
}
