import { describe, expect, it } from 'vitest';
import { MEMBER_STATES, REASONS } from '../../shared/member.ts';
import { hasGivenUp, lookOf } from './member-look.ts';
import type { MemberView } from './model.ts';
import { translate } from './testing/translate.ts';

type Part = Partial<Pick<MemberView, 'connected' | 'state' | 'reason' | 'follow' | 'you'>>;
const word = (part: Part) =>
  translate(lookOf({ connected: true, state: 'in-sync', reason: null, follow: 'closely', ...part }).word);

describe('lookOf', () => {
  it.each<[Part, string]>([
    [{}, 'In sync'],
    [{ state: 'buffering' }, 'Buffering'],
    [{ state: 'background' }, 'Tab in the background'],
    [{ connected: false, state: 'buffering', reason: 'gave-up' }, 'Not connected'],
    [{ reason: 'audio-delay' }, 'Bluetooth or TV delay?'],
    [{ reason: 'other-cut' }, 'Another version of the film'],
    [{ state: 'catching-up', reason: 'gave-up' }, 'Can’t keep in step'],
    [{ state: 'catching-up', reason: 'slow-start' }, 'Slow stream'],
    [{ state: 'buffering', reason: 'slow-start' }, 'Slow stream'],
    [{ state: 'in-sync', reason: 'slow-start' }, 'In sync'],
    [{ state: 'away', follow: 'free' }, 'On their own'],
    [{ state: 'away', follow: 'free', you: true }, 'On your own'],
    [{ state: 'catching-up', follow: 'loosely' }, 'Follows loosely'],
    [{ state: 'buffering', follow: 'loosely' }, 'Buffering'],
    [{ state: 'in-sync', follow: 'unwaited' }, 'In sync'],
    [{ state: 'buffering', reason: 'audio-delay' }, 'Buffering'],
  ])('says of %j: %s', (part, said) => {
    expect(word(part)).toBe(said);
  });

  it('takes a coarse clock for nothing bad, and lets no reason hide where somebody is', () => {
    for (const state of MEMBER_STATES) {
      expect(word({ state, reason: 'coarse-clock' })).toBe(word({ state }));
    }
    for (const state of ['away', 'other-item', 'item-missing', 'autoplay-blocked', 'joining', 'background'] as const) {
      for (const reason of REASONS) expect(word({ state, reason })).toBe(word({ state }));
    }
  });
});

it('offers to catch up only to who is there and has given up', () => {
  const member = { connected: true, state: 'catching-up', reason: 'gave-up' } as MemberView;
  expect(hasGivenUp(member)).toBe(true);
  expect(hasGivenUp({ ...member, connected: false })).toBe(false);
  expect(hasGivenUp({ ...member, state: 'in-sync' })).toBe(false);
  expect(hasGivenUp({ ...member, reason: 'slow-start' })).toBe(false);
});
