/**
 * `npm run bench:actuator [-- --json FILE]`: what a trim does to the media clock of the Chromium on this machine, with the pitch
 * kept and with the pitch following the rate. Prints the step that each excursion leaves behind, how exact the rate is and how
 * unsteady the clock, and what the engine may use: trims by resampling, or seeks only.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from '@playwright/test';
import { sendFile } from '../../jellyfin/ranges.ts';
import { ensureMedia } from '../../support/media.ts';
import { requireProgram } from '../../support/programs.ts';
import { sourceOf } from '../../support/tab.ts';
import { median, print, printTable, rounded, runBench } from '../report.ts';
import { type Excursion, excursion, type Stretch } from './fit.ts';
import { type Plan, playStretches } from './page.ts';

const REPEATS = 4;
const RATE = 1.003;
const REST_FOR_MS = 1_700;
const EXCURSION_FOR_MS = 2_800;
/** A rate is heard some 75 ms after it is set, and the pitch-keeping algorithm takes longer to become steady. */
const UNSTEADY_MS = 400;
/** Beyond these a trim does more harm than good. */
const LARGEST_STEP_MS = 3;
const LARGEST_SLOPE_ERROR = 0.2;
const BENCH_DEADLINE_MS = 60_000;

interface ModeFigures {
  /** Medians over the repeats; the slope error is a share of the commanded change. */
  stepMs: number | null;
  slopeError: number | null;
  residualSdMs: number | null;
  restSdMs: number | null;
  stepsMs: (number | null)[];
}

type Choice = 'resampler-trim' | 'seek-only';

async function serveFilm(): Promise<Server> {
  const film = (await ensureMedia()).file('filmA');
  const server = createServer((request, response) => {
    if (request.url !== '/film.mp4') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><video src="/film.mp4" preload="auto"></video>');
      return;
    }
    const call = { method: request.method ?? 'GET', path: '/film.mp4', params: {}, query: new Map(), body: {} };
    sendFile({ ...call, login: null, request, response }, film, 'video/mp4').catch((error: Error) => {
      response.destroy(error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: await requireProgram('chromium'),
    // Chromium refuses its sandbox to root; CI containers run as root.
    chromiumSandbox: process.getuid?.() !== 0,
    // Muted audio may take another way through the pipeline, and the way is what is measured.
    ignoreDefaultArgs: ['--mute-audio'],
    args: ['--autoplay-policy=no-user-gesture-required'],
  });
}

const plan = (preservesPitch: boolean): Plan => {
  const pair = [
    { rate: RATE, forMs: EXCURSION_FOR_MS },
    { rate: 1, forMs: REST_FOR_MS },
  ];
  const repeats = Array.from({ length: REPEATS }, () => pair).flat();
  return { preservesPitch, stretches: [{ rate: 1, forMs: REST_FOR_MS }, ...repeats] };
};

/** Each excursion shares its rests with its neighbours. */
function excursions(stretches: readonly Stretch[]): Excursion[] {
  return stretches.flatMap((during, i) => {
    const [before, after] = [stretches[i - 1], stretches[i + 1]];
    return during.rate !== 1 && before && after ? [excursion(before, during, after, UNSTEADY_MS)] : [];
  });
}

async function measureMode(browser: Browser, url: string, preservesPitch: boolean): Promise<ModeFigures> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    const stretches = (await page.evaluate(sourceOf(playStretches, plan(preservesPitch)))) as Stretch[];
    const found = excursions(stretches);
    const middle = (key: keyof Excursion, digits: number): number | null =>
      rounded(median(found.map((each) => each[key])), digits);
    return {
      stepMs: middle('stepMs', 2),
      slopeError: middle('slopeError', 3),
      residualSdMs: middle('residualSdMs', 3),
      restSdMs: middle('restSdMs', 3),
      stepsMs: found.map(({ stepMs }) => rounded(stepMs, 2)),
    };
  } finally {
    await page.close();
  }
}

/** Trims go by the resampler, so only its figures decide. */
function choose({ stepMs, slopeError }: ModeFigures): Choice {
  if (stepMs === null || slopeError === null) return 'seek-only';
  const isExact = Math.abs(stepMs) <= LARGEST_STEP_MS && Math.abs(slopeError) <= LARGEST_SLOPE_ERROR;
  return isExact ? 'resampler-trim' : 'seek-only';
}

async function bench(): Promise<object> {
  const server = await serveFilm();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await launch();
  const deadline = setTimeout(() => void browser.close(), BENCH_DEADLINE_MS);
  try {
    const kept = await measureMode(browser, url, true);
    const free = await measureMode(browser, url, false);
    const choice = choose(free);
    const version = browser.version();
    print(`  Chromium ${version}: ${REPEATS} excursions of ${EXCURSION_FOR_MS / 1000} s to rate ${RATE}, medians`);
    printTable(
      ['preservesPitch', 'step ms', 'slope error %', 'SD ms', 'SD at rest ms', 'each step ms'],
      [['true (stretched)', kept] as const, ['false (resampled)', free] as const].map(([name, mode]) => [
        ...[name, mode.stepMs, mode.slopeError === null ? null : rounded(mode.slopeError * 100, 1)],
        ...[mode.residualSdMs, mode.restSdMs, mode.stepsMs.join(' ')],
      ]),
    );
    print(`  choice: ${choice} (trims when |step| <= ${LARGEST_STEP_MS} ms and the slope is within 20 %)`);
    return { chromium: { version, preservesPitch: { true: kept, false: free }, choice } };
  } finally {
    clearTimeout(deadline);
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

await runBench(bench);
