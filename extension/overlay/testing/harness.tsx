import { createModel, type OverlayActions, type OverlayModel } from '../model.ts';
import { mountOverlay } from '../mount.tsx';
import { STATES } from './states.ts';
import { translate } from './translate.ts';

/** What the tests look at. */
interface Harness {
  model: OverlayModel;
  /** Names of the actions taken, oldest first. */
  actions: string[];
  /** Types of the events that came out of the overlay to the document. */
  leaked: string[];
  /** Whether the next `copyInvite` succeeds. */
  canCopy: boolean;
  /** What the browser knows of the device's sound. */
  soundDelayMs: number | null;
  mount: () => AbortController;
  current: AbortController;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const [state = 'idle', theme = 'dark'] = location.hash.slice(1).split('/');
const model = createModel();
model.playerVisible.value = true;
const light = theme === 'light';
model.theme.value = { accent: null, light };
STATES[state]?.(model);
document.documentElement.classList.toggle('light', light);
document.documentElement.classList.toggle('on-page', !model.playerVisible.value);

const log: string[] = [];
const record =
  (name: string) =>
  (...args: unknown[]): void => {
    log.push([name, ...args.map((arg) => JSON.stringify(arg))].join(' '));
  };
const actions: OverlayActions = {
  startParty: record('startParty'),
  join: record('join'),
  leave: record('leave'),
  copyInvite: () => {
    log.push('copyInvite');
    return Promise.resolve(window.harness.canCopy);
  },
  shareInvite: record('shareInvite'),
  makeInvite: record('makeInvite'),
  listInvites: () => {
    const screen = model.screen.value;
    if (screen.state !== 'party' || screen.party.links) return;
    const endsAtMs = 2_000_000_000_000;
    const links = [
      { invite: 'l1', by: 'b7', uses: 5, used: 2, endsAtMs },
      { invite: 'l2', by: null, uses: 1, used: 0, endsAtMs },
    ];
    model.screen.value = { ...screen, party: { ...screen.party, links } };
  },
  revokeInvite: record('revokeInvite'),
  makeCode: () => Promise.resolve({ code: '0413 7725', place: 'party.example.org/join', endsAtMs: 2_000_000_000_000 }),
  // Three finders of a code, as large as an invite's: what draws real ones is tested where it is.
  drawQr: () => Promise.resolve({ size: 69, path: 'M4 4h7v7h-7zM58 4h7v7h-7zM4 58h7v7h-7z' }),
  saveSettings: record('saveSettings'),
  takeUp: record('takeUp'),
  forgetKept: record('forgetKept'),
  pair: record('pair'),
  returnToFilm: record('returnToFilm'),
  bringEveryone: record('bringEveryone'),
  startPlayback: record('startPlayback'),
  catchUp: record('catchUp'),
  setFollow: record('setFollow'),
  goOn: record('goOn'),
  queue: record('queue'),
  playNow: record('playNow'),
  stay: record('stay'),
  setWait: record('setWait'),
  manage: record('manage'),
  undo: record('undo'),
  steer: record('steer'),
  skipTo: record('skipTo'),
  setSoundDelay: (ms) => {
    log.push(`setSoundDelay ${ms}`);
    model.soundDelayMs.value = ms;
  },
  setCut: record('setCut'),
  measureSoundDelay: () => {
    log.push('measureSoundDelay');
    return Promise.resolve(window.harness.soundDelayMs);
  },
  solveProblem: record('solveProblem'),
  dismissProblem: () => {
    log.push('dismissProblem');
    model.problem.value = null;
  },
  setPanelOpen: (open) => {
    log.push(`setPanelOpen ${open}`);
    model.panelTakesFocus = open;
    model.panelOpen.value = open;
  },
};

function mount(): AbortController {
  const lifetime = new AbortController();
  mountOverlay(model, actions, translate, lifetime.signal, document);
  return lifetime;
}

const leaked: string[] = [];
for (const type of [
  'keydown',
  'keypress',
  'keyup',
  'wheel',
  'pointerdown',
  'mousedown',
  'click',
  'dblclick',
  'touchstart',
]) {
  document.addEventListener(type, (event) => {
    if (event.target === document.querySelector('#opensyncparty')) leaked.push(type);
  });
}
document.querySelector('#player-button')?.addEventListener('click', () => actions.setPanelOpen(!model.panelOpen.value));

window.harness = { model, actions: log, leaked, canCopy: true, soundDelayMs: null, mount, current: mount() };
