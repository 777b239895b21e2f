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

/** Counters per address. Entries that are back at rest are swept, so nothing grows with strangers passing by. */
export interface AddressLimiter {
  /** @returns false when the address has used up what it may do now. */
  take(kind: 'handshakes' | 'tokens', address: string, nowMs: number): boolean;
  /** Counts a socket in. @returns false when the address has too many open. */
  openSocket(address: string): boolean;
  closeSocket(address: string): void;
  /** Forgets addresses at rest. */
  sweep(nowMs: number): void;
  /** @returns how many addresses are remembered. */
  size(): number;
}

/** @param limits what each address may do. */
export function createAddressLimiter(limits: AddressLimits): AddressLimiter {
  const buckets = { handshakes: new Map<string, Bucket>(), tokens: new Map<string, Bucket>() };
  const sockets = new Map<string, number>();
  return {
    take(kind, address, nowMs) {
      const taken = takeToken(buckets[kind].get(address) ?? fullBucket(nowMs), limits[kind], nowMs);
      if (taken === null) return false;
      buckets[kind].set(address, taken);
      return true;
    },
    openSocket(address) {
      const open = sockets.get(address) ?? 0;
      if (open >= limits.sockets) return false;
      sockets.set(address, open + 1);
      return true;
    },
    closeSocket(address) {
      const open = (sockets.get(address) ?? 1) - 1;
      if (open > 0) sockets.set(address, open);
      else sockets.delete(address);
    },
    sweep(nowMs) {
      for (const kind of ['handshakes', 'tokens'] as const) {
        for (const [address, bucket] of buckets[kind]) {
          if (bucket <= nowMs) buckets[kind].delete(address);
        }
      }
    },
    size: () => new Set([...buckets.handshakes.keys(), ...buckets.tokens.keys(), ...sockets.keys()]).size,
  };
}
