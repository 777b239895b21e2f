import { describe, expect, it } from 'vitest';
import { SEAT_GRACE_MS } from '../../shared/limits.ts';
import { createModel } from '../overlay/model.ts';
import type { KeptParty, KeptSeat } from '../platform/messages.ts';
import { LastParty } from './last-party.ts';
import type { Ask } from './sign-in.ts';

const media = { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Film', runtimeMs: null };
const RELAY = 'https://relay.example';
const ROOM = 'r'.repeat(22);
const SEAT: KeptSeat = {
  relay: RELAY,
  room: ROOM,
  seat: 'seat',
  snapshot: null,
  film: { epoch: 1, seq: 2, phase: 'paused', positionMs: 5, rate: 1, media },
  invite: `${RELAY}/join/${ROOM}#${'i'.repeat(40)}.${'n'.repeat(40)}.${'v'.repeat(40)}`,
  user: 'ana@home',
};

function lastParty(kept: Partial<KeptParty> | null) {
  const asked: string[] = [];
  const model = createModel();
  const value = kept && { seat: SEAT, restarted: false, ageMs: 0, ...kept };
  const ask = (({ type }) => {
    asked.push(type);
    return Promise.resolve({ ok: true, value: type === 'kept-get' ? value : null });
  }) as Ask;
  return { last: new LastParty(ask, model), model, asked };
}

describe('the last party', () => {
  it('is gone back to at once after a restart, and the relay knows best where its film is by now', async () => {
    const { last, model } = lastParty({ restarted: true, ageMs: SEAT_GRACE_MS - 1 });
    expect(await last.look('ana@home')).toEqual({ ...SEAT, film: null });
    expect(model.kept.value).toBeNull();
  });

  it.each([
    ['the tab was closed', { restarted: false, ageMs: 0 }],
    ['it was another evening', { restarted: true, ageMs: SEAT_GRACE_MS }],
  ])('is offered, with where its film was left, when %s', async (_, kept) => {
    const { last, model } = lastParty(kept);
    expect(await last.look('ana@home')).toBeNull();
    expect(model.kept.value).toEqual({ title: 'Film' });
    let taken: KeptSeat | null = null;
    last.takeUp((seat) => {
      taken = seat;
    });
    expect(taken).toEqual(SEAT);
  });

  it.each([
    ['at once', { ageMs: 0 }, { ...SEAT, film: null }],
    ['hours later', { ageMs: SEAT_GRACE_MS }, SEAT],
  ])('is gone back to, once, by who was signed out of it in this tab and signs in %s', async (_, kept, expected) => {
    const { last, model } = lastParty(kept);
    last.await('ana@home');
    expect(last.isOfAnother('ana@home')).toBe(false);
    expect(await last.look('ana@home')).toEqual(expected);
    expect(model.kept.value).toBeNull();
    expect(await last.look('ana@home')).toBeNull();
  });

  it('is nobody else’s who signs in to the same browser', async () => {
    const { last, model } = lastParty({});
    expect(last.isOfAnother('ben@home')).toBe(false);
    last.await('ana@home');
    expect(last.isOfAnother('ben@home')).toBe(true);
    expect(await last.look('ben@home')).toBeNull();
    expect(model.kept.value).toBeNull();
  });

  it('is joined anew where the seat is gone, and forgotten where the room is', async () => {
    for (const [code, room] of [
      ['token-invalid', ROOM],
      ['token-expired', ROOM],
      ['room-not-found', undefined],
    ] as const) {
      const { last, asked } = lastParty({});
      await last.look('ana@home');
      last.entering(ROOM);
      expect(last.ended(code)?.room).toBe(room);
      expect(asked).toContain('kept-forget');
    }
  });

  it('stays on offer when the person gave up waiting for it, and is no more once they are in a party', async () => {
    const { last, model, asked } = lastParty({});
    await last.look('ana@home');
    last.entering(ROOM);
    expect(model.kept.value).toBeNull();
    expect(last.ended(null)).toBeNull();
    expect(model.kept.value).toEqual({ title: 'Film' });
    last.entering(null);
    expect(last.ended('token-invalid')).toBeNull();
    expect(asked).toEqual(['kept-get']);
  });
});
