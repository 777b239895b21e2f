import { type ErrorCode, ProtocolError } from '../../shared/errors.ts';
import { type HttpResponse, json } from './port.ts';

const STATUS: Record<ErrorCode, number> = {
  'bad-message': 400,
  'message-too-large': 413,
  'unsupported-version': 426,
  'not-in-room': 409,
  'already-in-room': 409,
  'token-invalid': 401,
  'token-expired': 401,
  'identity-expired': 401,
  'invite-used-up': 410,
  'invite-revoked': 410,
  'code-unknown': 404,
  'code-taken': 409,
  'room-not-found': 404,
  'room-full': 503,
  'stale-command': 409,
  'bad-position': 409,
  'nothing-to-undo': 409,
  'not-allowed': 403,
  'queue-full': 409,
  'no-such-member': 404,
  'room-locked': 403,
  kicked: 403,
  'rate-limited': 429,
  'too-many-connections': 429,
  'origin-refused': 403,
  'jellyfin-not-listed': 403,
  'jellyfin-unreachable': 502,
  'jellyfin-refused': 403,
  'pairing-code-wrong': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'shutting-down': 503,
  internal: 500,
};

/** @returns a refusal as HTTP says it (PROTOCOL.md H-00). */
export const errorResponse = ({ code, message }: ProtocolError): HttpResponse => ({
  ...json(STATUS[code], { type: 'error', code, message }),
  refused: code,
});

/** @returns the refusal with this code. */
export const refusal = (code: ErrorCode, message: string): HttpResponse =>
  errorResponse(new ProtocolError(code, message));
