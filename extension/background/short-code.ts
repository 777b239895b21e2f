import { parseInviteLink } from '../../shared/invite-link.ts';
import type { BackgroundReply, ShortCode } from '../platform/messages.ts';
import type { RelayHttp } from './relay-http.ts';

const DIGITS = 8;
/** Of a hundred million codes at most ten thousand are taken: three tries fail once in 10^12. */
const TRIES = 3;

/** @returns eight digits, each as likely as the next. */
export function randomCode(): string {
  const [number = 0] = crypto.getRandomValues(new BigUint64Array(1));
  // 2^64 is 10^11 times as much as there are codes: what is left over favours none that anybody could notice.
  return String(BigInt(number) % 10n ** BigInt(DIGITS)).padStart(DIGITS, '0');
}

/**
 * Has the relay keep a short code for a link (PROTOCOL.md H-08).
 * @param propose makes a code.
 */
export async function makeCode(
  http: Pick<RelayHttp, 'putCode'>,
  url: string,
  propose: () => string = randomCode,
): Promise<BackgroundReply<ShortCode>> {
  const link = parseInviteLink(url);
  if (!link) return { ok: false, code: 'invite-unreadable', message: 'not an invite link' };
  const place = `${link.relay}/join`.replace(/^https?:\/\//, '');
  for (let tries = 1; ; tries += 1) {
    const code = propose();
    const reply = await http.putCode(link, code);
    if (reply.ok) {
      const spoken = `${code.slice(0, DIGITS / 2)} ${code.slice(DIGITS / 2)}`;
      return { ok: true, value: { code: spoken, place, endsAtMs: Date.now() + reply.value.expiresInMs } };
    }
    if (reply.code !== 'code-taken' || tries === TRIES) return reply;
  }
}
