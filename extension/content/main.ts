import type { LinkOptions } from '../connection/link-options.ts';
import { openLink } from '../connection/room-link.ts';
import { takeInvite } from '../jellyfin/address.ts';
import { type JellyfinPage, whenJellyfin } from '../jellyfin/detect.ts';
import { createMediaHost } from '../jellyfin/media-host.ts';
import { retireOlder, wasInParty } from '../overlay/mark.ts';
import { createModel, type OverlayModel } from '../overlay/model.ts';
import { ORPHAN_TEXTS } from '../overlay/problems.ts';
import { browser } from '../platform/browser.ts';
import { keepTexts, t } from '../platform/i18n.ts';
import { loadKept, saveKept } from '../platform/kept.ts';
import { openPipePort } from '../platform/port.ts';
import { ask } from '../platform/rpc.ts';
import { loadSettings, onSettingsChanged, saveSettings } from '../platform/settings.ts';
import { measureSoundDelay } from '../player/sound-output.ts';
import { attachPlayer } from '../player/video-player.ts';
import { App } from './app.ts';
import type { AppDeps } from './app-deps.ts';
import { createCuts } from './cuts.ts';
import { createLearned } from './learned.ts';
import { claimPage } from './lifetime.ts';
import { Notices } from './notices.ts';
import { showOverlay } from './overlay-loader.ts';
import { plainNotice } from './plain-notice.ts';

async function main(): Promise<void> {
  // At document_start, before the app's own scripts can read (or lose) the address.
  const arrival = takeInvite(location, history);
  const interrupted = wasInParty(document);
  let app: App | null = null;
  const life = claimPage({
    document,
    runtime: browser.runtime,
    onOrphaned: () => app?.orphaned(),
  });
  const page = life && (await whenJellyfin(document, life.signal));
  if (!life || !page) return;
  const { signal } = life;
  const model = createModel();
  const deps = await depsFor(model, page);
  if (signal.aborted) return;
  app = new App(deps, signal);
  keepTexts(ORPHAN_TEXTS);
  retireOlder(document);
  showOverlay(
    {
      model,
      actions: app.actions(),
      t,
      load: () => ask({ type: 'load-overlay' }),
      sayPlainly: (text) => plainNotice(document, text, signal),
      document,
    },
    signal,
  );
  app.start();
  onSettingsChanged((settings) => app.settingsChanged(settings), signal);
  await app.resume(arrival && (arrival.link ?? 'unreadable'), interrupted);
  // An open page can be sent to an invite without a load: only the fragment changes.
  const onAddress = (): void => {
    const later = takeInvite(location, history);
    if (later) void app.resume(later.link ?? 'unreadable');
  };
  window.addEventListener('hashchange', onAddress, { signal });
}

/** @returns takes it back. */
function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

async function depsFor(model: OverlayModel, page: JellyfinPage): Promise<AppDeps> {
  const { version } = browser.runtime.getManifest();
  return {
    model,
    notices: new Notices(model, t),
    say: t,
    ask,
    settings: await loadSettings(),
    learned: createLearned(await loadKept('learned'), navigator.userAgent, (kept) => void saveKept('learned', kept)),
    cuts: createCuts(await loadKept('cuts'), (kept) => void saveKept('cuts', kept)),
    browser: /\bFirefox\//.test(navigator.userAgent) ? 'firefox' : 'chromium',
    saveSettings,
    measureSoundDelay,
    setTimer,
    createHost: (onEvent, signal) => createMediaHost({ window, page, onEvent, signal }),
    attachPlayer: (video, host, onEvent, signal) => {
      const seekThroughServer = (positionMs: number) => host.seek(positionMs);
      const wasTouched = () => navigator.userActivation.hasBeenActive;
      return attachPlayer(video, { seekThroughServer, onEvent, now: () => performance.now(), wasTouched }, signal);
    },
    openLink: ({ relay, room, credential, snapshot = null }, identity, events, signal) => {
      const options: LinkOptions = {
        relay,
        room,
        client: `extension/${version}`,
        // A grant opens a room once: after a relay restart it would open an empty one that nobody else is in.
        credential: (refused) => (refused !== null && credential.kind === 'grant' ? null : credential),
        snapshot,
        identity,
        openPort: openPipePort,
        events,
        random: Math.random,
        now: () => performance.now(),
        setTimer,
        signal,
      };
      const link = openLink(options);
      // The network is back, or the person looks at the page again: no reason to wait any longer.
      const wake = (): void => link.wake();
      window.addEventListener('online', wake, { signal });
      document.addEventListener('visibilitychange', wake, { signal });
      return link;
    },
  };
}

void main();
