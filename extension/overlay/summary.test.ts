import { describe, expect, it } from 'vitest';
import type { MemberView, PartyView, Screen } from './model.ts';
import { summarize } from './summary.ts';
import { translate } from './testing/translate.ts';

const member = (name: string, part: Partial<MemberView> = {}): MemberView => ({
  id: name,
  name,
  you: name === 'Ana',
  host: false,
  verified: true,
  connected: true,
  state: 'in-sync',
  offsetMs: null,
  errorMs: null,
  ...part,
});
const party = (part: Partial<PartyView>): Screen => ({
  state: 'party',
  party: {
    title: null,
    connection: { state: 'open' },
    members: [member('Ana'), member('Ben')],
    waitingFor: [],
    invite: { state: 'none' },
    place: 'following',
    ...part,
  },
});
const said = (screen: Screen) => summarize(screen, null, translate);

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
      waitingFor: ['Ben'],
    };
    const lost = { code: 'relay-lost', params: [], action: 'none' } as const;
    expect(summarize(party(trouble), lost as never, translate)?.text).toBe('The connection to the party is gone.');
    expect(said(party(trouble))?.text).toBe('Connection lost. Trying again in 5 s');
    expect(said(party({ ...trouble, connection: { state: 'open' } }))?.text).toBe('You left the film');
    expect(said(party({ waitingFor: ['Ben', 'Cleo'] }))?.text).toBe('Waiting for Ben and Cleo');
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
    expect(you('item-missing')).toBe('This film is not in your library');
    expect(said(party({ members: [member('Ana')] }))?.text).toBe('Only you so far');
  });
});
