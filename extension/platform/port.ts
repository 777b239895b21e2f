import { browser } from './browser.ts';
import { PIPE_PORT } from './messages.ts';

/** Opens a Port to the background, which starts when it is stopped. @throws when the extension is gone. */
export const openPipePort = () => browser.runtime.connect({ name: PIPE_PORT });
