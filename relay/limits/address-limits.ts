import { type Bucket, type BucketSpec, fullBucket, takeToken } from './token-bucket.ts';

/** What one network address may do. A household or an office shares one, so these are generous. */
export interface AddressLimits {
  /** Sockets open at the same time. */
  sockets: number;
  /** New sockets and other cheap requests. */
  handshakes: BucketSpec;
  /** Tries to get a token: each may cost a call to Jellyfin or guess a pairing code. */
  tokens: BucketSpec;
}

export const DEFAULT_ADDRESS_LIMITS: AddressLimits = {
  sockets: 100,
  handshakes: { burst: 120, perSecond: 2 },
  tokens: { burst: 60, perSecond: 0.5 },
};

const COUNTED = ['handshakes', 'tokens', 'rooms', 'codes'] as const;
type Counted = (typeof COUNTED)[number];

/** Parties one person may open, over whatever addresses: far below what fills a relay, far above what anybody needs. */
const ROOMS_OF_ONE: BucketSpec = { burst: 100, perSecond: 0.1 };

/** Short codes one address may look up: a household that mistypes, and no more (PROTOCOL.md H-08). */
const CODES_OF_ONE: BucketSpec = { burst: 10, perSecond: 0.1 };

/** Counters per address, and per person for rooms. Entries that are back at rest are swept, so nothing grows with strangers passing by. */
export interface AddressLimiter {
  /** @returns false when the address, or for rooms the person, has used up what it may do now. */
  take(kind: Counted, key: string, nowMs: number): boolean;
  /** @returns whether the address has as many sockets open as it may. */
  isFull(address: string): boolean;
  openSocket(address: string): void;
  closeSocket(address: string): void;
  /** Forgets who is at rest. */
  sweep(nowMs: number): void;
  /** @returns how many addresses and persons are remembered. */
  size(): number;
}

/** @param limits what each address may do. */
export function createAddressLimiter(limits: AddressLimits): AddressLimiter {
  const specs: Readonly<Record<Counted, BucketSpec>> = { ...limits, rooms: ROOMS_OF_ONE, codes: CODES_OF_ONE };
  const buckets: Readonly<Record<Counted, Map<string, Bucket>>> = {
    handshakes: new Map(),
    tokens: new Map(),
    rooms: new Map(),
    codes: new Map(),
  };
  const sockets = new Map<string, number>();
  return {
    take(kind, key, nowMs) {
      const taken = takeToken(buckets[kind].get(key) ?? fullBucket(nowMs), specs[kind], nowMs);
      if (taken === null) return false;
      buckets[kind].set(key, taken);
      return true;
    },
    isFull: (address) => (sockets.get(address) ?? 0) >= limits.sockets,
    openSocket(address) {
      sockets.set(address, (sockets.get(address) ?? 0) + 1);
    },
    closeSocket(address) {
      const open = (sockets.get(address) ?? 1) - 1;
      if (open > 0) sockets.set(address, open);
      else sockets.delete(address);
    },
    sweep(nowMs) {
      for (const kind of COUNTED) {
        for (const [key, bucket] of buckets[kind]) {
          if (bucket <= nowMs) buckets[kind].delete(key);
        }
      }
    },
    size: () => new Set([...COUNTED.flatMap((kind) => [...buckets[kind].keys()]), ...sockets.keys()]).size,
  };
}
