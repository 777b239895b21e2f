/**
 * Preloaded into a relay process by tests alone (`--expose-gc --import`): tells its parent, over the channel between them, what it
 * holds once all garbage is gone. The relay itself knows nothing of it.
 */
process.on('message', (question) => {
  if (question !== 'measure') return;
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  // A second time, for what finalizers of the first have let go.
  setTimeout(() => {
    collect?.();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ heapBytes: heapUsed + external, handles: process.getActiveResourcesInfo().length });
  }, 100);
});
