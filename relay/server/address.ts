import { type BlockList, isIP, isIPv4 } from 'node:net';
import type { HttpRequest } from './port.ts';

/** @returns the address in its shortest form; an IPv4 address in IPv6 clothes becomes plain. */
export function canonicalAddress(text: string): string {
  // Has one form.
  if (isIPv4(text)) return text;
  const trimmed = text.trim().replace(/^\[(.*)\](?::\d+)?$/, '$1');
  if (isIP(trimmed) !== 6) return trimmed;
  const short = new URL(`http://[${trimmed.split('%')[0]}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (!mapped) return short;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Asked several times for each socket, mostly about the same proxy, and a BlockList is slow to ask. */
const answers = new WeakMap<BlockList, Map<string, boolean>>();
/** Then the answers are forgotten: strangers choose what is asked. */
const MAX_ANSWERS = 1_000;

/** @returns whether the address is one of our own proxies. */
export function trusts(proxies: BlockList, address: string): boolean {
  const known = answers.get(proxies) ?? new Map<string, boolean>();
  const answer = known.get(address);
  if (answer !== undefined) return answer;
  const version = isIP(address);
  const isTrusted = version !== 0 && proxies.check(address, version === 6 ? 'ipv6' : 'ipv4');
  if (known.size >= MAX_ANSWERS) known.clear();
  answers.set(proxies, known.set(address, isTrusted));
  return isTrusted;
}

/**
 * Who is really asking (PROTOCOL.md O-05): the rightmost address that is not one of our own proxies.
 * X-Forwarded-For is only read when the peer itself is a trusted proxy.
 */
export function clientAddress(request: HttpRequest, proxies: BlockList): string {
  let client = canonicalAddress(request.peerAddress);
  const hops = request.header('x-forwarded-for').split(',');
  // Whoever the last hop is, nobody stands behind them: only those before it are looked up, which are the same for everyone.
  while (hops.length > 0 && trusts(proxies, client)) {
    const hop = canonicalAddress(hops.pop() ?? '');
    if (hop === '') continue;
    if (isIP(hop) === 0) break;
    client = hop;
  }
  return client;
}

/** @returns the key limits count by: an IPv6 customer has a whole /64, so that counts as one. */
export function limitKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}

/** Nearly everyone comes by the same one: the last base that was found to be good. */
let lastBase = '';

const HOST = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9a-f:.]{2,45}\](:\d{1,5})?$/i;

/**
 * The base of links to this relay (PROTOCOL.md L-04): as configured, else as the client addressed it.
 * @returns no trailing slash.
 */
export function publicBase(request: HttpRequest, proxies: BlockList, configured: string | null): string {
  if (configured !== null) return configured;
  const behindProxy = trusts(proxies, canonicalAddress(request.peerAddress));
  const forwarded = (name: string): string => (behindProxy ? (request.header(name).split(',').pop() ?? '').trim() : '');
  const host = forwarded('x-forwarded-host') || request.header('host');
  const scheme = forwarded('x-forwarded-proto') === 'https' ? 'https' : 'http';
  const base = `${scheme}://${host}`;
  if (base === lastBase) return base;
  // The shape alone is not enough: port 99999 and address 1.2.3.999 have it too, and make no URL.
  if (!HOST.test(host) || !URL.canParse(base)) return `${scheme}://localhost`;
  lastBase = base;
  return base;
}
