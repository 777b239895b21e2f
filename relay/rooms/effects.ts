import type { CloseCode } from '../../shared/close-codes.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Member, RelayMessage, Timeline } from '../../shared/protocol.ts';
import { type Person, publicMember } from './state.ts';

/** A message before its `s` is stamped, which happens when it is sent. */
type Unstamped<T> = T extends { s: number } ? Omit<T, 's'> : T;

export type Announcement = Unstamped<
  Extract<RelayMessage, { type: 'timeline' | 'member' | 'left' | 'rules' | 'queue' }>
>;
/** What only some are told. */
export type Whisper = Unstamped<Extract<RelayMessage, { type: 'member' | 'rules' | 'asked' | 'invites' }>>;
export type Reply = Extract<RelayMessage, { type: 'error' }>;

/** What a room wants done after a step, in order. */
export type RoomEffect =
  /** To everyone in the room, the sender of a command included: that is its acknowledgement. */
  | { type: 'publish'; message: Announcement }
  | { type: 'tell'; to: readonly string[]; message: Whisper }
  | { type: 'reply'; to: string; message: Reply }
  /** The newcomer whose input this was is in: snapshot first, then everything published from now on. */
  | { type: 'welcome'; member: string; resumed: boolean }
  /** The newcomer whose input this was is not let in. */
  | { type: 'refuse'; code: ErrorCode; message: string }
  | { type: 'close'; member: string; code: CloseCode; reason: string }
  /** Nobody has been here for long: the room may be dropped. */
  | { type: 'forget' };

/** @returns what others are told of a member. */
export const aboutMember = (person: Person): { type: 'member'; member: Member } => ({
  type: 'member',
  member: publicMember(person),
});

/** @returns the effect that tells everyone how a member is now. */
export const announceMember = (person: Person): RoomEffect => ({ type: 'publish', message: aboutMember(person) });

/** Why something that a member asked for is not done. */
export interface Refusal {
  code: ErrorCode;
  message: string;
}

/** @param id of the message that asked. @param timeline where it may help to look again. @returns the effect that says no. */
export const refused = (
  to: string,
  id: string,
  { code, message }: Refusal,
  timeline: Timeline | null = null,
): RoomEffect => ({
  type: 'reply',
  to,
  message: { type: 'error', code, message, id, timeline },
});
