/**
 * The socket that steers this page from elsewhere. Up to 10.11 jellyfin-web does not open it again when it is cut, until the tab was
 * hidden and comes back (or is loaded anew); 12.0 comes back after a second.
 */
import * as api from './api.js';
import { toast } from './dom.js';
import { playback } from './playback.js';

const KEEP_ALIVE_MS = 30_000;
const RETRY_MS = 1000;
let socket = null;
let keepAlive = 0;
/** Between log-in and log-out. */
let isWanted = false;

export async function openSocket() {
  closeSocket();
  isWanted = true;
  await api.post('/Sessions/Capabilities/Full', {
    PlayableMediaTypes: ['Audio', 'Video'],
    SupportedCommands: ['Play', 'PlayState', 'DisplayMessage'],
    SupportsMediaControl: true,
  });
  const url = api.apiUrl('/socket', { ApiKey: api.token(), deviceId: api.deviceId() }).replace(/^http/, 'ws');
  const mine = new WebSocket(url);
  socket = mine;
  mine.addEventListener('message', (event) => onMessage(JSON.parse(event.data)));
  mine.addEventListener('close', () => {
    if (comesBack()) setTimeout(reopen, RETRY_MS);
  });
}

const comesBack = () => Number.parseInt(api.info()?.Version ?? '', 10) >= 12;

function reopen() {
  if (!isWanted || (socket && socket.readyState <= WebSocket.OPEN)) return;
  openSocket().catch(() => {
    if (comesBack()) setTimeout(reopen, RETRY_MS);
  });
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) reopen();
});

export function closeSocket() {
  isWanted = false;
  clearInterval(keepAlive);
  const old = socket;
  socket = null;
  old?.close();
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function onMessage({ MessageType, Data }) {
  if (MessageType === 'ForceKeepAlive') {
    send({ MessageType: 'KeepAlive' });
    clearInterval(keepAlive);
    keepAlive = setInterval(() => send({ MessageType: 'KeepAlive' }), KEEP_ALIVE_MS);
  } else if (MessageType === 'Play' && Data.PlayCommand === 'PlayNow') {
    const { ItemIds, StartPositionTicks, StartIndex } = Data;
    void playback.play({ ids: ItemIds, startPositionTicks: StartPositionTicks ?? 0, startIndex: StartIndex ?? 0 });
  } else if (MessageType === 'Playstate') {
    onPlaystate(Data);
  } else if (MessageType === 'GeneralCommand' && Data.Name === 'DisplayMessage') {
    toast(`${Data.Arguments.Header ?? ''} ${Data.Arguments.Text ?? ''}`);
  }
}

function onPlaystate({ Command, SeekPositionTicks }) {
  const commands = {
    Pause: () => playback.pause(),
    Unpause: () => playback.unpause(),
    PlayPause: () => playback.playPause(),
    Stop: () => playback.stop(),
    Seek: () => void playback.seek(SeekPositionTicks ?? 0),
    NextTrack: () => void playback.next(),
    PreviousTrack: () => void playback.previous(),
    FastForward: () => void playback.seekBy(30),
    Rewind: () => void playback.seekBy(-10),
  };
  commands[Command]?.();
}
