/** Chrome's names for the permission, newest first: the one of 142 was split in two later. */
const PERMISSIONS = ['loopback-network', 'local-network', 'local-network-access'] as const;

/** `navigator.permissions.query(...).state`; rejects for a name the browser does not know. */
export type PermissionQuery = (name: string) => Promise<PermissionState>;

const PRIVATE_V4 = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/;
const PRIVATE_V6 = /^\[(::1|f[cd]|fe[89ab])/;

/** @param hostname as in `URL.hostname`. @returns whether it names this machine or one near it. */
export function isLocalHost(hostname: string): boolean {
  const local = hostname === 'localhost' || /\.(localhost|local|lan|home\.arpa|internal)$/.test(hostname);
  return local || PRIVATE_V4.test(hostname) || PRIVATE_V6.test(hostname) || !/[.:]/.test(hostname);
}

/**
 * Whether a failed request failed because the user (or a policy) keeps extensions from the local network.
 * Only a plain "denied" counts: under "prompt", the state of everyone who was never asked, Chromium 156 lets an
 * extension's background through, and a relay that is merely down must not be blamed on the browser.
 */
export async function isBlockedByLocalNetworkPermission(url: string, query: PermissionQuery): Promise<boolean> {
  if (!isLocalHost(new URL(url).hostname)) return false;
  const states = await Promise.all(PERMISSIONS.map((name) => query(name).catch(() => 'granted' as const)));
  return states.includes('denied');
}
