import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import { canonicalAddress, trusts } from './address.ts';
import { refusal } from './errors.ts';
import type { HttpRequest, HttpResponse } from './port.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1)$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
/** A proxy on this machine has a loopback address too; one of these gives it away. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Who may read the metrics (PROTOCOL.md H-06): the bearer of the token when one is set, else somebody on this machine.
 * @returns the refusal, null for one who may.
 */
export function refuseMetrics(
  request: HttpRequest,
  { metricsToken, trustedProxies }: Pick<Config, 'metricsToken' | 'trustedProxies'>,
): HttpResponse | null {
  if (metricsToken !== null) {
    const bearer = /^Bearer (\S+)$/i.exec(request.header('authorization'))?.[1] ?? '';
    return isSame(bearer, metricsToken) ? null : refusal('token-invalid', 'the metrics token is needed');
  }
  const peer = canonicalAddress(request.peerAddress);
  const isDirect = FORWARDED.every((name) => request.header(name) === '') && !trusts(trustedProxies, peer);
  const isLocal = LOOPBACK.test(peer) && LOOPBACK_HOST.test(request.header('host'));
  return isDirect && isLocal ? null : refusal('not-found', 'nothing here');
}

/** Takes as long for a near miss as for a far one. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
