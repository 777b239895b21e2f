import * as v from 'valibot';
import type { Memory } from '../sync/state.ts';

/** What parties have learned on this device, and of its pace against each relay's clock. */
export interface Learned {
  recall(relay: string): Memory | undefined;
  keep(relay: string, memory: Memory): void;
}

/** Paces of this many relays are kept, newest last. */
const MOST_RELAYS = 20;

const share = v.pipe(v.number(), v.minValue(-0.001), v.maxValue(0.001));
const pitch = v.picklist(['natural', 'kept']);
const DeviceSchema = v.object({
  /** Another version of the browser is another player. */
  userAgent: v.string(),
  latencies: v.record(v.string(), v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(16))),
  choice: v.variant('type', [
    v.object({ type: v.literal('trim'), pitch }),
    v.object({ type: v.literal('unknown'), pitch }),
    v.object({ type: v.literal('episodes'), deadBandMs: v.number(), stepMs: v.number() }),
    v.object({ type: v.literal('seek-only'), deadBandMs: v.number() }),
  ]),
});
const LearnedSchema = v.object({
  device: DeviceSchema,
  relays: v.array(v.object({ url: v.string(), pace: share, skew: share })),
});
type Kept = v.InferOutput<typeof LearnedSchema>;

/**
 * @param stored what was kept last, or anything: storage outlives versions, and what cannot be read is forgotten.
 * @param userAgent of this browser. @param save keeps it for the next party.
 */
export function createLearned(stored: unknown, userAgent: string, save: (kept: object) => void): Learned {
  const read = v.safeParse(LearnedSchema, stored);
  let kept: Kept | null = read.success && read.output.device.userAgent === userAgent ? read.output : null;
  return {
    recall: (relay) => {
      if (!kept) return undefined;
      const { latencies, choice } = kept.device;
      const { pace = 0, skew = 0 } = kept.relays.find(({ url }) => url === relay) ?? {};
      return { latencies, choice, pace, skew };
    },
    keep: (relay, { latencies, choice, pace, skew }) => {
      const others = (kept?.relays ?? []).filter(({ url }) => url !== relay);
      const device = { userAgent, latencies: { ...latencies } as Kept['device']['latencies'], choice };
      kept = { device, relays: [...others.slice(1 - MOST_RELAYS), { url: relay, pace, skew }] };
      save(kept);
    },
  };
}
