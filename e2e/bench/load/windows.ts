/** Short windows of one kind of work on one server, at a steady share of its core. */
import { type Crowd, pause, quiet } from './crowd.ts';

/** Compared at an equal share of a core: the cost of a delivery falls as load rises. */
const SHARE = 0.3;
const WINDOW_MS = 500;
/** Under the relay's limit of 30 messages a second on a socket. */
const MAX_PER_MEMBER_PER_SECOND = 25;

/** What one window showed. */
export interface Sight {
  /** Deliveries, or pongs. */
  units: number;
  cpuUs: number;
  /** How busy the server's core was with it, 0 to 1. */
  share: number;
  /** Ms from command to delivery. */
  latencies: readonly number[];
}

/** Finds the rate at which a server is as busy as it should be, and keeps it there. */
export class Load {
  private readonly crowd: Crowd;
  private readonly kind: 'commands' | 'pings';
  private perSecond: number;

  constructor(crowd: Crowd, kind: Load['kind']) {
    this.crowd = crowd;
    this.kind = kind;
    this.perSecond = kind === 'pings' ? 4_000 : 10_000 / crowd.size;
  }

  /** Works for one window. The rate of the next follows from it. */
  async look(): Promise<Sight> {
    const { crowd, kind } = this;
    const { target, arrivals, rooms } = crowd;
    Object.assign(arrivals, { deliveries: 0, pongs: 0, latencies: [] });
    const [startMs, startCpuUs] = [performance.now(), await target.cpuUs()];
    const sent = kind === 'pings' ? await this.ping() : await this.command();
    if (kind === 'pings') while (arrivals.pongs < sent) await pause(1);
    else await quiet(rooms);
    const [endMs, endCpuUs] = [performance.now(), await target.cpuUs()];
    const cpuUs = endCpuUs - startCpuUs;
    const share = cpuUs / 1000 / (endMs - startMs);
    this.steer(share);
    const sight = { units: kind === 'pings' ? arrivals.pongs : arrivals.deliveries, cpuUs, share };
    return { ...sight, latencies: arrivals.latencies ?? [] };
  }

  private steer(share: number): void {
    const members = this.crowd.rooms.length * this.crowd.size;
    const wanted = this.perSecond * Math.min(2, Math.max(0.5, SHARE / share));
    this.perSecond = Math.min(wanted, members * MAX_PER_MEMBER_PER_SECOND);
  }

  private command(): Promise<number> {
    const { rooms } = this.crowd;
    let turn = 0;
    return this.pace(() => {
      // A room that has not had its last command everywhere yet is passed over.
      for (let tries = 0; tries < rooms.length; tries++) {
        const room = rooms[turn++ % rooms.length];
        if (!room?.isQuiet) continue;
        room.seek();
        return true;
      }
      return false;
    });
  }

  private ping(): Promise<number> {
    const members = this.crowd.rooms.flatMap((room) => room.members);
    let turn = 0;
    return this.pace(() => {
      members[turn++ % members.length]?.sendText(`{"type":"ping","c":${performance.now()}}`);
      return true;
    });
  }

  /** @param send does one thing; false: nothing can be done now. @returns how often it was done. */
  private async pace(send: () => boolean): Promise<number> {
    const startMs = performance.now();
    let sent = 0;
    for (let nowMs = startMs; nowMs < startMs + WINDOW_MS; nowMs = performance.now()) {
      const due = ((nowMs - startMs) / 1000) * this.perSecond;
      while (sent < due && send()) sent += 1;
      await pause(1);
    }
    return sent;
  }
}
