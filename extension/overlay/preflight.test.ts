import { describe, expect, it } from 'vitest';
import type { MemberView } from './model.ts';
import { beforeStart, factsOf, readinessLook } from './preflight.ts';
import { translate } from './testing/translate.ts';
import { memberView, partyView } from './testing/views.ts';

const member = (name: string, part: Partial<MemberView> = {}): MemberView =>
  memberView({ id: name, name, you: name === 'Ana', ...part });
const said = (others: MemberView[], waitMs = 30_000) =>
  beforeStart(partyView({ preflight: true, waitMs, members: [member('Ana'), ...others] }), translate);

describe('beforeStart', () => {
  it('says nothing once the film has begun', () => {
    const members = [member('Ana'), member('Ben', { state: 'joining' })];
    expect(beforeStart(partyView({ members }), translate)).toBeNull();
  });

  it.each<[string, MemberView[]]>([
    ['You are both ready', [member('Ben')]],
    ['All 3 are ready', [member('Ben'), member('Cleo', { follow: 'unwaited' })]],
    ['You are both ready', [member('Ben'), member('Cleo', { follow: 'free', state: 'away' })]],
    ['You are both ready', [member('Ben'), member('Cleo', { follow: 'loosely', state: 'joining' })]],
    ['You are both ready', [member('Ben'), member('Cleo', { follow: 'unwaited', state: 'autoplay-blocked' })]],
    ['You can start: nobody is waited for', [member('Ben', { follow: 'free', state: 'away' })]],
  ])('[M-12] says "%s"', (text, others) => {
    expect(said(others)).toMatchObject({ tone: 'good', text, advice: 'Press play to start for everyone.' });
  });

  it.each<[string, Partial<MemberView>]>([
    ['Waiting for Ben: the browser there wants a click', { state: 'autoplay-blocked' }],
    ['Waiting for Ben to have the film open', { state: 'joining' }],
    ['Waiting for Ben to have the film open', { state: 'buffering' }],
    ['Does not have this film: Ben', { state: 'item-missing' }],
    ['Not at the film: Ben', { state: 'other-item' }],
    ['Not connected: Ben', { connected: false }],
    ['Tab in the background: Ben', { state: 'background' }],
  ])('says "%s" of %j, and something to do', (text, part) => {
    const summary = said([member('Ben', part), member('Cleo')]);
    expect(summary).toMatchObject({ tone: 'warn', stays: true, text });
    expect(summary?.advice).toMatch(/start|play/);
  });

  it('names all who are kept by the same, and first what somebody can mend', () => {
    const blocked = { state: 'autoplay-blocked' } as const;
    const others = [member('Ben', { state: 'joining' }), member('Cleo', blocked), member('Dora', blocked)];
    expect(said(others)?.text).toBe('Waiting for Cleo and Dora: the browser there wants a click');
  });

  it('[T-16] says what play will do about who is late', () => {
    const late = [member('Ben', { state: 'joining' })];
    expect(said(late)?.advice).toBe('When you press play, the film waits for them, up to 30 s.');
    expect(said(late, 0)?.advice).toBe('When you press play, it starts without them; they catch up.');
  });
});

describe('a row before the start', () => {
  it.each<[string, Partial<MemberView>]>([
    ['Ready', {}],
    ['Opening the film', { state: 'joining' }],
    ['Another version of the film', { reason: 'other-cut' }],
    ['Does not have this film', { state: 'item-missing' }],
  ])('says "%s" of %j', (word, part) => {
    expect(translate(readinessLook(member('Ben', part)).word)).toBe(word);
  });

  it.each<[string, Partial<MemberView>]>([
    ['', {}],
    ['Plays the file as it is, good connection', { delivery: 'direct', errorMs: 15 }],
    ['Converted by the server, fair connection', { delivery: 'transcode', errorMs: 40 }],
    ['poor connection, not waited for', { errorMs: 40.1, follow: 'unwaited' }],
    ['', { connected: false, delivery: 'direct', errorMs: 1 }],
  ])('[M-13] says "%s" of %j', (facts, part) => {
    expect(factsOf(member('Ben', part), translate)).toBe(facts);
  });
});
