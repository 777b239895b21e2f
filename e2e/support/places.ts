import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a run leaves to look at: screenshots and reports. */
export const RESULTS = fileURLToPath(new URL('../.results', import.meta.url));
