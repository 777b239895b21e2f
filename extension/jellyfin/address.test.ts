import { describe, expect, it } from 'vitest';
import { formatInviteLink } from '../../shared/invite-link.ts';
import { takeInvite } from './address.ts';
import { baseUrlOf } from './detect.ts';

const LINK = { relay: 'https://relay.example', room: 'room-0123456789abcdef', invite: 'aaaa.bbbb.cccc' };
const RIDING = `osp-party=${encodeURIComponent(formatInviteLink(LINK))}`;

function visit(hash: string) {
  const replaced: unknown[][] = [];
  const history = { state: { idx: 3 }, replaceState: (...args: unknown[]) => void replaced.push(args) };
  const taken = takeInvite({ hash, pathname: '/jellyfin/web/', search: '?a=1' }, history);
  return { taken, replaced };
}

describe('takeInvite', () => {
  it('takes the invite and leaves the address as the app expects it', () => {
    const { taken, replaced } = visit(`#/details?id=1&serverId=2&${RIDING}`);
    expect(taken).toEqual({ link: LINK });
    expect(replaced).toEqual([[{ idx: 3 }, '', '/jellyfin/web/?a=1#/details?id=1&serverId=2']]);
  });

  it('takes an unreadable one out all the same', () => {
    const { taken, replaced } = visit('#/home?osp-party=nonsense');
    expect(taken).toEqual({ link: null });
    expect(JSON.stringify(replaced)).not.toContain('osp-party');
  });

  it('touches nothing when there is none', () => {
    expect(visit('#/home')).toEqual({ taken: null, replaced: [] });
  });
});

it.each([
  ['/web/', 'https://h'],
  ['/web/index.html', 'https://h'],
  ['/jellyfin/web/', 'https://h/jellyfin'],
  ['/a/web/web/', 'https://h/a'],
  ['/', 'https://h'],
])('finds the server of a page at %s', (pathname, expected) => {
  expect(baseUrlOf({ origin: 'https://h', pathname })).toBe(expected);
});
