import type { Media, RelayMessage, Timeline } from '../../shared/protocol.ts';
import type { Announcement, Whisper } from './effects.ts';
import { type Person, publicMember } from './state.ts';

/** A film stays for hours, and its title is most of what a timeline message says. */
const encodedMedia = new WeakMap<Media, string>();

/**
 * Once for the whole room. The commonest message is put together by hand, three times as fast as by JSON.stringify.
 * @param s relay clock, in ms. @returns the text of the message, stamped.
 */
export function encode(message: Announcement | Whisper, s: number): string {
  if (message.type === 'member') return `{"type":"member","s":${s},"member":${JSON.stringify(message.member)}}`;
  if (message.type !== 'timeline') return JSON.stringify({ ...message, s });
  const { cause, by, id, timeline, gate, waitMs, fromMs } = message;
  return (
    `{"type":"timeline","s":${s},"cause":"${cause}","by":${JSON.stringify(by)},"id":${JSON.stringify(id)},` +
    `"timeline":${encodeTimeline(timeline)},"gate":${gate === null ? 'null' : JSON.stringify(gate)},"waitMs":${waitMs}` +
    (fromMs === undefined ? '}' : `,"fromMs":${fromMs}}`)
  );
}

function encodeTimeline({ epoch, seq, phase, positionMs, rate, atMs, media }: Timeline): string {
  return (
    `{"epoch":${epoch},"seq":${seq},"phase":"${phase}","positionMs":${positionMs},"rate":${rate},"atMs":${atMs},` +
    `"media":${media === null ? 'null' : encodeMedia(media)}}`
  );
}

function encodeMedia(media: Media): string {
  const known = encodedMedia.get(media);
  if (known !== undefined) return known;
  const text = JSON.stringify(media);
  encodedMedia.set(media, text);
  return text;
}

type Welcome = Extract<RelayMessage, { type: 'welcome' }>;

/** When a crowd comes back, each of them is told of all the others, most of whom have not changed since the last one was. */
const encodedPeople = new WeakMap<Person, string>();

/** @returns the text of the message with these people as its members. A room's id and a token of ours need no escaping. */
export function encodeWelcome(message: Omit<Welcome, 'members'>, people: readonly Person[]): string {
  const { s, room, you, seat, identityMs = null, resumed, timeline, gate, waitMs, rules, queue } = message;
  return (
    `{"type":"welcome","v":${message.v},"s":${s},"room":"${room}","you":${JSON.stringify(you)},"seat":"${seat}",` +
    `"identityMs":${identityMs},"resumed":${resumed},"timeline":${encodeTimeline(timeline)},` +
    `"gate":${gate === null ? 'null' : JSON.stringify(gate)},"waitMs":${waitMs},` +
    `"rules":{"control":"${rules.control}","locked":${rules.locked}},` +
    `"queue":${queue.length === 0 ? '[]' : JSON.stringify(queue)},"members":[${people.map(encodePerson).join(',')}]}`
  );
}

function encodePerson(person: Person): string {
  const known = encodedPeople.get(person);
  if (known !== undefined) return known;
  const text = JSON.stringify(publicMember(person));
  encodedPeople.set(person, text);
  return text;
}
