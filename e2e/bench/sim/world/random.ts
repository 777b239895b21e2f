import { seeded } from '../../../../extension/sync/testing/agenda.ts';

/**
 * Seeded chance. Every thing in a world has a stream of its own, named by `label`: then what one algorithm does, such as
 * sending more messages, changes nothing about the paths and players that another one meets with the same seed.
 */
export class Random {
  private readonly draw: () => number;

  constructor(seed: number, label: string) {
    this.draw = seeded(hash(`${seed}/${label}`));
  }

  /** @returns a number from 0 up to 1. */
  unit(): number {
    return this.draw();
  }

  between([least, most]: readonly [number, number]): number {
    return least + (most - least) * this.draw();
  }

  chance(share: number): boolean {
    return this.draw() < share;
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.draw()) * mean;
  }

  normal(deviation: number): number {
    return Math.sqrt(-2 * Math.log(1 - this.draw())) * Math.cos(2 * Math.PI * this.draw()) * deviation;
  }

  /** Log-normal around a median. @param spread standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(this.normal(spread));
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  // Neighbouring labels must not give neighbouring states.
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
