import { ensureMedia } from './media.ts';
import { ensurePrograms } from './setup.ts';

/** Once before all journeys: browsers, ffmpeg and media are there. */
export default async function globalSetup(): Promise<void> {
  await ensurePrograms(['chromium', 'firefox', 'ffmpeg']);
  await ensureMedia();
}
