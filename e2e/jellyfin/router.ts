/** Routes by method and path pattern, as `GET /Items/:id`. Paths match whatever their case, as Jellyfin's do. */
import type { Call, Reply, UserCall } from './types.ts';
import { empty } from './types.ts';

type Outcome = Reply | Promise<Reply>;
type Params = Record<string, string>;

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  run: (call: Call) => Outcome;
}

export class Router {
  readonly #routes: Route[] = [];

  /** A route for anyone. */
  open(method: string, path: string, run: (call: Call) => Outcome): void {
    const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
    const source = path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '([^/]+?)');
    this.#routes.push({ method, pattern: new RegExp(`^${source}/?$`, 'i'), names, run });
  }

  /** A route for logged-in users: 401 without a valid token. */
  user(method: string, path: string, run: (call: UserCall) => Outcome): void {
    this.open(method, path, (call) => {
      const { login } = call;
      return login ? run({ ...call, login }) : empty(401);
    });
  }

  find(method: string, path: string): { run: Route['run']; params: Params } | null {
    const wanted = method === 'HEAD' ? 'GET' : method;
    for (const route of this.#routes) {
      const match = route.method === wanted ? route.pattern.exec(path) : null;
      if (!match) continue;
      const params: Params = {};
      for (const [index, name] of route.names.entries()) params[name] = decodeURIComponent(match[index + 1] ?? '');
      return { run: route.run, params };
    }
    return null;
  }
}
