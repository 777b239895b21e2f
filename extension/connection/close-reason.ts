import { CLOSE } from '../../shared/close-codes.ts';
import { ERROR_CODES } from '../../shared/errors.ts';

const CODES: ReadonlySet<string> = new Set([...ERROR_CODES, 'seat-taken']);

/** What the relay gave as its reason: the close's text, else the error message before it, else what the code implies. */
export function reasonOfClose(code: number, reason: string, said: string | null): string | null {
  if (CODES.has(reason)) return reason;
  if (said) return said;
  switch (code) {
    case CLOSE.badToken:
      return 'token-invalid';
    case CLOSE.roomNotFound:
      return 'room-not-found';
    case CLOSE.seatTaken:
      return 'seat-taken';
    case CLOSE.unsupportedVersion:
      return 'unsupported-version';
    case CLOSE.tooLarge:
      return 'message-too-large';
    case CLOSE.rateLimited:
      return 'rate-limited';
    default:
      return null;
  }
}
