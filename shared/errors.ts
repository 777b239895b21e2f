/**
 * Every way a request can be refused. The code is the contract and the key of the text a person sees
 * (`error_<code with underscores>` in _locales); the message beside it is for logs.
 */
export const ERROR_CODES = [
  'bad-message',
  'message-too-large',
  'unsupported-version',
  'not-in-room',
  'already-in-room',
  'token-invalid',
  'token-expired',
  'identity-expired',
  'invite-used-up',
  'invite-revoked',
  'code-unknown',
  'code-taken',
  'room-not-found',
  'room-full',
  'stale-command',
  'bad-position',
  'nothing-to-undo',
  'not-allowed',
  'queue-full',
  'no-such-member',
  'room-locked',
  'kicked',
  'rate-limited',
  'too-many-connections',
  'origin-refused',
  'jellyfin-not-listed',
  'jellyfin-unreachable',
  'jellyfin-refused',
  'pairing-code-wrong',
  'not-found',
  'method-not-allowed',
  'shutting-down',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a client may do about a refusal: nothing, the same again later, or again with a fresh token or timeline. */
export type Remedy = 'give-up' | 'retry-later' | 'renew' | 'rebase';

const REMEDIES: Record<ErrorCode, Remedy> = {
  'bad-message': 'give-up',
  'message-too-large': 'give-up',
  'unsupported-version': 'give-up',
  'not-in-room': 'give-up',
  'already-in-room': 'give-up',
  'token-invalid': 'renew',
  'token-expired': 'renew',
  'identity-expired': 'renew',
  'invite-used-up': 'give-up',
  'invite-revoked': 'give-up',
  'code-unknown': 'give-up',
  'code-taken': 'retry-later',
  'room-not-found': 'give-up',
  'room-full': 'retry-later',
  'stale-command': 'rebase',
  'bad-position': 'rebase',
  'nothing-to-undo': 'give-up',
  'not-allowed': 'give-up',
  'queue-full': 'retry-later',
  'no-such-member': 'give-up',
  'room-locked': 'retry-later',
  kicked: 'give-up',
  'rate-limited': 'retry-later',
  'too-many-connections': 'retry-later',
  'origin-refused': 'give-up',
  'jellyfin-not-listed': 'give-up',
  'jellyfin-unreachable': 'retry-later',
  'jellyfin-refused': 'give-up',
  'pairing-code-wrong': 'give-up',
  'not-found': 'give-up',
  'method-not-allowed': 'give-up',
  'shutting-down': 'retry-later',
  internal: 'retry-later',
};

/** @param code a refusal's code. @returns what the client may do about it. */
export const remedyOf = (code: ErrorCode): Remedy => REMEDIES[code];

/** Thrown by parsers and token checks; crosses the wire as `{ type: 'error', code, message }`. */
export class ProtocolError extends Error {
  readonly code: ErrorCode;

  /** @param code stable code. @param message what was wrong and what to do, without secrets. */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** Ends an exhaustive switch: a new union member fails to compile here. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
