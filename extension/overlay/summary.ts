import { assertNever } from '../../shared/errors.ts';
import { formatDuration, formatNames } from './format.ts';
import type { MessageKey, Translate } from './i18n.ts';
import { hasGivenUp, IN_STEP, type Summary } from './member-look.ts';
import type { MemberView, PartyView, Problem, Screen, WaitView } from './model.ts';
import { beforeStart } from './preflight.ts';
import { problemKeys } from './problems.ts';

/**
 * What the pill and the panel's first line say: the first thing that is wrong and who, else how well in sync.
 * @param nowMs `performance.now()`, for how long a wait may still take. @returns null when there is nothing to say.
 */
export function summarize(screen: Screen, problem: Problem | null, t: Translate, nowMs: number): Summary | null {
  if (problem)
    return { icon: 'warning', tone: 'bad', text: t(problemKeys(problem.code).what, ...problem.params), stays: true };
  switch (screen.state) {
    case 'idle':
    case 'setup':
      return null;
    case 'working':
      return { icon: 'spinner', tone: 'busy', text: t(STEP_TEXT[screen.step]), stays: true };
    case 'party':
      return summarizeParty(screen.party, t, nowMs);
    default:
      return assertNever(screen);
  }
}

export const STEP_TEXT = {
  'signing-in': 'working_signing_in',
  creating: 'working_creating',
  joining: 'working_joining',
} as const satisfies Record<Extract<Screen, { state: 'working' }>['step'], MessageKey>;

export function summarizeParty(party: PartyView, t: Translate, nowMs: number): Summary {
  return (
    connectionTrouble(party, t) ??
    ownPlace(party, t) ??
    waiting(party, t, nowMs) ??
    beforeStart(party, t) ??
    othersTrouble(party, t) ??
    harmony(party, t)
  );
}

function connectionTrouble({ connection }: PartyView, t: Translate): Summary | null {
  const busy = { icon: 'spinner', tone: 'warn', stays: true } as const;
  switch (connection.state) {
    case 'open':
      return null;
    case 'connecting':
      return { ...busy, text: t('connection_connecting') };
    case 'reconnecting': {
      const seconds = Math.ceil(connection.retryInMs / 1_000);
      if (seconds <= 1) return { ...busy, text: t('connection_reconnecting') };
      return { ...busy, text: t('connection_reconnecting_in', formatDuration(seconds * 1_000, t)) };
    }
    default:
      return assertNever(connection);
  }
}

function ownPlace({ place, members }: PartyView, t: Translate): Summary | null {
  switch (place) {
    case 'away':
      return { icon: 'away', tone: 'warn', text: t('summary_away'), stays: true };
    case 'other-item':
      return { icon: 'away', tone: 'warn', text: t('summary_other_item'), stays: true };
    case 'free':
      return { icon: 'away', tone: 'plain', text: t('summary_free'), stays: true };
    case 'autoplay-blocked':
      return { icon: 'blocked', tone: 'warn', text: t('summary_autoplay_blocked'), stays: true };
    case 'opening':
      return { icon: 'spinner', tone: 'busy', text: t('summary_opening'), stays: true };
    case 'following': {
      const own = members.find((member) => member.you);
      if (own?.state === 'item-missing') {
        return { icon: 'missing', tone: 'bad', text: t('summary_item_missing'), stays: true };
      }
      return own && hasGivenUp(own) ? { icon: 'warning', tone: 'warn', text: t('summary_gave_up'), stays: true } : null;
    }
    default:
      return assertNever(place);
  }
}

function waiting({ wait }: PartyView, t: Translate, nowMs: number): Summary | null {
  if (!wait) return null;
  const seconds = wait.next ? countdownSeconds(wait, nowMs) : 0;
  if (wait.next && seconds > 0) {
    const text = t('summary_next', wait.next.title, formatDuration(seconds * 1_000, t));
    return { icon: 'play', tone: 'plain', text, stays: true };
  }
  if (wait.names.length === 0 && !wait.you)
    return { icon: 'spinner', tone: 'busy', text: t('summary_starting'), stays: true };
  const names = formatNames(wait.you ? [t('people_you'), ...wait.names] : wait.names, t);
  const leftMs = secondsLeft(wait, nowMs) * 1_000;
  // A wait that should be over says no number: the relay's word is on its way.
  const text =
    leftMs === 0 ? t('summary_waiting', names) : t('summary_waiting_up_to', names, formatDuration(leftMs, t));
  return { icon: 'spinner', tone: 'warn', text, stays: true };
}

/** @returns whole seconds that the wait may still take, never negative. */
export const secondsLeft = ({ endsAtMs }: WaitView, nowMs: number): number =>
  Math.max(0, Math.ceil((endsAtMs - nowMs) / 1_000));

/** @returns whole seconds until the next item starts at the soonest; 0 without a countdown. */
export const countdownSeconds = ({ next }: WaitView, nowMs: number): number =>
  next ? Math.max(0, Math.ceil((next.startsAtMs - nowMs) / 1_000)) : 0;

function othersTrouble(party: PartyView, t: Translate): Summary | null {
  const busy = { icon: 'spinner', tone: 'warn', stays: true } as const;
  const named = (state: MemberView['state']) =>
    party.members.filter((member) => isOurTrouble(member) && member.state === state).map(({ name }) => name);
  const buffering = named('buffering');
  if (buffering.length > 0) return { ...busy, text: t('summary_others_buffering', formatNames(buffering, t)) };
  const blocked = named('autoplay-blocked');
  if (blocked.length === 0) return null;
  return { icon: 'blocked', tone: 'warn', text: t('summary_others_blocked', formatNames(blocked, t)), stays: true };
}

/** Who wants nobody to wait is nobody's trouble. */
const isOurTrouble = ({ you, connected, follow }: MemberView): boolean => !you && connected && follow === 'closely';

/** Nothing is wrong: how many watch, and how close together. */
function harmony({ members, follow }: PartyView, t: Translate): Summary {
  const watching = members.filter((member) => member.connected && WATCHING[member.state]);
  const count = String(watching.length);
  const state = members.find((member) => member.you)?.state ?? 'joining';
  if (follow === 'loosely' && IN_STEP.has(state)) {
    return { icon: 'in-sync', tone: 'plain', text: t('summary_loosely', count), stays: false };
  }
  if (state === 'joining') return { icon: 'spinner', tone: 'busy', text: t('summary_joining', count), stays: false };
  if (state === 'catching-up') {
    return { icon: 'catching-up', tone: 'warn', text: t('summary_catching_up', count), stays: false };
  }
  if (state === 'buffering') return { icon: 'spinner', tone: 'warn', text: t('summary_buffering', count), stays: true };
  if (members.length <= 1) return { icon: 'people', tone: 'plain', text: t('summary_alone'), stays: false };
  const offsets = watching.flatMap(({ offsetMs, follow: how }) =>
    offsetMs === null || how === 'loosely' ? [] : [Math.abs(offsetMs)],
  );
  const good = { icon: 'in-sync', tone: 'good', stays: false } as const;
  if (offsets.length === 0) return { ...good, text: t('summary_in_sync_unmeasured', count) };
  const spread = formatDuration(Math.max(1, Math.ceil(Math.max(...offsets))), t);
  return { ...good, text: t('summary_in_sync', spread, count) };
}

const WATCHING: Record<MemberView['state'], boolean> = {
  joining: true,
  'in-sync': true,
  'catching-up': true,
  buffering: true,
  background: true,
  'autoplay-blocked': true,
  away: false,
  'other-item': false,
  'item-missing': false,
};
