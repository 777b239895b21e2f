import { setMaxListeners } from 'node:events';
import { assertNever } from '../../../shared/errors.ts';
import type { Player, PlayerEvent } from '../player.ts';
import { attachPlayer } from '../video-player.ts';
import { FakeBrowser } from './fake-browser.ts';
import { FakePage } from './fake-page.ts';
import { type Author, FakeVideo } from './fake-video.ts';
import type { Op, World, Write } from './fuzz-ops.ts';
import { Gestures } from './gestures.ts';

/** One element with its page, a player bound to it, and a record of who did what and what was told. */
export class FuzzRun {
  readonly browser = new FakeBrowser();
  readonly video: FakeVideo;
  readonly page: FakePage;
  readonly events: PlayerEvent[] = [];
  readonly gestures: Gestures;
  readonly player: Player;
  /** Whether the page has seen a click or key. */
  touched = true;
  /** Own play() calls that the browser refused. */
  refusedPlays = 0;
  private readonly leaving = new AbortController();

  constructor(world: World, stub: (browser: FakeBrowser) => void) {
    stub(this.browser);
    setMaxListeners(0, this.leaving.signal);
    this.video = new FakeVideo(this.browser, world.habits);
    this.page = new FakePage(this.video, world.savedRate);
    this.page.isLast = world.isLast;
    const isPageFirst = world.pageListensFirst || world.bound === 'while-playing';
    if (isPageFirst) this.page.listen();
    if (world.bound === 'while-playing') this.playOn(world);
    this.video.preservesPitch = world.pitch;
    this.gestures = new Gestures(this.video, this.browser, this.events, world.bound === 'while-playing');
    this.player = attachPlayer(
      this.video as unknown as HTMLVideoElement,
      {
        seekThroughServer: () => Promise.resolve(),
        onEvent: (event) => this.events.push(event),
        now: () => this.browser.nowMs,
        wasTouched: () => this.touched,
      },
      this.leaving.signal,
    );
    if (!isPageFirst) this.page.listen();
    this.browser.checkpoint();
    if (world.bound === 'at-open') this.page.open(world.item);
    this.browser.checkpoint();
  }

  /** The film is on, its speed chosen, and nothing waits. */
  private playOn(world: World): void {
    const { video, page } = this;
    video.autoplayAllowed = true;
    page.open({ ...world.item, startsThere: true });
    for (let i = 0; i < 8; i++) {
      this.browser.checkpoint();
      video.deliver();
      video.receive();
    }
    video.deliver();
    video.playbackRate = world.rate;
    video.deliver();
    video.pass(400);
    video.deliver();
    video.autoplayAllowed = world.habits.autoplayAllowed;
  }

  apply(op: Op): void {
    this.video.author = op.by === 'browser' ? 'media' : op.by;
    switch (op.by) {
      case 'own':
        this.writeOwn(op.write);
        break;
      case 'person':
        if (this.video.isConnected) this.gestures.make(op.write);
        break;
      case 'page':
        this.applyPage(op);
        break;
      case 'media':
        this.video[op.do]();
        break;
      case 'browser':
        this.applyBrowser(op);
        break;
      default:
        assertNever(op);
    }
    this.browser.checkpoint();
  }

  /** The one place that knows how the player is written to. */
  private writeOwn(write: Write): void {
    const { player, video } = this;
    this.gestures.beforeOwn(write.do);
    switch (write.do) {
      case 'play':
        if (!video.autoplayAllowed) this.refusedPlays += 1;
        return player.play();
      case 'pause':
        return player.pause();
      case 'seek':
        return player.seek(write.toS * 1000);
      case 'rate':
        return player.setRate(write.rate, Math.abs(write.rate - 1) < 0.006 ? 'natural' : 'kept');
      default:
        return assertNever(write);
    }
  }

  private applyPage(op: Extract<Op, { by: 'page' }>): void {
    // The page asks its server between two sources: what a first that was never set up had to tell was heard meanwhile,
    // and nothing of ours comes between the second and its events.
    const isSecond = op.do !== 'gap' && this.gestures.isLoading();
    if (isSecond) this.video.deliver();
    this.runPage(op);
    this.browser.checkpoint();
    if (isSecond) this.video.deliver();
  }

  private runPage(op: Extract<Op, { by: 'page' }>): void {
    switch (op.do) {
      case 'open':
        return this.page.open(op.item);
      case 'quality':
        return this.page.changeQuality(op.kind);
      case 'gap':
        return this.page.stepOverGap(op.byS);
      case 'take-down':
        return this.page.takeDown();
      default:
        return assertNever(op);
    }
  }

  private applyBrowser(op: Extract<Op, { by: 'browser' }>): void {
    switch (op.do) {
      case 'deliver':
        return this.video.deliver(op.count);
      case 'timers':
        return this.runTimers();
      case 'read':
        this.player.read();
        return;
      case 'pass':
        return this.video.pass(op.forMs);
      default:
        return assertNever(op);
    }
  }

  private runTimers(): void {
    this.browser.runTimers();
    this.gestures.timersRan();
  }

  /** Lets everything come to rest: all events heard, all media there. */
  comeToRest(): void {
    const { video } = this;
    const author: Author = 'media';
    for (let i = 0; i < 12; i++) {
      video.author = author;
      video.deliver();
      this.runTimers();
      video.receive();
      this.browser.checkpoint();
    }
  }

  leave(): void {
    this.video.author = 'own';
    this.leaving.abort();
  }
}
