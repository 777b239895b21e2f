import { ensureMedia } from './media.ts';
import { ensurePrograms } from './setup.ts';
import { buildRelay } from './shipped-relay.ts';

/** Once before all journeys: browsers, ffmpeg and media are there, and the relay is built as it ships. */
export default async function globalSetup(): Promise<void> {
  await ensurePrograms(['chromium', 'firefox', 'ffmpeg']);
  await ensureMedia();
  await buildRelay();
}
