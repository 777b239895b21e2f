const DAY_MS = 24 * 3_600_000;

/**
 * What a link allows, in words.
 * @param {number} endsAtMs time of day. @param {number | null} usesLeft null: not known. @param {Date} now
 */
export function termsOf(endsAtMs, usesLeft, now) {
  const ends = new Date(endsAtMs);
  const time = ends.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const isToday = ends.toDateString() === now.toDateString();
  const isSoon = endsAtMs - now.getTime() < 6 * DAY_MS;
  const day = ends.toLocaleDateString('en', isSoon ? { weekday: 'long' } : { day: 'numeric', month: 'long' });
  const until = `The link works until ${isToday ? '' : `${day}, `}${time}`;
  if (usesLeft === null) return `${until}.`;
  return `${until}, for ${usesLeft === 1 ? 'one more person' : `${usesLeft} more people`}.`;
}

/**
 * @param {{ userAgent: string, maxTouchPoints: number }} browser
 * @returns {string | null} why no extension of ours can run there; null when one can.
 */
export function incapable({ userAgent, maxTouchPoints }) {
  // An iPad says that it is a Mac; no Mac has a screen for fingers.
  const isPad = /Macintosh/.test(userAgent) && maxTouchPoints > 1;
  if (isPad || /Android|iPhone|iPad|iPod|Mobile/.test(userAgent)) {
    return 'Phones and tablets cannot run the extension that a party needs. Open this link in Chrome, Edge or Firefox on a computer.';
  }
  const isKnown = /Firefox\/|Chrome\/|Chromium\//.test(userAgent);
  if (!isKnown && /Safari\//.test(userAgent)) {
    return 'Safari cannot run the extension that a party needs. Open this link in Chrome, Edge or Firefox on this computer.';
  }
  return null;
}
