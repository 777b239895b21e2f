import type { OverlayActions } from '../overlay/model.ts';
import { copyText, shareText } from './clipboard.ts';
import type { Links } from './links.ts';
import type { Ask } from './sign-in.ts';

type LinkActions = Pick<
  OverlayActions,
  'copyInvite' | 'shareInvite' | 'makeInvite' | 'listInvites' | 'revokeInvite' | 'makeCode' | 'drawQr'
>;

/**
 * What people do with links.
 * @param links of the party that this tab is in, if it is in one. @param onRefused is told why the background did not do it.
 */
export const linkActions = (
  links: () => Links | undefined,
  ask: Ask,
  onRefused: (code: string) => void,
): LinkActions => ({
  copyInvite: async () => {
    const url = await links()?.url();
    return url ? copyText(url) : false;
  },
  shareInvite: async () => {
    const url = await links()?.url();
    if (url) await shareText(url);
  },
  makeInvite: (terms) => links()?.make(terms),
  listInvites: () => links()?.list(),
  revokeInvite: (invite) => links()?.revoke(invite),
  makeCode: async () => {
    const url = await links()?.url();
    const reply = url ? await ask({ type: 'relay-code', url }) : null;
    return reply?.ok ? reply.value : null;
  },
  drawQr: async (text) => {
    const reply = await ask({ type: 'draw-qr', text });
    if (reply.ok) return reply.value;
    onRefused(reply.code);
    return null;
  },
});

/**
 * The first link of a party that somebody has just started goes onto the clipboard by itself: the click that started it still
 * lets a page write there for some seconds. Where it does not, the button is as it was.
 * @param tell is called when the link is there. @returns what wants to know of each link.
 */
export function copyFirstLink(tell: () => void): (url: string) => Promise<void> {
  let isFirst = true;
  return async (url) => {
    if (!isFirst) return;
    isFirst = false;
    if (await copyText(url)) tell();
  };
}
