import { ProtocolError } from '../../shared/errors.ts';
import type { Config } from '../config.ts';
import type { AddressLimiter } from '../limits/address-limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Tally } from '../tally.ts';
import { clientAddress, limitKey, publicBase } from './address.ts';
import { type ApiContext, checkInvite, createRoom, findCode, info, putCode, showPoster, token } from './api.ts';
import { errorResponse, refusal } from './errors.ts';
import type { Landing } from './landing.ts';
import { refuseMetrics } from './metrics-access.ts';
import { isOriginAllowed } from './origin.ts';
import { type HttpRequest, type HttpResponse, json } from './port.ts';

export interface HttpContext {
  config: Config;
  api: ApiContext;
  landing: Landing;
  limiter: AddressLimiter;
  tally: Tally;
  metrics: Metrics;
  log: Log;
  nowMs: () => number;
  isStopping: () => boolean;
}

type Route = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
type Method = 'GET' | 'POST' | 'PUT';
/** What an address is counted by. */
type Limit = 'handshakes' | 'tokens' | 'codes';
type Methods = Readonly<Partial<Record<Method, Route>>>;

/** Whoever answers a GET answers a HEAD. */
const METHODS: Readonly<Record<string, Method>> = { GET: 'GET', HEAD: 'GET', POST: 'POST', PUT: 'PUT' };
const CODE_PATH = /^\/v1\/codes\/(\d{8})$/;

const SECURITY_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** @returns the relay's answer to any request (PROTOCOL.md section 7); never rejects. */
export function createHttp(context: HttpContext): (request: HttpRequest) => Promise<HttpResponse> {
  const routes = createRoutes(context);
  return async (request) => {
    const { response, cors } = await answer(context, routes, request);
    if (response.refused) context.tally.refusals[response.refused] += 1;
    return { ...response, headers: { ...SECURITY_HEADERS, ...response.headers, ...cors } };
  };
}

/** @returns the path as the relay knows it, whether or not a proxy has taken the public prefix off. */
export function stripPrefix(path: string, publicUrl: string | null): string {
  const prefix = publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

async function answer(
  context: HttpContext,
  routes: (path: string) => Methods | undefined,
  request: HttpRequest,
): Promise<{ response: HttpResponse; cors: Record<string, string> | null }> {
  let cors: Record<string, string> | null = null;
  try {
    const path = stripPrefix(request.path, context.config.publicUrl);
    cors = corsHeaders(context.config, request);
    return { response: await dispatch(routes, { ...request, path }, cors !== null), cors };
  } catch (error) {
    if (error instanceof ProtocolError) return { response: errorResponse(error), cors };
    context.log.error({ err: error }, 'a request could not be answered');
    return { response: refusal('internal', 'something went wrong in the relay'), cors };
  }
}

function dispatch(
  routes: (path: string) => Methods | undefined,
  request: HttpRequest,
  isCorsAllowed: boolean,
): HttpResponse | Promise<HttpResponse> {
  const methods = routes(request.path);
  if (!methods) return refusal('not-found', 'nothing here');
  const isApi = request.path.startsWith('/v1/');
  const needsOrigin = request.method !== 'GET' || request.header('origin') !== '';
  if (isApi && needsOrigin && !isCorsAllowed) return refusal('origin-refused', 'this origin may not use the relay');
  if (request.method === 'OPTIONS' && isApi) return { status: 204, headers: {}, body: '' };
  const method = METHODS[request.method];
  const route = method && methods[method];
  return route ? route(request) : refusal('method-not-allowed', 'not this way');
}

function createRoutes(context: HttpContext): (path: string) => Methods | undefined {
  const { api, landing, isStopping } = context;
  const limited =
    (kind: Limit, route: (request: HttpRequest) => Promise<HttpResponse>): Route =>
    async (request) => {
      const address = limitKey(clientAddress(request, context.config.trustedProxies));
      if (context.limiter.take(kind, address, context.nowMs())) return route(request);
      throw new ProtocolError('rate-limited', 'too many requests: try again in a minute');
    };
  const json200 = (kind: Limit, route: (request: HttpRequest) => unknown): Route =>
    limited(kind, async (request) => json(200, await route(request)));
  const codeRoutes = (code: string): Methods => ({
    PUT: json200('handshakes', ({ body }) => putCode(api, code, body)),
    POST: json200('codes', () => findCode(api, code)),
  });
  const fixed = new Map<string, Methods>([
    ['/', { GET: landing.home }],
    ['/healthz', { GET: () => json(200, { ok: true }) }],
    ['/readyz', { GET: () => (isStopping() ? refusal('shutting-down', 'stopping') : json(200, { ok: true })) }],
    ['/metrics', { GET: (request) => showMetrics(context, request) }],
    ['/v1/info', { GET: () => json(200, info(api)) }],
    ['/v1/token', { POST: json200('tokens', ({ body }) => token(api, body)) }],
    ['/v1/rooms', { POST: json200('handshakes', (request) => createRoom(api, request.header('authorization'))) }],
    ['/v1/invites/check', { POST: json200('handshakes', ({ body }) => checkInvite(api, body)) }],
    ['/v1/invites/poster', { POST: limited('tokens', ({ body }) => poster(api, body)) }],
  ]);
  return (path) => {
    const page = landing.find(path);
    if (page) return { GET: page };
    const code = CODE_PATH.exec(path)?.[1];
    return code === undefined ? fixed.get(path) : codeRoutes(code);
  };
}

async function poster(api: ApiContext, body: string): Promise<HttpResponse> {
  const { type, bytes } = await showPoster(api, body);
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: bytes };
}

async function showMetrics({ config, metrics }: HttpContext, request: HttpRequest): Promise<HttpResponse> {
  const refused = refuseMetrics(request, config);
  if (refused) return refused;
  const { type, body } = await metrics.page();
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body };
}

/** @returns CORS headers for an origin that may use the API, null for any other (PROTOCOL.md O-04). */
function corsHeaders(config: Config, request: HttpRequest): Record<string, string> | null {
  const origin = request.header('origin');
  const own = new URL(publicBase(request, config.trustedProxies, config.publicUrl)).origin;
  if (origin === '' || (origin !== own && !isOriginAllowed(origin, config.allowedOrigins))) return null;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}
