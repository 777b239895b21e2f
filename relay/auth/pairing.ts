import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** No letters that are mistaken for digits. 31^8 codes, and guesses are rate-limited per address. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const HALF = 4;

/** Hands out one-time codes to whoever can read the relay's terminal (PROTOCOL.md H-02). */
export interface PairingDesk {
  code(): string;
  /** @returns whether it was the code; then that one is used up and a new one announced. */
  redeem(code: string): boolean;
}

/** @param announce told every new code, the first included. */
export function createPairingDesk(announce: (code: string) => void): PairingDesk {
  let code = randomCode();
  announce(code);
  return {
    code: () => code,
    redeem: (attempt) => {
      if (!sameCode(attempt, code)) return false;
      code = randomCode();
      announce(code);
      return true;
    },
  };
}

function randomCode(): string {
  const letters = Array.from({ length: 2 * HALF }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${letters.slice(0, HALF)}-${letters.slice(HALF)}`;
}

/** Case, spaces and dashes are forgiven; digests make the comparison take the same time for every guess. */
function sameCode(left: string, right: string): boolean {
  const digest = (text: string): Buffer =>
    createHash('sha256')
      .update(text.toUpperCase().replace(/[^A-Z0-9]/g, ''))
      .digest();
  return timingSafeEqual(digest(left), digest(right));
}
