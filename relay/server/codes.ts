import { ProtocolError } from '../../shared/errors.ts';
import { CODE_TTL_MS } from '../../shared/limits.ts';
import { type Bucket, type BucketSpec, fullBucket, takeToken } from '../limits/token-bucket.ts';

/** What a code stands for. */
export interface CodedInvite {
  room: string;
  invite: string;
}

/** Short codes that can be read aloud, each for an invite and for a short time (PROTOCOL.md H-08). */
export interface Codes {
  /** @throws ProtocolError `code-taken` when it stands for another invite. */
  put(code: string, invite: CodedInvite, nowMs: number): void;
  /** @throws ProtocolError `code-unknown`, or `rate-limited` while too many are wrong, from wherever they come. */
  find(code: string, nowMs: number): CodedInvite;
}

/** One in ten thousand of all there are, so that a guess is as good as never right. */
const MAX_CODES = 10_000;
/** Wrong ones from all addresses together: people mistype now and then, machines guess. */
const WRONG: BucketSpec = { burst: 100, perSecond: 1 };

/** They are kept in memory only, and written nowhere. */
export function createCodes(): Codes {
  // Every code lives equally long, so the oldest are the first to end, and come first in a Map.
  const codes = new Map<string, CodedInvite & { untilMs: number }>();
  let wrong: Bucket = fullBucket(0);
  const forgetOver = (nowMs: number): void => {
    for (const [code, { untilMs }] of codes) {
      if (untilMs > nowMs) return;
      codes.delete(code);
    }
  };
  return {
    put: (code, { room, invite }, nowMs) => {
      forgetOver(nowMs);
      const known = codes.get(code);
      if (known && known.invite !== invite) throw new ProtocolError('code-taken', 'that code is in use: take another');
      if (codes.size >= MAX_CODES) throw new ProtocolError('rate-limited', 'too many codes: use the link');
      codes.delete(code);
      codes.set(code, { room, invite, untilMs: nowMs + CODE_TTL_MS });
    },
    find: (code, nowMs) => {
      forgetOver(nowMs);
      const known = codes.get(code);
      const taken = takeToken(wrong, WRONG, nowMs);
      // A right one is not told from a wrong one while there are too many: that is what would be guessed at.
      if (taken === null) throw new ProtocolError('rate-limited', 'too many wrong codes: try again in a minute');
      if (known) return { room: known.room, invite: known.invite };
      wrong = taken;
      throw new ProtocolError('code-unknown', 'there is no such code, or it is over');
    },
  };
}
