import { render } from 'preact';
import { browser } from '../platform/browser.ts';
import { t } from '../platform/i18n.ts';
import { lookAtTab } from './site.ts';
import { Popup, type PopupView } from './view.tsx';

let asked: Extract<PopupView, { state: 'ask' | 'join' }> | null = null;

function show(view: PopupView): void {
  if (view.state === 'ask' || view.state === 'join') asked = view;
  render(<Popup view={view} t={t} onAllow={allow} onSettings={openSettings} />, document.body);
}

/**
 * The request comes first and without a wait: Firefox grants it only inside the click. Firefox may also close this
 * popup for its question, so the background does what follows from a yes.
 */
function allow(): void {
  const site = asked;
  if (!site) return;
  browser.permissions.request({ origins: site.origins }).then(
    (granted) => {
      // The relay's page finds the extension now, and opens the film: nothing is left to say here.
      if (granted && site.state === 'join') window.close();
      else show({ state: granted ? 'ready' : 'blocked', host: site.host });
    },
    () => show({ state: 'blocked', host: site.host }),
  );
}

function openSettings(): void {
  void browser.runtime.openOptionsPage().then(() => window.close());
}

show({ state: 'checking' });
lookAtTab().then(show, () => show({ state: 'not-jellyfin' }));
