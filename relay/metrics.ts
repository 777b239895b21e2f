import { Counter, collectDefaultMetrics, Gauge, Registry as Page } from 'prom-client';
import packageJson from '../package.json' with { type: 'json' };
import type { Registry } from './rooms/registry.ts';
import { FANOUT_BOUNDS_MS, type Tally } from './tally.ts';

/** The relay's figures as Prometheus reads them. */
export interface Metrics {
  /** @returns the page at `/metrics`; the first call starts to watch the event loop and the garbage collector. */
  page(): Promise<{ type: string; body: string }>;
}

export interface MetricsSources {
  tally: Tally;
  registry: Pick<Registry, 'size' | 'members'>;
  /** The socket adapter in use. */
  socket: string;
}

/** Nothing is set up before somebody asks, so a relay that nobody watches pays nothing for it. */
export function createMetrics(sources: MetricsSources): Metrics {
  let page: Page | null = null;
  return {
    page: async () => {
      page ??= setUp(sources);
      return { type: page.contentType, body: `${await page.metrics()}\n${fanoutText(sources.tally)}` };
    },
  };
}

function setUp({ tally, registry, socket }: MetricsSources): Page {
  const page = new Page();
  const registers = [page];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const counter = <L extends string>(
    name: string,
    help: string,
    label: L,
    read: () => Record<string, number>,
  ): void => {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value } as Record<L, string>, count);
      },
    });
  };
  gauge('osp_rooms', 'Rooms in memory, those just left included', () => registry.size());
  gauge('osp_members', 'Members connected now', () => registry.members());
  gauge('osp_sockets', 'Sockets open now, those that have not said hello included', () => tally.sockets);
  counter('osp_commands_total', 'Commands that members sent, by what they ask for', 'action', () => tally.commands);
  counter('osp_refusals_total', 'Requests and messages refused, by error code', 'code', () => tally.refusals);
  new Counter({
    name: 'osp_published_total',
    help: 'Messages to a whole room',
    registers,
    collect() {
      this.reset();
      this.inc(tally.published);
    },
  });
  const build = { name: 'osp_build_info', help: 'Always 1; the labels say what runs', registers };
  new Gauge({ ...build, labelNames: ['version', 'socket'] }).set({ version: packageJson.version, socket }, 1);
  collectDefaultMetrics({ register: page });
  return page;
}

/** Written by hand: a histogram of the library keeps counts of its own, and observing costs each command a microsecond. */
function fanoutText({ fanout: { counts, sumMs } }: Tally): string {
  const name = 'osp_fanout_seconds';
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    const bound = FANOUT_BOUNDS_MS[index];
    return `${name}_bucket{le="${bound === undefined ? '+Inf' : bound / 1000}"} ${total}`;
  });
  return [
    `# HELP ${name} From a command read to all that follows from it handed to the sockets`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_sum ${sumMs / 1000}`,
    `${name}_count ${total}\n`,
  ].join('\n');
}
