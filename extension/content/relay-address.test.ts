import { describe, expect, it } from 'vitest';
import { normaliseRelay } from './relay-address.ts';

describe('normaliseRelay', () => {
  it.each([
    ['https://party.example.org', 'https://party.example.org'],
    ['  https://party.example.org/relay/ ', 'https://party.example.org/relay'],
    ['wss://party.example.org', 'https://party.example.org'],
    ['ws://192.168.1.5:8787/', 'http://192.168.1.5:8787'],
    ['party.example.org', 'https://party.example.org'],
    ['http://[::1]:8787', 'http://[::1]:8787'],
  ])('reads %s', (typed, base) => {
    expect(normaliseRelay(typed)).toBe(base);
  });

  it.each(['', 'not an address', 'ftp://party.example.org', 'javascript://x'])('refuses "%s"', (typed) => {
    expect(normaliseRelay(typed)).toBeNull();
  });
});
