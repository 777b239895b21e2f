import * as v from 'valibot';
import { SEGMENT_KINDS, type Segment, type SegmentKind } from './host.ts';

/** Jellyfin counts in ticks of 100 ns. */
export const TICKS_PER_MS = 10_000;

/** What jellyfin-web shows a button for when its person has chosen nothing (10.10 to 12.0). */
const ASKED_BY_DEFAULT: ReadonlySet<SegmentKind> = new Set(['intro', 'outro']);

/** Jellyfin's own names of the kinds. */
const nameOf = (kind: SegmentKind): string => kind.charAt(0).toUpperCase() + kind.slice(1);

const kindOf = (name: string): SegmentKind | undefined => SEGMENT_KINDS.find((kind) => nameOf(kind) === name);

/** As `GET /MediaSegments/{item}` answers; servers before 10.10 do not know it. */
export const SegmentsSchema = v.object({
  Items: v.array(v.object({ Type: v.fallback(v.string(), ''), StartTicks: v.number(), EndTicks: v.number() })),
});

/** @returns what is known of an item, in order, without parts of kinds that nobody skips. */
export const segmentsIn = ({ Items }: v.InferOutput<typeof SegmentsSchema>): Segment[] =>
  Items.flatMap(({ Type, StartTicks, EndTicks }) => {
    const kind = kindOf(Type);
    const isPart = StartTicks >= 0 && EndTicks > StartTicks;
    return kind && isPart ? [{ kind, startMs: StartTicks / TICKS_PER_MS, endMs: EndTicks / TICKS_PER_MS }] : [];
  }).sort((a, b) => a.startMs - b.startMs);

/**
 * What the page does about parts of a kind for this person.
 * @returns `asked`: it shows a button; `skipped`: it skips them by itself; `nothing`.
 */
export function pageOffers(
  storage: Pick<Storage, 'getItem'>,
  userId: string,
  kind: SegmentKind,
): 'asked' | 'skipped' | 'nothing' {
  const chosen = storage.getItem(`${userId}-segmentTypeAction__${nameOf(kind)}`);
  if (chosen === 'Skip') return 'skipped';
  const asks = chosen ? chosen === 'AskToSkip' : ASKED_BY_DEFAULT.has(kind);
  return asks ? 'asked' : 'nothing';
}
