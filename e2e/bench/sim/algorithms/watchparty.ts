/** howardchung/watchparty, as published: 5e5cf38, src/components/App/App.tsx (client) and server/room.ts. */
import type { SimMember, World } from '../world/world.ts';
import type { Algorithm, Deed, Party } from './algorithm.ts';

// src/components/App/App.tsx: `CMD:ts` once a second, and REC:tsMap
const REPORT_MS = 1_000;
const BEHIND_MS = 500;
const MOST_RATE = 1.1;
const GAIN_PER_S = 10;
const MEDIAN_FROM = 3;
// server/room.ts, tsInterval
const MAP_MS = 1_000;

type PositionMap = ReadonlyMap<string, number>;

export const watchparty: Algorithm = {
  name: 'watchparty',
  control: 'everyone',
  preloads: true,
  begin: (world) => new WatchParty(world),
};

/** The server: passes on what people do, and once a second where everybody is. */
class WatchParty implements Party {
  private readonly world: World;
  private readonly clients = new Map<SimMember, Client>();
  private readonly positions = new Map<string, number>();
  private lastMapMs = 0;
  private paused = true;
  private newestMs = 0;

  constructor(world: World) {
    this.world = world;
    world.relay.every(MAP_MS, () => this.sendMap());
  }

  join(member: SimMember): void {
    const client = new Client(member, this);
    member.socket.up(() => {
      this.clients.set(member, client);
      const { paused, newestMs } = this;
      const map = new Map(this.positions);
      member.socket.down(() => client.onHost(newestMs, paused, map));
    });
  }

  act(member: SimMember, deed: Deed, positionMs: number): void {
    const { socket } = member;
    // Done here at once, and by the others when they hear of it.
    this.clients.get(member)?.obey(deed, positionMs);
    socket.up(() => {
      if (deed === 'seek') this.newestMs = positionMs;
      else this.paused = deed === 'pause';
      for (const [other, client] of this.clients) {
        if (other !== member) other.socket.down(() => client.obey(deed, positionMs));
      }
    });
  }

  /** A member's position, as it will be when the next map is sent. */
  report(member: SimMember, positionMs: number): void {
    this.newestMs = Math.max(this.newestMs, positionMs);
    this.positions.set(member.name, positionMs - (this.world.relay.date() - this.lastMapMs) + MAP_MS);
  }

  private sendMap(): void {
    this.lastMapMs = this.world.relay.date();
    const map = new Map(this.positions);
    for (const [member, client] of this.clients) member.socket.down(() => client.onMap(map));
  }
}

class Client {
  private readonly member: SimMember;
  private roomPaused = true;
  private map: PositionMap = new Map();

  constructor(member: SimMember, party: WatchParty) {
    this.member = member;
    const { player, socket, timers } = member;
    timers.every(REPORT_MS, () => {
      if (!player.isLoaded) return;
      const positionMs = player.currentTimeMs();
      socket.up(() => party.report(member, positionMs));
    });
  }

  /** What runs here, when one comes in: opened where it was, and then to the leader once it can play. */
  onHost(positionMs: number, paused: boolean, map: PositionMap): void {
    const { player } = this.member;
    this.roomPaused = paused;
    this.map = map;
    if (player.isLoaded) return;
    player.onEvent = (event) => {
      if (event === 'loaded') player.seek(leaderMs(this.map));
    };
    player.load(positionMs);
  }

  obey(deed: Deed, positionMs: number): void {
    const { player } = this.member;
    if (deed === 'seek') return player.seek(positionMs);
    this.roomPaused = deed === 'pause';
    if (deed === 'play') player.play();
    else player.pause();
  }

  onMap(map: PositionMap): void {
    this.map = map;
    const ownMs = map.get(this.member.name);
    if (this.roomPaused || ownMs === undefined) return;
    const behindMs = leaderMs(map) - ownMs;
    const faster = Number((behindMs / 1000 / GAIN_PER_S).toFixed(2));
    const rate = behindMs > BEHIND_MS ? Math.min(1 + faster, MOST_RATE) : 1;
    if (this.member.player.rate !== rate) this.member.player.setRate(rate, 'kept');
  }
}

function leaderMs(map: PositionMap): number {
  const sorted = [...map.values()].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length < MEDIAN_FROM) return sorted.at(-1) ?? 0;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
