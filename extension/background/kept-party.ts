import * as v from 'valibot';
import { RESUME_TTL_MS } from '../../shared/limits.ts';
import { FilmSchema, SnapshotSchema } from '../../shared/protocol.ts';
import { browser } from '../platform/browser.ts';
import type { KeptParty, TabMemory } from '../platform/messages.ts';

export const KeptSeatSchema = v.object({
  relay: v.string(),
  room: v.string(),
  seat: v.string(),
  snapshot: v.optional(v.nullable(SnapshotSchema), null),
  film: v.optional(v.nullable(FilmSchema), null),
  invite: v.optional(v.nullable(v.string()), null),
  user: v.optional(v.string(), ''),
});

const KeptSchema = v.object({ seat: KeptSeatSchema, run: v.string(), savedAtMs: v.number() });

const KEY = 'kept-party';
/** In session storage, which ends with the browser and with each update of the extension. */
const RUN = 'run';

/** @returns a name for this run of the browser and the extension. */
async function thisRun(): Promise<string> {
  const stored: unknown = (await browser.storage.session.get(RUN))[RUN];
  if (typeof stored === 'string') return stored;
  const run = crypto.randomUUID();
  await browser.storage.session.set({ [RUN]: run });
  return run;
}

/**
 * The last party that was not left. Unlike a tab's memory it is in local storage: only there does a seat outlive a browser that is
 * restarted, an extension that is updated, and the night before the next episode.
 * @param nowMs time of day.
 */
export async function readKept(nowMs: number): Promise<KeptParty | null> {
  const result = v.safeParse(KeptSchema, (await browser.storage.local.get(KEY))[KEY]);
  if (!result.success) return null;
  const { seat, run, savedAtMs } = result.output;
  const ageMs = Math.max(0, nowMs - savedAtMs);
  if (ageMs > RESUME_TTL_MS) return null;
  const now = await thisRun();
  const restarted = run !== now;
  // Of several tabs that are restored only the first goes back by itself.
  if (restarted) await browser.storage.local.set({ [KEY]: { ...result.output, run: now } });
  return { seat, restarted, ageMs };
}

/**
 * Keeps the party that a tab is in. One that it has left, or was put out of, is forgotten.
 * @param before what the tab remembered until now. @param nowMs time of day.
 */
export async function keep(before: TabMemory | null, { seat }: TabMemory, nowMs: number): Promise<void> {
  if (seat) {
    await browser.storage.local.set({ [KEY]: { seat, run: await thisRun(), savedAtMs: nowMs } });
    return;
  }
  const kept = before?.seat ? await readKept(nowMs) : null;
  if (kept && kept.seat.room === before?.seat?.room) await forgetKept();
}

export const forgetKept = (): Promise<void> => browser.storage.local.remove(KEY);
