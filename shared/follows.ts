/**
 * How a member follows (PROTOCOL.md M-12): in step and waited for, in step but not waited for, roughly, or not at all. Left out:
 * closely; so is a way that a later version knows.
 */
export const FOLLOWS = ['closely', 'unwaited', 'loosely', 'free'] as const;
export type Follow = (typeof FOLLOWS)[number];
