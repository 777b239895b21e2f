/**
 * A minimal web client with the face, the document and the habits that jellyfin-web 10.11 shows to an extension. It shares no code
 * with it; what it imitates is written down in the project's notes on jellyfin-web.
 */
import * as api from './api.js';
import { h, iconButton } from './dom.js';
import { osdPage } from './osd.js';
import { detailsPage, homePage, listPage, loginPage, userMenuPage } from './pages.js';
import { playback } from './playback.js';
import { closeSocket, openSocket } from './remote.js';
import { offerSkips } from './skip.js';
import { player } from './video-player.js';
import { createViews } from './views.js';

const title = h('h3', { class: 'pageTitle' });
const setTitle = (text) => {
  title.textContent = text;
};
const header = h(
  'header',
  { class: 'skinHeader focuscontainer-x' },
  h(
    'div',
    { class: 'headerTop' },
    h(
      'div',
      { class: 'headerLeft' },
      iconButton('headerButton headerBackButton', 'arrow_back', 'Back', () => history.back()),
      iconButton('headerButton headerHomeButton', 'home', 'Home', () => go('#/home')),
      title,
    ),
    h(
      'div',
      { class: 'headerRight' },
      iconButton('headerSyncButton headerButton', 'groups', 'SyncPlay', () => undefined),
      iconButton('headerCastButton headerButton', 'cast', 'Play on another device', () => undefined),
      iconButton('headerButton headerUserButton', 'person', 'User menu', () => go('#/mypreferencesmenu')),
    ),
  ),
);
const body = h('div', { class: 'mainAnimatedPages skinBody' });
const views = createViews(body);
/** By `pushState`, as jellyfin-web's router does it: no `hashchange` tells of it. */
const go = (hash) => {
  history.pushState(null, '', hash);
  route().catch(onRefusal);
};

const onLoggedIn = async () => {
  await openSocket();
  go('#/home');
};

async function leaveAccount() {
  playback.stop();
  closeSocket();
  await api.logOut();
  go('#/login');
}

async function pageFor(path, query) {
  if (!api.token()) return { element: loginPage(onLoggedIn), titled: '' };
  if (path === '/details') return { element: await detailsPage(query.get('id')), titled: '' };
  if (path === '/list') return { element: await listPage(query.get('parentId')), titled: 'Library' };
  if (path === '/mypreferencesmenu') return { element: userMenuPage(leaveAccount), titled: 'User' };
  return { element: await homePage(), titled: api.info().ServerName };
}

let turn = 0;
async function route() {
  const [path, search = ''] = location.hash.slice(1).split('?');
  turn += 1;
  const mine = turn;
  views.leave();
  if (!api.token() && path !== '/login') return go('#/login');
  document.body.classList.toggle('libraryDocument', path !== '/login');
  if (path === '/video') {
    if (!playback.stream) return go('#/home');
    const page = osdPage(header, setTitle);
    views.show(page.element, page);
    return;
  }
  const { element, titled } = await pageFor(path, new URLSearchParams(search));
  if (mine !== turn) return;
  setTitle(titled);
  document.title = api.info().ServerName;
  views.show(element);
}

/** A token that no longer counts leads back to the log-in form. */
function onRefusal(error) {
  if (error.status !== 401) throw error;
  api.toLoggedOut();
  closeSocket();
  go('#/login');
}

playback.addEventListener('showosd', () => {
  if (location.hash !== '#/video') go('#/video');
  setTimeout(() => player.onNavigatedToOsd(), 0);
});

/** Links go through the router too; only addresses typed or set by others, and the back button, come as `popstate`. */
function onClick(event) {
  const hash = event.target.closest?.('a[href^="#/"]')?.getAttribute('href');
  if (!hash) return;
  event.preventDefault();
  go(hash);
}

async function start() {
  document.documentElement.classList.add('layout-desktop');
  api.deviceId();
  await api.connect();
  const root = document.getElementById('reactRoot');
  root.replaceChildren(h('div', { class: 'backgroundContainer' }), header, body);
  addEventListener('popstate', () => route().catch(onRefusal));
  root.addEventListener('click', onClick);
  offerSkips();
  if (api.token()) {
    await api.get('/Users/Me').then(api.cacheUser).then(openSocket).catch(onRefusal);
  }
  if (['', '#', '#/', '#/video'].includes(location.hash))
    history.replaceState(null, '', api.token() ? '#/home' : '#/login');
  await route().catch(onRefusal);
}

await start();
