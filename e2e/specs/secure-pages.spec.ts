import { selfSigned } from '../support/certificate.ts';
import { expectTogether } from '../support/expectations.ts';
import { expect, ITEM_IDS, test } from '../support/fixtures.ts';
import { meet } from '../support/party.ts';

test('a strict page policy does not stop the party @once', async ({ createWorld }) => {
  const csp = "default-src 'self' data: blob:; connect-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'";
  const world = await createWorld({ jellyfin: { csp } });
  const ana = await world.person('ana');
  const ben = await world.person('ben');
  await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
  await expectTogether(ana, ben);
});

test('[peer R-13] an https Jellyfin and a plain ws relay on another address @once', async ({ createWorld }) => {
  const certificate = await selfSigned();
  // Not 127.0.0.1 or localhost, so that the browsers' exemption from mixed content does not decide.
  const world = await createWorld({
    jellyfin: { tls: certificate },
    relay: { host: '127.0.0.2', caFile: certificate.file },
  });
  const ana = await world.person('ana');
  const ben = await world.person('ben');
  expect(world.jellyfin.url).toMatch(/^https:/);
  expect(world.relay.url).toMatch(/^http:\/\/127\.0\.0\.2/);
  await meet(ana, ben, ITEM_IDS.filmA, world.relay.url);
  await expectTogether(ana, ben);
  await ben.screenshot('https');
});
