import { describe, expect, it } from 'vitest';
import { roomSocketUrl } from './room-link.ts';
import { aMember, aRelay } from './testing/cast.ts';
import { INVITE } from './testing/test-member.ts';

describe('joining', () => {
  it('says hello with the credential, then is open and passes messages on', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    expect(relay.hellos[0]).toMatchObject({ v: 1, credential: INVITE, client: 'test/1' });
    expect(member.states.map((s) => s.state)).toEqual(['connecting', 'open']);
    await member.until((m) => m.messages.length === 1);
    expect(member.messages[0]?.type).toBe('welcome');
    expect(member.link.send({ type: 'ping', c: 7 })).toBe('sent');
    await member.until((m) => m.messages.some((message) => message.type === 'pong' && message.c === 7));
  });

  it('drops what is sent while it is not open, and never sends it later', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    expect(member.link.send({ type: 'command', id: 'a', base: 0, action: { kind: 'play' } })).toBe('dropped');
    await member.opened();
    member.link.send({ type: 'ping', c: 1 });
    await relay.until(() => relay.received.some((m) => m.type === 'ping'));
    expect(relay.received.map((m) => m.type)).toEqual(['hello', 'ping']);
  });

  it('waits for a credential that has to be fetched, and tries again when that fails', async () => {
    const relay = await aRelay();
    let calls = 0;
    const member = aMember(relay, {
      credential: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('relay down')) : Promise.resolve(INVITE);
      },
    });
    await member.opened();
    expect(calls).toBe(2);
    expect(member.waits()).toHaveLength(1);
  });

  it('makes ws of http and wss of https, keeping a base path', () => {
    expect(roomSocketUrl('http://a:1', 'r')).toBe('ws://a:1/v1/rooms/r');
    expect(roomSocketUrl('https://a/relay/', 'r')).toBe('wss://a/relay/v1/rooms/r');
  });
});

describe('coming back', () => {
  it.each([
    ['cut off', null],
    ['told that the relay goes away', 1001],
    ['closed for an internal error', 1011],
    ['told to slow down', 4429],
  ])('takes its seat back after being %s', async (_case, code) => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    for (const socket of relay.sockets()) code === null ? socket.terminate() : socket.close(code);
    await member.opened(2);
    expect(relay.hellos[1]?.credential).toEqual({ kind: 'seat', seat: member.seats[0] });
    expect(member.seats).toHaveLength(2);
    expect(member.seats[1]).not.toBe(member.seats[0]);
  });

  it('uses the newest seat each time', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    for (let times = 1; times <= 3; times += 1) {
      await member.opened(times);
      for (const socket of relay.sockets()) socket.terminate();
    }
    await member.opened(4);
    expect(relay.hellos.map((hello) => hello.credential.seat)).toEqual([undefined, ...member.seats.slice(0, 3)]);
  });

  it('survives a relay that is down for several attempts, each wait longer', async () => {
    const relay = await aRelay();
    const member = aMember(relay, { random: () => 0.5 });
    await member.opened();
    await relay.stop(1001);
    await member.until((m) => m.waits().length >= 4);
    await relay.start();
    await member.opened(2);
    const waits = member.waits().flatMap((s) => (s.state === 'waiting' ? [s] : []));
    expect(waits.slice(0, 4).map((s) => s.retryInMs)).toEqual([750, 1_250, 1_500, 1_500]);
    expect(waits.map((s) => s.attempt).slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(waits.every((s) => s.reached)).toBe(true);
  });

  it('says that the relay was never reached, and gets in when it comes up', async () => {
    const relay = await aRelay();
    await relay.stop(null);
    const member = aMember(relay);
    await member.until((m) => m.waits().length >= 2);
    expect(member.waits()[1]).toMatchObject({ state: 'waiting', attempt: 2, reached: false });
    await relay.start();
    await member.opened();
    expect(relay.hellos).toHaveLength(1);
  });

  it('comes back at once when it is woken', async () => {
    const relay = await aRelay();
    const member = aMember(relay, {
      setTimer: () => () => undefined,
    });
    await member.opened();
    for (const socket of relay.sockets()) socket.terminate();
    await member.until((m) => m.waits().length === 1);
    member.link.wake();
    await member.opened(2);
  });

  it('does not take being woken while open for a reason to reconnect', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    member.link.wake();
    member.link.send({ type: 'ping', c: 1 });
    await member.until((m) => m.messages.some((message) => message.type === 'pong'));
    expect(member.ports).toBe(1);
  });

  it('opens a new Port at once when the background of a settled link was stopped', async () => {
    const relay = await aRelay();
    let nowMs = 0;
    const member = aMember(relay, { now: () => nowMs });
    await member.opened();
    nowMs += 60_000;
    member.kill();
    await member.opened(2);
    expect(member.ports).toBe(2);
    expect(member.waits()).toEqual([]);
    expect(relay.hellos[1]?.credential.kind).toBe('seat');
  });

  it('waits first when the background stops again and again', async () => {
    const relay = await aRelay();
    const member = aMember(relay, { now: () => 0 });
    await member.opened();
    member.kill();
    await member.opened(2);
    expect(member.waits()).toHaveLength(1);
  });

  it('gives up when the extension itself is gone', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    member.alive = false;
    member.kill();
    expect((await member.ended()).end).toEqual({ reason: 'refused', code: 'extension-updated' });
  });

  it('notices a dead way by an unanswered ping', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    relay.answersPings = false;
    member.link.send({ type: 'ping', c: 1 });
    await member.opened(2);
    expect(member.waits()).toHaveLength(1);
  });

  it('notices a relay that never answers the hello', async () => {
    const relay = await aRelay();
    relay.script = (socket) => {
      relay.script = () => relay.welcome(socket);
    };
    const member = aMember(relay);
    await member.until((m) => m.waits().length === 1);
    expect(member.delays[0]).toBe(10_000);
  });

  it('[peer R-36] asks for the whole picture again after a frame it cannot read', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    for (const socket of relay.sockets()) socket.send('{"type":"timeline"}');
    await member.opened(2);
    expect(member.waits()[0]).toMatchObject({ code: 'bad-message' });
    expect(relay.hellos[1]?.credential.kind).toBe('seat');
  });

  it('passes on a message of a type it does not know', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    for (const socket of relay.sockets()) socket.send('{"type":"fireworks"}');
    await member.until((m) => m.messages.some((message) => message.type === 'unknown'));
    expect(member.ports).toBe(1);
  });

  it('keeps growing its waits under a relay that lets it in and drops it', async () => {
    const relay = await aRelay();
    relay.script = (socket) => {
      relay.welcome(socket);
      socket.close(1011);
    };
    const member = aMember(relay, { random: () => 0.5, now: () => 0 });
    await member.until((m) => m.waits().length === 3);
    expect(member.waits().map((s) => (s.state === 'waiting' ? s.retryInMs : 0))).toEqual([750, 1_250, 1_500]);
  });
});

describe('being refused', () => {
  it.each([
    [4409, '', 'seat-taken'],
    [4426, 'unsupported-version', 'unsupported-version'],
    [1008, 'origin-refused', 'origin-refused'],
    [1008, 'kicked', 'kicked'],
    [1008, 'room-locked', 'room-locked'],
    [1009, '', 'message-too-large'],
  ])('stops for good on close %d "%s"', async (code, reason, expected) => {
    const relay = await aRelay();
    relay.script = (socket) => socket.close(code, reason);
    const member = aMember(relay);
    expect((await member.ended()).end).toEqual({ reason: 'refused', code: expected });
    member.link.wake();
    expect(member.link.send({ type: 'ping', c: 1 })).toBe('dropped');
    expect(member.ports).toBe(1);
  });

  it('tries the invite once more when its seat is refused', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    relay.script = (socket, hello) => {
      if (hello.credential.kind === 'seat') socket.close(4401, 'token-invalid');
      else relay.welcome(socket);
    };
    for (const socket of relay.sockets()) socket.terminate();
    await member.opened(2);
    expect(relay.hellos.map((hello) => hello.credential.kind)).toEqual(['invite', 'seat', 'invite']);
    expect(member.refusals).toEqual([null, 'token-invalid']);
  });

  it.each([
    [4401, 'token-expired', 'token-expired'],
    [4401, '', 'token-invalid'],
    [4404, '', 'room-not-found'],
  ])('ends when seat and invite are both refused with %d "%s"', async (code, reason, expected) => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    relay.script = (socket) => socket.close(code, reason);
    for (const socket of relay.sockets()) socket.terminate();
    expect((await member.ended()).end).toEqual({ reason: 'refused', code: expected });
    expect(relay.hellos.map((hello) => hello.credential.kind)).toEqual(['invite', 'seat', 'invite']);
  });

  it('ends when there is nothing left to get in with', async () => {
    const relay = await aRelay();
    relay.script = (socket) => socket.close(4401, 'invite-used-up');
    const member = aMember(relay, { credential: (refused) => (refused === null ? INVITE : null) });
    expect((await member.ended()).end).toEqual({ reason: 'refused', code: 'invite-used-up' });
    expect(relay.hellos).toHaveLength(1);
  });

  it('does not try the very same invite twice', async () => {
    const relay = await aRelay();
    relay.script = (socket) => socket.close(4401, 'token-expired');
    const member = aMember(relay);
    expect((await member.ended()).end).toEqual({ reason: 'refused', code: 'token-expired' });
    expect(relay.hellos).toHaveLength(1);
  });

  it('takes the reason from the error message when the close says none', async () => {
    const relay = await aRelay();
    relay.script = (socket) => {
      socket.send(JSON.stringify({ type: 'error', code: 'room-full', message: '', id: null, timeline: null }));
      socket.close(4429);
    };
    const member = aMember(relay);
    await member.until((m) => m.waits().length === 1);
    expect(member.waits()[0]).toMatchObject({ code: 'room-full', reached: false });
  });

  it('counts refusals afresh after each welcome', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    relay.script = (socket, hello) => {
      if (hello.credential.kind === 'seat') socket.close(4401, 'token-invalid');
      else relay.welcome(socket);
    };
    for (let times = 1; times <= 3; times += 1) {
      await member.opened(times);
      for (const socket of relay.sockets()) socket.terminate();
    }
    await member.opened(4);
  });
});

describe('leaving', () => {
  it('says so, closes, and does not come back', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    member.link.leave();
    expect(member.link.state()).toEqual({ state: 'ended', end: { reason: 'left' } });
    await relay.until(() => relay.closes.length === 1);
    expect(relay.received.map((m) => m.type)).toEqual(['hello', 'leave']);
  });

  it('keeps the seat when only the page goes: no leave is sent', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    member.lifetime.abort();
    await relay.until(() => relay.closes.length === 1);
    expect(relay.received.map((m) => m.type)).toEqual(['hello']);
  });

  it('is over when the relay says goodbye', async () => {
    const relay = await aRelay();
    const member = aMember(relay);
    await member.opened();
    for (const socket of relay.sockets()) socket.close(1000);
    expect((await member.ended()).end).toEqual({ reason: 'left' });
  });
});
