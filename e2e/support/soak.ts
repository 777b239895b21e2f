/**
 * `npm run soak [-- --rooms 10000 --members 2000 --minutes 60 --socket uws --json FILE]`: opens and leaves so many rooms, then lets
 * so many members watch for so long, against a real relay process; after each, what the process holds is to be what it was.
 */

import { startRelayProcess } from '../../relay/testing/process.ts';
import { type AtRest, atRest, METRICS_TOKEN, occupancy, openAndLeave, watch } from '../../relay/testing/soak/soak.ts';
import { print, printTable, runBench } from '../bench/report.ts';

/** As many come and go before the first look, so that the code is compiled and the heap has its working size. */
const WARM_UP_ROOMS = 1_000;
const WARM_UP_MEMBERS = 500;
const WARM_UP_MS = 10_000;
const GROWTH = 1.1;

const isKept = (start: AtRest, now: AtRest): boolean =>
  now.heapBytes <= start.heapBytes * GROWTH && now.handles <= start.handles && now.files <= start.files;

await runBench(
  async ({ rooms = '10000', members = '2000', minutes = '60', socket = 'uws' }) => {
    const relay = await startRelayProcess({
      OSP_SOCKET: socket,
      OSP_LOG_LEVEL: 'warn',
      OSP_METRICS_TOKEN: METRICS_TOKEN,
    });
    print(`rooms and sockets at first: ${(await occupancy(relay)).join(', ')}`);
    const looks: Record<string, AtRest> = {};
    try {
      print('warming up, then five minutes until its rooms are forgotten');
      await openAndLeave(relay, WARM_UP_ROOMS);
      await watch(relay, WARM_UP_MEMBERS, WARM_UP_MS);
      const start = await atRest(relay);
      looks.start = start;
      if (Number(rooms) > 0) {
        const startedMs = performance.now();
        await openAndLeave(relay, Number(rooms));
        print(`${rooms} rooms opened and left in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
        looks[`${rooms} rooms`] = await atRest(relay);
      }
      let faults: string[] = [];
      if (Number(minutes) > 0) {
        const soaked = await watch(relay, Number(members), Number(minutes) * 60_000);
        const { pongs, timelines, returns } = soaked;
        faults = soaked.faults;
        print(`${members} members, ${minutes} min: ${pongs} pongs, ${timelines} timelines, ${returns} returns`);
        for (const fault of new Set(faults)) print(`  ${faults.filter((one) => one === fault).length}x ${fault}`);
        looks[`${members} members, ${minutes} min`] = await atRest(relay);
      }
      const rows = Object.entries(looks).map(([name, { heapBytes, residentBytes, handles, files }]) => [
        name,
        (heapBytes / 2 ** 20).toFixed(2),
        `${((heapBytes / start.heapBytes - 1) * 100).toFixed(1)} %`,
        (residentBytes / 2 ** 20).toFixed(0),
        handles,
        files,
      ]);
      printTable(['at rest after', 'heap MiB', 'grown', 'resident MiB', 'handles', 'files'], rows);
      if (faults.length > 0 || !Object.values(looks).every((look) => isKept(start, look))) process.exitCode = 1;
      return { looks, faults };
    } finally {
      await relay.stop();
    }
  },
  ['rooms', 'members', 'minutes', 'socket'],
);
