import { assertNever } from '../../shared/errors.ts';
import type messages from '../_locales/en/messages.json';

type Translate = (key: keyof typeof messages, ...params: string[]) => string;

/** What the toolbar button says about the page it was pressed on. */
export type PopupView =
  | { state: 'checking' }
  | { state: 'not-jellyfin' }
  /** `host` is shown, e.g. `https://jellyfin.example.org`; `origins` are the match patterns to ask for. */
  | { state: 'ask'; host: string; origins: string[] }
  /** The page is an invite, to a party in that Jellyfin; `by` is hostile text. */
  | { state: 'join'; host: string; by: string; origins: string[] }
  | { state: 'ready'; host: string }
  | { state: 'blocked'; host: string };

interface PopupProps {
  view: PopupView;
  t: Translate;
  /** Asks the browser for the site; must run inside the click, so it is called synchronously. */
  onAllow: () => void;
  onSettings: () => void;
}

/** The toolbar button's page. */
export function Popup({ view, t, onAllow, onSettings }: PopupProps) {
  return (
    <main class="osp popup" lang={t('language_tag')}>
      <header>
        <img src="/icons/icon.svg" alt="" width="28" height="28" />
        <h1>{t('extension_name')}</h1>
      </header>
      <div class="words" role="status">
        <Words view={view} t={t} />
      </div>
      {view.state === 'ask' && (
        <button type="button" class="button main" onClick={onAllow}>
          {t('popup_allow')}
        </button>
      )}
      {view.state === 'join' && (
        <button type="button" class="button main" onClick={onAllow}>
          {t('join')}
        </button>
      )}
      {view.state === 'blocked' && (
        <button type="button" class="button main" onClick={onAllow}>
          {t('popup_try_again')}
        </button>
      )}
      <footer>
        <button type="button" class="button quiet" onClick={onSettings}>
          {t('panel_settings')}
        </button>
      </footer>
    </main>
  );
}

function Words({ view, t }: Pick<PopupProps, 'view' | 't'>) {
  switch (view.state) {
    case 'checking':
      return <p>{t('popup_checking')}</p>;
    case 'not-jellyfin':
      return <Pair what={t('popup_not_jellyfin')} todo={t('popup_not_jellyfin_do')} />;
    case 'ask':
      return <Pair what={t('popup_ask', view.host)} todo={t('popup_ask_why')} />;
    case 'join':
      return <Pair what={t('popup_join', view.by || t('somebody'))} todo={t('popup_join_why')} host={view.host} />;
    case 'ready':
      return <Pair what={t('popup_ready')} todo={t('popup_ready_do')} host={view.host} />;
    case 'blocked':
      return <Pair what={t('popup_blocked', view.host)} todo={t('popup_blocked_do')} />;
    default:
      return assertNever(view);
  }
}

function Pair({ what, todo, host }: { what: string; todo: string; host?: string }) {
  return (
    <>
      <p class="what">{what}</p>
      {host && <p class="help host">{host}</p>}
      <p>{todo}</p>
    </>
  );
}
