import { describe, expect, it } from 'vitest';
import type { Member } from '../../shared/protocol.ts';
import { hello } from '../testing/client.ts';
import { askForInvite, type TestRelay } from '../testing/relay.ts';
import { testRelays } from '../testing/relays.ts';

const aRelay = testRelays();
const HOUR_MS = 3_600_000;
const avatar = { serverId: 'a'.repeat(32), userId: 'b'.repeat(32), tag: 'c1d2' };

/** Opens a room as somebody who has a picture. */
async function pictured(relay: TestRelay, verified = true) {
  const identity = await relay.tokens.mint('identity', { sub: 'ana@server', name: 'Ana', verified, avatar }, HOUR_MS);
  const { body } = await relay.post('/v1/rooms', {}, { authorization: `Bearer ${identity}` });
  const client = await relay.knock(String(body.room));
  client.send(hello({ kind: 'grant', grant: String(body.grant) }));
  const { room, you, seat, members } = await client.next('welcome');
  return { ana: Object.assign(client, { room, id: you, seat }), identity, members };
}

const pictureOf = (members: readonly Member[], id: string): unknown => members.find((one) => one.id === id)?.avatar;

describe('a member’s picture', () => {
  it('[M-14] goes from the identity with the grant to the room, and to who comes later', async () => {
    const relay = await aRelay();
    const { ana, members } = await pictured(relay);
    expect(pictureOf(members, ana.id)).toEqual(avatar);
    const ben = await relay.knock(ana.room);
    ben.send(hello({ kind: 'invite', invite: await askForInvite(ana), name: 'Ben' }));
    const welcome = await ben.next('welcome');
    expect(pictureOf(welcome.members, ana.id)).toEqual(avatar);
    expect(pictureOf(welcome.members, welcome.you)).toBeUndefined();
  });

  it('[M-14] comes in by a link with the identity beside it, and is told to who is there', async () => {
    const relay = await aRelay();
    const host = await relay.host('Cem');
    const { identity } = await pictured(relay);
    const ana = await relay.knock(host.room);
    ana.send(hello({ kind: 'invite', invite: await askForInvite(host), identity }));
    const { you } = await ana.next('welcome');
    expect((await host.next('member', ({ member }) => member.id === you)).member.avatar).toEqual(avatar);
  });

  it('[M-14][A-05] is in the seat: a relay that knew nothing of the room has it again', async () => {
    const first = await aRelay();
    const { ana } = await pictured(first);
    ana.send({ type: 'manage', id: 'm1', action: { kind: 'lock', locked: true } });
    const { snapshot } = await ana.next('snapshot');
    await first.close();
    const second = await aRelay();
    const back = await second.knock(ana.room);
    back.send(hello({ kind: 'seat', seat: ana.seat }, 1, { snapshot }));
    expect(pictureOf((await back.next('welcome')).members, ana.id)).toEqual(avatar);
  });

  it('[M-14] is not that of a name which somebody chose', async () => {
    const { ana, members } = await pictured(await aRelay(), false);
    expect(pictureOf(members, ana.id)).toBeUndefined();
  });
});
