import { describe, expect, it } from 'vitest';
import type { MemberView, PartyView, Screen } from './model.ts';
import { summarize } from './summary.ts';
import { translate } from './testing/translate.ts';
import { memberView, partyView } from './testing/views.ts';

const member = (name: string, part: Partial<MemberView> = {}): MemberView =>
  memberView({ id: name, name, you: name === 'Ana', ...part });
const party = (part: Partial<PartyView>): Screen => ({
  state: 'party',
  party: partyView({ members: [member('Ana'), member('Ben')], ...part }),
});
const NOW_MS = 5_000;
const said = (screen: Screen) => summarize(screen, null, translate, NOW_MS);
const wait = (names: string[], leftMs: number, you = false) => ({
  names,
  you,
  sinceMs: 0,
  endsAtMs: NOW_MS + leftMs,
  next: null,
});

describe('summarize', () => {
  it('has nothing to say without a party', () => {
    expect(said({ state: 'idle' })).toBeNull();
    expect(said({ state: 'setup', need: 'relay', next: 'start' })).toBeNull();
  });

  it('gives the largest distance, rounded up and never zero, and who is watching', () => {
    const members = [
      member('Ana', { offsetMs: 0 }),
      member('Ben', { offsetMs: -3.2 }),
      member('Cleo', { state: 'away' }),
    ];
    expect(said(party({ members }))?.text).toBe('In sync ±4 ms · 2 watching');
    expect(said(party({ members: [member('Ana', { offsetMs: 0 }), member('Ben', { offsetMs: 0 })] }))?.text).toContain(
      '±1 ms',
    );
    expect(said(party({}))?.text).toBe('In sync · 2 watching');
  });

  it('puts a problem first, then the connection, then where you are, then who is waited for', () => {
    const trouble: Partial<PartyView> = {
      connection: { state: 'reconnecting', retryInMs: 4_200 },
      place: 'away',
      wait: wait(['Ben'], 30_000),
    };
    const lost = { code: 'relay-lost', params: [], action: 'none' } as const;
    expect(summarize(party(trouble), lost as never, translate, NOW_MS)?.text).toBe(
      'The connection to the party is gone.',
    );
    expect(said(party(trouble))?.text).toBe('Connection lost. Trying again in 5 s');
    expect(said(party({ ...trouble, connection: { state: 'open' } }))?.text).toBe('You left the film');
    expect(said(party({ wait: wait(['Ben', 'Cleo'], 29_001) }))?.text).toBe('Waiting for Ben and Cleo, up to 30 s');
  });

  it('counts a wait down to the relay’s word, and names this person as “you”', () => {
    const text = (leftMs: number, you = false) => said(party({ wait: wait(['Ben'], leftMs, you) }))?.text;
    expect(text(1_000)).toBe('Waiting for Ben, up to 1 s');
    expect(text(0)).toBe('Waiting for Ben');
    expect(text(-9_000)).toBe('Waiting for Ben');
    expect(text(6_000, true)).toBe('Waiting for you and Ben, up to 6 s');
    expect(said(party({ wait: wait(['Ben'], 6_000) }))?.stays).toBe(true);
  });

  it('[T-15] says what comes next and when, then who is waited for, then that it starts', () => {
    const countdown = (inMs: number, names: string[]) => {
      const next = { title: 'E3', startsAtMs: NOW_MS + inMs };
      return said(party({ wait: { ...wait(names, inMs + 7_000), next } }));
    };
    expect(countdown(4_001, ['Ben'])).toMatchObject({ text: 'Next: E3 in 5 s', stays: true });
    expect(countdown(4_001, [])?.text).toBe('Next: E3 in 5 s');
    expect(countdown(0, ['Ben'])?.text).toBe('Waiting for Ben, up to 7 s');
    expect(countdown(0, [])?.text).toBe('Starting…');
  });

  it('names others in trouble, but not those who are gone', () => {
    const members = [
      member('Ana'),
      member('Ben', { state: 'buffering' }),
      member('Cleo', { state: 'buffering', connected: false }),
    ];
    expect(said(party({ members }))).toMatchObject({ text: 'Buffering: Ben', stays: true });
    const blocked = [member('Ana'), member('Ben', { state: 'autoplay-blocked' })];
    expect(said(party({ members: blocked }))?.text).toBe('Has to press play: Ben');
  });

  it('says how you are doing yourself', () => {
    const you = (state: MemberView['state']) =>
      said(party({ members: [member('Ana', { state }), member('Ben')] }))?.text;
    expect(you('catching-up')).toBe('Catching up · 2 watching');
    expect(you('buffering')).toBe('Buffering · 2 watching');
    expect(you('joining')).toBe('Joining · 2 watching');
    const stuck = [member('Ana', { state: 'catching-up', reason: 'gave-up' }), member('Ben')];
    expect(said(party({ members: stuck }))).toMatchObject({ text: 'We can’t keep you in step', stays: true });
    const other = [member('Ana'), member('Ben', { state: 'catching-up', reason: 'gave-up' })];
    expect(said(party({ members: other }))?.text).toBe('In sync · 2 watching');
    expect(you('item-missing')).toBe('This film is not in your library');
    expect(said(party({ members: [member('Ana')] }))?.text).toBe('Only you so far');
  });
});
