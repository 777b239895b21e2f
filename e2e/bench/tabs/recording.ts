/** What the members' pages record, fetched a little at a time: pages keep only so much. */
import type { Member } from '../../support/member.ts';
import { joinTracks, type Track, takeRecording } from '../../support/sampler.ts';

export class Recording {
  /** By place. */
  readonly tracks: Track[];
  readonly #present: () => readonly Member[];

  /** @param members by place. @param present those among the first of them whose pages record by now. */
  constructor(members: readonly Member[], present: () => readonly Member[] = () => members) {
    this.tracks = members.map(() => ({ clock: [], pictures: [], events: [] }));
    this.#present = present;
  }

  async fetch(): Promise<void> {
    const fresh = await Promise.all(this.#present().map(({ tab }) => takeRecording(tab)));
    for (const [index, track] of fresh.entries()) {
      this.tracks[index] = joinTracks(this.tracks[index] ?? track, track);
    }
  }
}
