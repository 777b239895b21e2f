import type { PlayerEvent } from '../player.ts';
import type { FakeBrowser } from './fake-browser.ts';
import type { Author, FakeVideo } from './fake-video.ts';
import type { Op, Write } from './fuzz-ops.ts';

type Kind = 'play' | 'pause' | 'seek' | 'rate';

/**
 * What is due to a gesture. `due`: it must be reported. `open`: it may be, once: the page owned the element when it was
 * made or heard, or another gesture of its kind came before anyone could see it, or it led back to where it started.
 */
interface Gesture {
  kind: Kind;
  value: number;
  atMs: number;
  /** How many events had been told when it was made. */
  told: number;
  verdict: 'pending' | 'due' | 'open';
  /** Its event has come, or never will. */
  isHeard: boolean;
  /** A play or pause that another took back before anyone heard it: to the last of their events, none is whose. */
  isTakenBack: boolean;
}

/** Whose the element is: until `settled` the page sets it up. `unstarted`: the browser waits for a click. */
type Stage = 'loading' | 'unstarted' | 'starting' | 'resuming' | 'settled';

/** Stages in which a change of this kind can only be a person's: the page seeks and sets its speed while it starts. */
const PERSONAL: Record<Kind, readonly Stage[]> = {
  play: ['unstarted', 'starting', 'resuming', 'settled'],
  pause: ['unstarted', 'starting', 'resuming', 'settled'],
  seek: ['unstarted', 'resuming', 'settled'],
  rate: ['unstarted', 'settled'],
};

const KIND_OF: Partial<Record<string, Kind>> = { play: 'play', pause: 'pause', seeking: 'seek', ratechange: 'rate' };
/** Within this of the end a pause is the end's own; while playing, a jump this short is the stream's, or makes up for one. */
const AT_END_S = 0.3;
const JUMP_S = 1.5;
const FASTEST = 2;

/** Makes gestures as the page makes them, and says which of them must be told. */
export class Gestures {
  readonly made: Gesture[] = [];
  /** The rate that is not ours; null when only an open gesture would say. */
  private theirRate: number | null;
  private rateBy: Author = 'page';
  private readonly video: FakeVideo;
  private readonly browser: FakeBrowser;
  private readonly told: readonly PlayerEvent[];
  private stage: Stage;
  /** When an event last told where the element is: a jump back to after that is a stream held up. */
  private seenAtMs = 0;
  /** Where the element was before gestures that nobody has seen yet. */
  private unseen: { seek: number | null; rate: number | null } = { seek: null, rate: null };
  /**
   * The media's own stops (at its end) and starts (by autoplay) that a gesture overtook before anyone heard of them: those
   * cannot be told from a person's.
   */
  private readonly overtaken = { play: 0, pause: 0, seek: 0, rate: 0 };

  constructor(video: FakeVideo, browser: FakeBrowser, told: readonly PlayerEvent[], isPlaying: boolean) {
    this.video = video;
    this.browser = browser;
    this.told = told;
    this.stage = isPlaying ? 'settled' : 'loading';
    this.theirRate = video.playbackRate;
    video.onDelivered = (name, author) => this.onDelivered(name, author);
    video.onLoad = () => this.onLoad();
    video.onRate = (rate, author) => this.onRate(rate, author);
  }

  make(write: Extract<Op, { by: 'person' }>['write']): void {
    const { video } = this;
    if (write.do !== 'rate') this.noticeOvertaken(write.do === 'pause' ? 'play' : 'pause');
    // The first click on a page sets free a start that the browser had refused: nobody else clicked play.
    if (!video.autoplayAllowed && this.stage !== 'settled') this.overtaken.play += 1;
    video.autoplayAllowed = true;
    switch (write.do) {
      case 'play':
        if (video.ended) this.record('seek', 0);
        if (video.paused) this.record('play', 0);
        video.play();
        return;
      case 'pause':
        if (!video.paused) this.record('pause', 0);
        return video.pause();
      case 'rate':
        if (video.playbackRate !== write.rate) this.record('rate', write.rate);
        video.playbackRate = write.rate;
        return;
      default: {
        const wanted = write.do === 'skip' ? video.currentTime + write.byS : write.toS;
        const toS = Math.min(Math.max(0, wanted), video.duration || 0);
        if (video.readyState > 0) this.record('seek', toS);
        video.currentTime = toS;
      }
    }
  }

  /** Our write is about to come; the player looks at the element first, so what a person did is seen. */
  beforeOwn(write: Write['do']): void {
    if (write === 'play' || write === 'pause') this.noticeHidden();
    if (this.video.readyState === 0) return;
    const { seeking, ended } = this.video;
    const hides = write === 'seek' || (write === 'play' && ended);
    if (hides && !seeking) this.makeOpen('seek');
    if (hides || seeking) this.unseen.seek = null;
    if (write === 'rate') this.unseen.rate = null;
  }

  isLoading(): boolean {
    return this.stage === 'loading';
  }

  timersRan(): void {
    if (this.stage !== 'starting') return;
    this.stage = this.video.seeking ? 'resuming' : 'settled';
    this.leaveToPage();
  }

  /** @returns the rate that must be on the element when the player has left it; null when an open gesture decides. */
  rateToLeave(): number | null {
    return this.theirRate === null || this.rateBy === 'own' ? this.theirRate : this.video.playbackRate;
  }

  /** @returns what was told against what had to be, in one line each; empty when all is right. */
  verdicts(): string[] {
    const wrong: string[] = [];
    for (const kind of ['play', 'pause', 'seek', 'rate'] as const) {
      const made = this.made.filter((gesture) => gesture.kind === kind);
      const due = made.filter((gesture) => gesture.verdict === 'due');
      const told = this.told.filter((event) => event.type === `user-${kind}`).length;
      const most = made.length + this.overtaken[kind];
      if (told > most) wrong.push(`${kind}: ${told} told, ${most} made`);
      if (told < due.length) wrong.push(`${kind}: ${told} told, ${due.length} due`);
      for (const gesture of due) if (!this.isTold(gesture)) wrong.push(`${kind} to ${gesture.value} is lost`);
    }
    return wrong;
  }

  private isTold(gesture: Gesture): boolean {
    if (gesture.kind === 'play' || gesture.kind === 'pause') return true;
    const wanderedS = JUMP_S + (FASTEST * (this.browser.nowMs - gesture.atMs)) / 1000;
    return this.told.slice(gesture.told).some((event) => {
      if (event.type === 'user-rate') return gesture.kind === 'rate' && event.rate === gesture.value;
      if (event.type !== 'user-seek' || gesture.kind !== 'seek') return false;
      return Math.abs(event.positionMs / 1000 - gesture.value) <= wanderedS;
    });
  }

  private record(kind: Kind, value: number): void {
    const { video, made } = this;
    const atMs = this.browser.nowMs;
    const gesture: Gesture = {
      kind,
      value,
      atMs,
      told: this.told.length,
      verdict: 'pending',
      isHeard: false,
      isTakenBack: false,
    };
    if (kind === 'play' || kind === 'pause') this.takeBack(gesture);
    made.push(gesture);
    if (!this.isPersonal(kind) || (kind === 'pause' && this.isAtEnd())) gesture.verdict = 'open';
    if (kind !== 'seek' && kind !== 'rate') return;
    const before = this.unseen[kind];
    if (before === null) {
      this.unseen[kind] = kind === 'seek' ? video.currentTime : video.playbackRate;
    } else {
      this.makeOpen(kind, gesture);
    }
    const start = this.unseen[kind] ?? value;
    const unseenS = (FASTEST * (this.browser.nowMs - this.seenAtMs)) / 1000;
    const movesS = kind === 'seek' ? JUMP_S + unseenS : 0;
    if (Math.abs(value - start) <= movesS) gesture.verdict = 'open';
  }

  private takeBack(gesture: Gesture): void {
    const earlier = this.made.findLast(({ kind }) => kind === 'play' || kind === 'pause');
    if (!earlier || earlier.isHeard) return;
    earlier.isTakenBack = true;
    gesture.isTakenBack = true;
  }

  /** What the page does at its start goes over what a person did and nobody heard. */
  private leaveToPage(): void {
    this.makeOpen('seek');
    this.makeOpen('rate');
    this.unseen = { seek: null, rate: null };
  }

  /** Those of this kind that wait to be heard will not be seen any more. */
  private makeOpen(kind: Kind, except?: Gesture): void {
    for (const gesture of this.made) {
      if (gesture.kind === kind && gesture !== except && gesture.verdict === 'pending') gesture.verdict = 'open';
    }
  }

  private isPersonal(kind: Kind): boolean {
    return PERSONAL[kind].includes(this.stage) && this.video.isConnected;
  }

  private isAtEnd(): boolean {
    return this.video.currentTime >= this.video.duration - AT_END_S;
  }

  /** Two changes cancel out before our write: while the page sets up, one of ours may then be told for the gesture. */
  private noticeHidden(): void {
    const isHidden = this.made.some(({ kind, isHeard }) => (kind === 'play' || kind === 'pause') && !isHeard);
    if (!isHidden || this.stage !== 'loading') return;
    this.overtaken.play += 1;
    this.overtaken.pause += 1;
  }

  private noticeOvertaken(kind: 'play' | 'pause'): void {
    const isUnheard = this.video.waiting.some((task) => task.author === 'media' && task.names.includes(kind));
    if (isUnheard) this.overtaken[kind] += 1;
  }

  private onDelivered(name: string, author: Author): void {
    const kind = KIND_OF[name];
    if (kind || name === 'timeupdate') this.seenAtMs = this.browser.nowMs;
    if (kind === 'seek' || kind === 'rate') this.unseen[kind] = null;
    if (kind && author === 'person') this.judge(kind);
    if (name === 'canplaythrough' && this.stage === 'loading' && this.video.paused) {
      this.stage = 'unstarted';
      this.leaveToPage();
    }
    if (name === 'playing' && (this.stage === 'loading' || this.stage === 'unstarted')) {
      this.stage = 'starting';
      this.leaveToPage();
    }
    if (name === 'seeked' && this.stage === 'resuming' && !this.video.seeking) this.stage = 'settled';
  }

  /** The event of the oldest gesture of this kind that was still to come has been heard. */
  private judge(kind: Kind): void {
    const gesture = this.made.find((other) => other.kind === kind && !other.isHeard);
    if (!gesture) return;
    gesture.isHeard = true;
    if (gesture.verdict === 'open') return;
    const isOpen = !this.isPersonal(kind) || (kind === 'pause' && this.isAtEnd());
    gesture.verdict = isOpen ? 'open' : 'due';
    if (kind === 'rate' && isOpen) this.theirRate = null;
  }

  private onLoad(): void {
    for (const gesture of this.made) {
      gesture.isHeard = true;
      if (gesture.verdict === 'pending' || gesture.isTakenBack) gesture.verdict = 'open';
    }
    this.stage = 'loading';
    this.unseen = { seek: null, rate: null };
    this.theirRate = this.video.defaultPlaybackRate;
    this.rateBy = 'page';
  }

  private onRate(rate: number, author: Author): void {
    this.rateBy = author;
    if (author === 'page') this.theirRate = rate;
    if (author !== 'person') return;
    const last = this.made.at(-1);
    this.theirRate = last?.kind === 'rate' && last.verdict === 'pending' ? rate : null;
  }
}
