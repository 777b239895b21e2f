import { MAX_NAME_LENGTH } from '../../shared/limits.ts';

/**
 * Letters of other scripts that look like a Latin one (a selection of Unicode's confusables.txt, UTS #39), before and after
 * they are made small: large and small ones look like different letters.
 */
const LARGE = lookAlikes(['АВЕЅІЈКМНОРСТУХ', 'ABESIJKMHOPCTYX'], ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX']);
const SMALL = lookAlikes(
  ['асԁеһіјӏорԛѕԝхуѵгп', 'acdehijlopqswxyvrn'],
  ['ανορσυγιηωκ', 'avopouyinwk'],
  ['օոսհցյզ', 'onuhgjq'],
  ['ıɑɡɩʋ', 'iagiv'],
  ['01|!i', 'ollll'],
);

function lookAlikes(...pairs: readonly (readonly [from: string, to: string])[]): ReadonlyMap<string, string> {
  return new Map(pairs.flatMap(([from, to]) => [...from].map((letter, i) => [letter, to[i] ?? letter] as const)));
}

const swap = (text: string, by: ReadonlyMap<string, string>): string =>
  Array.from(text, (letter) => by.get(letter) ?? letter).join('');

/** @returns what two names have in common that look the same, however they are written. */
function looksOf(name: string): string {
  const plain = name
    .normalize('NFKC')
    // What cannot be seen: joiners, marks of direction, variation selectors.
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .trim();
  // Twice: what has no small letter of its own (ß) has a large one.
  const small = swap(plain, LARGE).toUpperCase().toLowerCase();
  return swap(small.normalize('NFKC'), SMALL).replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/**
 * A name that nobody in the room could be taken for (PROTOCOL.md M-11): who comes later gets a number.
 * @param others names that are shown already.
 */
export function distinctName(name: string, others: readonly string[]): string {
  const taken = new Set(others.map(looksOf));
  if (!taken.has(looksOf(name))) return name;
  for (let number = 2; ; number += 1) {
    const mark = ` (${number})`;
    const shown = name.slice(0, MAX_NAME_LENGTH - mark.length).replace(/\p{Cs}/gu, '') + mark;
    if (!taken.has(looksOf(shown))) return shown;
  }
}
