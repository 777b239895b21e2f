/** The server, and who we are to it. Storage keys and their contents are jellyfin-web's. */
const CLIENT = 'Jellyfin Web';
const CREDENTIALS_KEY = 'jellyfin_credentials';
const DEVICE_KEY = '_deviceId2';

/** Everything above `/web/`: the API lives there, whatever the base path. */
export const serverAddress = new URL(location.href.replace(/\/web\/.*$/, '')).href.replace(/\/$/, '');

export const deviceId = () => {
  const known = localStorage.getItem(DEVICE_KEY);
  if (known) return known;
  const made = btoa(`${navigator.userAgent}|${Date.now()}`).replaceAll('=', '1');
  localStorage.setItem(DEVICE_KEY, made);
  return made;
};

const readServers = () => JSON.parse(localStorage.getItem(CREDENTIALS_KEY) ?? '{"Servers":[]}').Servers ?? [];

let publicInfo = null;
export const info = () => publicInfo;
const entryOf = (servers) => servers.find((server) => server.Id === publicInfo?.Id);
export const credentials = () => entryOf(readServers()) ?? null;
export const token = () => credentials()?.AccessToken ?? null;
export const userId = () => credentials()?.UserId ?? null;

function saveServer(change) {
  const servers = readServers();
  const entry = entryOf(servers) ?? { Id: publicInfo.Id };
  if (!servers.includes(entry)) servers.push(entry);
  Object.assign(
    entry,
    {
      Name: publicInfo.ServerName,
      ManualAddress: serverAddress,
      LocalAddress: publicInfo.LocalAddress,
      manualAddressOnly: true,
      LastConnectionMode: 2,
      DateLastAccessed: Date.now(),
      Type: 'Server',
    },
    change,
  );
  localStorage.setItem(CREDENTIALS_KEY, JSON.stringify({ Servers: servers }));
}

function authorization() {
  const fields = {
    Client: CLIENT,
    Device: browserName(),
    DeviceId: deviceId(),
    Version: publicInfo?.Version ?? '10.11.0',
  };
  if (token()) fields.Token = token();
  return `MediaBrowser ${Object.entries(fields)
    .map(([name, value]) => `${name}="${encodeURIComponent(value)}"`)
    .join(', ')}`;
}

const browserName = () => (navigator.userAgent.includes('Firefox') ? 'Firefox' : 'Chrome');

export const apiUrl = (path, query = {}) => {
  const url = new URL(serverAddress + (path.startsWith('/') ? path : `/${path}`));
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, value);
  }
  return url.href;
};

/** @throws Error with `status` when the server refuses. */
export async function call(method, path, { query, body } = {}) {
  const headers = { Authorization: authorization() };
  if (body) headers['Content-Type'] = 'application/json';
  const response = await fetch(apiUrl(path, query), {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok)
    throw Object.assign(new Error(`${method} ${path}: ${response.status}`), { status: response.status });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

export const get = (path, query) => call('GET', path, { query });
export const post = (path, body, query) => call('POST', path, { body, query });

export async function connect() {
  publicInfo = await get('/System/Info/Public');
  saveServer({});
  document.title = publicInfo.ServerName;
}

export async function logIn(name, password) {
  const answer = await post('/Users/AuthenticateByName', { Username: name, Pw: password });
  saveServer({ AccessToken: answer.AccessToken, UserId: answer.User.Id });
  cacheUser(answer.User);
}

const userKey = (id) => `user-${id}-${publicInfo.Id}`;

export function cacheUser(user) {
  localStorage.setItem(userKey(user.Id), JSON.stringify(user));
}

export const cachedUser = () => JSON.parse(localStorage.getItem(userKey(userId())) ?? 'null');

export async function logOut() {
  await post('/Sessions/Logout').catch(() => toLoggedOut());
  toLoggedOut();
}

export function toLoggedOut() {
  saveServer({ AccessToken: null, UserId: null });
}
