/** One thing that was looked at, in words for whoever runs the relay. */
export interface Finding {
  check: Check;
  verdict: 'fine' | 'look' | 'broken' | 'left out';
  says: string;
  /** What to do about it; null when there is nothing to do. */
  fix: string | null;
}

export type Check =
  | 'reachable'
  | 'certificate'
  | 'relay'
  | 'version'
  | 'ready'
  | 'clock'
  | 'socket'
  | 'origin'
  | 'token'
  | 'links';

export const fine = (check: Check, says: string): Finding => ({ check, verdict: 'fine', says, fix: null });
export const look = (check: Check, says: string, fix: string): Finding => ({ check, verdict: 'look', says, fix });
export const broken = (check: Check, says: string, fix: string): Finding => ({ check, verdict: 'broken', says, fix });
/** @returns that somebody else's login was met on the way. @param status 401 or 403. */
export const behindLogin = (check: Check, status: number): Finding =>
  broken(
    check,
    `something in front of the relay wants a login (${status})`,
    'Take the relay out of the proxy’s access rules: it checks who may come in itself.',
  );
export const leftOut = (check: Check, says: string): Finding => ({ check, verdict: 'left out', says, fix: null });
