/** The player's shortcuts. They listen on the document and never ask whether someone is typing: that is jellyfin-web's habit. */
import { playback } from './playback.js';
import { player } from './video-player.js';

/** Listeners as [target, type, listener, options]. */
export function keyListeners({ osd, toggleFullscreen, toggleMute, isDialogOpen }) {
  /** What was pressed last, so that Firefox's click after a handled key can be told from a real one. */
  let pressed = null;
  const onKeyDown = (event) => {
    pressed = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.keyCode === 32) {
      playback.playPause();
      osd.reveal(osd.button('.btnPause'));
      event.preventDefault();
      event.stopPropagation();
      pressed = null;
      return;
    }
    const run = shortcut(event, { osd, toggleFullscreen, toggleMute, isDialogOpen });
    if (run) run();
  };
  const onWheel = (event) => {
    if (isDialogOpen() || event.deltaY === 0) return;
    player.volume += event.deltaY < 0 ? 2 : -2;
  };
  const onClick = (event) => {
    if (event.target.contains(pressed)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const listeners = [
    [document, 'keydown', onKeyDown],
    [document, 'wheel', onWheel],
    [
      window,
      'pointerdown',
      (event) => {
        pressed = event.target;
      },
      { capture: true, passive: true },
    ],
  ];
  if (navigator.userAgent.includes('Firefox')) listeners.push([document, 'click', onClick, { capture: true }]);
  return listeners;
}

function shortcut(event, { osd, toggleFullscreen, toggleMute, isDialogOpen }) {
  const { key, shiftKey } = event;
  const plain = (run, focusOn) => () => {
    if (shiftKey) return;
    event.preventDefault();
    run();
    if (focusOn) osd.reveal(osd.button(focusOn));
  };
  const shifted = (run) => () => {
    if (!shiftKey) return;
    event.preventDefault();
    run();
  };
  const always = (run) => () => {
    event.preventDefault();
    run();
  };
  const forward = plain(() => playback.seekBy(30), '.btnFastForward');
  const back = plain(() => playback.seekBy(-10), '.btnRewind');
  const volume = (by) =>
    plain(() => {
      player.volume += by;
    });
  if (/^[0-9]$/.test(key)) return always(() => playback.seekPercent(Number(key) * 10));
  const byKey = {
    enter: () => osd.reveal(),
    escape: () => {
      if (!osd.visible || isDialogOpen()) return;
      osd.hide();
      event.stopPropagation();
    },
    k: plain(() => playback.playPause(), '.btnPause'),
    l: forward,
    arrowright: forward,
    j: back,
    arrowleft: back,
    arrowup: volume(2),
    arrowdown: volume(-2),
    f: plain(toggleFullscreen),
    m: plain(toggleMute),
    p: shifted(() => playback.previous()),
    n: shifted(() => playback.next()),
    home: plain(() => playback.seekPercent(0)),
    end: plain(() => playback.seekPercent(100)),
    '>': always(() => playback.stepRate(1)),
    '<': always(() => playback.stepRate(-1)),
  };
  return byKey[key.toLowerCase()];
}
