import type { ErrorCode } from '../../shared/errors.ts';
import type { ManageAction, Media, MemberState, RelayMessage } from '../../shared/protocol.ts';
import type { RoomEffect } from '../rooms/effects.ts';
import { type RoomInput, step } from '../rooms/room.ts';
import { emptyRoom, type RoomState } from '../rooms/state.ts';

export const FILM: Media & { runtimeMs: number } = {
  serverId: 'a'.repeat(32),
  itemId: 'b'.repeat(32),
  title: 'Film',
  runtimeMs: 600_000,
};

/** A room driven by hand: the clock only moves when a test says so. */
export class TestRoom {
  room: RoomState = emptyRoom('room', 0);
  nowMs = 0;
  /** Effects of the last input. */
  effects: readonly RoomEffect[] = [];

  input(input: RoomInput, atMs: number = this.nowMs): this {
    this.nowMs = atMs;
    const next = step(this.room, input, atMs);
    this.room = next.room;
    this.effects = next.effects;
    return this;
  }

  /** @param keys who this is; nobody that is known by default. */
  join(member: string, kind: 'grant' | 'invite' = 'invite', keys: readonly string[] = []): this {
    const by =
      kind === 'grant' ? ({ kind } as const) : ({ kind, jti: 'i', uses: 100, exp: 2_000_000_000, by: null } as const);
    return this.input({ type: 'join', member, name: member, verified: true, seat: `${member}-seat-1`, keys, by });
  }

  status(member: string, state: MemberState, deliveryMs: number | null = 40, startMs: number | null = 10): this {
    return this.input({ type: 'status', member, state, reason: null, offsetMs: 0, errorMs: 1, deliveryMs, startMs });
  }

  /** A command based on what the room shows now. */
  command(member: string, action: Extract<RoomInput, { type: 'command' }>['action'], base = this.timeline.seq): this {
    return this.input({ type: 'command', member, id: 'c1', base, action });
  }

  manage(member: string, action: ManageAction): this {
    return this.input({ type: 'manage', member, id: 'm1', action });
  }

  /** Who is what, in order of arrival. */
  roles(): string[] {
    return this.room.people.map(({ id, role }) => `${id}:${role}`);
  }

  /** The code of the refusal that the last input met with; null when it was none. */
  refusal(): ErrorCode | null {
    for (const effect of this.effects) {
      if (effect.type === 'reply') return effect.message.code;
      if (effect.type === 'refuse') return effect.code;
    }
    return null;
  }

  get timeline(): RoomState['timeline'] {
    return this.room.timeline;
  }

  /** Messages published by the last input. */
  published<T extends 'timeline' | 'member' | 'left' | 'rules' | 'queue'>(
    type: T,
  ): Omit<Extract<RelayMessage, { type: T }>, 's'>[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'publish' && effect.message.type === type
        ? [effect.message as Omit<Extract<RelayMessage, { type: T }>, 's'>]
        : [],
    );
  }

  person(id: string): RoomState['people'][number] | undefined {
    return this.room.people.find((person) => person.id === id);
  }
}

/** Ana and Ben, both following a film that plays since 1000 ms; Ana hosts. */
export function watching(): TestRoom {
  const room = new TestRoom().join('ana', 'grant').join('ben');
  room.status('ana', 'in-sync').status('ben', 'in-sync');
  return room.input(
    {
      type: 'command',
      member: 'ana',
      id: 'c0',
      base: 0,
      action: { kind: 'media', media: FILM, positionMs: 0, play: true },
    },
    1000,
  );
}
