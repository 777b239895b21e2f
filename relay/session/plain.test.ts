import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_POSITION_MS } from '../../shared/limits.ts';
import { type ClientMessage, parseClientMessage } from '../../shared/protocol.ts';
import { plainCommand, plainPing, plainReturn } from './plain.ts';

/** @returns what the schema reads; null when it is no message to it. */
const bySchema = (text: string): ClientMessage | null => {
  try {
    return parseClientMessage(text);
  } catch {
    return null;
  }
};

/** Numbers of all kinds, right and wrong. */
const almostNumbers = fc.oneof(
  fc.double().map(String),
  fc.nat().map(String),
  fc.stringMatching(/^-?[0-9]{0,20}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?$/),
  fc.constantFrom('01', '1.', '.5', '-', '-0', '1e999', 'NaN', 'null', '"1"', '1,"c":2', '1 ', '0x1', '1_0'),
  fc.constantFrom('9007199254740993', '999999999999999', '172800000', '172800000.5', '172800001', '999999999'),
);

/** @returns a message with something amiss somewhere. */
const maimed = (message: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: message.length }), fc.string({ maxLength: 2 }))
    .map(([at, text]) => message.slice(0, at) + text + message.slice(at + 1));

const pingWith = (c: string): string => `{"type":"ping","c":${c}}`;
const commandWith = (id: string, base: string, action: string): string =>
  `{"type":"command","id":${id},"base":${base},"action":{${action}}}`;

const almostPings = fc.oneof(almostNumbers.map(pingWith), maimed(pingWith('12345.678')));

const almostIds = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{0,70}$/).map((id) => JSON.stringify(id)),
  fc.string({ maxLength: 8 }).map((id) => JSON.stringify(id)),
  fc.constantFrom('"a\\u0062"', '"é"', '""', 'null', '7', '"a"b"'),
);
const kinds = fc.constantFrom('play', 'pause', 'seek', 'rate', 'undo', 'go-on', 'wait', 'Seek', 'seek ', '__proto__');
const almostActions = fc.oneof(
  kinds.map((kind) => `"kind":"${kind}"`),
  fc.tuple(kinds, almostNumbers).map(([kind, at]) => `"kind":"${kind}","positionMs":${at}`),
  fc.tuple(kinds, almostNumbers).map(([kind, at]) => `"positionMs":${at},"kind":"${kind}"`),
  fc.tuple(kinds, almostNumbers).map(([kind, at]) => `"kind":"${kind}","positionMs":${at},"positionMs":1`),
);
const almostCommands = fc.oneof(
  fc.tuple(almostIds, almostNumbers, almostActions).map(([id, base, action]) => commandWith(id, base, action)),
  almostActions.map((action) => commandWith('"c1"', '12', action)),
  maimed(commandWith('"c1"', '12', '"kind":"seek","positionMs":61000.5')),
  maimed(commandWith('"c1"', '12', '"kind":"play"')),
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
        if (c !== null) expect(bySchema(text)).toEqual({ type: 'ping', c: Number(c) });
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the short way of a command', () => {
  const positionMs = fc.oneof(
    fc.constant(0),
    fc.nat({ max: MAX_POSITION_MS }),
    fc.double({ min: 1e-3, max: MAX_POSITION_MS, noNaN: true }),
  );
  const action = fc.oneof(
    fc.record({ kind: fc.constant('play' as const) }),
    fc.record({ kind: fc.constantFrom('pause' as const, 'seek' as const), positionMs }),
  );

  it('[R-11] is the way of plays, pauses and seeks as clients send them', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), fc.nat(), action, (id, base, what) => {
        const message = { type: 'command', id, base, action: what } as const;
        expect(plainCommand(JSON.stringify(message))).toEqual(message);
      }),
    );
  });

  it('[R-12] takes nothing that the schema would not, and reads the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(almostCommands, (text) => {
        const message = plainCommand(text);
        if (message === null) return;
        taken += 1;
        expect(bySchema(text)).toEqual(message);
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('[R-12] takes the last position there is, and none past it', () => {
    const at = (ms: string): string => commandWith('"c1"', '0', `"kind":"seek","positionMs":${ms}`);
    expect(plainCommand(at('172800000'))).not.toBeNull();
    expect(plainCommand(at('172800000.1'))).toBeNull();
    expect(plainCommand(at('172800001'))).toBeNull();
    // Digits that round to the last position are that position to the schema, too.
    expect(plainCommand(at('172800000.000000001'))).toEqual(bySchema(at('172800000.000000001')));
  });
});

describe('the short way of a return', () => {
  const tokens = fc.stringMatching(/^[A-Za-z0-9_-]{8,30}\.[A-Za-z0-9_-]{8,30}\.[A-Za-z0-9_-]{8,30}$/);
  const numbers = { epoch: fc.nat(), serial: fc.nat() };
  const film = fc.record({
    ...{ epoch: fc.nat(), seq: fc.nat(), phase: fc.constantFrom('paused', 'playing'), rate: fc.constantFrom(1, 1.25) },
    positionMs: fc.double({ min: 0, max: MAX_POSITION_MS, noNaN: true }),
    media: fc.record({
      ...{ serverId: fc.constant('a'.repeat(32)), itemId: fc.constant('b'.repeat(32)) },
      ...{ title: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `A${text}`) },
      runtimeMs: fc.option(fc.nat({ max: MAX_POSITION_MS })),
    }),
  });
  const returns = fc
    .tuple(tokens, fc.record({ ...numbers, token: tokens }), film, fc.nat({ max: 2 }))
    .map(([seat, snapshot, film, brought]) => ({
      ...{ type: 'hello' as const, v: 1, credential: { kind: 'seat' as const, seat }, client: 'extension/1.2.3' },
      ...(brought > 0 && { snapshot }),
      ...(brought > 1 && { film }),
    }));

  it('[R-03] is the way of members who come back, as clients say it', () => {
    fc.assert(
      fc.property(returns, (message) => {
        const text = JSON.stringify(message);
        expect(plainReturn(text)).toEqual(bySchema(text));
        expect(plainReturn(text)).not.toBeNull();
      }),
    );
  });

  it('[R-03] takes nothing that the schema would not, and reads the same', () => {
    const piece = fc.constantFrom(
      ...'{}",:\\',
      '"v":2,',
      ',"identity":"0123456789abcdef"',
      ',"film":{}',
      '}}',
      ' ',
      '',
    );
    const almost = returns.chain((message) => {
      const text = JSON.stringify(message);
      return fc.oneof(
        maimed(text),
        fc
          .tuple(fc.nat({ max: text.length }), piece, fc.nat({ max: 3 }))
          .map(([at, more, less]) => text.slice(0, at) + more + text.slice(at + less)),
      );
    });
    let taken = 0;
    fc.assert(
      fc.property(almost, (text) => {
        const message = plainReturn(text);
        if (message === null) return;
        taken += 1;
        expect(bySchema(text)).toEqual(message);
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('[R-03] leaves who shows more than a seat to the schema', () => {
    const seat = 's'.repeat(20);
    const say = (credential: object): string => JSON.stringify({ type: 'hello', v: 1, credential, client: 'x' });
    expect(plainReturn(say({ kind: 'seat', seat }))).not.toBeNull();
    expect(plainReturn(say({ kind: 'seat', seat, identity: seat }))).toBeNull();
    expect(plainReturn(say({ kind: 'grant', grant: seat }))).toBeNull();
    expect(plainReturn(say({ kind: 'seat', seat: 's'.repeat(15) }))).toBeNull();
    expect(plainReturn(say({ kind: 'seat', seat: 's'.repeat(2_049) }))).toBeNull();
  });
});
