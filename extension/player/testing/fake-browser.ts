/** Virtual time, and the queues of a page that a test may run in any order that a browser may. */
export class FakeBrowser {
  nowMs = 0;
  /** What listeners threw: an event target swallows it. */
  readonly thrown: unknown[] = [];
  private microtasks: (() => void)[] = [];
  private timers: (() => void)[] = [];

  readonly queueMicrotask = (run: () => void): void => {
    this.microtasks.push(run);
  };

  /** Only timers without delay: nothing in the player waits for time. */
  readonly setTimeout = (run: () => void, delayMs = 0): number => {
    if (delayMs !== 0) throw new Error(`the player waits ${delayMs} ms: a time window?`);
    return this.timers.push(run);
  };

  /** A script has ended: what it promised comes first. */
  checkpoint(): void {
    for (let run = this.microtasks.shift(); run; run = this.microtasks.shift()) run();
  }

  /** Runs the timers that are due. @returns how many there were. */
  runTimers(): number {
    const due = this.timers;
    this.timers = [];
    for (const run of due) {
      run();
      this.checkpoint();
    }
    return due.length;
  }
}

/** The part of a play() promise that the player uses; settled by hand, heard in a microtask. */
export class FakePromise {
  private readonly browser: FakeBrowser;
  private readonly heard: ((error: unknown) => void)[] = [];
  private error: { name: string } | null = null;

  constructor(browser: FakeBrowser) {
    this.browser = browser;
  }

  reject(name: string): void {
    const error = { name };
    this.error = error;
    for (const hear of this.heard.splice(0)) this.browser.queueMicrotask(() => hear(error));
  }

  catch(hear: (error: unknown) => void): this {
    const { error } = this;
    if (error) this.browser.queueMicrotask(() => hear(error));
    else this.heard.push(hear);
    return this;
  }
}
