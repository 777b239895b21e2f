import { ask } from '../platform/rpc.ts';

/** Runs on the relay's page: says that the extension is there, and leads on when the page has had the invite checked. */
async function main(): Promise<void> {
  const root = document.documentElement;
  const isOurs = document.querySelector('meta[name="application-name"][content="OpenSyncParty"]') !== null;
  if (!isOurs) return;
  const look = async () => {
    const reply = await ask({ type: 'landing', href: location.href, address: root.dataset.ospAddress ?? null });
    return reply.ok ? reply.value : null;
  };
  document.addEventListener('osp-open', async () => {
    const to = await look();
    if (to?.allowed) location.assign(to.url);
  });
  const found = await look();
  if (found) root.dataset.ospExtension = found.allowed ? 'ready' : 'unallowed';
}

// It comes with every page of an allowed site, before that has been read.
if (/\/join\//.test(location.pathname)) {
  if (document.readyState !== 'loading') void main();
  else document.addEventListener('DOMContentLoaded', () => void main());
}
