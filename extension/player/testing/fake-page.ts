import type { FakeVideo } from './fake-video.ts';

export interface FakeItem {
  kind: 'direct' | 'hls';
  durationS: number;
  resumeS: number;
  /** The source begins at the resume position by itself; otherwise the page jumps there with the first frame. */
  startsThere: boolean;
}

/** jellyfin-web's hands on the element: its `playing` and `ended` listeners, its start, change and end of a stream. */
export class FakePage {
  private readonly video: FakeVideo;
  private item: FakeItem | null = null;
  private wasPlaying = false;
  private sources = 0;
  private readonly savedRate: number | null;
  isLast = false;

  /** @param savedRate the speed it keeps for the browser session and puts back at each start. */
  constructor(video: FakeVideo, savedRate: number | null) {
    this.video = video;
    this.savedRate = savedRate;
  }

  listen(): void {
    this.video.addEventListener('playing', () => this.onPlaying());
    this.video.addEventListener('ended', () => this.onEnded());
  }

  open(item: FakeItem): void {
    const { video } = this;
    if (!video.isConnected) return;
    this.item = item;
    this.wasPlaying = false;
    this.sources += 1;
    const src =
      item.kind === 'hls' ? `blob:https://jf.example/${this.sources}` : `https://jf.example/f${this.sources}.mp4`;
    video.load({ src, durationS: item.durationS, startS: item.startsThere ? item.resumeS : 0 });
    video.play();
  }

  /** Another stream of the same item, from where it is. */
  changeQuality(kind: FakeItem['kind']): void {
    const { item, video } = this;
    if (item) this.open({ ...item, kind, resumeS: Math.min(video.currentTime, item.durationS - 60) });
  }

  /** hls.js steps over a gap, in which the film has hung for a while: what came before was heard long ago. */
  stepOverGap(byS: number): void {
    const { video } = this;
    if (video.waiting.some(({ names }) => names.includes('play') || names.includes('seeking'))) return;
    if (video.isMoving() && video.currentTime + byS < video.duration - 1) video.currentTime += byS;
  }

  /** The person leaves the player: all in one task. */
  takeDown(): void {
    if (!this.item) return;
    this.video.pause();
    this.video.load(null);
    this.video.isConnected = false;
    this.item = null;
  }

  private onPlaying(): void {
    const { item, video } = this;
    if (this.wasPlaying || !item) return;
    this.wasPlaying = true;
    if (item.resumeS > 0 && Math.abs(video.currentTime - item.resumeS) >= 1) video.currentTime = item.resumeS;
    if (this.savedRate !== null) video.playbackRate = this.savedRate;
  }

  private onEnded(): void {
    this.video.load(null);
    this.item = null;
    if (this.isLast) this.video.isConnected = false;
  }
}
