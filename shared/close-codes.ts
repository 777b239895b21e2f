import type { ErrorCode } from './errors.ts';

/** WebSocket close codes of the relay (PROTOCOL.md section 5). The reason text is the error code, never a token. */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  policy: 1008,
  tooLarge: 1009,
  badToken: 4401,
  helloTimeout: 4408,
  roomNotFound: 4404,
  seatTaken: 4409,
  identityExpired: 4440,
  unsupportedVersion: 4426,
  rateLimited: 4429,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** What a closed socket means to a client: come back, come back with another token or with a new identity, or stop. */
export type CloseMeaning = 'reconnect' | 'rejoin-with-invite' | 'renew-identity' | 'stop';

/** @param code the code of a close event, any number. @returns what a client should do now (PROTOCOL.md C-02). */
export function meaningOfClose(code: number): CloseMeaning {
  switch (code) {
    case CLOSE.normal:
    case CLOSE.policy:
    case CLOSE.tooLarge:
    case CLOSE.seatTaken:
    case CLOSE.unsupportedVersion:
      return 'stop';
    case CLOSE.badToken:
    case CLOSE.roomNotFound:
      return 'rejoin-with-invite';
    case CLOSE.identityExpired:
      return 'renew-identity';
    default:
      return 'reconnect';
  }
}

/** @param code why a socket is refused. @returns the close code that goes with it. */
export function closeCodeFor(code: ErrorCode): CloseCode {
  switch (code) {
    case 'token-invalid':
    case 'token-expired':
    case 'invite-used-up':
    case 'invite-revoked':
      return CLOSE.badToken;
    case 'identity-expired':
      return CLOSE.identityExpired;
    case 'room-not-found':
      return CLOSE.roomNotFound;
    case 'unsupported-version':
      return CLOSE.unsupportedVersion;
    case 'message-too-large':
      return CLOSE.tooLarge;
    case 'rate-limited':
    case 'too-many-connections':
    case 'room-full':
      return CLOSE.rateLimited;
    case 'shutting-down':
      return CLOSE.goingAway;
    default:
      return CLOSE.policy;
  }
}
