/** `tsx e2e/jellyfin/main.ts [--port 8096] [--web DIST] [--version 10.11.0] [--base /jellyfin] [--media FOLDER]` */
import { parseArgs } from 'node:util';
import { ensureMedia } from '../support/media.ts';
import { type JellyfinOptions, startJellyfin } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8096' },
    web: { type: 'string' },
    version: { type: 'string', default: '10.11.0' },
    base: { type: 'string', default: '' },
    media: { type: 'string' },
  },
});

const options: JellyfinOptions = {
  media: await ensureMedia(values.media),
  port: Number(values.port),
  version: values.version,
  basePath: values.base === '' ? '' : `/${values.base.replace(/^\//, '')}`,
  ...(values.web ? { webDist: values.web } : {}),
};
const jellyfin = await startJellyfin(options);
console.log(`stand-in Jellyfin ${values.version}: ${jellyfin.url}/web/  (log in as ana/ana, ben/ben or cleo/cleo)`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void jellyfin.close().then(() => process.exit(0));
  });
}
