/**
 * `npm run bench:actuator [-- --json FILE]`: what a change of rate does to film and sound in the Chromium and the Firefox of this
 * machine, with the pitch kept and with it following the rate: the step of the media clock that an excursion leaves behind, how
 * exact the rate is, how unsteady the clock, whether switching clicks, and how far the sound leaves the clock. Prints what the
 * engine would choose there. Ends with 1 when that is not natural-pitch trimming in Chromium, which the design rests on.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ActuatorChoice, chooseActuator, figuresOf, judge } from '../../../extension/sync/actuator.ts';
import { sendFile } from '../../jellyfin/ranges.ts';
import { launchChromium } from '../../support/chromium.ts';
import { launchFirefox } from '../../support/firefox.ts';
import type { BrowserSeat } from '../../support/tab.ts';
import { print, runBench } from '../report.ts';
import { ensureFilm, type FilmName } from './film.ts';
import { clickFigures, excursionsOf, measureStretches, rateFigures, type SlipFigures, slipFigures } from './measure.ts';
import { browserVersion, type Plan, type Playback, playStretches } from './page.ts';
import { type BrowserFigures, explain, type ModeFigures, printBrowser, shortened } from './table.ts';

/** The trims that decide, one so small that a stretcher's dead zone swallows it, and an episode. */
const DECIDING_RATES = [1.003, 0.997];
const SMALL_RATE = 1.0005;
const EPISODE_RATE = 1.03;
const SLIP_RATES = [1.0015, 1.005];
const DECIDING_REPEATS = 2;
const REST_FOR_MS = 1_500;
/** So long that also a clock which moves in frames can tell 0.3 % by a fifth. */
const DECIDING_FOR_MS = 5_000;
const EXCURSION_FOR_MS = 2_500;
const SLIP_FOR_MS = 12_000;
const SLIP_REST_FOR_MS = 3_000;
const CLICK_FOR_MS = 1_000;

const NOT_IN_FIREFOX =
  'Firefox plays a captured element through another way (a decoded stream into the audio graph, not its audio stream), so what is captured is not what is heard otherwise';

type Stretches = Plan['stretches'];

const away = (rate: number, forMs: number, restMs: number): Stretches => [
  { rate, forMs },
  { rate: 1, forMs: restMs },
];

const DECIDING_STRETCHES: Stretches = [
  { rate: 1, forMs: REST_FOR_MS },
  ...Array.from({ length: DECIDING_REPEATS }, () => DECIDING_RATES)
    .flat()
    .flatMap((rate) => away(rate, DECIDING_FOR_MS, REST_FOR_MS)),
];

const CLOCK_STRETCHES: Stretches = [
  ...DECIDING_STRETCHES,
  ...[SMALL_RATE, EPISODE_RATE].flatMap((rate) => away(rate, EXCURSION_FOR_MS, REST_FOR_MS)),
];

const CLICK_STRETCHES: Stretches = [
  { rate: 1, forMs: REST_FOR_MS },
  ...[...DECIDING_RATES, EPISODE_RATE].flatMap((rate) => away(rate, CLICK_FOR_MS, CLICK_FOR_MS)),
];

const slipStretches = (rate: number): Stretches => [
  { rate: 1, forMs: SLIP_REST_FOR_MS },
  { rate, forMs: SLIP_FOR_MS },
];

async function serveFilms(): Promise<Server> {
  const files: Record<FilmName, string> = { tone: await ensureFilm('tone'), pulses: await ensureFilm('pulses') };
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace(/^\/|\.mp4$/g, '') as FilmName;
    if (!request.url?.endsWith('.mp4')) {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><button>Play</button><video src="/${name}.mp4" preload="auto"></video>`);
      return;
    }
    const call = { method: request.method ?? 'GET', path: request.url, params: {}, query: new Map(), body: {} };
    sendFile({ ...call, login: null, request, response }, files[name], 'video/mp4').catch((error: Error) => {
      response.destroy(error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function playback(seat: BrowserSeat, address: string, film: FilmName, plan: Plan): Promise<Playback> {
  const tab = await seat.newTab();
  try {
    await tab.goto(`${address}/${film}`);
    // A page that was clicked on may make sound.
    await tab.clickCss('button');
    return await tab.run(playStretches, plan);
  } finally {
    await tab.close();
  }
}

async function measureMode(seat: BrowserSeat, address: string, preservesPitch: boolean): Promise<ModeFigures> {
  const play = (film: FilmName, stretches: Stretches, capture: boolean): Promise<Playback> =>
    playback(seat, address, film, { preservesPitch, stretches, capture });
  const { stretches } = await play('tone', CLOCK_STRETCHES, false);
  const excursions = excursionsOf(stretches);
  const at = (rate: number) => excursions.filter((each) => each.rate === rate);
  const rates = [...DECIDING_RATES, SMALL_RATE, EPISODE_RATE].map((rate) => [rate, rateFigures(at(rate))] as const);
  const deciding = figuresOf([measureStretches(stretches.slice(0, DECIDING_STRETCHES.length))]);
  const small = figuresOf(at(SMALL_RATE).map(({ measure }) => measure));
  const hasDeadZone = judge(deciding) === 'exact' && judge(small) === 'inexact';
  const clock = { rates: Object.fromEntries(rates), judged: hasDeadZone ? small : deciding };
  if (seat.kind === 'firefox') return { ...clock, clicks: null, slip: null, notMeasured: NOT_IN_FIREFOX };
  const clicks = clickFigures(await play('tone', CLICK_STRETCHES, true));
  const slips: [number, SlipFigures][] = [];
  for (const rate of SLIP_RATES) slips.push(...slipFigures(await play('pulses', slipStretches(rate), true)));
  return { ...clock, clicks, slip: Object.fromEntries(slips), notMeasured: null };
}

async function measureBrowser(launch: () => Promise<BrowserSeat>, address: string): Promise<BrowserFigures> {
  const seat = await launch();
  try {
    const tab = await seat.newTab();
    await tab.goto(address);
    const version = await tab.run(browserVersion, null);
    const natural = await measureMode(seat, address, false);
    const kept = await measureMode(seat, address, true);
    const choice = chooseActuator(natural.judged, kept.judged);
    return { version, modes: { natural, kept }, choice };
  } finally {
    await seat.close();
  }
}

/** @returns what of the design's assumptions about Chromium does not hold any more; nothing when all is as it was. */
function changes({ modes: { natural }, choice }: BrowserFigures): string[] {
  const isTrim = choice.type === 'trim' && choice.pitch === 'natural';
  const { clicks } = natural;
  const doesClick = clicks !== null && clicks.badBlocksAtSwitches > 0 && clicks.badBlocksElsewhere === 0;
  return [
    ...(isTrim ? [] : [`the choice is ${nameOf(choice)}: ${explain(natural.judged)}`]),
    ...(doesClick ? [`${clicks.badBlocksAtSwitches} blocks with clicks at ${clicks.switches} switches`] : []),
  ];
}

const nameOf = (choice: ActuatorChoice): string =>
  'pitch' in choice ? `${choice.type} (${choice.pitch})` : choice.type;

async function bench(): Promise<object> {
  const server = await serveFilms();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const options = { extension: null, headless: true };
    const chromium = await measureBrowser(() => launchChromium(options), address);
    printBrowser('Chromium', chromium);
    const firefox = await measureBrowser(() => launchFirefox(options), address);
    printBrowser('Firefox', firefox);
    const changed = changes(chromium);
    for (const change of changed) print(`  CHANGED: Chromium ${chromium.version} with natural pitch: ${change}`);
    if (changed.length > 0) process.exitCode = 1;
    return shortened({ chromium, firefox });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

await runBench(bench);
