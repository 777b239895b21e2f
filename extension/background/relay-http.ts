import * as v from 'valibot';
import { ERROR_CODES } from '../../shared/errors.ts';
import {
  type CodeResponse,
  CodeResponseSchema,
  type Info,
  InfoSchema,
  type RoomResponse,
  RoomResponseSchema,
  type TokenRequest,
  type TokenResponse,
  TokenResponseSchema,
} from '../../shared/http-api.ts';
import type { InviteLink } from '../../shared/invite-link.ts';
import type { BackgroundFailure, BackgroundReply } from '../platform/messages.ts';
import { isBlockedByLocalNetworkPermission, type PermissionQuery } from './local-network.ts';

/** A relay answers these in milliseconds, except `jellyfin` sign-in, which asks the Jellyfin server first. */
const TIMEOUT_MS = 8_000;

/** Edges to the outside world, so that tests bring their own. */
export interface HttpEdges {
  fetch: typeof fetch;
  queryPermission: PermissionQuery;
}

/** HTTP to a relay that the user chose. No cookies, no redirects: a token goes to the address that was typed or nowhere. */
export class RelayHttp {
  readonly #edges: HttpEdges;

  constructor(edges: HttpEdges) {
    this.#edges = edges;
  }

  /** @param relay base URL. Says whether there is a relay at all: one that knows no such path is not at this address. */
  async info(relay: string): Promise<BackgroundReply<Info>> {
    const reply = await this.#request(relay, '/v1/info', { method: 'GET' }, InfoSchema);
    return !reply.ok && reply.code === 'not-found' ? failure('relay-address-wrong', 'no relay at this path') : reply;
  }

  token(relay: string, request: TokenRequest): Promise<BackgroundReply<TokenResponse>> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    };
    return this.#request(relay, '/v1/token', init, TokenResponseSchema);
  }

  /** @param identity token of who opens the room. */
  room(relay: string, identity: string): Promise<BackgroundReply<RoomResponse>> {
    const init = { method: 'POST', headers: { authorization: `Bearer ${identity}` } };
    return this.#request(relay, '/v1/rooms', init, RoomResponseSchema);
  }

  /** @param code eight digits that shall stand for the link. */
  putCode({ relay, room, invite }: InviteLink, code: string): Promise<BackgroundReply<CodeResponse>> {
    const init = {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ room, invite }),
    };
    return this.#request(relay, `/v1/codes/${code}`, init, CodeResponseSchema);
  }

  async #request<T>(
    relay: string,
    path: string,
    init: RequestInit,
    schema: v.GenericSchema<unknown, T>,
  ): Promise<BackgroundReply<T>> {
    if (!isRelayUrl(relay)) return failure('relay-address-wrong', 'not an http or https address');
    const url = relay.replace(/\/+$/, '') + path;
    let status: number;
    let body: unknown;
    try {
      const response = await this.#edges.fetch(url, withLimits(init));
      status = response.status;
      body = readJson(await response.text());
    } catch (error) {
      return this.#explain(url, error);
    }
    if (status >= 200 && status < 300) {
      const parsed = v.safeParse(schema, body);
      return parsed.success ? { ok: true, value: parsed.output } : failure('relay-address-wrong', 'not a relay');
    }
    return refusal(status, body);
  }

  /** Why a fetch failed: browsers say only "failed", so the likely causes are tried one by one. */
  async #explain(url: string, error: unknown): Promise<BackgroundFailure> {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    if (timedOut) return failure('relay-unreachable', 'no answer in time');
    if (await this.#someoneAnswers(url)) return failure('relay-address-wrong', 'a server that is not a relay');
    if (await isBlockedByLocalNetworkPermission(url, this.#edges.queryPermission)) {
      return failure('relay-blocked-private', 'the browser does not let extensions reach the local network');
    }
    return failure('relay-unreachable', 'no connection');
  }

  /** An opaque answer needs no CORS headers: a server that gives one but refused us before is not a relay. */
  async #someoneAnswers(url: string): Promise<boolean> {
    try {
      await this.#edges.fetch(url, { ...withLimits({ method: 'GET' }), mode: 'no-cors', redirect: 'follow' });
      return true;
    } catch {
      return false;
    }
  }
}

/** @returns whether this can be a relay's base URL: http(s), no log-in and no query or fragment in it. */
export function isRelayUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function withLimits(init: RequestInit): RequestInit {
  return {
    ...init,
    credentials: 'omit',
    redirect: 'error',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const RefusalSchema = v.object({ code: v.picklist(ERROR_CODES), message: v.fallback(v.string(), '') });

function refusal(status: number, body: unknown): BackgroundFailure {
  const parsed = v.safeParse(RefusalSchema, body);
  if (parsed.success) return failure(parsed.output.code, parsed.output.message);
  // A proxy in front of a relay that is down answers for it; anything else is another kind of server.
  return status >= 502 && status <= 504
    ? failure('relay-unreachable', `a proxy answered ${status}`)
    : failure('relay-address-wrong', `answered ${status} without a reason`);
}

const failure = (code: string, message: string): BackgroundFailure => ({ ok: false, code, message });
