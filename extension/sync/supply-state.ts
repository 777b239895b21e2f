/** What is known of how fast the film arrives here. */
export interface Supply {
  /** Since when the picture stands still though it should move, in local ms; null while it moves. */
  standingSinceMs: number | null;
  /** Where the buffer ended at recent looks, in media ms, oldest first. */
  ends: readonly { atMs: number; endMs: number }[];
  /** The timeline for which the room was told, so that it is told once. */
  toldKey: string | null;
}

/** @returns a supply that nothing is known of. */
export const createSupply = (): Supply => ({ standingSinceMs: null, ends: [], toldKey: null });
