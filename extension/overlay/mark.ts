/** The overlay's element in the page; any script of ours finds it by this id. */
export const HOST_ID = 'opensyncparty';
/** Set on a host by a newer script: its owner lets go instead of putting it back. */
export const RETIRED = 'data-retired';
/** Tells a newer script that it found a party going on; in Firefox the older one is dead by then and cannot say so itself. */
export const IN_PARTY = 'data-in-party';

/** @returns whether an older mount in this page is in a party: an update has taken its script away. */
export const wasInParty = (document: Document): boolean => document.querySelector(`#${HOST_ID}[${IN_PARTY}]`) !== null;

/** Takes what an older script mounted out of the page. */
export function retireOlder(document: Document): void {
  for (const older of document.querySelectorAll(`#${HOST_ID}`)) {
    older.setAttribute(RETIRED, '');
    older.remove();
  }
}
