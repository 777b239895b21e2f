import { describe, expect, it } from 'vitest';
import { createModel } from '../overlay/model.ts';
import type { Settings } from '../platform/settings.ts';
import { type Destination, Entry } from './entry.ts';
import type { Ask } from './sign-in.ts';

const RELAY = 'https://relay.example';
const SETTINGS: Settings = { relay: RELAY, name: '', identity: '', beside: false, soundDelayMs: 0, follow: 'closely' };
const LINK = { relay: RELAY, room: 'r'.repeat(22), invite: `${'i'.repeat(40)}.${'n'.repeat(40)}.${'v'.repeat(40)}` };

/** A page of somebody who has just signed in. @param signsIn how the relay does. @param set the name set in the options. */
function enter(signsIn: 'jellyfin' | 'pairing', set = '') {
  const [gone, asked]: [Destination[], string[]] = [[], []];
  const ask = (({ type }) => {
    if (type === 'relay-info') return Promise.resolve({ ok: true, value: { signIn: signsIn } });
    return Promise.resolve({ ok: true, value: type === 'relay-token' ? { identity: 'identity' } : null });
  }) as Ask;
  const entry = new Entry({
    model: createModel(),
    ask,
    session: () => ({ baseUrl: '', serverId: 's', userId: 'u', userName: '', token: 't', deviceId: 'd' }),
    userName: () => {
      asked.push('name');
      return Promise.resolve('Ben');
    },
    settings: () => ({ ...SETTINGS, name: set }),
    keep: () => Promise.resolve(),
    setPendingInvite: () => Promise.resolve(),
    leaveParty: () => undefined,
    enter: (destination) => gone.push(destination),
    problem: (code) => {
      throw new Error(code);
    },
  });
  return { entry, gone, asked };
}

describe('following an invite', () => {
  it.each([
    [
      'their own name, which the page does not know yet, where the relay asks no Jellyfin',
      'pairing',
      '',
      'Ben',
      ['name'],
    ],
    ['the name that they set', 'pairing', 'Benny', 'Benny', []],
    ['the name that the relay finds out itself', 'jellyfin', '', undefined, []],
  ] as const)('somebody comes in by %s', async (_, signsIn, set, name, wasAsked) => {
    const { entry, gone, asked } = enter(signsIn, set);
    await entry.join(LINK);
    expect(gone).toHaveLength(1);
    expect(gone[0]?.credential).toMatchObject({ kind: 'invite', ...(name && { name }) });
    expect(gone[0]?.credential).not.toMatchObject({ name: '' });
    expect(asked).toEqual(wasAsked);
  });
});
