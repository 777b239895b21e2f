import { describe, expect, it } from 'vitest';
import type { BackgroundReply } from '../platform/messages.ts';
import { makeCode, randomCode } from './short-code.ts';

const URL_OF_LINK = `https://party.example/relay/join/${'r'.repeat(22)}#a.b.c`;
const taken = { ok: false, code: 'code-taken', message: '' } as const;
const kept = { ok: true, value: { expiresInMs: 900_000 } } as const;

/** A relay that answers this, one after the other. */
function relay(...answers: BackgroundReply<{ expiresInMs: number }>[]) {
  const asked: string[] = [];
  return {
    asked,
    putCode: async (_: unknown, code: string) => {
      asked.push(code);
      return answers[asked.length - 1] ?? taken;
    },
  };
}

describe('a short code', () => {
  it('[H-08] has eight digits', () => {
    for (let n = 0; n < 200; n += 1) expect(randomCode()).toMatch(/^\d{8}$/);
  });

  it('[H-08] is said in two groups, with the place to type it at', async () => {
    const before = Date.now();
    const reply = await makeCode(relay(kept), URL_OF_LINK, () => '01234567');
    expect(reply).toMatchObject({ ok: true, value: { code: '0123 4567', place: 'party.example/relay/join' } });
    expect(reply.ok && reply.value.endsAtMs).toBeGreaterThanOrEqual(before + 900_000);
  });

  it('[H-08] that is taken gives way to another, but not for ever', async () => {
    const free = relay(taken, taken, kept);
    expect((await makeCode(free, URL_OF_LINK)).ok).toBe(true);
    expect(new Set(free.asked).size).toBe(3);
    const full = relay();
    expect(await makeCode(full, URL_OF_LINK)).toEqual(taken);
    expect(full.asked).toHaveLength(3);
  });

  it('is not made of anything but a link', async () => {
    expect(await makeCode(relay(kept), 'https://party.example/')).toMatchObject({ code: 'invite-unreadable' });
  });
});
