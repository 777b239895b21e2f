/** What network failures mean to somebody who runs a relay, and what to do. Pure. */
import { behindLogin, broken, type Finding } from './finding.ts';

type Words = readonly [says: string, fix: string];

const UNREACHABLE: Readonly<Record<string, Words>> = {
  ENOTFOUND: [
    'that name has no address',
    'Check the spelling, and that the DNS record exists (an A or AAAA record for this name).',
  ],
  EAI_AGAIN: ['the name server does not answer', 'Check this machine’s own network and DNS, then try again.'],
  ECONNREFUSED: [
    'nothing listens on that port',
    'Start the relay or the proxy; check OSP_PORT, and that OSP_HOST is not 127.0.0.1 when you ask from elsewhere.',
  ],
  ETIMEDOUT: [
    'nothing answers',
    'A firewall or a router is in the way: open the port, forward it to the relay’s machine, and check the machine is on.',
  ],
  EHOSTUNREACH: [
    'there is no way to that machine',
    'Check that both machines are on a network and the address is right.',
  ],
  ENETUNREACH: [
    'there is no way to that network',
    'Check this machine’s network; an IPv6 address needs IPv6 here too.',
  ],
  ECONNRESET: [
    'the connection is cut before an answer',
    'Something between here and the relay hangs up: check the proxy’s log.',
  ],
};

const CERTIFICATE: Readonly<Record<string, Words>> = {
  CERT_HAS_EXPIRED: ['the certificate has expired', 'Renew it; with Caddy or certbot, look at why the renewal failed.'],
  CERT_NOT_YET_VALID: [
    'the certificate is not valid yet',
    'Check the clock of this machine and of the one that made the certificate.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the certificate is for another name',
    'Use the name that is in the certificate, or get one for this name.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'the certificate is signed by itself, which browsers refuse',
    'Get one that browsers know: Caddy does that by itself, for others there is certbot.',
  ],
};
const UNKNOWN_ISSUER: Words = [
  'no browser knows who signed the certificate',
  'Serve the whole chain (fullchain.pem, not cert.pem), or get a certificate that browsers know.',
];
const UNKNOWN_ISSUER_CODES = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

/** @param code of the failure, as Node names it. @param message as Node says it. */
export function describeFailure(code: string, message: string): Finding {
  const certificate = CERTIFICATE[code] ?? (UNKNOWN_ISSUER_CODES.includes(code) ? UNKNOWN_ISSUER : undefined);
  if (certificate) return broken('certificate', ...certificate);
  const words = UNREACHABLE[code];
  if (words) return broken('reachable', ...words);
  return broken('reachable', `no connection (${code}: ${message})`, 'Check the address, and the proxy’s log.');
}

/** @returns whether the failure may come from one side speaking TLS and the other not. */
export const mayBeWrongScheme = (code: string): boolean =>
  code === 'EPROTO' || code === 'ECONNRESET' || code.startsWith('HPE_') || code.startsWith('ERR_SSL_');

const UPGRADE_LINES =
  'Caddy and Traefik do it by themselves. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; ' +
  'proxy_set_header Connection upgrade. Apache: mod_proxy_wstunnel. A cloud proxy has a switch for WebSockets.';

/** A room's door that answered as plain HTTP. @param body of the answer, a refusal of the relay's perhaps. */
export function describeRefusal(status: number, body: string): Finding {
  const code = /"code"\s*:\s*"([a-z-]+)"/.exec(body)?.[1] ?? null;
  switch (code) {
    case 'origin-refused':
      return broken(
        'socket',
        'the relay refuses the origin of an extension, or the proxy takes the Origin header away',
        'If OSP_ALLOWED_ORIGINS names an extension, add the one you use; a proxy must pass Origin on as it is.',
      );
    case 'rate-limited':
    case 'too-many-connections':
      return broken(
        'socket',
        'the relay counts too many connections from one address',
        'Behind a proxy set OSP_TRUSTED_PROXIES to its address, or everybody counts as one; else try again in a minute.',
      );
    case 'shutting-down':
      return broken('socket', 'the relay is stopping', 'Start it again, or wait until it has restarted.');
    default:
  }
  if (status >= 502 && status <= 504)
    return broken(
      'socket',
      `the proxy answers ${status} to a socket`,
      'Check that the proxy’s address of the relay is right, and its log.',
    );
  if (status === 401 || status === 403) return behindLogin('socket', status);
  return broken('socket', `the WebSocket upgrade does not reach the relay (${status})`, UPGRADE_LINES);
}
