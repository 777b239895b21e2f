import type { MemberView, OffsetSample, OverlayModel, PartyView, QueueView, Screen, WaitView } from '../model.ts';
import { PROBLEM_CODES } from '../problems.ts';
import { addToast } from '../toasts.ts';
import { memberView, partyView } from './views.ts';

const INVITE = `https://party.example.org/join/7hK2mQ9xV4tB1nC8pL3sWd#${'eyJhbGciOiJIUzI1NiIsInR5cCI6Imludml0ZSJ9.'.repeat(6)}x`;

/** Two minutes of reports every 3 s. @param at offset of the nth report, in ms; null where there is nothing to measure. */
const history = (at: (report: number) => number | null): OffsetSample[] =>
  Array.from({ length: 41 }, (_, report) => ({ atMs: report * 3_000, offsetMs: at(report) }));
const wobble = history((report) => 3 * Math.sin(report * 1.7) + 1.5 * Math.sin(report * 0.61));
const stumble = history((report) =>
  report < 12 ? 4 - report / 3 : report < 16 ? null : report < 24 ? -480 * 0.55 ** (report - 16) : Math.sin(report * 2),
);
const adrift = history((report) => (report < 6 ? null : -40 * (report - 5)));

/** @param leftMs how long it may still take. */
const wait = (names: string[], leftMs: number, you = false): WaitView => {
  const nowMs = performance.now();
  return { names, you, sinceMs: nowMs - 2_000, endsAtMs: nowMs + leftMs, next: null };
};

/** @param leftMs until the next episode starts. */
const countdown = (leftMs: number): WaitView => {
  const title = 'The Long Way Round · S1:E3 · A Bridge Too Narrow';
  return { ...wait([], leftMs + 7_000), next: { title, startsAtMs: performance.now() + leftMs } };
};

const member = (id: string, name: string, part: Partial<MemberView> = {}): MemberView =>
  memberView({ id, name, offsetMs: 3, errorMs: 2, offsets: wobble, ...part });

const ana = member('a1', 'Ana', { you: true, role: 'host', offsetMs: 0.2 });
const ben = member('b7', 'Ben', { offsetMs: -3.6, errorMs: 12.4, offsets: stumble });
const cleo = member('c9', 'Cléo Montgomery-Featherstonehaugh', { verified: false, offsetMs: 2.1 });
const trio = [ana, ben, cleo];
/** Nobody vouches for any of them, and each has all the marks there are. */
const guests = [{ ...ana, verified: false }, { ...ben, verified: false, role: 'co-host' as const }, cleo];
/** A small drawing, and one that does not load. */
const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path fill="#e9b872" d="M0 0h2v2H0z"/><circle cx="1" cy="1.1" r=".7" fill="#6b3f69"/></svg>',
)}`;
const pictured = [{ ...ana, picture: PICTURE }, { ...ben, picture: 'data:image/png;base64,AAAA' }, cleo];
const everyState: MemberView[] = [
  ana,
  member('m1', 'Ben', { state: 'catching-up', offsetMs: -1340, offsets: adrift }),
  member('m2', 'Chi', { state: 'buffering', offsetMs: null, offsets: stumble }),
  member('m3', 'Dora', { state: 'background', offsetMs: 12 }),
  member('m4', 'Émile', { state: 'autoplay-blocked', offsetMs: null, offsets: [] }),
  member('m5', 'Fatima', { state: 'away', offsetMs: null, offsets: [] }),
  member('m6', 'Gus', { state: 'other-item', offsetMs: null, verified: false, offsets: [] }),
  member('m7', 'Hana', { state: 'item-missing', offsetMs: null, offsets: [] }),
  member('m8', 'Ivo', { state: 'joining', offsetMs: null, offsets: [] }),
  member('m9', 'Jo', { connected: false }),
  member('m10', 'Kai', { state: 'away', follow: 'free', offsetMs: null, offsets: [] }),
  member('m11', 'Lea', { follow: 'loosely', offsetMs: -1800, offsets: adrift }),
];
const everyReason: MemberView[] = [
  { ...ana, state: 'catching-up', reason: 'gave-up', offsetMs: -963, offsets: adrift },
  member('r1', 'Ben', { reason: 'audio-delay' }),
  member('r5', 'Fay', { reason: 'other-cut' }),
  member('r2', 'Chi', { state: 'catching-up', reason: 'slow-start', offsetMs: -420, offsets: stumble }),
  member('r3', 'Dora', { reason: 'coarse-clock', errorMs: 21.5 }),
  member('r4', 'Émile', { state: 'catching-up', reason: 'gave-up', offsetMs: 812, errorMs: 14, offsets: adrift }),
];

const PARTY = partyView({
  title: 'Big Buck Bunny',
  members: trio,
  invite: { state: 'ready', url: INVITE, invite: 'own', uses: 50, endsAtMs: 2_000_000_000_000 },
});
const party = (part: Partial<PartyView> = {}): Screen => ({ state: 'party', party: { ...PARTY, ...part } });

/** Before the start, with somebody in each way of not being ready. */
const gathering: MemberView[] = [
  { ...ana, delivery: 'direct', errorMs: 1 },
  member('p1', 'Ben', { state: 'autoplay-blocked', delivery: 'transcode', errorMs: 21, offsetMs: null, offsets: [] }),
  member('p2', 'Cléo Montgomery-Featherstonehaugh', {
    state: 'joining',
    errorMs: 64,
    offsetMs: null,
    offsets: [],
    verified: false,
  }),
  member('p3', 'Dora', { state: 'item-missing', errorMs: 3, offsetMs: null, offsets: [] }),
  member('p4', 'Émile', { state: 'background', delivery: 'direct', errorMs: 4, follow: 'unwaited' }),
  member('p5', 'Fay', { connected: false }),
];
const assembled: MemberView[] = gathering.slice(0, 3).map((one) => ({
  ...one,
  state: 'in-sync',
  delivery: one.delivery ?? 'transcode',
}));

const QUEUE: QueueView = {
  items: [
    {
      id: 'q1',
      title: 'The Long Way Round · S1:E4 · A Bridge Too Narrow',
      by: 'Ben',
      own: false,
      votes: 2,
      voted: true,
    },
    { id: 'q2', title: 'Sintel', by: 'Ana', own: true, votes: 1, voted: false },
    { id: 'q3', title: '<b>Tears</b> of Steel', by: null, own: false, votes: 0, voted: false },
  ],
  mayOrder: true,
  mayJoin: true,
  addable: { serverId: 'a'.repeat(32), itemId: 'b'.repeat(32), title: 'Elephants Dream', runtimeMs: 653_000 },
};

type Setup = (model: OverlayModel) => void;

const show =
  (screen: Screen, open = true): Setup =>
  (model) => {
    model.screen.value = screen;
    model.panelOpen.value = open;
  };
const both =
  (...setups: Setup[]): Setup =>
  (model) => {
    for (const setup of setups) setup(model);
  };
const problem =
  (code: string, action: 'none' | 'retry' | 'settings' | 'reload' | 'open-item' | 'dismiss'): Setup =>
  (model) => {
    model.problem.value = { code, params: [], action };
  };
const hideOsd: Setup = (model) => {
  model.osdVisible.value = false;
};
const onPage: Setup = (model) => {
  model.playerVisible.value = false;
};
const toasts: Setup = (model) => {
  addToast(model, 'Ana paused');
  addToast(model, 'Ben joined');
};

/** Where the host alone steers, as somebody else sees it. */
const AS_GUEST = {
  state: 'party' as const,
  party: {
    ...PARTY,
    rules: { control: 'host' as const, locked: false },
    role: 'guest' as const,
    steers: false,
    members: [{ ...ana, role: 'guest' as const }, { ...ben, role: 'host' as const }, cleo],
  },
};
const offers: Setup = (model) => {
  addToast(model, 'Ben skipped 30 s ahead', { kind: 'undo' });
  addToast(model, 'Cléo asks for a pause', { kind: 'steer', what: 'pause' });
};

const skips: Setup = (model) => {
  addToast(model, 'What happened so far', { kind: 'skip', part: 'recap', toMs: 84_000 });
};

/** Everything the overlay can show, by the name in the harness page's hash. */
export const STATES: Record<string, Setup> = {
  closed: show({ state: 'idle' }, false),
  idle: show({ state: 'idle' }),
  'idle-on-page': both(show({ state: 'idle' }), onPage),
  'idle-kept': both(show({ state: 'idle' }), (model) => {
    model.kept.value = { title: 'The Long Way Round · S1:E3 · A Bridge Too Narrow' };
  }),
  'setup-relay': show({ state: 'setup', need: 'relay', next: 'start' }),
  'setup-pairing': show({ state: 'setup', need: 'pairing', next: 'start' }),
  'setup-refused': both(
    show({ state: 'setup', need: 'relay', next: 'start' }),
    problem('relay-address-wrong', 'dismiss'),
  ),
  working: show({ state: 'working', step: 'joining' }),
  'working-closed': show({ state: 'working', step: 'signing-in' }, false),
  party: show(party()),
  'party-alone': show(party({ members: [ana], invite: { state: 'none' } })),
  'party-every-state': show(party({ members: everyState })),
  'party-making-invite': show(party({ invite: { state: 'making' } })),
  'party-every-reason': show(party({ members: everyReason })),
  'party-waiting': show(party({ wait: wait(['Ben'], 28_000), members: [ana, { ...ben, state: 'buffering' }, cleo] })),
  'party-waiting-for-you': show(
    party({ wait: wait(['Cléo'], 5_400, true), members: [{ ...ana, state: 'buffering' }, ben, cleo] }),
  ),
  preflight: show(party({ preflight: true, playing: false, members: gathering })),
  'preflight-ready': show(party({ preflight: true, playing: false, members: assembled })),
  'preflight-waiting': show(party({ preflight: true, members: gathering.slice(0, 2), wait: wait(['Ben'], 28_000) })),
  'pill-preflight': show(party({ preflight: true, playing: false, members: assembled }), false),
  'party-countdown': show(party({ wait: countdown(4_400) })),
  'pill-countdown': both(show(party({ wait: countdown(4_400) }), false), hideOsd),
  'party-queue': show(party({ queue: QUEUE })),
  'party-queue-guest': show(party({ queue: { ...QUEUE, mayOrder: false } })),
  'pill-addable': both(show(party({ place: 'away', queue: QUEUE }), false), onPage),
  'party-pictures': show(party({ members: pictured })),
  'party-guests': show(party({ members: guests })),
  'party-own-cut': show(party({ cutMs: 12_500, members: [{ ...ana, reason: 'other-cut' }, ben] })),
  'party-roles': show(
    party({
      rules: { control: 'chosen', locked: true },
      members: [ana, { ...ben, role: 'co-host' }, cleo],
      canUndo: true,
    }),
  ),
  'party-asked': show(
    party({
      rules: { control: 'host', locked: false },
      asked: { who: 'Cléo Montgomery-Featherstonehaugh', what: 'pause' },
    }),
  ),
  'party-as-guest': both(show(AS_GUEST), offers),
  'party-as-guest-paused': show({
    ...AS_GUEST,
    party: { ...AS_GUEST.party, playing: false, rules: { control: 'chosen', locked: true } },
  }),
  'party-as-co-host': show(
    party({
      role: 'co-host',
      rules: { control: 'chosen', locked: false },
      members: [{ ...ana, role: 'co-host' }, { ...ben, role: 'host' }, cleo],
    }),
  ),
  'pill-offers': both(show(party(), false), hideOsd, offers),
  'pill-skip': both(show(party(), false), hideOsd, skips),
  'party-never-waits': show(party({ waitMs: 0 })),
  'party-reconnecting': show(party({ connection: { state: 'reconnecting', retryInMs: 4_200 } })),
  'party-connecting': show(party({ connection: { state: 'connecting' } })),
  'party-free': show(party({ place: 'free', follow: 'free' })),
  'party-away': both(show(party({ place: 'away' })), onPage),
  'party-other-item': show(party({ place: 'other-item' })),
  'party-opening': both(show(party({ place: 'opening' })), onPage),
  'party-autoplay-blocked': show(party({ place: 'autoplay-blocked' })),
  'party-faded': both(show(party()), hideOsd),
  'party-problem': both(show(party()), problem('item-missing', 'open-item')),
  'pill-in-sync': both(show(party(), false), toasts),
  'pill-hidden': both(show(party(), false), hideOsd),
  'pill-alone': show(party({ members: [ana] }), false),
  'pill-waiting': both(show(party({ wait: wait(['Ben'], 28_000) }), false), hideOsd),
  'pill-gave-up': both(show(party({ members: everyReason }), false), hideOsd),
  'pill-away': both(show(party({ place: 'away' }), false), onPage),
  'pill-other-item': show(party({ place: 'other-item' }), false),
  'pill-problem': both(show(party(), false), hideOsd, problem('relay-lost', 'none')),
  'autoplay-blocked': both(show(party({ place: 'autoplay-blocked' }), false), hideOsd),
  'problem-reload': both(show({ state: 'idle' }), problem('extension-updated', 'reload')),
  'problem-settings': both(show({ state: 'idle' }), problem('relay-unreachable', 'settings')),
  'problem-retry': both(show({ state: 'idle' }), problem('jellyfin-unreachable', 'retry')),
  ...Object.fromEntries(
    PROBLEM_CODES.map((code) => [`error-${code}`, both(show({ state: 'idle' }), problem(code, 'dismiss'))]),
  ),
};
