import type { Media, RelayMessage, Timeline } from '../../shared/protocol.ts';
import type { Announcement, Whisper } from './effects.ts';
import { looksSame, type Person, publicMember } from './state.ts';

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

/**
 * What a room's members look like to the others, as text. When a crowd comes back, each of them is told of all the others, most of
 * whom look as they did to the one before.
 */
export class Portraits {
  private readonly known = new Map<string, { person: Person; text: string }>();

  /** @returns one after the other, as in JSON. */
  of(people: readonly Person[]): string {
    let all = '';
    for (const person of people) all += all === '' ? this.one(person) : `,${this.one(person)}`;
    if (this.known.size > people.length) this.forgetAllBut(people);
    return all;
  }

  private one(person: Person): string {
    const known = this.known.get(person.id);
    if (known && looksSame(known.person, person)) return known.text;
    const text = JSON.stringify(publicMember(person));
    this.known.set(person.id, { person, text });
    return text;
  }

  private forgetAllBut(people: readonly Person[]): void {
    const ids = new Set(people.map(({ id }) => id));
    for (const id of this.known.keys()) if (!ids.has(id)) this.known.delete(id);
  }
}

/** @param people as text. @returns the text of the message with them as its members. A room's id and a token of ours need no escaping. */
export function encodeWelcome(message: Omit<Welcome, 'members'>, people: string): string {
  const { s, room, you, seat, identityMs = null, resumed, timeline, gate, waitMs, rules, queue } = message;
  return (
    `{"type":"welcome","v":${message.v},"s":${s},"room":"${room}","you":${JSON.stringify(you)},"seat":"${seat}",` +
    `"identityMs":${identityMs},"resumed":${resumed},"timeline":${encodeTimeline(timeline)},` +
    `"gate":${gate === null ? 'null' : JSON.stringify(gate)},"waitMs":${waitMs},` +
    `"rules":{"control":"${rules.control}","locked":${rules.locked}},` +
    `"queue":${queue.length === 0 ? '[]' : JSON.stringify(queue)},"members":[${people}]}`
  );
}
