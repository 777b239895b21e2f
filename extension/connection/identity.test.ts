import { describe, expect, it } from 'vitest';
import { IdentityKeeper } from './identity-keeper.ts';
import { aMember, aRelay } from './testing/cast.ts';

const FRESH = 'fresh-identity-0001';
const HOUR_MS = 3_600_000;

describe('renewing an identity', () => {
  /** A keeper whose timers run when the test says so. */
  function aKeeper(answers: (string | null)[]) {
    const timers: { run: () => void; delayMs: number; cancelled: boolean }[] = [];
    const sent: unknown[] = [];
    const keeper = new IdentityKeeper({
      ask: () => {
        const answer = answers.shift() ?? null;
        return answer === null ? Promise.reject(new Error('not now')) : Promise.resolve(answer);
      },
      send: (message) => sent.push(message),
      random: () => 0.5,
      setTimer: (run, delayMs) => {
        const timer = { run, delayMs, cancelled: false };
        timers.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
    });
    /** Runs the newest timer, and lets what it asked for be answered. */
    const fire = async (): Promise<void> => {
      timers.at(-1)?.run();
      for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    };
    return { keeper, timers, sent, fire };
  }

  it('[A-09] is done when two thirds of its time are over', async () => {
    const { keeper, timers, sent, fire } = aKeeper([FRESH]);
    keeper.good(HOUR_MS);
    expect(timers).toHaveLength(1);
    expect(timers[0]?.delayMs).toBeCloseTo(0.675 * HOUR_MS, 3);
    await fire();
    expect(sent).toEqual([{ type: 'renew', id: expect.stringMatching(/^renew-/), identity: FRESH }]);
  });

  it('[A-09] is tried again in a minute or so, as often as it takes', async () => {
    const { keeper, timers, sent, fire } = aKeeper([null, null, FRESH]);
    keeper.good(HOUR_MS);
    await fire();
    await fire();
    expect(timers.slice(1).map(({ delayMs }) => delayMs)).toEqual([75_000, 75_000]);
    expect(sent).toEqual([]);
    await fire();
    expect(sent).toHaveLength(1);
  });

  it("is nobody's business without one, and stops with the connection", async () => {
    const { keeper, timers, sent, fire } = aKeeper([FRESH]);
    keeper.good(null);
    expect(timers).toEqual([]);
    keeper.good(HOUR_MS);
    const asked = fire();
    keeper.stop();
    await asked;
    expect(timers[0]?.cancelled).toBe(true);
    expect(sent).toEqual([]);
  });
});

describe('an identity that ends', () => {
  it('[A-09] is renewed over the connection, and the newer seat is the one to keep', async () => {
    const relay = await aRelay();
    relay.script = (socket) => relay.welcome(socket, { identityMs: 1_000 });
    const member = aMember(relay, { identity: () => Promise.resolve(FRESH) });
    await relay.until(() => relay.received.some(({ type }) => type === 'renew'));
    const renewal = relay.received.find(({ type }) => type === 'renew');
    expect(renewal?.identity).toBe(FRESH);
    const renewed = { type: 'renewed', id: renewal?.id, seat: 'seat-with-later-end', identityMs: HOUR_MS };
    for (const socket of relay.sockets()) socket.send(JSON.stringify(renewed));
    await member.until((m) => m.messages.some(({ type }) => type === 'renewed'));
    expect(member.seats.at(-1)).toBe('seat-with-later-end');
    for (const socket of relay.sockets()) socket.terminate();
    await member.opened(2);
    expect(relay.hellos[1]?.credential).toEqual({ kind: 'seat', seat: 'seat-with-later-end' });
  });

  it('[A-08] is followed by a return with a new one, into the same seat', async () => {
    const relay = await aRelay();
    const member = aMember(relay, { identity: () => Promise.resolve(FRESH) });
    await member.opened();
    for (const socket of relay.sockets()) socket.close(4440, 'identity-expired');
    await member.opened(2);
    expect(relay.hellos[1]?.credential).toEqual({ kind: 'seat', seat: member.seats[0], identity: FRESH });
    for (const socket of relay.sockets()) socket.terminate();
    await member.opened(3);
    expect(relay.hellos[2]?.credential).toEqual({ kind: 'seat', seat: member.seats[1] });
  });

  it('[A-08] waits for the person to sign in, says why, and keeps the seat', async () => {
    const relay = await aRelay();
    let signedIn = false;
    const identity = () => (signedIn ? Promise.resolve(FRESH) : Promise.reject(new Error('jellyfin-signed-out')));
    const member = aMember(relay, { identity });
    await member.opened();
    for (const socket of relay.sockets()) socket.close(4440, 'identity-expired');
    await member.until((m) => m.waits().length >= 2);
    expect(member.waits()[1]).toMatchObject({ state: 'waiting', code: 'identity-expired' });
    signedIn = true;
    await member.opened(2);
    expect(relay.hellos[1]?.credential).toEqual({ kind: 'seat', seat: member.seats[0], identity: FRESH });
  });

  it('[A-08] does not hurry when a fresh one is refused too', async () => {
    const relay = await aRelay();
    relay.script = (socket, { credential }) =>
      credential.kind === 'seat' ? socket.close(4440, 'identity-expired') : relay.welcome(socket);
    const member = aMember(relay, { identity: () => Promise.resolve(FRESH) });
    await member.opened();
    for (const socket of relay.sockets()) socket.close(4440, 'identity-expired');
    await member.until((m) => m.waits().length >= 2);
    expect(member.waits()[0]).toMatchObject({ attempt: 1, code: 'identity-expired' });
    expect(member.waits()[1]).toMatchObject({ attempt: 2, code: 'identity-expired' });
  });

  it('says nothing to the person when a renewal is refused: the relay does, when it matters', async () => {
    const relay = await aRelay();
    relay.script = (socket) => relay.welcome(socket, { identityMs: 1_000 });
    const member = aMember(relay, { identity: () => Promise.resolve(FRESH) });
    await relay.until(() => relay.received.some(({ type }) => type === 'renew'));
    const { id } = relay.received.find(({ type }) => type === 'renew') ?? {};
    const refusal = { type: 'error', code: 'token-invalid', message: '', id, timeline: null };
    for (const socket of relay.sockets()) socket.send(JSON.stringify(refusal));
    member.link.send({ type: 'ping', c: 3 });
    await member.until((m) => m.messages.some(({ type }) => type === 'pong'));
    expect(member.messages.map(({ type }) => type)).not.toContain('error');
  });
});
