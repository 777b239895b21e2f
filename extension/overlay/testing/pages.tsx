import { render } from 'preact';
import '../../options/options.css';
import '../../popup/popup.css';
import { Options } from '../../options/view.tsx';
import { Popup, type PopupView } from '../../popup/view.tsx';
import { translate } from './translate.ts';

const host = 'https://jellyfin.example.org';
const POPUPS: Record<string, PopupView> = {
  'popup-checking': { state: 'checking' },
  'popup-not-jellyfin': { state: 'not-jellyfin' },
  'popup-ask': { state: 'ask', host, origins: [`${host}/*`] },
  'popup-join': { state: 'join', host, by: 'Ana', origins: [`${host}/*`, 'https://party.example.org/*'] },
  'popup-ready': { state: 'ready', host },
  'popup-blocked': { state: 'blocked', host },
};

const state = location.hash.slice(1);
const done: unknown[] = [];
const note = (what: unknown) => {
  done.push(what);
  return Promise.resolve();
};
Object.assign(window, { done });
const popup = POPUPS[state];
const identity = state === 'options-paired' ? 'aaaa.bbbb.cccc' : '';
const settings = {
  relay: 'http://192.168.1.20:8787',
  name: '',
  identity,
  beside: false,
  soundDelayMs: 0,
  follow: 'closely' as const,
};
render(
  popup ? (
    <Popup view={popup} t={translate} onAllow={() => note('allow')} onSettings={() => note('settings')} />
  ) : (
    <Options settings={settings} t={translate} save={note} />
  ),
  document.body,
);
