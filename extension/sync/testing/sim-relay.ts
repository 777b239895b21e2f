import type { ErrorCode } from '../../../shared/errors.ts';
import { COUNTDOWN_MS } from '../../../shared/limits.ts';
import type { Action, Timeline } from '../../../shared/protocol.ts';
import { positionAt, reanchor } from '../../../shared/timeline.ts';
import type { Agenda } from './agenda.ts';

interface Seat {
  onTimeline: (timeline: Timeline, commandId: string | null) => void;
  onRefused: (commandId: string, code: ErrorCode, timeline: Timeline) => void;
  leadMs: number;
}

const GATE_MS = 6_000;

/** As much of the relay as the engine sees: one room, commands in order, a gate for seeks and new items. */
export class SimRelay {
  private readonly agenda: Agenda;
  private readonly seats = new Map<string, Seat>();
  private gate: { waitingFor: Set<string>; play: boolean; deadlineAtMs: number; soonestAtMs: number } | null = null;
  /** The relay's clock against true time. */
  readonly offsetMs = 5_000_000;
  timeline: Timeline;
  /** Whether it holds the film for who stalls. */
  waits = true;
  /** Who may not steer the film. */
  readonly guests = new Set<string>();
  /** Everything members asked for, in order. */
  readonly commands: { by: string; action: Action; accepted: boolean }[] = [];

  constructor(agenda: Agenda) {
    this.agenda = agenda;
    this.timeline = { epoch: 1, seq: 0, phase: 'paused', positionMs: 0, rate: 1, atMs: this.now(), media: null };
  }

  now(): number {
    return this.agenda.now() + this.offsetMs;
  }

  join(name: string, seat: Seat): void {
    this.seats.set(name, seat);
  }

  leave(name: string): void {
    this.seats.delete(name);
    this.ready(name, this.timeline.seq);
  }

  report(name: string, leadMs: number): void {
    const seat = this.seats.get(name);
    if (seat) seat.leadMs = leadMs;
  }

  command(by: string, id: string, base: number, action: Action): void {
    const refusal = this.guests.has(by) ? 'not-allowed' : base === this.timeline.seq ? null : 'stale-command';
    this.commands.push({ by, action, accepted: refusal === null });
    if (refusal) this.seats.get(by)?.onRefused(id, refusal, this.timeline);
    else this.accept(id, action);
  }

  ready(name: string, seq: number): void {
    if (!this.gate || seq !== this.timeline.seq) return;
    this.gate.waitingFor.delete(name);
    if (this.gate.waitingFor.size === 0 && this.now() >= this.gate.soonestAtMs) this.openGate();
  }

  stall(name: string, seq: number, positionMs: number): void {
    if (!this.waits || seq !== this.timeline.seq || this.timeline.phase !== 'playing') return;
    const atMs = this.now();
    this.gate = { waitingFor: new Set([name]), play: true, deadlineAtMs: atMs + 30_000, soonestAtMs: atMs };
    this.publish({ ...this.timeline, seq: seq + 1, phase: 'holding', positionMs, atMs }, null);
  }

  private accept(id: string, action: Action): void {
    const now = this.now();
    const seq = this.timeline.seq + 1;
    const at = reanchor(this.timeline, now);
    switch (action.kind) {
      case 'play':
        this.publish({ ...at, seq, phase: 'playing', atMs: now + this.leadMs() }, id);
        return;
      case 'pause':
        this.publish({ ...at, seq, phase: 'paused', positionMs: action.positionMs }, id);
        return;
      case 'rate': {
        const fromMs = now + this.leadMs();
        const positionMs = positionAt(this.timeline, fromMs);
        this.publish({ ...at, seq, atMs: fromMs, positionMs, rate: action.rate }, id);
        return;
      }
      case 'seek':
        this.prepare({ ...at, seq, positionMs: action.positionMs }, this.timeline.phase !== 'paused', id);
        return;
      case 'media':
        this.prepare({ ...at, seq, positionMs: action.positionMs, media: action.media }, action.play, id, action.ended);
        return;
      case 'go-on':
        if (this.gate) this.openGate();
        return;
      case 'wait':
      // What is taken back is the relay's own business: an engine sees a seek or another item.
      case 'undo':
        this.publish({ ...this.timeline, seq }, id);
        return;
    }
  }

  private prepare(timeline: Timeline, play: boolean, id: string, countsDown = false): void {
    const deadlineAtMs = timeline.atMs + GATE_MS;
    if (play) {
      const soonestAtMs = timeline.atMs + (countsDown ? COUNTDOWN_MS : 0);
      this.gate = { waitingFor: new Set(this.seats.keys()), play, deadlineAtMs, soonestAtMs };
      this.agenda.after(soonestAtMs - this.now(), () => {
        if (this.gate?.waitingFor.size === 0 && this.timeline.seq === timeline.seq) this.openGate();
      });
      this.agenda.after(GATE_MS, () => {
        if (this.gate && this.timeline.seq === timeline.seq) this.openGate();
      });
    }
    this.publish({ ...timeline, phase: play ? 'preparing' : 'paused' }, id);
  }

  private openGate(): void {
    this.gate = null;
    const atMs = this.now() + this.leadMs();
    this.publish({ ...this.timeline, seq: this.timeline.seq + 1, phase: 'playing', atMs }, null);
  }

  private leadMs(): number {
    return Math.max(60, ...[...this.seats.values()].map((seat) => seat.leadMs + 20));
  }

  private publish(timeline: Timeline, commandId: string | null): void {
    this.timeline = timeline;
    if (timeline.phase !== 'preparing' && timeline.phase !== 'holding') this.gate = null;
    for (const seat of this.seats.values()) seat.onTimeline(timeline, commandId);
  }
}
