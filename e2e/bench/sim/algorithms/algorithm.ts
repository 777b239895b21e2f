import type { Gesture } from '../../../../extension/sync/io.ts';
import type { SimMember, World } from '../world/world.ts';

/** What a person does; in this bench nobody changes the speed. */
export type Deed = Exclude<Gesture, { type: 'rate' }>['type'];

/** A party run by one algorithm. */
export interface Party {
  /** The member's page comes in. The film is open in it already, or the algorithm opens it with `player.load`. */
  join(member: SimMember): void;
  /** A person presses play or pause, or seeks to `positionMs` (which means nothing for the others). */
  act(member: SimMember, deed: Deed, positionMs: number): void;
}

export interface Algorithm {
  name: string;
  /** Who may act: in some parties only the first member can. */
  control: 'everyone' | 'first';
  /** Whether the first four have the film open already; otherwise only the first one has. */
  preloads: boolean;
  begin(world: World): Party;
}
