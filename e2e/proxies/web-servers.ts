/** `deploy/Caddyfile` and `deploy/nginx.conf` as they are, with ports, certificates and upstreams of a test's own. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from '../support/certificate.ts';
import { ROOT } from '../support/places.ts';
import { freePort } from '../support/relay-process.ts';
import { ProxyProcess, proxyFolder } from './proxy-process.ts';

/** Base URLs of the two sites of each file, and what stands behind them. */
export interface Site {
  /** A name of its own. */
  root: string;
  /** Below `/party`. */
  below: string;
  close(): Promise<void>;
}

export interface Upstreams {
  root: string;
  below: string;
}

export interface Ports {
  root: number;
  below: number;
}

/** Starts one of them before or behind what the test wants. */
export type StartSite = (upstreams: Upstreams, certificate: Certificate, ports: Ports) => Promise<Site>;

export const freePorts = async (): Promise<Ports> => ({
  root: await freePort(),
  below: await freePort(),
});

export const startCaddy: StartSite = async (upstreams, { file, keyFile }, ports) => {
  const folder = await proxyFolder();
  const path = join(folder, 'Caddyfile');
  const tls = `\n\ttls ${file} ${keyFile}`;
  const sites = replaceInTurn(readFileSync(join(ROOT, 'deploy/Caddyfile'), 'utf8'), [
    ['party.example.org {', `https://127.0.0.1:${ports.root} {${tls}`],
    ['127.0.0.1:8787', authorityOf(upstreams.root)],
    ['\nexample.org {', `\nhttps://127.0.0.1:${ports.below} {${tls}`],
    ['127.0.0.1:8787', authorityOf(upstreams.below)],
  ]);
  await writeFile(path, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${sites}`);
  const args = ['run', '--config', path, '--adapter', 'caddyfile'];
  const proxy = await ProxyProcess.start('caddy', args, { port: ports.below, folder });
  return { ...urlsOf(ports), close: () => proxy.close() };
};

/** @param change of the file, for a test of what one of its lines does. */
export const startNginx =
  (change: (sites: string) => string = (sites) => sites): StartSite =>
  async (upstreams, { file, keyFile }, ports) => {
    const folder = await proxyFolder();
    const path = join(folder, 'nginx.conf');
    await mkdir(join(folder, 'tmp'));
    const sites = replaceInTurn(readFileSync(join(ROOT, 'deploy/nginx.conf'), 'utf8'), [
      ...listen(ports.root, 'party.example.org', upstreams.root, file, keyFile),
      ...listen(ports.below, 'example.org', upstreams.below, file, keyFile),
    ]);
    await writeFile(path, nginxMain(change(sites)));
    const args = ['-p', folder, '-c', path, '-e', 'stderr'];
    const proxy = await ProxyProcess.start('nginx', args, { port: ports.below, folder });
    return { ...urlsOf(ports), close: () => proxy.close() };
  };

const listen = (
  port: number,
  name: string,
  upstream: string,
  cert: string,
  key: string,
): readonly (readonly [string, string])[] => [
  ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
  [`/etc/letsencrypt/live/${name}/fullchain.pem`, cert],
  [`/etc/letsencrypt/live/${name}/privkey.pem`, key],
  ['http://127.0.0.1:8787', upstream],
];

/** What a distribution puts around a site, with nothing outside of the folder. */
const nginxMain = (sites: string): string => `
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path tmp/body;
  proxy_temp_path tmp/proxy;
  fastcgi_temp_path tmp/fastcgi;
  uwsgi_temp_path tmp/uwsgi;
  scgi_temp_path tmp/scgi;
${sites}
}
`;

const urlsOf = (ports: Ports): { root: string; below: string } => ({
  root: `https://127.0.0.1:${ports.root}`,
  below: `https://127.0.0.1:${ports.below}/party`,
});

const authorityOf = (url: string): string => new URL(url).host;

/** Replaces each text once, searching on from where the one before stood. @throws Error when one is not there. */
function replaceInTurn(text: string, changes: readonly (readonly [string, string])[]): string {
  let done = '';
  let rest = text;
  for (const [from, to] of changes) {
    const at = rest.indexOf(from);
    if (at < 0) throw new Error(`the file has no "${from}" any more`);
    done += rest.slice(0, at) + to;
    rest = rest.slice(at + from.length);
  }
  return done + rest;
}
