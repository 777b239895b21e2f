/** From what one relay and one HAProxy were measured to use for a member to what a million need: arithmetic only. Pure. */

/** What a member of a room that plays uses, per second where it says rate. */
export interface PerMember {
  relayCpuUs: number;
  relayBytes: number;
  balancerCpuUs: number;
  balancerBytes: number;
  /** Between members and the balancer, both ways. */
  packets: number;
  /** TLS and all that is in it, both ways. */
  bytes: number;
}

/** What is assumed, and may be assumed otherwise. */
export interface Assumptions {
  members: number;
  /** People in a room. */
  roomSize: number;
  /** Share of its core that a process may use at the busiest hour: the rest is for a neighbour that died. */
  shareOfCore: number;
  /** Rooms that one relay holds at most (`MAX_ROOMS` of the registry). */
  roomsPerNode: number;
  /** One core and its memory, per month. */
  dollarsPerCore: number;
  dollarsPerTerabyte: number;
  /** Mean over the month of the members there are, as a share of the busiest hour. */
  meanShare: number;
}

export const ASSUMPTIONS: Assumptions = {
  members: 1_000_000,
  roomSize: 4,
  shareOfCore: 0.5,
  roomsPerNode: 10_000,
  dollarsPerCore: 8,
  dollarsPerTerabyte: 1,
  meanShare: 0.2,
};

export interface Scale {
  packetsPerSecond: number;
  bytesPerSecond: number;
  terabytesPerMonth: number;
  /** Relays needed for processor time, for rooms, and the larger of both. */
  nodesForCpu: number;
  nodesForRooms: number;
  nodes: number;
  /** Cores of load balancers. */
  balancerCores: number;
  /** Memory of all members' rooms and sockets, in all relays and in all balancers. */
  relayGiB: number;
  balancerGiB: number;
  dollarsForCores: number;
  dollarsForTraffic: number;
}

/** Around each segment: Ethernet 18, IPv4 20, TCP with timestamps 32. */
const HEADER_BYTES = 70;
const SECONDS_PER_MONTH = 30 * 24 * 3_600;
const GIB = 2 ** 30;

/** @returns what so many members need. */
export function scaleTo(one: PerMember, assumptions: Assumptions = ASSUMPTIONS): Scale {
  const { members, roomSize, shareOfCore, roomsPerNode, meanShare } = assumptions;
  const coresFor = (cpuUs: number): number => Math.ceil((members * cpuUs) / 1e6 / shareOfCore);
  const nodesForCpu = coresFor(one.relayCpuUs);
  const nodesForRooms = Math.ceil(members / roomSize / roomsPerNode);
  const nodes = Math.max(nodesForCpu, nodesForRooms);
  const balancerCores = coresFor(one.balancerCpuUs);
  const bytesPerSecond = members * (one.bytes + one.packets * HEADER_BYTES);
  const terabytesPerMonth = (bytesPerSecond * meanShare * SECONDS_PER_MONTH) / 1e12;
  return {
    packetsPerSecond: members * one.packets,
    bytesPerSecond,
    terabytesPerMonth,
    nodesForCpu,
    nodesForRooms,
    nodes,
    balancerCores,
    relayGiB: (members * one.relayBytes) / GIB,
    balancerGiB: (members * one.balancerBytes) / GIB,
    dollarsForCores: (nodes + balancerCores) * assumptions.dollarsPerCore,
    dollarsForTraffic: terabytesPerMonth * assumptions.dollarsPerTerabyte,
  };
}
