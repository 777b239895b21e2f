import { whenJellyfin } from '../detect.ts';
import type { HostEvent } from '../host.ts';
import { createMediaHost } from '../media-host.ts';
import { SELECTORS } from '../selectors.ts';

/** What a test in the page can reach. Events are kept in a form that crosses to the test. */
export interface PageProbe {
  selectors: typeof SELECTORS;
  detected: Promise<{ baseUrl: string } | null>;
  events: object[];
  host: ReturnType<typeof createMediaHost>;
  life: AbortController;
}

const life = new AbortController();
const events: object[] = [];
const note = (event: HostEvent): void => {
  events.push(event.type === 'video' ? { type: 'video', there: event.video !== null } : event);
};

const probe: PageProbe = {
  selectors: SELECTORS,
  detected: whenJellyfin(document, life.signal),
  events,
  host: createMediaHost({ window, page: { baseUrl: location.origin }, onEvent: note, signal: life.signal }),
  life,
};

Object.assign(globalThis, { probe });
