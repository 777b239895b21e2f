/** A party, and the model of it: who is in it and how its film moves, by what the members had been told and did. */
import type { Action, Credential, Media, ParsedRelayMessage, Timeline } from '../../../shared/protocol.ts';
import { isNewer, positionAt } from '../../../shared/timeline.ts';
import type { Random } from '../sim/world/random.ts';
import type { Kept } from './intruder.ts';
import { ChaosMember } from './member.ts';

const FILM_MS = 7_200_000;
const filmOf = (digit: number): Media => ({
  serverId: 'a'.repeat(32),
  itemId: String(digit).repeat(32),
  title: `Film ${digit}`,
  runtimeMs: FILM_MS,
});

/** People do not do more, so that each thing they do has its snapshot at once (PROTOCOL.md S-01). */
const LEAST_GAP_MS = 400;
const MEAN_GAP_MS = 2_500;
const MEMBERS: readonly [number, number] = [2, 5];
/** Between the film of a member and the model's, on a machine that has time. */
const POSITION_TOLERANCE_MS = 250;

/** What a check found. */
export interface Findings {
  /** What differs from the model; empty when nothing does. */
  differences: string[];
  hosts: number;
  lostSeats: number;
  /** Between the film of the model and the room's, in ms; null when it does not move. */
  positionErrorMs: number | null;
}

export interface RoomOptions {
  id: string;
  /** Addresses from this number on are the room's. */
  index: number;
  random: Random;
  grant: Credential;
  port(): number;
}

export class ChaosRoom {
  readonly id: string;
  readonly members: ChaosMember[] = [];
  /** What somebody held who has left; the newest of those. */
  former: Kept | null = null;
  /** Welcomes that did not have exactly one host, and moments with more than one. */
  badHosts = 0;
  acknowledged = 0;
  readonly #options: RoomOptions;
  /** The film as a member saw it last, and that member's clock. */
  #model: { timeline: Timeline; offsetMs: number } | null = null;
  #host: ChaosMember | null = null;
  #nextAtMs = 0;
  #made = 0;
  #joining = 0;

  constructor(options: RoomOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** A host, a film, and guests. */
  async fill(): Promise<void> {
    const host = this.#add(this.#options.grant);
    this.#host = host;
    await until(() => host.isOpen, 'a host');
    host.command({ kind: 'media', media: filmOf(1), positionMs: 60_000, play: true });
    await until(() => host.party?.timeline.media !== null, 'a film');
    const guests = Math.round(this.#options.random.between(MEMBERS)) - 1;
    for (let i = 0; i < guests; i++) await this.#join();
  }

  /** Lets one of the members do something now and then. @param mayMove whether people may come and go. */
  act(nowMs: number, mayMove: boolean): void {
    if (nowMs < this.#nextAtMs) return;
    const { random } = this.#options;
    this.#nextAtMs = nowMs + LEAST_GAP_MS + random.exponential(MEAN_GAP_MS);
    const member = this.members[Math.floor(random.unit() * this.members.length)];
    if (!member?.isOpen || this.members.some(({ isOpen }) => !isOpen)) return;
    if (mayMove && random.chance(0.1)) {
      if (this.members.length > MEMBERS[0] && random.chance(0.5)) this.#leave(member);
      else if (this.members.length < MEMBERS[1]) void this.#join();
      return;
    }
    member.command(this.#action(member));
  }

  /** One of three or more leaves; nobody may be on the way in or out. */
  loseGuest(): void {
    const guest = this.members.at(-1);
    if (guest && guest !== this.#host && this.members.length > MEMBERS[0]) this.#leave(guest);
  }

  /** The host's connection ends and is never back. */
  loseHost(): void {
    const host = this.#host;
    if (!host) return;
    host.close();
    this.members.splice(this.members.indexOf(host), 1);
  }

  /** The grace is over: the longest-standing who is there is host (PROTOCOL.md M-05). */
  expectHeir(): void {
    this.#host = this.members[0] ?? null;
  }

  /** Nobody is on the way in. */
  isSettled(): boolean {
    return this.#joining === 0;
  }

  isWhole(): boolean {
    return this.members.every(({ isOpen, lost }) => isOpen || lost !== null);
  }

  /**
   * Compares what each member now knows with the model, and makes that the model.
   * @param latenessMs how late this process was to look, at most; the relays that it shares the machine with were no quicker.
   */
  check(latenessMs: number): Findings {
    const toleranceMs = POSITION_TOLERANCE_MS + latenessMs;
    const differences = this.members.flatMap((member) => this.#differences(member, toleranceMs));
    const [first] = this.members;
    const hosts = Math.max(...this.members.map((member) => hostsOf(member).length));
    const errors = this.members.map((member) => this.#positionErrorMs(member));
    const known = errors.flatMap((error) => (error === null ? [] : [error]));
    const lostSeats = this.members.filter(({ lost }) => lost !== null).length;
    if (first?.party) this.#model = { timeline: first.party.timeline, offsetMs: first.offsetMs };
    return { differences, hosts, lostSeats, positionErrorMs: known.length > 0 ? Math.max(...known) : null };
  }

  close(): void {
    for (const member of this.members) member.close();
  }

  #add(credential: Credential): ChaosMember {
    const { index, random, port, id } = this.#options;
    this.#made += 1;
    const member = new ChaosMember({
      room: id,
      name: `m${index}-${this.#made}`,
      address: `10.${index >> 8}.${index & 255}.${this.#made % 250}`,
      credential,
      port,
      random: () => random.unit(),
      onMessage: (from, message) => this.#onMessage(from, message),
    });
    this.members.push(member);
    return member;
  }

  async #join(): Promise<void> {
    this.#joining += 1;
    const invite = await this.members.find(({ isOpen }) => isOpen)?.invite();
    if (invite) {
      const guest = this.#add({ kind: 'invite', invite, name: 'Guest' });
      await until(() => guest.isOpen || guest.lost !== null, 'a guest');
    }
    this.#joining -= 1;
  }

  #leave(member: ChaosMember): void {
    this.former = member.kept() ?? this.former;
    member.leave();
    this.members.splice(this.members.indexOf(member), 1);
    // All who are left are connected, so the longest-standing one is next (PROTOCOL.md M-05).
    if (member === this.#host) this.#host = this.members[0] ?? null;
  }

  #action({ party }: ChaosMember): Action {
    const { random } = this.#options;
    const member = this.members[0];
    const positionMs = member?.positionMs() ?? 0;
    const isPlaying = party?.timeline.phase === 'playing';
    if (random.chance(0.35)) return isPlaying ? { kind: 'pause', positionMs } : { kind: 'play' };
    if (random.chance(0.6)) return { kind: 'seek', positionMs: random.unit() * FILM_MS * 0.8 };
    if (random.chance(0.4)) return { kind: 'rate', rate: random.chance(0.5) ? 1 : 1.25 };
    if (random.chance(0.5)) return { kind: 'wait', waitMs: Math.round(random.unit() * 60_000) };
    return { kind: 'media', media: filmOf(Math.floor(random.unit() * 9)), positionMs: 0, play: random.chance(0.8) };
  }

  #onMessage(from: ChaosMember, message: ParsedRelayMessage): void {
    if (message.type === 'welcome' && message.members.filter(({ role }) => role === 'host').length !== 1) {
      this.badHosts += 1;
    }
    if (message.type === 'member' && hostsOf(from).length > 1) this.badHosts += 1;
    if (message.type !== 'timeline' || message.cause === 'welcome') return;
    if (message.by === from.id) this.acknowledged += 1;
    const { timeline } = message;
    if (this.#model && !isNewer(timeline, this.#model.timeline)) return;
    this.#model = { timeline, offsetMs: from.offsetMs };
  }

  #differences(member: ChaosMember, toleranceMs: number): string[] {
    const { party, name } = member;
    const model = this.#model?.timeline;
    if (!party || !model) return [`${name} knows nothing`];
    const wanted = { seq: model.seq, itemId: model.media?.itemId, rate: model.rate, phase: restoredPhase(model) };
    const { timeline } = party;
    const found = {
      seq: timeline.seq,
      itemId: timeline.media?.itemId,
      rate: timeline.rate,
      phase: restoredPhase(timeline),
    };
    const different = JSON.stringify(wanted) === JSON.stringify(found) ? [] : [differs(name, wanted, found)];
    const here = [...party.members.values()].filter(({ connected }) => connected).map(({ id }) => id);
    const people = this.members.map(({ id }) => id);
    if (here.length !== people.length || people.some((id) => !here.includes(id ?? ''))) {
      different.push(differs(`${name}'s people`, people, here));
    }
    const hosts = hostsOf(member);
    if (hosts.length !== 1 || hosts[0] !== this.#host?.id) {
      different.push(differs(`${name}'s host`, this.#host?.id, hosts));
    }
    const errorMs = this.#positionErrorMs(member);
    if (errorMs !== null && errorMs > toleranceMs) different.push(`${name}'s film is ${errorMs} ms off`);
    return different;
  }

  #positionErrorMs(member: ChaosMember): number | null {
    if (!this.#model || !member.party) return null;
    const { timeline, offsetMs } = this.#model;
    // A film that was being prepared is started by the new relay, at no particular time (PROTOCOL.md S-07).
    if (timeline.phase === 'preparing' || member.party.timeline.phase === 'preparing') return null;
    return Math.abs(positionAt(timeline, performance.now() + offsetMs) - member.positionMs());
  }
}

const restoredPhase = ({ phase }: Timeline): Timeline['phase'] => (phase === 'paused' ? phase : 'playing');

const hostsOf = ({ party }: ChaosMember): string[] =>
  [...(party?.members.values() ?? [])].filter(({ role }) => role === 'host').map(({ id }) => id);

const differs = (what: string, wanted: unknown, found: unknown): string =>
  `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;

const LOOK_MS = 20;
const PATIENCE_MS = 20_000;

/** Waits until something holds. @throws Error saying what did not come. */
export async function until(holds: () => boolean, what: string, patienceMs = PATIENCE_MS): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > giveUpAtMs) throw new Error(`waited ${patienceMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
