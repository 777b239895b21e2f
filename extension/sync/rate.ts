import {
  type ActuatorChoice,
  chooseActuator,
  figuresOf,
  interrupt,
  measureNext,
  notePosition,
  noteRate,
} from './actuator.ts';
import { SELF_TEST_LEAST } from './constants.ts';
import { pitchFor } from './controller.ts';
import type { Pitch, Reading } from './io.ts';
import { type Actuator, patch, type Turn } from './state.ts';

/** Writes the rate, and notes it for the test of what rates really do here. @param trim relative correction on it. */
export function writeRate(turn: Turn, groupRate: number, trim: number, pitch: Pitch): void {
  const rate = groupRate * (1 + trim);
  turn.effects.push({ type: 'rate', rate, pitch });
  const { actuator } = turn.state;
  if (pitch !== testedPitch(actuator.choice) || groupRate !== actuator.test.window.baseRate) return;
  patch(turn, { actuator: { ...actuator, test: noteRate(actuator.test, { atMs: turn.nowMs, rate }) } });
}

/** Notes a look at the undisturbed element; what a stretch that is over has shown may change how we steer (sync.md 3e). */
export function noteMotion(turn: Turn, reading: Reading): void {
  const { actuator } = turn.state;
  const noted = notePosition(actuator.test, [reading.atMs, reading.positionMs]);
  const test = measureNext(noted);
  const next = { ...actuator, test };
  patch(turn, { actuator: test === noted ? next : judged(next) });
}

/** What comes is not to be compared with what was: a start, seek, stall or another speed. */
export function breakMotion(turn: Turn, groupRate: number): void {
  const { actuator, control } = turn.state;
  const test = interrupt(actuator.test, groupRate);
  const running = turn.reading?.rate ?? groupRate;
  const trimmed = control.trim !== 0 && running !== groupRate;
  const noted = trimmed ? noteRate(test, { atMs: turn.nowMs, rate: running }) : test;
  patch(turn, { actuator: { ...actuator, test: noted } });
}

function judged(actuator: Actuator): Actuator {
  const { measures } = actuator.test;
  const figures = measures.length < SELF_TEST_LEAST ? null : figuresOf(measures);
  if (!figures) return actuator;
  const pitch = testedPitch(actuator.choice);
  const seen = { ...actuator.figures, [pitch]: figures };
  const choice = chooseActuator(seen.natural, seen.kept);
  const same = testedPitch(choice) === pitch;
  // Another pitch mode is another actuator: what the old one did says nothing about it.
  const test = same ? actuator.test : { ...actuator.test, unmeasured: [], measures: [] };
  return { choice, figures: seen, test };
}

/** @returns the pitch mode that normal speed runs in under this choice. */
export function testedPitch(choice: ActuatorChoice): Pitch {
  return choice.type === 'trim' || choice.type === 'unknown' ? choice.pitch : 'kept';
}

/** @returns how the pitch goes while the party runs at this speed. */
export const pitchAt = ({ choice }: Actuator, groupRate: number): Pitch =>
  groupRate === 1 ? testedPitch(choice) : pitchFor(groupRate);
