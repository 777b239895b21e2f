import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientMessage } from '../../shared/protocol.ts';
import { plainPing } from './handle.ts';

/** @returns what the schema reads as a ping's `c`; null when it is no ping to it. */
const bySchema = (text: string): number | null => {
  try {
    const message = parseClientMessage(text);
    return message.type === 'ping' ? message.c : null;
  } catch {
    return null;
  }
};

const pingWith = (c: string): string => `{"type":"ping","c":${c}}`;

/** Numbers of all kinds, right and wrong, and pings with something amiss. */
const almostPings = fc.oneof(
  fc.double().map((c) => pingWith(String(c))),
  fc.stringMatching(/^-?[0-9]{0,20}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?$/).map(pingWith),
  fc
    .constantFrom('01', '1.', '.5', '-', '-0', '1e999', 'NaN', 'null', '"1"', '1,"c":2', '1 ', '0x1', '1_0')
    .map(pingWith),
  fc.tuple(fc.nat({ max: 25 }), fc.string({ maxLength: 2 })).map(([at, text]) => {
    const ping = pingWith('12345.678');
    return ping.slice(0, at) + text + ping.slice(at + 1);
  }),
);

describe('the short way of a ping', () => {
  it('[K-01] is the way of what clients send', () => {
    fc.assert(
      // From a microsecond to thirty years, which JavaScript writes without an exponent.
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (c) => {
        expect(plainPing(JSON.stringify({ type: 'ping', c }))).toBe(String(c));
      }),
    );
    expect(plainPing('{"type":"ping","c":1234.5678}')).toBe('1234.5678');
  });

  it('[K-01] takes nothing that the schema would not, and reads the same number', () => {
    fc.assert(
      fc.property(almostPings, (text) => {
        const c = plainPing(text);
        if (c !== null) expect(bySchema(text)).toBe(Number(c));
      }),
      { numRuns: 5_000 },
    );
  });
});
