const EXTENSION = /^(chrome|moz)-extension:\/\/[a-z0-9-]{1,64}$/;

/**
 * First filter in front of the token check (PROTOCOL.md O-01 to O-03).
 * @param origin the Origin header, '' when absent; compared exactly, as browsers send it in canonical form.
 * @param allowed listed origins; a listed extension origin pins extensions to those listed.
 */
export function isOriginAllowed(origin: string, allowed: readonly string[]): boolean {
  if (allowed.includes(origin)) return true;
  const pinned = allowed.some((entry) => EXTENSION.test(entry));
  return !pinned && EXTENSION.test(origin);
}
