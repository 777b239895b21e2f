import { assertNever } from '../../shared/errors.ts';
import type { ClientMessage, Film, Media } from '../../shared/protocol.ts';
import type { Player } from '../player/player.ts';
import { TICK_MS } from '../sync/constants.ts';
import { createEngine, type EngineEffect, type EngineInput, step } from '../sync/engine.ts';
import { filmOf } from '../sync/film.ts';
import { type EngineOptions, type Memory, memoryOf } from '../sync/state.ts';

/** Timers come late by up to a few ms; the rest of the way to a scheduled start is spun (sync.md section 3c). */
const SPIN_MS = 4;
const REMEMBER_MS = 60_000;

/** What the runner does things with. */
export interface EngineEdge {
  send(message: ClientMessage): void;
  player(): Player | null;
  open(media: Media, positionMs: number): void;
  /** Keeps what was learned for the next party; called now and then, since a tab may go without a word. */
  remember(memory: Memory): void;
}

/** What the engine knows from before. */
export type Beginning = Pick<EngineOptions, 'nudgeMs' | 'outputMs' | 'browser' | 'memory' | 'follow'>;

export interface EngineRunner {
  dispatch(input: EngineInput): void;
  /** @returns where the film will be when a message sent now arrives; null when that is not known. */
  film(): Film | null;
}

/**
 * Runs the pure sync engine against the real clock, player and relay.
 * @param signal ends the timers.
 */
export function runEngine(edge: EngineEdge, beginning: Beginning, signal: AbortSignal): EngineRunner {
  let engine = createEngine({ ...beginning, idPrefix: crypto.randomUUID().slice(0, 8), nowMs: performance.now() });
  let wakeTimer: ReturnType<typeof setTimeout> | undefined;
  const inbox: EngineInput[] = [];
  let busy = false;

  const wakeAt = (atMs: number, spinMs: number): void => {
    clearTimeout(wakeTimer);
    wakeTimer = setTimeout(
      () => {
        while (spinMs > 0 && performance.now() < atMs) {
          // Spinning: a timer alone would start the film up to several ms late.
        }
        dispatch({ type: 'tick' });
      },
      Math.max(0, atMs - performance.now() - spinMs),
    );
  };

  const perform = (effect: EngineEffect): void => {
    switch (effect.type) {
      case 'ping':
      case 'command':
      case 'ready':
      case 'stall':
      case 'status':
        return edge.send(effect);
      case 'play':
        return edge.player()?.play();
      case 'pause':
        return edge.player()?.pause();
      case 'seek':
        return edge.player()?.seek(effect.positionMs);
      case 'rate':
        return edge.player()?.setRate(effect.rate, effect.pitch);
      case 'open':
        return edge.open(effect.media, effect.positionMs);
      case 'wake':
        return wakeAt(effect.atMs, effect.to === 'start' ? SPIN_MS : 0);
      default:
        return assertNever(effect);
    }
  };

  /** Inputs that arrive while effects run (a write can raise an event) wait their turn: the engine never re-enters. */
  const dispatch = (input: EngineInput): void => {
    if (signal.aborted) return;
    inbox.push(input);
    if (busy) return;
    busy = true;
    try {
      for (let next = inbox.shift(); next; next = inbox.shift()) {
        const result = step(engine, next, performance.now(), edge.player()?.read() ?? null);
        engine = result.state;
        for (const effect of result.effects) perform(effect);
      }
    } finally {
      busy = false;
    }
  };

  const tick = setInterval(() => dispatch({ type: 'tick' }), TICK_MS);
  const keeping = setInterval(() => edge.remember(memoryOf(engine)), REMEMBER_MS);
  signal.addEventListener('abort', () => {
    edge.remember(memoryOf(engine));
    clearInterval(keeping);
    clearInterval(tick);
    clearTimeout(wakeTimer);
  });
  return { dispatch, film: () => filmOf(engine, performance.now()) };
}
