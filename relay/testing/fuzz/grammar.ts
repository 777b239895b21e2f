import accepted from '../../../shared/fixtures/client-accepted.json' with { type: 'json' };
import rejected from '../../../shared/fixtures/client-rejected.json' with { type: 'json' };

/** A small seeded generator (mulberry32): numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a fuzzed client knows of its room, so that much of what it says is let through to the room. */
export interface Known {
  seq: number;
  ids: readonly string[];
  /** Tokens of every kind, for its room and for others. */
  tokens: readonly string[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Entry {
  message?: unknown;
  text?: string;
}

const GOOD = (accepted as readonly Entry[]).map(({ message }) => message as { [key: string]: Json });
const BAD = (rejected as readonly Entry[]).map(({ message, text }) => text ?? JSON.stringify(message));
const NUMBERS = [
  0,
  -0,
  -1,
  0.5,
  1e-320,
  30_000,
  172_800_000,
  172_800_001,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1.7e308,
  -1.7e308,
];
const STRINGS = [
  '',
  ' ',
  '\u0000',
  '__proto__',
  'constructor',
  'null',
  '\ud800',
  '🎬'.repeat(40),
  '漢'.repeat(300),
  '<b>',
  '../..',
];
const RAW = [
  '1e999',
  '-1e999',
  '1e-999',
  '-0',
  '00',
  '0x1',
  'NaN',
  'undefined',
  '\u2028',
  '{"a":1,"a":2}',
  '[[[[[[[[]]]]]]]]',
];

/** Makes messages: as clients send them, nearly so, and not at all. */
export class Grammar {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  int(below: number): number {
    return Math.floor(this.random() * below);
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    return from[this.int(from.length)] as T;
  }

  /** @param malice from 0 (says only what a client may say) to 1 (nothing but nonsense). */
  next(known: Known, malice: number): string | Buffer {
    if (this.random() >= malice) return JSON.stringify(this.#plausible(known));
    switch (this.int(6)) {
      case 0:
        return this.pick(BAD);
      case 1:
        return this.#garbleText(JSON.stringify(this.#plausible(known)));
      case 2:
        return this.#nonsense();
      default:
        return JSON.stringify(this.#garble(this.#plausible(known), known));
    }
  }

  /** A message with the numbers and ids of the room as it is now. */
  #plausible(known: Known): { [key: string]: Json } {
    const message = structuredClone(this.pick(GOOD));
    // A room is left, and mostly entered, when the driver wants it.
    if (message.type === 'leave' || (message.type === 'hello' && this.random() < 0.8)) {
      return { type: 'ping', c: this.random() * 1e6 };
    }
    const seq = known.seq + (this.random() < 0.1 ? this.int(3) - 1 : 0);
    for (const field of ['base', 'seq']) if (field in message) message[field] = Math.max(0, seq);
    if (message.type === 'hello') {
      message.v = this.pick([0, 1, 2]);
      message.credential = { kind: 'seat', seat: this.pick(known.tokens) };
    }
    const { action } = message;
    if (action && typeof action === 'object' && 'positionMs' in action && !('media' in action)) {
      action.positionMs = this.random() * 600_000;
    }
    // As it will be when this one is accepted: most of what follows it in the same breath is then up to date as well.
    if (message.type === 'command' && seq === known.seq) known.seq += 1;
    return message;
  }

  /** One to three places changed: another value, another type, a field too few or too many, another depth. */
  #garble(message: Json, known: Known): Json {
    let result = message;
    for (let changes = 1 + this.int(3); changes > 0; changes--) result = this.#change(result, known);
    return result;
  }

  #change(value: Json, known: Known): Json {
    if (typeof value !== 'object' || value === null || this.random() < 0.1) return this.#value(known);
    if (Array.isArray(value)) return [...value, this.#value(known)];
    const keys = Object.keys(value);
    const key = keys.length === 0 ? 'type' : this.pick(keys);
    const { [key]: child = null, ...rest } = value;
    switch (this.int(6)) {
      case 0:
        return rest;
      case 1:
        return { ...value, [this.pick(STRINGS)]: this.#value(known) };
      case 2:
        return { ...rest, [key]: [child] };
      default:
        return { ...rest, [key]: this.#change(child, known) };
    }
  }

  #value(known: Known): Json {
    switch (this.int(8)) {
      case 0:
        return null;
      case 1:
        return this.random() < 0.5;
      case 2:
      case 3:
        return this.pick(NUMBERS);
      case 4:
        return this.pick(known.tokens);
      case 5:
        return known.ids.length > 0 ? this.pick(known.ids) : '';
      case 6:
        return this.pick([[], {}, [[]], { type: 'ping' }, { kind: 'play' }]);
      default:
        return this.pick(STRINGS);
    }
  }

  /** Cuts, doubles and swaps characters, or puts what JSON has no word for in the place of a number. */
  #garbleText(text: string): string | Buffer {
    const at = this.int(text.length);
    switch (this.int(6)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return text + text.slice(at);
      case 2:
        return text.slice(0, at) + this.pick(STRINGS) + text.slice(at + 1);
      case 3:
        return text.replace(/-?\d+(\.\d+)?/, this.pick(RAW));
      case 4:
        return Buffer.from(text);
      default:
        return text.replace('{', `{"__proto__":{"type":"leave"},"${this.pick(STRINGS)}":${this.pick(RAW)},`);
    }
  }

  #nonsense(): string | Buffer {
    switch (this.int(5)) {
      case 0:
        return '['.repeat(this.int(8_000));
      case 1:
        return `{"type":"ping","c":${'9'.repeat(this.int(8_000))}}`;
      case 2:
        return `{"type":"ping","x":${'{"x":'.repeat(1_200)}1${'}'.repeat(1_200)},"c":1}`;
      case 3:
        return Buffer.from(Array.from({ length: this.int(200) }, () => this.int(256)));
      default:
        return String.fromCharCode(...Array.from({ length: this.int(100) }, () => this.int(0xd800)));
    }
  }
}
