import { assertNever } from '../../shared/errors.ts';
import { formatDuration, formatFacts, formatNames } from './format.ts';
import type { MessageKey, Translate } from './i18n.ts';
import { lookOf, type StateLook, type Summary } from './member-look.ts';
import type { MemberView, PartyView } from './model.ts';

/** How one member stands towards a start; `unasked` wants nobody to wait, and is not counted. */
type Readiness = 'ready' | 'unasked' | 'blocked' | 'coming' | 'missing' | 'elsewhere' | 'absent' | 'unseen';

function readinessOf({ connected, state, follow }: MemberView): Readiness {
  if (!connected) return 'absent';
  if (follow === 'free') return 'unasked';
  switch (state) {
    case 'in-sync':
      return 'ready';
    case 'autoplay-blocked':
      return follow === 'closely' ? 'blocked' : 'unasked';
    case 'joining':
    case 'buffering':
    case 'catching-up':
      return follow === 'closely' ? 'coming' : 'unasked';
    case 'item-missing':
      return 'missing';
    case 'away':
    case 'other-item':
      return 'elsewhere';
    case 'background':
      return 'unseen';
    default:
      return assertNever(state);
  }
}

/** What holds a start up, the first thing to do first; `waits`: play waits for these (PROTOCOL.md T-16). */
const TROUBLES = [
  { of: 'blocked', icon: 'blocked', text: 'preflight_blocked', advice: 'preflight_blocked_do', waits: true },
  { of: 'missing', icon: 'missing', text: 'preflight_missing', advice: 'preflight_missing_do', waits: false },
  { of: 'coming', icon: 'spinner', text: 'preflight_coming', advice: null, waits: true },
  { of: 'elsewhere', icon: 'away', text: 'preflight_elsewhere', advice: 'preflight_late_do', waits: false },
  { of: 'absent', icon: 'away', text: 'preflight_absent', advice: 'preflight_late_do', waits: false },
  { of: 'unseen', icon: 'background', text: 'preflight_unseen', advice: 'preflight_unseen_do', waits: false },
] as const;

/** @returns who is ready for the start, or else what keeps whom, and what to do; null when it is not about to start. */
export function beforeStart({ preflight, members, waitMs }: PartyView, t: Translate): Summary | null {
  if (!preflight) return null;
  const others = members.filter(({ you }) => !you);
  for (const { of, icon, text, advice, waits } of TROUBLES) {
    const names = others.filter((member) => readinessOf(member) === of).map(({ name }) => name);
    if (names.length === 0) continue;
    const words = [...(advice ? [t(advice)] : []), ...(waits ? [startWords(waitMs, t)] : [])];
    return { icon, tone: 'warn', text: t(text, formatNames(names, t)), stays: true, advice: words.join(' ') };
  }
  const ready = members.filter((member) => member.you || readinessOf(member) === 'ready').length;
  return { icon: 'check', tone: 'good', text: readyWords(ready, t), stays: false, advice: t('preflight_start') };
}

const startWords = (waitMs: number, t: Translate): string =>
  waitMs === 0 ? t('preflight_waits_not') : t('preflight_waits', formatDuration(waitMs, t));

function readyWords(count: number, t: Translate): string {
  if (count === 1) return t('preflight_only_you');
  return count === 2 ? t('preflight_both_ready') : t('preflight_all_ready', String(count));
}

/** @returns what a member's row says before the start: as ever, but for who is ready or on the way. */
export function readinessLook(member: MemberView): StateLook {
  const look = lookOf(member);
  if (look.word === 'state_in_sync') return { ...look, word: 'ready_ready' };
  return look.word === 'state_joining' ? { ...look, word: 'ready_coming' } : look;
}

/** Up to here pictures still fall together, whatever the path; in ms of what a member knows its place to. */
const GOOD_PATH_MS = 15;
/** Up to here nobody sees that they do not. */
const FAIR_PATH_MS = 40;

/** @returns what else is good to know of a member before the start: its stream, its path, whether it is waited for. */
export function factsOf({ connected, delivery, errorMs, follow }: MemberView, t: Translate): string {
  if (!connected) return '';
  const facts: MessageKey[] = [];
  if (delivery !== null) facts.push(delivery === 'direct' ? 'delivery_direct' : 'delivery_transcode');
  if (errorMs !== null)
    facts.push(errorMs <= GOOD_PATH_MS ? 'path_good' : errorMs <= FAIR_PATH_MS ? 'path_fair' : 'path_poor');
  if (follow !== 'closely') facts.push('fact_unwaited');
  return formatFacts(
    facts.map((fact) => t(fact)),
    t,
  );
}
