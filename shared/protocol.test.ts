import { describe, expect, it } from 'vitest';
import { CLOSE, closeCodeFor, meaningOfClose } from './close-codes.ts';
import { ERROR_CODES, ProtocolError, remedyOf } from './errors.ts';
import clientAccepted from './fixtures/client-accepted.json' with { type: 'json' };
import clientRejected from './fixtures/client-rejected.json' with { type: 'json' };
import relayAccepted from './fixtures/relay-accepted.json' with { type: 'json' };
import relayRejected from './fixtures/relay-rejected.json' with { type: 'json' };
import { negotiateVersion, PROTOCOL_VERSION, parseClientMessage, parseRelayMessage } from './protocol.ts';

interface Example {
  name: string;
  rule: string;
  message?: unknown;
  text?: string;
  /** What is read from it, where that is not a part of `message`: defaults and fall-backs. */
  becomes?: unknown;
}

const examples = (list: readonly Example[]): { title: string; text: string; expected: unknown }[] =>
  list.map(({ name, rule, message, text, becomes }) => ({
    title: `[${rule}] ${name}`,
    text: text ?? JSON.stringify(message),
    expected: becomes ?? message,
  }));

const withDefaults = (list: readonly Example[]): ReturnType<typeof examples> =>
  examples(list.filter(({ becomes }) => becomes !== undefined));

/** @returns the code of the ProtocolError that `act` throws. */
function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('client messages', () => {
  it.each(examples(clientAccepted))('accepts $title', ({ text, expected }) => {
    expect(expected).toMatchObject(parseClientMessage(text));
  });

  it.each(withDefaults(clientAccepted))('fills in $title', ({ text, expected }) => {
    expect(parseClientMessage(text)).toEqual(expected);
  });

  it.each(examples(clientRejected))('rejects $title', ({ text }) => {
    expect(codeOf(() => parseClientMessage(text))).toBe('bad-message');
  });

  it('[R-05] an error names the field, never the value', () => {
    const secret = 'x'.repeat(3000);
    const text = JSON.stringify({ type: 'hello', v: 1, client: 'c', credential: { kind: 'seat', seat: secret } });
    expect(() => parseClientMessage(text)).toThrow(/^credential\.seat: expected/);
    expect(() => parseClientMessage(text)).not.toThrow(secret);
  });
});

describe('relay messages', () => {
  it.each(examples(relayAccepted))('accepts $title', ({ text, expected }) => {
    expect(expected).toMatchObject({ ...parseRelayMessage(text) });
  });

  it.each(withDefaults(relayAccepted))('fills in $title', ({ text, expected }) => {
    expect(parseRelayMessage(text)).toEqual(expected);
  });

  it.each(examples(relayRejected))('rejects $title', ({ text }) => {
    expect(codeOf(() => parseRelayMessage(text))).toBe('bad-message');
  });

  it('[V-02] skips a type it does not know', () => {
    expect(parseRelayMessage('{"type":"fireworks","s":1}')).toEqual({ type: 'unknown', name: 'fireworks' });
  });
});

describe('versions', () => {
  it.each([
    [1, 1, 1],
    [0, 1, 0],
    [2, 1, 1],
    [1, 2, 1],
  ])('[V-01] client %i and relay %i speak %i', (client, relay, spoken) => {
    expect(negotiateVersion(client, relay)).toBe(spoken);
  });

  it('[V-01] further apart is refused, saying what to update', () => {
    expect(() => negotiateVersion(PROTOCOL_VERSION + 2)).toThrow('update the relay');
    expect(() => negotiateVersion(1, 3)).toThrow('update the extension');
    expect(codeOf(() => negotiateVersion(9))).toBe('unsupported-version');
  });
});

describe('errors and close codes', () => {
  it('[H-00] every code has a remedy and a close code', () => {
    for (const code of ERROR_CODES) {
      expect(remedyOf(code)).toBeTruthy();
      expect(Object.values(CLOSE)).toContain(closeCodeFor(code));
    }
  });

  it.each([
    [1000, 'stop'],
    [1001, 'reconnect'],
    [1006, 'reconnect'],
    [1008, 'stop'],
    [1009, 'stop'],
    [4401, 'rejoin-with-invite'],
    [4404, 'rejoin-with-invite'],
    [4408, 'reconnect'],
    [4409, 'stop'],
    [4426, 'stop'],
    [4429, 'reconnect'],
  ])('[C-02] after %i: %s', (code, meaning) => {
    expect(meaningOfClose(code)).toBe(meaning);
  });
});
