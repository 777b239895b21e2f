import { assertNever, type ErrorCode } from '../../../shared/errors.ts';
import { ASK_GAP_MS, SEAT_GRACE_MS, UNDO_MERGE_MS } from '../../../shared/limits.ts';
import type { Control, Role } from '../../../shared/protocol.ts';

/** By the grant that opened the party, or by one of two links. */
export type Way = 'grant' | 'link-a' | 'link-b';
export type Item = 'a' | 'b' | 'c';

/** What somebody does; people are named by the chair they sit on, of which there are a few. */
export type Move =
  | { type: 'join'; chair: number; who: string | null; way: Way }
  | { type: 'leave' | 'drop'; chair: number }
  | { type: 'resume'; chair: number }
  | { type: 'command'; chair: number; kind: 'play' | 'pause' | 'go-on' | 'undo'; isStale: boolean }
  | { type: 'seek'; chair: number; positionMs: number }
  | { type: 'media'; chair: number; item: Item }
  | { type: 'control'; chair: number; control: Control }
  | { type: 'lock'; chair: number; locked: boolean }
  | { type: 'role'; chair: number; other: number; role: Role }
  | { type: 'kick'; chair: number; other: number }
  | { type: 'ask'; chair: number }
  | { type: 'queue-add' | 'queue-remove'; chair: number; item: Item }
  | { type: 'wait'; ms: number }
  | { type: 'restart' };

interface Somebody {
  /** Never used again for another. */
  name: string;
  who: string | null;
  way: Way;
  role: Role;
  below: 'co-host' | 'guest';
  /** Null while connected. */
  awayUntilMs: number | null;
  /** After a restart the relay learns who this is from the seat. */
  isKnown: boolean;
  askedAtMs: number;
}

/** What a party must look like, by PROTOCOL.md alone: section "Roles and rules", R-15 and the queue. */
export class PartyModel {
  nowMs = 0;
  people: Somebody[] = [];
  rules: { control: Control; locked: boolean } = { control: 'everyone', locked: false };
  item: Item | null = null;
  queue: { item: Item; by: string | null; votes: string[] }[] = [];
  undo: { item: Item; positionMs: number; seek: { by: string; atMs: number } | null } | null = null;
  /** Who sat on each chair last, with a seat to show. */
  readonly #seats = new Map<number, Somebody>();
  readonly #kicked = { seats: new Set<string>(), persons: new Set<string>(), links: new Set<Way>() };
  #handedOver = false;
  #made = 0;

  /** @returns whether this can happen: a socket that is not there says nothing. */
  applies(move: Move): boolean {
    if (move.type === 'wait') return true;
    if (move.type === 'restart') return this.people.length > 0;
    const person = this.on(move.chair);
    if (move.type === 'join') return person === undefined && (move.way !== 'grant' || move.who !== null);
    if (move.type === 'resume') return this.#seats.has(move.chair);
    if ('other' in move && !this.#seats.has(move.other)) return false;
    return person !== undefined && person.awayUntilMs === null;
  }

  /** @returns who sits on the chair now. */
  on(chair: number): Somebody | undefined {
    const last = this.#seats.get(chair);
    return this.people.find((person) => person === last);
  }

  /** @returns who sat on it last, whose seat can still be shown. */
  last(chair: number): Somebody {
    const last = this.#seats.get(chair);
    if (!last) throw new Error('nobody ever sat there');
    return last;
  }

  /** @returns the name of who comes next. */
  nextName(): string {
    return `n${this.#made + 1}`;
  }

  /** @returns why the move is refused; null when it is not, and the model is as it leaves the party. */
  run(move: Move): ErrorCode | null {
    switch (move.type) {
      case 'join':
        return this.#join(move);
      case 'resume':
        return this.#resume(this.last(move.chair));
      case 'wait':
        this.#pass(move.ms);
        return null;
      case 'restart':
        for (const person of this.people) {
          person.awayUntilMs = this.nowMs + SEAT_GRACE_MS;
          person.isKnown = false;
          person.askedAtMs = Number.NEGATIVE_INFINITY;
        }
        this.undo = null;
        return null;
      default:
        return this.#act(this.last(move.chair), move);
    }
  }

  /** The relay said where the film was before it was moved. @param by whose seek it was. */
  moved(fromMs: number | undefined, from: Item | null, by: string | null): void {
    if (fromMs === undefined || from === null) return;
    const seek = by === null ? null : { by, atMs: this.nowMs };
    const before = this.undo?.seek;
    if (this.undo && before && before.by === by && this.nowMs - before.atMs <= UNDO_MERGE_MS) this.undo.seek = seek;
    else this.undo = { item: from, positionMs: fromMs, seek };
  }

  #join({ chair, who, way }: Extract<Move, { type: 'join' }>): ErrorCode | null {
    const isKicked = who === null ? this.#kicked.links.has(way) : this.#kicked.persons.has(who);
    if (isKicked) return 'kicked';
    if (way !== 'grant' && this.rules.locked) return 'room-locked';
    const isHost = this.people.length === 0 || (way === 'grant' && !this.#handedOver);
    const below = way === 'grant' ? 'co-host' : 'guest';
    this.#made += 1;
    const person: Somebody = {
      name: `n${this.#made}`,
      who,
      way,
      role: below,
      below,
      awayUntilMs: null,
      isKnown: true,
      askedAtMs: Number.NEGATIVE_INFINITY,
    };
    this.people.push(person);
    this.#seats.set(chair, person);
    if (isHost) this.#crown(person);
    return null;
  }

  #resume(person: Somebody): ErrorCode | null {
    const isIn = this.people.includes(person);
    if (this.#kicked.seats.has(person.name) || (person.who !== null && this.#kicked.persons.has(person.who))) {
      this.#ban({ ...person, isKnown: true });
      if (isIn) this.#remove(person);
      return 'kicked';
    }
    if (!isIn) return 'token-invalid';
    person.awayUntilMs = null;
    person.isKnown = true;
    return null;
  }

  #act(person: Somebody, move: Exclude<Move, { type: 'join' | 'resume' | 'wait' | 'restart' }>): ErrorCode | null {
    const { role } = person;
    switch (move.type) {
      case 'leave':
        this.#remove(person);
        return null;
      case 'drop':
        person.awayUntilMs = this.nowMs + SEAT_GRACE_MS;
        return null;
      case 'command':
        if (!this.#steers(role)) return 'not-allowed';
        if (move.isStale) return 'stale-command';
        if (move.kind === 'undo') return this.#goBack();
        return this.item === null ? 'bad-position' : null;
      case 'seek':
        if (!this.#steers(role)) return 'not-allowed';
        return this.item === null ? 'bad-position' : null;
      case 'media':
        if (!this.#steers(role)) return 'not-allowed';
        this.item = move.item;
        this.queue = this.queue.filter(({ item }) => item !== move.item);
        return null;
      case 'control':
        if (role !== 'host') return 'not-allowed';
        this.rules = { ...this.rules, control: move.control };
        return null;
      case 'lock':
        if (role === 'guest') return 'not-allowed';
        this.rules = { ...this.rules, locked: move.locked };
        return null;
      case 'role':
        return this.#giveRole(person, this.last(move.other), move.role);
      case 'kick':
        return this.#kick(person, this.last(move.other));
      case 'ask':
        if (this.nowMs - person.askedAtMs < ASK_GAP_MS) return 'rate-limited';
        person.askedAtMs = this.nowMs;
        return null;
      case 'queue-add':
        return this.#enqueue(person, move.item);
      case 'queue-remove':
        return this.#dequeue(person, move.item);
      default:
        return assertNever(move);
    }
  }

  #steers(role: Role): boolean {
    const least = { everyone: ['host', 'co-host', 'guest'], chosen: ['host', 'co-host'], host: ['host'] };
    return least[this.rules.control].includes(role);
  }

  #goBack(): ErrorCode | null {
    if (!this.undo) return 'nothing-to-undo';
    this.item = this.undo.item;
    return null;
  }

  #giveRole(host: Somebody, other: Somebody, role: Role): ErrorCode | null {
    if (host.role !== 'host') return 'not-allowed';
    if (!this.people.includes(other)) return 'no-such-member';
    if (other.role === role) return null;
    if (other === host || (role === 'host' && other.awayUntilMs !== null)) return 'not-allowed';
    if (role === 'host') {
      this.#crown(other);
      host.role = host.below = 'co-host';
      this.#handedOver = true;
    } else other.role = other.below = role;
    return null;
  }

  #kick(by: Somebody, target: Somebody): ErrorCode | null {
    const isOut = !this.people.includes(target);
    if (isOut) return 'no-such-member';
    const isSame = (one: Somebody) =>
      one === target || (one.isKnown && target.isKnown && one.who !== null && one.who === target.who);
    const all = this.people.filter(isSame);
    const rank: Record<Role, number> = { guest: 0, 'co-host': 1, host: 2 };
    if (by.role === 'guest' || all.some(({ role }) => rank[role] >= rank[by.role])) return 'not-allowed';
    for (const one of all) {
      this.#ban(one);
      this.#remove(one);
    }
    return null;
  }

  #ban({ name, who, way, isKnown }: Somebody): void {
    this.#kicked.seats.add(name);
    if (!isKnown) return;
    if (who !== null) this.#kicked.persons.add(who);
    if (way !== 'grant') this.#kicked.links.add(way);
  }

  #remove(person: Somebody): void {
    this.people = this.people.filter((one) => one !== person);
    for (const entry of this.queue) {
      entry.votes = entry.votes.filter((voter) => voter !== person.name);
      if (entry.by === person.name) entry.by = null;
    }
    if (person.role !== 'host') return;
    const order = ({ awayUntilMs, role }: Somebody) => (awayUntilMs === null ? 2 : 0) + (role === 'co-host' ? 1 : 0);
    const best = Math.max(...this.people.map(order));
    const heir = this.people.find((one) => order(one) === best);
    if (heir) this.#crown(heir);
  }

  #crown(person: Somebody): void {
    for (const one of this.people) if (one.role === 'host') one.role = one.below;
    person.role = 'host';
  }

  #pass(ms: number): void {
    this.nowMs += ms;
    for (;;) {
      const due = this.people.filter(({ awayUntilMs }) => awayUntilMs !== null && awayUntilMs <= this.nowMs);
      const first = Math.min(...due.map(({ awayUntilMs }) => awayUntilMs ?? 0));
      const next = due.find(({ awayUntilMs }) => awayUntilMs === first);
      if (!next) return;
      this.#remove(next);
    }
  }

  #enqueue({ name, role }: Somebody, item: Item): ErrorCode | null {
    if (this.rules.control === 'host' && role !== 'host') return 'not-allowed';
    const at = this.queue.findIndex((entry) => entry.item === item);
    const entry = this.queue[at];
    if (!entry) {
      this.queue.push({ item, by: name, votes: [] });
      return null;
    }
    entry.votes = [...entry.votes.filter((voter) => voter !== name), name];
    this.queue.splice(at, 1);
    let to = at;
    while (to > 0 && (this.queue[to - 1]?.votes.length ?? 0) < entry.votes.length) to -= 1;
    this.queue.splice(to, 0, entry);
    return null;
  }

  #dequeue({ name, role }: Somebody, item: Item): ErrorCode | null {
    const entry = this.queue.find((one) => one.item === item);
    // An item that stands nowhere has no entry to name: rule Q-01 wants one.
    if (!entry) return 'not-found';
    if (!this.#steers(role) && entry.by !== name) return 'not-allowed';
    this.queue = this.queue.filter((one) => one !== entry);
    return null;
  }
}
