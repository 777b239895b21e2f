import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { readConfig } from '../../relay/config.ts';
import { startTestRelay } from '../../relay/testing/relay.ts';
import { ROOT } from '../support/places.ts';
import { shippedNodeOptions } from '../support/shipped-relay.ts';

const read = (name: string): string => readFileSync(join(ROOT, 'deploy', name), 'utf8');

/** Settings of the relay that a file names: each must be one that the README's table has. */
const settingsIn = (text: string): string[] => [...new Set(text.match(/\bOSP_[A-Z_]+\b/g))];
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const KNOWN = new Set([...settingsIn(README.slice(README.indexOf('| variable'))), 'OSP_HOSTNAME']);

describe.each([
  'haproxy.cfg',
  'Caddyfile',
  'nginx.conf',
  'traefik.yml',
  'Dockerfile',
  'compose.yml',
  'opensyncparty.service',
])('deploy/%s', (name) => {
  it('names no setting that the relay does not have', () => {
    expect(settingsIn(read(name)).filter((setting) => !KNOWN.has(setting))).toEqual([]);
  });
});

/** An image cannot be built in these tests, so what would go wrong there is looked for here. */
describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')));
  const instruction = (name: string): string[] => last.filter((line) => line.startsWith(`${name} `));

  it('says only what Docker understands', () => {
    const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|VOLUME|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT) \S/;
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
  });

  it('starts from named versions, and takes every file from where it is', () => {
    for (const line of lines.filter((one) => one.startsWith('FROM')))
      expect(line).toMatch(/^FROM node:\d+-trixie-slim( AS build)?$/);
    const own = lines.filter((line) => line.startsWith('COPY') && !line.includes('--from=')).join(' ');
    for (const file of own.match(/[\w.-]+\.json|\.npmrc/g) ?? []) expect(existsSync(join(ROOT, file))).toBe(true);
    const majors = new Set([...text.matchAll(/node:(\d+)/g)].map(([, major]) => major));
    expect(majors.size).toBe(1);
    const [major] = majors;
    const binaries = { 20: 115, 22: 127, 24: 137, 25: 141 } as Readonly<Record<string, number>>;
    for (const arch of ['x64', 'arm64']) {
      const binary = `node_modules/uWebSockets.js/uws_linux_${arch}_${binaries[major ?? '']}.node`;
      expect(existsSync(join(ROOT, binary))).toBe(true);
    }
  });

  it('[peer R-62] runs as a user without a name, in exec form, with a folder to write to and a health check that can fail', () => {
    const [user] = instruction('USER');
    expect(user).toMatch(/^USER [1-9]\d{3,}:[1-9]\d{3,}$/);
    expect(instruction('ENTRYPOINT')).toEqual(['ENTRYPOINT ["node", "--min-semi-space-size=4", "main.js"]']);
    expect(instruction('VOLUME')).toEqual(['VOLUME /data']);
    expect(instruction('STOPSIGNAL')).toEqual(['STOPSIGNAL SIGTERM']);
    expect(last.join('\n')).toContain(`--chown=${user?.slice(5)} /data /data`);
  });

  it('leaves in its last stage neither npm nor sources', () => {
    const copies = instruction('COPY').map((line) => line.split(' ').slice(-2));
    expect(copies).toEqual([
      ['/src/dist/relay', '/relay'],
      ['/data', '/data'],
    ]);
    expect(instruction('RUN')).toEqual([expect.stringMatching(/^RUN rm -rf (\/(usr\/local|opt)\/\S+ ?)+$/)]);
  });

  it('has a health check that says no when nobody answers, and yes to a relay', async () => {
    const [check = ''] = instruction('HEALTHCHECK');
    const command = JSON.parse(check.slice(check.indexOf('['))) as string[];
    const ask = (port: number): Promise<number | null> =>
      new Promise((resolve) => {
        const env = { ...process.env, OSP_PORT: String(port) };
        spawn(process.execPath, command.slice(1), { env, stdio: 'ignore' }).once('exit', resolve);
      });
    const relay = await startTestRelay();
    expect(await ask(relay.port)).toBe(0);
    await relay.close();
    expect(await ask(relay.port)).toBe(1);
  });
});

interface Compose {
  services: Record<
    'relay' | 'caddy',
    {
      build?: { context: string; dockerfile: string };
      environment: Record<string, string>;
      volumes: string[];
      networks: string[];
      read_only?: boolean;
      cap_drop: string[];
      security_opt: string[];
      ports?: string[];
      command?: string[];
      depends_on?: Record<string, { condition: string }>;
    }
  >;
  networks: Record<string, { ipam: { config: { subnet: string }[] } }>;
  volumes: Record<string, null>;
}

describe('the compose file', () => {
  const { services, networks, volumes } = parse(read('compose.yml')) as Compose;
  const { relay, caddy } = services;

  it('[peer R-62] shuts the relay in: no port of its own, nothing to write to but its data, no privileges', () => {
    expect(relay).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(relay.ports).toBeUndefined();
    expect(relay.volumes).toEqual(['relay-data:/data']);
    expect(existsSync(join(ROOT, 'deploy', relay.build?.context ?? '', relay.build?.dockerfile ?? ''))).toBe(true);
  });

  it('has Caddy pass on to it by a name and from a network that it trusts', () => {
    expect(caddy.command?.slice(-2)).toEqual(['--to', 'relay:8787']);
    expect(caddy.depends_on?.relay?.condition).toBe('service_healthy');
    const subnet = networks.inside?.ipam.config[0]?.subnet ?? '';
    const { trustedProxies } = readConfig({ OSP_TRUSTED_PROXIES: relay.environment.OSP_TRUSTED_PROXIES });
    expect(trustedProxies.check(subnet.split('/')[0]?.replace(/0$/, '2') ?? '')).toBe(true);
    expect([relay.networks, caddy.networks]).toEqual([['inside'], ['inside']]);
    for (const volume of [...relay.volumes, ...caddy.volumes])
      expect(volumes).toHaveProperty(volume.split(':')[0] ?? '');
  });
});

interface Traefik {
  http: {
    routers: Record<string, { rule: string; service: string }>;
    services: Record<string, { loadBalancer: { servers: { url: string }[]; healthCheck: { path: string } } }>;
  };
}

/** Traefik is in no distribution that the tests run on: its file is read, not run. */
describe('the Traefik file', () => {
  it('leads every path but the metrics to a service that it has', () => {
    const { routers, services } = (parse(read('traefik.yml')) as Traefik).http;
    expect(Object.keys(routers)).toHaveLength(2);
    for (const { rule, service } of Object.values(routers)) {
      expect(rule).toMatch(/^Host\(`[^`]+`\)( && PathPrefix\(`\/party\/`\))? && !Path\(`(\/party)?\/metrics`\)$/);
      expect(services[service]?.loadBalancer).toMatchObject({
        servers: [{ url: 'http://127.0.0.1:8787' }],
        healthCheck: { path: '/readyz' },
      });
    }
  });
});

const SYSTEMD_ANALYZE = '/usr/bin/systemd-analyze';

describe('the systemd unit', () => {
  const unit = read('opensyncparty.service');

  it('[peer R-62] has no account, no capabilities, and one folder to write to', () => {
    for (const line of ['DynamicUser=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict', 'NoNewPrivileges=yes'])
      expect(unit.split('\n')).toContain(line);
    expect(unit).toContain('OSP_DATA_DIR=/var/lib/opensyncparty');
    expect(unit).toContain('StateDirectory=opensyncparty\n');
  });

  it('starts the relay as the image does', () => {
    const start = ['/usr/bin/node', ...shippedNodeOptions(), '/opt/opensyncparty/main.js'].join(' ');
    expect(unit.split('\n')).toContain(`ExecStart=${start}`);
    expect(spawnSync(process.execPath, [...shippedNodeOptions(), '--eval', '']).status).toBe(0);
  });

  it.runIf(existsSync(SYSTEMD_ANALYZE))('is understood by systemd, which finds it little exposed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'osp-unit-'));
    const file = join(folder, 'opensyncparty.service');
    writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
    const verify = spawnSync(SYSTEMD_ANALYZE, ['verify', '--man=no', file], { encoding: 'utf8' });
    // Exposure from 0 to 100: 20 is "OK", a plain unit has 96.
    const security = ['security', '--offline=true', '--threshold=20', '--no-pager', file];
    const exposure = spawnSync(SYSTEMD_ANALYZE, security, { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    const own = (verify.stdout + verify.stderr).split('\n').filter((line) => line.includes('opensyncparty'));
    expect(own).toEqual([]);
    expect(exposure.stdout).toContain('Overall exposure level');
    expect([exposure.status, exposure.stdout.split('\n').at(-2)]).toEqual([0, expect.any(String)]);
  });
});

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

describe('the Grafana dashboard', () => {
  it('asks for what the relay shows, and shows everything of its own', async () => {
    const { panels } = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
    const asked = new Set(
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\b(osp|nodejs|process)_\w+/g) ?? [])),
    );
    const relay = await startTestRelay();
    const page = await (await fetch(`${relay.url}/metrics`)).text();
    await relay.close();
    const shown = new Set(page.split('\n').flatMap((line) => /^([a-z]\w*)[{ ]/.exec(line)?.[1] ?? []));
    expect([...asked].filter((name) => !shown.has(name))).toEqual([]);
    expect([...shown].filter((name) => name.startsWith('osp_') && !asked.has(name))).toEqual([]);
  });
});

it('the version in the metrics is the package’s', async () => {
  const relay = await startTestRelay();
  const page = await (await fetch(`${relay.url}/metrics`)).text();
  await relay.close();
  expect(page).toContain(`osp_build_info{version="${packageJson.version}",socket="${relay.socket}"} 1`);
});
