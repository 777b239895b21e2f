/** Log-in, home, folder, details and the user's menu. Each builds a page element for `views.show`. */
import * as api from './api.js';
import { formatTime, h, icon } from './dom.js';
import { playback } from './playback.js';

export const detailsLink = (item) => `#/details?id=${item.Id}&serverId=${item.ServerId}`;
const imageUrl = (item, kind) => api.apiUrl(`/Items/${item.Id}/Images/${kind}`);
const page = (id, className, ...children) =>
  h('div', { id, 'data-role': 'page', class: `page mainAnimatedPage ${className}` }, ...children);

export function loginPage(onDone) {
  const field = (id, label, type, autocomplete) =>
    h(
      'div',
      { class: 'inputContainer' },
      h('label', { class: 'inputLabel', for: id }, label),
      h('input', { id, type, autocomplete, class: 'emby-input', autocapitalize: 'off' }),
    );
  const problem = h('p', { class: 'loginProblem', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    const value = (id) => form.querySelector(`#${id}`).value;
    await api.logIn(value('txtManualName'), value('txtManualPassword')).then(onDone, () => {
      problem.textContent = 'Invalid username or password entered. Please try again.';
    });
  };
  const form = h(
    'form',
    { class: 'manualLoginForm', on: { submit } },
    h('h1', { class: 'sectionTitle' }, 'Please sign in'),
    field('txtManualName', 'User', 'text', 'username'),
    field('txtManualPassword', 'Password', 'password', 'current-password'),
    h('button', { type: 'submit', class: 'raised button-submit block emby-button' }, h('span', {}, 'Sign In')),
    problem,
  );
  return page('loginPage', 'standalonePage', form);
}

function card(item, wide) {
  const position = item.UserData?.PlayedPercentage;
  const picture = h('a', {
    class: 'cardImageContainer coveredImage cardContent itemAction',
    href: item.Type === 'CollectionFolder' ? `#/list?parentId=${item.Id}` : detailsLink(item),
    'data-action': 'link',
    'aria-label': item.Name,
    style: { backgroundImage: `url("${imageUrl(item, wide ? 'Thumb' : 'Primary')}")` },
  });
  if (position) picture.append(h('div', { class: 'itemProgressBar', style: { width: `${position}%` } }));
  const second = item.Type === 'Episode' ? `S1:E${item.IndexNumber}` : (item.ProductionYear ?? '');
  return h(
    'div',
    {
      class: `card ${wide ? 'overflowBackdropCard' : 'overflowPortraitCard'}`,
      'data-id': item.Id,
      'data-type': item.Type,
    },
    picture,
    h('div', { class: 'cardText cardText-first' }, item.Name),
    h('div', { class: 'cardText cardText-secondary' }, String(second)),
  );
}

function section(title, items, wide = false) {
  if (items.length === 0) return null;
  return h(
    'div',
    { class: 'verticalSection' },
    h('h2', { class: 'sectionTitle' }, title),
    h('div', { class: 'itemsContainer scrollSlider' }, ...items.map((item) => card(item, wide))),
  );
}

export async function homePage() {
  const userId = api.userId();
  const [views, resume, movies, shows] = await Promise.all([
    api.get('/UserViews', { userId }),
    api.get('/UserItems/Resume', { userId, mediaTypes: 'Video' }),
    api.get('/Items', { userId, includeItemTypes: 'Movie', recursive: true }),
    api.get('/Items', { userId, includeItemTypes: 'Series', recursive: true }),
  ]);
  return page(
    'indexPage',
    'homePage libraryPage',
    section('My Media', views.Items, true),
    section('Continue Watching', resume.Items, true),
    section('Recently Added in Movies', movies.Items),
    section('Recently Added in Shows', shows.Items),
  );
}

export async function listPage(parentId) {
  const { Items } = await api.get('/Items', { userId: api.userId(), parentId });
  return page('list', 'libraryPage', section('', Items));
}

export async function detailsPage(id) {
  const userId = api.userId();
  const item = await api.get(`/Items/${id}`, { userId });
  const isSeries = item.Type === 'Series' || item.Type === 'Season';
  const episodes = isSeries ? (await api.get(`/Shows/${item.SeriesId ?? item.Id}/Episodes`, { userId })).Items : [];
  const resumeTicks = item.UserData.PlaybackPositionTicks;
  const play = (startPositionTicks) => playback.play({ items: isSeries ? episodes : [item], startPositionTicks });
  const backdrop = h('div', {
    class: 'itemBackdrop',
    style: { backgroundImage: `url("${imageUrl({ Id: item.SeriesId ?? item.Id }, 'Backdrop')}")` },
  });
  const runtime = item.RunTimeTicks ? `${Math.max(1, Math.round(item.RunTimeTicks / 600_000_000))}m` : '';
  const heading = item.SeriesName ? `${item.SeriesName} - S1:E${item.IndexNumber} - ${item.Name}` : item.Name;
  return page(
    'itemDetailPage',
    'libraryPage itemDetailPage',
    backdrop,
    h(
      'div',
      { class: 'detailPagePrimaryContainer' },
      h('img', { class: 'detailImageContainer', src: imageUrl(item, 'Primary'), alt: '' }),
      h(
        'div',
        { class: 'detailRibbon' },
        h('h1', { class: 'itemName infoText' }, heading),
        h('div', { class: 'itemMiscInfo' }, [item.ProductionYear, runtime].filter(Boolean).join('   ')),
        detailButtons(play, resumeTicks),
        h('p', { class: 'overview' }, item.Overview ?? ''),
      ),
    ),
    section('Episodes', episodes, true),
  );
}

function detailButtons(play, resumeTicks) {
  const button = (className, title, action, iconName, onClick) =>
    h(
      'button',
      {
        type: 'button',
        class: `button-flat ${className} detailButton emby-button`,
        title,
        'data-action': action,
        on: { click: onClick },
      },
      h('div', { class: 'detailButton-content' }, icon(iconName, 'detailButton-icon')),
    );
  const resume = resumeTicks > 0;
  const title = resume ? `Resume from ${formatTime(resumeTicks / 1e7)}` : 'Play';
  return h(
    'div',
    { class: 'mainDetailButtons focuscontainer-x' },
    button('btnPlay', title, resume ? 'resume' : 'play', 'play_arrow', () => play(resumeTicks)),
    resume ? button('btnReplay', 'Play from beginning', 'play', 'replay', () => play(0)) : null,
  );
}

export function userMenuPage(onLogOut) {
  const row = h(
    'button',
    { type: 'button', class: 'btnLogout listItem emby-button', on: { click: onLogOut } },
    icon('arrow_back', 'listItemIcon'),
    h('span', { class: 'listItemBodyText' }, 'Sign Out'),
  );
  return page('myPreferencesMenuPage', 'libraryPage', h('div', { class: 'verticalSection' }, row));
}
