/**
 * Loaded into a relay before everything else: its time of day is wrong by as much as the environment says, and each
 * SIGUSR2 sets it twenty minutes forward or back of the truth, in turns.
 */
const JUMP_MS = 20 * 60_000;
const RightDate = Date;
let stepMs = Math.round(Number(process.env.OSP_CHAOS_CLOCK_STEP_MS ?? 0));

process.on('SIGUSR2', () => {
  stepMs = stepMs > 0 ? -JUMP_MS : JUMP_MS;
});

globalThis.Date = new Proxy(RightDate, {
  construct: (target, args: []) => (args.length > 0 ? new target(...args) : new target(target.now() + stepMs)),
  get: (target, key) => (key === 'now' ? () => target.now() + stepMs : Reflect.get(target, key)),
});
