import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../shared/errors.ts';
import messages from '../_locales/en/messages.json';
import { CLIENT_CODES, PROBLEM_CODES, problemKeys } from './problems.ts';

interface Message {
  message: string;
  placeholders?: Record<string, { content: string }>;
}
const all: Record<string, Message> = messages;

describe('problem texts', () => {
  it('say for every code what happened and what to do', () => {
    for (const code of [...ERROR_CODES, ...CLIENT_CODES]) {
      const { what, todo } = problemKeys(code);
      expect(all[what]?.message, what).toMatch(/\.$/);
      expect(all[todo]?.message, todo).toMatch(/\.$/);
    }
  });

  it('belong to a code that exists', () => {
    const known = new Set(PROBLEM_CODES.flatMap((code) => Object.values(problemKeys(code))));
    const strays = Object.keys(all).filter((key) => key.startsWith('error_') && !known.has(key as never));
    expect(strays).toEqual([]);
  });

  it('fall back to a general one for a code from the future', () => {
    expect(problemKeys('made-up').what).toBe('error_internal');
  });
});

describe('messages.json', () => {
  it('is what browsers accept: plain keys, and each placeholder defined and used', () => {
    for (const [key, { message, placeholders = {} }] of Object.entries(all)) {
      expect(key).toMatch(/^[a-z0-9_]+$/);
      const used = [...message.matchAll(/\$(\w+)\$/g)].map((match) => match[1]?.toLowerCase());
      expect([...used].sort(), key).toEqual(Object.keys(placeholders).sort());
    }
  });
});
