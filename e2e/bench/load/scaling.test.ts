import { describe, expect, it } from 'vitest';
import { ASSUMPTIONS, scaleTo } from './scaling.ts';

const ONE = { relayCpuUs: 20, relayBytes: 4096, balancerCpuUs: 50, balancerBytes: 32_768, packets: 4, bytes: 500 };

describe('scaleTo', () => {
  it('needs nodes for processor time or for rooms, whichever is more', () => {
    // 20 s of processor time a second in all: twenty cores, each used by half.
    expect(scaleTo(ONE)).toMatchObject({ nodesForCpu: 40, nodesForRooms: 25, nodes: 40, balancerCores: 100 });
    expect(scaleTo({ ...ONE, relayCpuUs: 5 })).toMatchObject({ nodesForCpu: 10, nodes: 25 });
    expect(scaleTo(ONE).dollarsForCores).toBe(1_120);
  });

  it('adds memory up', () => {
    expect(scaleTo(ONE).relayGiB).toBeCloseTo(3.8147, 3);
    expect(scaleTo(ONE).balancerGiB).toBeCloseTo(30.5176, 3);
  });

  it('counts what is around a packet, and what a month comes to at its mean', () => {
    // (500 + 4 * 70) bytes a second and member, at a fifth of them for 30 days.
    const scale = scaleTo(ONE);
    expect(scale).toMatchObject({ packetsPerSecond: 4e6, bytesPerSecond: 780e6 });
    expect(scale.terabytesPerMonth).toBeCloseTo(404.352, 3);
    expect(scaleTo(ONE, { ...ASSUMPTIONS, dollarsPerTerabyte: 90 }).dollarsForTraffic).toBeCloseTo(36_391.68, 2);
  });

  it('grows with members', () => {
    const two = scaleTo(ONE, { ...ASSUMPTIONS, members: 2_000_000 });
    expect(two).toMatchObject({ nodes: 80, balancerCores: 200, packetsPerSecond: 8e6 });
  });
});
