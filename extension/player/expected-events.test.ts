import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLedger,
  type ElementEvent,
  type ElementState,
  expectPausedChange,
  expectRate,
  expectSeek,
  type Finding,
  type Ledger,
  type Phase,
  resetLedger,
  settleEvent,
} from './expected-events.ts';

/**
 * An element as Chromium 156 and Firefox 153 were seen to behave: attributes change at once, one event is queued for each
 * change (none for a call that changes nothing), `seeking` names the newest target, a load drops the queue.
 */
class FakeElement {
  ledger: Ledger;
  readonly findings: NonNullable<Finding>[] = [];
  paused = true;
  seeking = false;
  rate = 1;
  positionMs = 0;
  atEnd = false;
  alive = true;
  private queue: ElementEvent[] = [];

  constructor() {
    this.ledger = createLedger('settled', this.state());
  }

  setPaused(paused: boolean, own: boolean): boolean {
    if (this.paused === paused) return false;
    this.paused = paused;
    if (own) this.ledger = expectPausedChange(this.ledger, paused);
    this.queue.push(paused ? 'pause' : 'play');
    return true;
  }

  seek(positionMs: number, own: boolean): void {
    this.positionMs = positionMs;
    this.seeking = true;
    if (own) this.ledger = expectSeek(this.ledger, this.state());
    this.queue.push('seeking');
  }

  completeSeek(): void {
    if (!this.seeking) return;
    this.seeking = false;
  }

  setRate(rate: number, own: boolean): void {
    if (this.rate !== rate) this.queue.push('ratechange');
    this.rate = rate;
    if (own) this.ledger = expectRate(this.ledger, rate);
  }

  load(): void {
    this.queue = [];
    this.paused = true;
    this.seeking = false;
    this.rate = 1;
    this.positionMs = 0;
    this.ledger = resetLedger(this.ledger, this.state());
  }

  phase(phase: Phase): void {
    this.ledger = { ...this.ledger, phase };
  }

  deliver(count = Number.POSITIVE_INFINITY): void {
    for (let i = 0; i < count && this.queue.length > 0; i++) {
      const event = this.queue.shift();
      if (!event) return;
      const { ledger, finding } = settleEvent(this.ledger, event, this.state());
      this.ledger = ledger;
      if (finding) this.findings.push(finding);
    }
  }

  private state(): ElementState {
    const { paused, seeking, rate, positionMs, atEnd, alive } = this;
    return { atMs: 0, paused, seeking, rate, defaultRate: 1, positionMs, hasMetadata: true, atEnd, alive };
  }
}

type Op =
  | { type: 'paused'; paused: boolean; own: boolean }
  | { type: 'seek'; toMs: number; own: boolean }
  | { type: 'rate'; rate: number; own: boolean }
  | { type: 'complete' }
  | { type: 'load' }
  | { type: 'deliver'; count: number };

const opsWith = (own: fc.Arbitrary<boolean>): fc.Arbitrary<Op[]> =>
  fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('paused' as const), paused: fc.boolean(), own }),
      fc.record({
        type: fc.constant('seek' as const),
        toMs: fc.integer({ min: 0, max: 90 }).map((n) => n * 10_000),
        own,
      }),
      fc.record({ type: fc.constant('rate' as const), rate: fc.constantFrom(1, 1.25, 1.5, 1.003, 0.997), own }),
      fc.record({ type: fc.constant('complete' as const) }),
      fc.record({ type: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 3 }) }),
    ),
    { maxLength: 40 },
  );

function apply(element: FakeElement, op: Op): boolean {
  switch (op.type) {
    case 'paused':
      return element.setPaused(op.paused, op.own);
    case 'seek':
      element.seek(op.toMs, op.own);
      return true;
    case 'rate':
      element.setRate(op.rate, op.own);
      return true;
    case 'complete':
      element.completeSeek();
      return true;
    case 'load':
      element.load();
      return true;
    case 'deliver':
      element.deliver(op.count);
      return true;
  }
}

describe('the ledger, over random interleavings', () => {
  it('[peer R-35] never takes our own writes for a person', () => {
    const loads = fc.constant<Op>({ type: 'load' });
    const ops = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: opsWith(fc.constant(true)) },
        loads.map((op) => [op]),
      ),
    );
    fc.assert(
      fc.property(ops, (lists) => {
        const element = new FakeElement();
        for (const op of lists.flat()) apply(element, op);
        element.deliver();
        expect(element.findings).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('[peer R-36] finds every play and pause of a person, no more and no fewer', () => {
    fc.assert(
      fc.property(opsWith(fc.boolean()), (ops) => {
        const element = new FakeElement();
        const done = { play: 0, pause: 0 };
        for (const op of ops) {
          const changed = apply(element, op);
          if (op.type === 'paused' && !op.own && changed) done[op.paused ? 'pause' : 'play'] += 1;
        }
        element.deliver();
        const found = (type: string): number => element.findings.filter((finding) => finding.type === type).length;
        expect({ play: found('play'), pause: found('pause') }).toEqual(done);
      }),
      { numRuns: 2_000 },
    );
  });

  it("finds a person's seek and speed whenever they had the last word", () => {
    fc.assert(
      fc.property(opsWith(fc.boolean()), fc.integer({ min: 100, max: 200 }), (ops, target) => {
        const element = new FakeElement();
        for (const op of ops) apply(element, op);
        element.seek(target * 10_000, false);
        element.setRate(1.75, false);
        element.deliver();
        expect(element.findings.filter((finding) => finding.type === 'seek').length).toBeGreaterThan(0);
        expect(element.findings).toContainEqual({ type: 'rate', rate: 1.75 });
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds at most one seek and one speed for each thing a person did', () => {
    fc.assert(
      fc.property(opsWith(fc.boolean()), (ops) => {
        const element = new FakeElement();
        for (const op of ops) apply(element, op);
        element.deliver();
        for (const type of ['seek', 'rate'] as const) {
          const done = ops.filter((op) => op.type === type && !op.own).length;
          expect(element.findings.filter((finding) => finding.type === type).length).toBeLessThanOrEqual(done);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("what the page does is nobody's gesture", () => {
  it.each<[string, (element: FakeElement) => void]>([
    [
      'the end of an item: pause at the end',
      (element) => {
        element.setPaused(false, true);
        element.atEnd = true;
        element.setPaused(true, false);
      },
    ],
    [
      'a new source: play, resume position, rate back to 1',
      (element) => {
        element.setRate(1.5, true);
        element.load();
        element.setPaused(false, false);
        element.seek(600_000, false);
        element.setRate(1, false);
      },
    ],
    [
      'its jump to the resume position with the first frame',
      (element) => {
        element.phase('starting');
        element.seek(600_000, false);
      },
    ],
    [
      'taking the player down: pause, then out of the document',
      (element) => {
        element.setPaused(false, true);
        element.deliver();
        element.setPaused(true, false);
        element.alive = false;
      },
    ],
  ])('%s', (_name, run) => {
    const element = new FakeElement();
    run(element);
    element.deliver();
    expect(element.findings).toEqual([]);
  });

  it('but the click on play that a blocked start waits for is', () => {
    const element = new FakeElement();
    element.load();
    element.phase('unstarted');
    element.setPaused(false, false);
    element.deliver();
    expect(element.findings).toEqual([{ type: 'play' }]);
  });

  it('and a pause within the first frames is', () => {
    const element = new FakeElement();
    element.setPaused(false, true);
    element.deliver();
    element.phase('starting');
    element.setPaused(true, false);
    element.deliver();
    expect(element.findings).toEqual([{ type: 'pause' }]);
  });
});
