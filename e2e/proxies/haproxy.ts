/** `deploy/haproxy.cfg` as it is, with addresses and files of a test's own. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { selfSigned } from '../support/certificate.ts';
import { ROOT } from '../support/places.ts';
import { freePort } from '../support/relay-process.ts';
import { ask } from './ask.ts';
import { ProxyProcess, proxyFolder } from './proxy-process.ts';

export const HAPROXY_CONFIG = readFileSync(join(ROOT, 'deploy/haproxy.cfg'), 'utf8');

/** A node's `server` line: its name and `host:port`, in the order of their ids. */
export interface NodeAddress {
  name: string;
  address: string;
}

export interface Balancer {
  /** Base URL. */
  url: string;
  /** Of the master process; its worker is the one that works. */
  pid: number | undefined;
  /** Starts anew with the same file, as `systemctl reload haproxy` does. */
  reload(): void;
  /** Takes one node more without a reload, by the commands of docs/SCALING.md. */
  addNode(node: NodeAddress, id: number): Promise<void>;
  /** @returns the node that a request for this room comes to. */
  nodeOf(room: string): Promise<string>;
  close(): Promise<void>;
}

/** @param maxConnections that it takes: an ordinary process may not open the files for as many as the file says. */
export async function startBalancer(nodes: readonly NodeAddress[], maxConnections = 500): Promise<Balancer> {
  const folder = await proxyFolder();
  const port = await freePort();
  const { cert, key } = await selfSigned(folder);
  const certs = join(folder, 'certs');
  await mkdir(certs);
  await writeFile(join(certs, 'site.pem'), Buffer.concat([cert, key]));
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, configFor(nodes, folder, port, maxConnections));
  const haproxy = await ProxyProcess.start('haproxy', ['-W', '-f', file], { port, folder });
  const url = `https://127.0.0.1:${port}`;
  const agent = new Agent({ keepAlive: true });
  return {
    url,
    pid: haproxy.pid,
    nodeOf: async (room) => (await ask(`${url}/v1/rooms/${room}`, { agent })).header('x-test-node') || 'none',
    reload: () => haproxy.signal('SIGUSR2'),
    addNode: async (node, id) => {
      for (const command of addServerCommands(node, id)) await tell(join(folder, 'admin.sock'), command);
    },
    close: () => {
      agent.destroy();
      return haproxy.close();
    },
  };
}

/** What docs/SCALING.md tells an operator to say, with this node in the place of its example. */
function addServerCommands({ name, address }: NodeAddress, id: number): string[] {
  const text = readFileSync(join(ROOT, 'docs/SCALING.md'), 'utf8');
  const commands = [...text.matchAll(/^ +echo "([^"]+)" \| socat/gm)].flatMap(([, command]) => command ?? []);
  if (commands.length < 3) throw new Error('docs/SCALING.md does not say how to add a node');
  return commands.map((command) =>
    command.replace('relay/d', `relay/${name}`).replace('10.0.0.14:8787', address).replace('id 4', `id ${id}`),
  );
}

/** One command to HAProxy's admin socket. @throws Error with what it answers, if that is not agreement. */
async function tell(socketFile: string, command: string): Promise<void> {
  const socket = createConnection(socketFile);
  socket.end(`${command}\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  if (!/^(New server registered\.)?\s*$/.test(answer)) throw new Error(`${command}: ${answer.trim()}`);
}

/** Everything but addresses stays as an operator gets it; the answers name their node, so that a test can tell. */
function configFor(nodes: readonly NodeAddress[], folder: string, port: number, maxConnections: number): string {
  const servers = nodes.map(({ name, address }, i) => `    server ${name} ${address} id ${i + 1}`).join('\n');
  return replaceEach(HAPROXY_CONFIG, [
    [/^ {4}bind :443 /m, `    http-after-response set-header x-test-node %[srv_name]\n    bind 127.0.0.1:${port} `],
    [/\/etc\/haproxy\/certs\//, join(folder, 'certs/')],
    [/\/run\/haproxy\/admin\.sock/, join(folder, 'admin.sock')],
    [/^ {4}maxconn 100000$/m, `    maxconn ${maxConnections}`],
    [/(^ {4}server .*\n)+/m, `${servers}\n`],
  ]);
}

function replaceEach(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((changed, [pattern, to]) => {
    if (!pattern.test(changed)) throw new Error(`deploy/haproxy.cfg has no ${pattern} any more`);
    return changed.replace(pattern, to);
  }, text);
}
