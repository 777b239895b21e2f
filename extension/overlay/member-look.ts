import type { MessageKey } from './i18n.ts';
import type { IconName } from './icons.tsx';
import type { MemberView } from './model.ts';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain';

/** How a member is doing: a sign, a word and, third, a colour. */
export interface StateLook {
  icon: IconName;
  tone: Tone;
  word: MessageKey;
}

/** The party in one line. */
export interface Summary {
  icon: IconName;
  tone: Tone;
  text: string;
  /** Something is wrong or under way: the line stays when the player's controls go. */
  stays: boolean;
  /** What to do about it; the panel has room for it. */
  advice?: string;
}

const LOOKS: Record<MemberView['state'], StateLook> = {
  joining: { icon: 'spinner', tone: 'busy', word: 'state_joining' },
  'in-sync': { icon: 'in-sync', tone: 'good', word: 'state_in_sync' },
  'catching-up': { icon: 'catching-up', tone: 'warn', word: 'state_catching_up' },
  buffering: { icon: 'spinner', tone: 'warn', word: 'state_buffering' },
  background: { icon: 'background', tone: 'busy', word: 'state_background' },
  'autoplay-blocked': { icon: 'blocked', tone: 'warn', word: 'state_autoplay_blocked' },
  away: { icon: 'away', tone: 'busy', word: 'state_away' },
  'other-item': { icon: 'away', tone: 'busy', word: 'state_other_item' },
  'item-missing': { icon: 'missing', tone: 'bad', word: 'state_item_missing' },
};
const DISCONNECTED: StateLook = { icon: 'away', tone: 'bad', word: 'state_disconnected' };
const GAVE_UP: StateLook = { icon: 'warning', tone: 'warn', word: 'reason_gave_up' };
const SLOW: StateLook = { icon: 'spinner', tone: 'warn', word: 'reason_slow_start' };
const LATE_SOUND: StateLook = { icon: 'sound', tone: 'warn', word: 'reason_audio_delay' };

const OTHER_CUT: StateLook = { icon: 'info', tone: 'warn', word: 'reason_other_cut' };

const FREE: StateLook = { icon: 'away', tone: 'plain', word: 'follow_look_free' };
const FREE_YOURSELF: StateLook = { ...FREE, word: 'follow_look_free_you' };
const LOOSELY: StateLook = { icon: 'in-sync', tone: 'plain', word: 'follow_look_loosely' };
export const IN_STEP: ReadonlySet<MemberView['state']> = new Set(['in-sync', 'catching-up']);

type Looked = Pick<MemberView, 'connected' | 'state' | 'reason' | 'follow'> & Partial<Pick<MemberView, 'you'>>;

/** @returns what a member's row says: its reason where that tells more than the state, else the state. */
export function lookOf({ connected, state, reason, follow, you = false }: Looked): StateLook {
  if (!connected) return DISCONNECTED;
  if (follow === 'free') return you ? FREE_YOURSELF : FREE;
  // Nobody expects more of who does not.
  if (follow === 'loosely' && IN_STEP.has(state)) return LOOSELY;
  const plain = LOOKS[state];
  // A coarse clock is nothing bad: the bound beside the number says it.
  if (reason === null || reason === 'coarse-clock') return plain;
  if (reason === 'audio-delay') return state === 'in-sync' ? LATE_SOUND : plain;
  if (reason === 'other-cut') return state === 'in-sync' ? OTHER_CUT : plain;
  if (state === 'catching-up') return reason === 'gave-up' ? GAVE_UP : SLOW;
  return state === 'buffering' && reason === 'slow-start' ? SLOW : plain;
}

/** @returns whether this member's player has stopped seeking by itself, so that a button must help. */
export const hasGivenUp = (member: MemberView): boolean => member.connected && lookOf(member) === GAVE_UP;
