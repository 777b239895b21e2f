import { assertNever } from '../../shared/errors.ts';
import { adopt } from './adopt.ts';
import {
  addOneWay,
  addPong,
  afterPing,
  beginPings,
  burstWhenUnsure,
  estimateClock,
  reroute,
  restartClock,
} from './clock.ts';
import { expireCommand, giveUpCommand, onAnswered, onGesture, onRefused, onWish, sendWaiting } from './commands.ts';
import { EARLY_SEEKS, SLEEP_GAP_MS } from './constants.ts';
import { allowSeeks, forgetOffsets } from './controller.ts';
import { cutMsOf, effectInFile, inputInRoom, readingInRoom } from './cut.ts';
import { follow } from './follow.ts';
import type { EngineEffect, EngineInput, PlayerSignal, Reading } from './io.ts';
import {
  bringEveryone,
  onEnded,
  onFollow,
  onGone,
  onMedia,
  onOpenFailed,
  onSourceChanged,
  reconcileItem,
  returnToFilm,
} from './items.ts';
import { breakMotion } from './rate.ts';
import { type EngineState, patch, type Turn } from './state.ts';
import { report } from './status.ts';
import { watchSupply } from './supply.ts';
import { withOneWake } from './wake.ts';

export type { EngineEffect, EngineInput, Reading } from './io.ts';
export { createEngine, type EngineState } from './state.ts';

/**
 * The whole of following a party: takes in what happened, gives out what is to be done. Pure.
 * @param nowMs `performance.now()`. @param reading a look at the player taken now; null when there is none.
 */
export function step(
  state: EngineState,
  input: EngineInput,
  nowMs: number,
  reading: Reading | null,
): { state: EngineState; effects: EngineEffect[] } {
  const before = input.type === 'cut' ? { ...state, cut: input.cut } : state;
  const cutMs = cutMsOf(before);
  const turn: Turn = { state: before, nowMs, reading: readingInRoom(reading, cutMs), effects: [] };
  noticeSleep(turn);
  take(turn, inputInRoom(input, cutMs));
  expireCommand(turn);
  sendWaiting(turn);
  reconcileItem(turn);
  follow(turn);
  watchSupply(turn);
  pingWhenDue(turn);
  report(turn);
  const effects = withOneWake(turn.effects).map((effect) => effectInFile(effect, turn.state));
  return { state: turn.state, effects };
}

function take(turn: Turn, input: EngineInput): void {
  switch (input.type) {
    case 'pong':
      onPong(turn, input);
      return;
    case 'timeline':
      if (turn.state.link.state === 'closed') onLink(turn, true);
      patch(turn, { clock: addOneWay(turn.state.clock, input.s, input.receivedAtMs) });
      patch(turn, { roomWaits: input.waitMs > 0 });
      adopt(turn, input.timeline);
      onAnswered(turn, input.ownCommand);
      return;
    case 'members':
      patch(turn, { others: input.others });
      return;
    case 'refused':
      onRefused(turn, input.commandId, input.code, input.timeline);
      return;
    case 'may-steer':
      patch(turn, { maySteer: input.may });
      return;
    case 'link':
      onLink(turn, input.open);
      return;
    case 'media':
      onMedia(turn, input.media);
      return;
    case 'user':
      onGesture(turn, input.event);
      return;
    case 'player':
      onPlayer(turn, input.event);
      return;
    case 'visibility':
      patch(turn, { hidden: input.hidden, pings: beginPings(turn.nowMs) });
      return;
    case 'network-changed':
      patch(turn, { clock: reroute(turn.state.clock), pings: beginPings(turn.nowMs) });
      return;
    case 'open-failed':
      onOpenFailed(turn, input.missing);
      return;
    case 'follow':
      onFollow(turn, input.how);
      return;
    case 'return-to-film':
      returnToFilm(turn);
      return;
    case 'bring-everyone':
      bringEveryone(turn);
      return;
    case 'nudge':
      patch(turn, { nudgeMs: input.ms, control: forgetOffsets(turn.state.control) });
      return;
    case 'cut':
      onCut(turn);
      return;
    case 'output':
      patch(turn, { outputMs: input.ms });
      return;
    case 'catch-up':
      patch(turn, { control: allowSeeks(forgetOffsets(turn.state.control)) });
      return;
    case 'go-on':
    case 'undo':
      onWish(turn, { kind: input.type });
      return;
    case 'play-now':
      onWish(turn, { kind: 'play' });
      return;
    case 'stay':
      onWish(turn, { kind: 'pause', positionMs: turn.state.room?.timeline.positionMs ?? 0 });
      return;
    case 'wait-policy':
      onWish(turn, { kind: 'wait', waitMs: input.waitMs });
      return;
    case 'tick':
      return;
    default:
      assertNever(input);
  }
}

/** The film is elsewhere from here on: what was measured says nothing of it, and going there at once is worth a seek. */
function onCut(turn: Turn): void {
  patch(turn, { motion: { state: 'idle' }, control: allowSeeks(forgetOffsets(turn.state.control)) });
}

function onPong(turn: Turn, { c, s, receivedAtMs }: Extract<EngineInput, { type: 'pong' }>): void {
  const clock = addPong(turn.state.clock, c, s, receivedAtMs);
  const pings = burstWhenUnsure(turn.state.pings, estimateClock(clock, turn.nowMs), turn.nowMs);
  patch(turn, { clock, pings });
}

/** A new connection may be a new relay with another clock: nothing measured before counts. */
function onLink(turn: Turn, open: boolean): void {
  if (!open) {
    giveUpCommand(turn);
    patch(turn, { link: { state: 'closed' } });
    return;
  }
  if (turn.state.link.state === 'open') return;
  patch(turn, {
    link: { state: 'open', welcomed: false },
    clock: restartClock(turn.state.clock),
    pings: beginPings(turn.nowMs),
    report: { ...turn.state.report, sentAtMs: Number.NEGATIVE_INFINITY },
    motion: turn.state.motion.state === 'resting' ? { state: 'idle' } : turn.state.motion,
  });
}

function onPlayer(turn: Turn, event: PlayerSignal): void {
  const { state } = turn;
  switch (event) {
    case 'source-changed':
      onSourceChanged(turn);
      return;
    case 'loaded':
      patch(turn, { source: { state: 'ready', stalled: false } });
      return;
    case 'ended':
      onEnded(turn);
      return;
    case 'stalled':
      if (state.source.state === 'ready') patch(turn, { source: { state: 'ready', stalled: true } });
      return;
    case 'flowing':
      onFlowing(turn);
      return;
    case 'autoplay-blocked':
      patch(turn, { source: { state: 'blocked' }, motion: { state: 'idle' } });
      return;
    case 'gone':
      onGone(turn);
      return;
    default:
      assertNever(event);
  }
}

/** Moving (again): what was measured before the stop says nothing about the motion from here. */
function onFlowing(turn: Turn): void {
  const { source, motion, control } = turn.state;
  if (source.state !== 'ready' && source.state !== 'blocked') return;
  const stalled = source.state === 'ready' && source.stalled;
  if (source.state === 'ready' || turn.reading?.paused === false)
    patch(turn, { source: { state: 'ready', stalled: false } });
  if (turn.reading?.paused === false) patch(turn, { startKind: 'warm' });
  if (motion.state !== 'flowing') return;
  const probe = stalled ? null : motion.probe;
  const earlySeeks = stalled ? EARLY_SEEKS : motion.earlySeeks;
  patch(turn, { motion: { ...motion, sinceMs: turn.nowMs, earlySeeks, probe }, control: forgetOffsets(control) });
  breakMotion(turn, turn.state.room?.timeline.rate ?? 1);
}

/** After sleep the clocks have parted unseen: measure anew, quickly. */
function noticeSleep(turn: Turn): void {
  const { state, nowMs } = turn;
  const slept = nowMs - state.steppedAtMs > SLEEP_GAP_MS;
  if (slept) patch(turn, { clock: restartClock(state.clock), pings: beginPings(nowMs) });
  patch(turn, { steppedAtMs: nowMs });
}

function pingWhenDue(turn: Turn): void {
  const { state, nowMs } = turn;
  if (state.link.state !== 'open') return;
  if (nowMs >= state.pings.dueAtMs) {
    turn.effects.push({ type: 'ping', c: nowMs });
    patch(turn, { pings: afterPing(state.pings, nowMs) });
  }
  // Only a burst is faster than the steady tick.
  if (turn.state.pings.burst > 0) turn.effects.push({ type: 'wake', atMs: turn.state.pings.dueAtMs, to: 'look' });
}
