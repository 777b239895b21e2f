/** Shortest wait before trying again, in ms: a relay that restarts needs a moment. */
export const MIN_DELAY_MS = 500;
/** Longest wait at first, in ms: a relay that is started anew has its members back within 3 s. */
export const PROMPT_DELAY_MS = 2_500;
/** So many attempts are prompt: about a minute, in which a restart, an update or a reboot is over. */
export const PROMPT_ATTEMPTS = 40;
/** Longest wait, in ms: people who look at the panel should not wait longer than this. */
export const MAX_DELAY_MS = 15_000;
/** A connection that lasted this long was a good one, in ms: the next trouble starts from the shortest wait. */
export const STABLE_MS = 5_000;

/**
 * How long to wait before an attempt: full jitter between the shortest wait and a ceiling that doubles,
 * so that the members of a room do not come back in step.
 * @param attempt 1 for the first attempt after a loss. @param random from [0, 1). @returns ms.
 */
export function backoffDelayMs(attempt: number, random: number): number {
  const longest = attempt <= PROMPT_ATTEMPTS ? PROMPT_DELAY_MS : MAX_DELAY_MS;
  const ceiling = Math.min(longest, MIN_DELAY_MS * 2 ** Math.max(1, attempt));
  return MIN_DELAY_MS + random * (ceiling - MIN_DELAY_MS);
}

/**
 * Number of the next attempt after a connection was lost.
 * @param attempt of the connection that was lost. @param openForMs how long it was open, null when it never was.
 */
export function nextAttempt(attempt: number, openForMs: number | null): number {
  return openForMs !== null && openForMs >= STABLE_MS ? 1 : attempt + 1;
}
