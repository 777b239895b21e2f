import type { JellyfinSession } from '../jellyfin/host.ts';
import type { BackgroundReplies, BackgroundReply, BackgroundRequest } from '../platform/messages.ts';

export type Ask = <R extends BackgroundRequest>(request: R) => Promise<BackgroundReply<BackgroundReplies[R['type']]>>;

/** How a person comes to an identity on a relay, or why not. */
export type SignIn =
  | { state: 'identity'; identity: string }
  /** This relay knows no Jellyfin of ours: a host needs its pairing code, a guest the invite alone. */
  | { state: 'needs-pairing' }
  | { state: 'failed'; code: string };

/**
 * Signs in to a relay: by the Jellyfin session where the relay can check it, else by a stored identity.
 * The Jellyfin token goes only to a relay that says it takes them (design.md section 6).
 * @param storedIdentity token pasted or got by pairing earlier; '' when none.
 */
export async function signIn(
  ask: Ask,
  relay: string,
  session: JellyfinSession,
  storedIdentity: string,
): Promise<SignIn> {
  const info = await ask({ type: 'relay-info', relay });
  if (!info.ok) return { state: 'failed', code: info.code };
  if (info.value.signIn === 'jellyfin') {
    const { serverId, token } = session;
    const reply = await ask({ type: 'relay-token', relay, request: { kind: 'jellyfin', serverId, token } });
    if (reply.ok) return { state: 'identity', identity: reply.value.identity };
    if (reply.code !== 'jellyfin-not-listed') return { state: 'failed', code: reply.code };
  }
  if (storedIdentity === '') return { state: 'needs-pairing' };
  const renewed = await ask({ type: 'relay-token', relay, request: { kind: 'renew', identity: storedIdentity } });
  if (renewed.ok) return { state: 'identity', identity: renewed.value.identity };
  return /^token-/.test(renewed.code) ? { state: 'needs-pairing' } : { state: 'failed', code: renewed.code };
}

/**
 * Turns what a host typed into an identity: a pairing code from the relay's console, or a token made with `npm run token`.
 * @param name shown to the others.
 */
export async function pairWith(ask: Ask, relay: string, typed: string, name: string): Promise<SignIn> {
  const text = typed.trim();
  const request =
    text.split('.').length === 3
      ? { kind: 'renew' as const, identity: text }
      : { kind: 'pairing' as const, code: text, name };
  const reply = await ask({ type: 'relay-token', relay, request });
  return reply.ok ? { state: 'identity', identity: reply.value.identity } : { state: 'failed', code: reply.code };
}
