import { allowedSoundDelay } from '../overlay/model.ts';

interface SoundDelayDeps {
  /** The delay is this now; called for each change, also one made in another tab. */
  onChange(ms: number): void;
  save(ms: number): Promise<unknown>;
  /** Asks the browser, within a click, how late sound comes out of this device, in ms; null when it cannot tell. */
  measure(): Promise<number | null>;
  /** The browser said so. */
  onMeasured(ms: number): void;
}

/**
 * How late this device's sound comes out. It changes many times a second while somebody holds an arrow key, so it is
 * saved one write at a time, the latest last; an older value that storage echoes meanwhile counts for nothing.
 */
export class SoundDelay {
  readonly #deps: SoundDelayDeps;
  #ms = 0;
  #saving = false;
  #measuredMs = 0;

  constructor(deps: SoundDelayDeps) {
    this.#deps = deps;
  }

  get ms(): number {
    return this.#ms;
  }

  /** What the browser last said of this device, in ms; 0: nothing. */
  get measuredMs(): number {
    return this.#measuredMs;
  }

  async measure(): Promise<number | null> {
    // A device that cannot be opened is one that cannot tell.
    const ms = await this.#deps.measure().catch(() => null);
    if (ms === null) return null;
    this.#measuredMs = ms;
    this.#deps.onMeasured(ms);
    return ms;
  }

  /** @param ms what the person chose just now. */
  choose(ms: number): void {
    this.#take(ms);
    if (!this.#saving) void this.#save();
  }

  /** @param ms what storage holds. */
  stored(ms: number): void {
    if (!this.#saving) this.#take(ms);
  }

  #take(ms: number): void {
    const next = allowedSoundDelay(ms);
    if (next === this.#ms) return;
    this.#ms = next;
    this.#deps.onChange(next);
  }

  async #save(): Promise<void> {
    this.#saving = true;
    try {
      for (let saved = Number.NaN; saved !== this.#ms; ) {
        saved = this.#ms;
        await this.#deps.save(saved);
      }
    } finally {
      this.#saving = false;
    }
  }
}
