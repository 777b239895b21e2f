/**
 * Bili-SyncPlay, as published: sky1wu/Bili-SyncPlay 5ee571c, extension/src/content/{playback-reconcile,player-binding,
 * soft-apply-controller,index}.ts and background/clock-sync.ts. Whoever acted last tells where the film is; the others
 * follow and keep silent meanwhile, which here makes that member the only one to tell.
 */
import type { Cancel } from '../world/timers.ts';
import type { SimMember, World } from '../world/world.ts';
import type { Algorithm, Deed, Party } from './algorithm.ts';

// extension/src/content/playback-reconcile.ts
const PAUSED_HARD_SEEK_MS = 150;
const IGNORE_MS = 450;
const IGNORE_CATCHING_UP_MS = 50;
const RATE_ONLY_MS = 900;
const SOFT_APPLY_MS = 1_200;
// extension/src/content/player-binding.ts
const RATE_GAIN_PER_S = 0.3;
const MOST_RATE_OFFSET = 0.16;
const LEAST_STEP_MS = 220;
const MOST_STEP_MS = 400;
const STEP_SCALE = 0.45;
const RATE_CHANGE = 0.01;
// extension/src/content/soft-apply-controller.ts
const RECOVERED_MS = 200;
const LEAST_SOFT_MS = 2_000;
const MOST_SOFT_MS = 4_500;
const SOFT_MS_PER_S = 900;
const COOLDOWN_MS = 2_500;
const LEAST_RATE_ONLY_MS = 600;
const MOST_RATE_ONLY_MS = 8_000;
// background/clock-sync.ts
const MAX_TRUSTED_AGE_MS = 10_000;
// extension/src/content/index.ts
const BUFFER_PAUSE_MS = 1_500;
// extension/src/content/pending-local-override.ts
const SEEK_GUARD_MS = 5_000;
const SEEK_GUARD_NEAR_MS = 350;
// server/src/room-service.ts and playback-authority.ts
const AUTHORITY_MS = 1_200;
const REGRESSION_MS = 600;
/** Time between two reports of steady play (sync.md section 1.5). */
const BROADCAST_MS = 2_100;

interface Playback {
  by: string;
  positionMs: number;
  state: 'playing' | 'paused' | 'buffering';
  /** What a person did, when this is the report of it. */
  deed: Deed | null;
}

export const biliSyncplay: Algorithm = {
  name: 'bili-syncplay',
  control: 'everyone',
  preloads: true,
  begin: (world) => new BiliParty(world),
};

/** The server: passes on and remembers the newest state. */
class BiliParty implements Party {
  private readonly world: World;
  private readonly clients = new Map<SimMember, BiliClient>();
  private newest: { playback: Playback; atMs: number } | null = null;
  private authority: { by: string; untilMs: number } | null = null;

  constructor(world: World) {
    this.world = world;
  }

  join(member: SimMember): void {
    const client = new BiliClient(member, (playback) => member.socket.up(() => this.receive(playback)));
    this.clients.set(member, client);
    client.begin(() => member.socket.up(() => this.hydrate(member, client)));
  }

  act(member: SimMember, deed: Deed, positionMs: number): void {
    this.clients.get(member)?.act(deed, positionMs);
  }

  private hydrate(member: SimMember, client: BiliClient): void {
    if (!this.newest) return;
    const { playback, atMs } = this.newest;
    const ageMs = this.world.relay.now() - atMs;
    member.socket.down(() => client.receive(playback, ageMs <= MAX_TRUSTED_AGE_MS ? ageMs : 0));
  }

  private receive(playback: Playback): void {
    const nowMs = this.world.relay.now();
    if (this.isStale(playback, nowMs)) return;
    if (playback.deed) this.authority = { by: playback.by, untilMs: nowMs + AUTHORITY_MS };
    this.newest = { playback, atMs: nowMs };
    for (const [member, client] of this.clients) {
      member.socket.down(() => (member.name === playback.by ? client.acknowledged() : client.receive(playback, 0)));
    }
  }

  /** Said by somebody who did not know yet what somebody else had just done. */
  private isStale({ by, state, deed, positionMs }: Playback, nowMs: number): boolean {
    if (!this.newest || this.newest.playback.by === by || deed === 'seek') return false;
    const { authority } = this;
    if (authority && nowMs < authority.untilMs && authority.by !== by) return true;
    return state === 'playing' && positionMs + REGRESSION_MS < this.newest.playback.positionMs;
  }
}

/** A correction under way. */
interface Session {
  kind: 'rate-only' | 'soft-apply';
  cancel: Cancel;
  targetMs: number;
}

class BiliClient {
  private readonly member: SimMember;
  private readonly send: (playback: Playback) => void;
  private leads = false;
  private session: Session | null = null;
  private cooldownUntilMs = Number.NEGATIVE_INFINITY;
  private cancelBufferPause: Cancel = () => undefined;
  /** An own seek that the server has not passed on yet. */
  private pendingSeek: { positionMs: number; untilMs: number } | null = null;

  constructor(member: SimMember, send: (playback: Playback) => void) {
    this.member = member;
    this.send = send;
  }

  begin(onReady: () => void): void {
    const { player, timers } = this.member;
    timers.every(BROADCAST_MS, () => {
      if (this.leads && !player.paused) this.tell(player.readyState < 3 ? 'buffering' : 'playing', null);
    });
    player.onEvent = (event) => {
      if (event === 'loaded') onReady();
      if (event === 'waiting' && this.leads) this.onBuffering();
      if (event === 'playing') {
        this.cancelBufferPause();
        if (this.leads) this.tell('playing', null);
      }
      if (event === 'seeked') this.checkSoftApply();
    };
    if (player.isLoaded) onReady();
    else player.load(0);
  }

  act(deed: Deed, positionMs: number): void {
    const { player } = this.member;
    this.leads = true;
    this.endSession('cancelled');
    // A jump while playing is told as playing, whatever the element does meanwhile.
    const state = deed === 'play' || (deed === 'seek' && !player.paused) ? 'playing' : 'paused';
    if (deed === 'play') player.play();
    else if (deed === 'pause') player.pause();
    else player.seek(positionMs);
    if (deed === 'seek') this.pendingSeek = { positionMs, untilMs: this.member.clock.now() + SEEK_GUARD_MS };
    this.tell(state, deed);
  }

  private onBuffering(): void {
    this.tell('buffering', null);
    this.cancelBufferPause();
    this.cancelBufferPause = this.member.timers.after(BUFFER_PAUSE_MS, () => {
      if (this.leads && this.member.player.readyState < 3) this.tell('paused', null);
    });
  }

  private tell(state: Playback['state'], deed: Deed | null): void {
    this.send({ by: this.member.name, positionMs: this.member.player.currentTimeMs(), state, deed });
  }

  /** The server has passed on what was said here. */
  acknowledged(): void {
    this.pendingSeek = null;
  }

  private isBeforeOwnSeek({ positionMs }: Playback): boolean {
    const { pendingSeek, member } = this;
    if (!pendingSeek || member.clock.now() >= pendingSeek.untilMs) return false;
    return Math.abs(positionMs - pendingSeek.positionMs) > SEEK_GUARD_NEAR_MS;
  }

  /** Somebody else tells. Its position counts from its arrival here: the way is not made up for. */
  receive(playback: Playback, ageMs: number): void {
    const { player } = this.member;
    if (!player.isLoaded || this.isBeforeOwnSeek(playback)) return;
    this.leads = false;
    const targetMs = playback.positionMs + (playback.state === 'playing' ? ageMs : 0);
    this.reconcile(playback, targetMs);
    if (playback.state === 'playing') player.play();
    else if (playback.state === 'paused') player.pause();
  }

  private reconcile({ state, deed }: Playback, targetMs: number): void {
    const { player, clock } = this.member;
    const driftMs = targetMs - player.currentTimeMs();
    const offMs = Math.abs(driftMs);
    if (state === 'buffering' && driftMs < 0) return;
    if (state !== 'playing') {
      this.endSession('cancelled');
      if (offMs > PAUSED_HARD_SEEK_MS) player.seek(targetMs);
      return;
    }
    if (deed === 'seek' || offMs > SOFT_APPLY_MS) {
      this.endSession('hard-seek');
      player.seek(targetMs);
      return;
    }
    const catchesUp = this.session?.kind === 'rate-only';
    if (offMs <= (catchesUp ? IGNORE_CATCHING_UP_MS : IGNORE_MS)) {
      this.endSession('converged');
      return;
    }
    if (clock.now() < this.cooldownUntilMs && !player.paused) return;
    if (offMs <= RATE_ONLY_MS) this.adjustRate(driftMs, targetMs);
    else this.applySoftly(driftMs, targetMs);
  }

  private adjustRate(driftMs: number, targetMs: number): void {
    const offset = this.writeRate(driftMs);
    const closeMs = Math.abs(driftMs) / Math.max(0.01, Math.abs(offset));
    const kind = this.session?.kind ?? 'rate-only';
    this.correctFor(kind, targetMs, Math.min(MOST_RATE_ONLY_MS, Math.max(LEAST_RATE_ONLY_MS, closeMs)));
  }

  private applySoftly(driftMs: number, targetMs: number): void {
    const { player } = this.member;
    const stepMs = Math.min(MOST_STEP_MS, Math.max(LEAST_STEP_MS, Math.abs(driftMs) * STEP_SCALE));
    player.seek(player.currentTimeMs() + Math.max(-stepMs, Math.min(stepMs, driftMs)));
    this.writeRate(driftMs);
    const restMs = Math.max(0, Math.abs(driftMs) - stepMs - RECOVERED_MS);
    this.correctFor('soft-apply', targetMs, Math.min(MOST_SOFT_MS, LEAST_SOFT_MS + (restMs / 1000) * SOFT_MS_PER_S));
  }

  private writeRate(driftMs: number): number {
    const wanted = (driftMs / 1000) * RATE_GAIN_PER_S;
    const offset = Math.max(-MOST_RATE_OFFSET, Math.min(MOST_RATE_OFFSET, wanted));
    this.setRate(1 + offset);
    return offset;
  }

  private correctFor(kind: Session['kind'], targetMs: number, forMs: number): void {
    this.session?.cancel();
    const cancel = this.member.timers.after(forMs, () => this.endSession('converged'));
    this.session = { kind, targetMs, cancel };
  }

  private checkSoftApply(): void {
    const { session, member } = this;
    if (session?.kind !== 'soft-apply') return;
    if (Math.abs(member.player.currentTimeMs() - session.targetMs) <= RECOVERED_MS) this.endSession('converged');
  }

  private endSession(how: 'converged' | 'hard-seek' | 'cancelled'): void {
    const { session } = this;
    if (session) {
      session.cancel();
      this.session = null;
      const cools = session.kind === 'soft-apply' && how !== 'cancelled';
      if (cools) this.cooldownUntilMs = this.member.clock.now() + COOLDOWN_MS;
    }
    this.setRate(1);
  }

  private setRate(rate: number): void {
    const { player } = this.member;
    const changes = rate === 1 ? player.rate !== 1 : Math.abs(player.rate - rate) > RATE_CHANGE;
    if (changes) player.setRate(rate, 'kept');
  }
}
