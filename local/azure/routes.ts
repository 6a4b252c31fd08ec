/** A request as a route's handler gets it. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly query: URLSearchParams;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Response | Promise<Response>;

/**
 * A service's requests as a table: `"GET /v1.0/me/messages"` to its handler. `{name}` matches one segment, `{name*}`
 * the rest of the path. Paths are compared without case and without a trailing slash; the first match wins.
 */
export type Routes = Readonly<Record<string, Handler>>;

/** Answers a request by a table; undefined where no row matches. */
export type Router = ((request: Request) => Promise<Response> | Response | undefined) & {
  /** The table's rows, as a service lists what it serves. */
  readonly paths: readonly string[];
};

/** Makes the function that finds a request's handler. */
export function router(routes: Routes): Router {
  const table = Object.entries(routes).map(([row, handler]) => {
    const [method, template] = row.split(" ") as [string, string];
    const pattern = template
      .replace(/[.$()+]/g, "\\$&")
      .replace(/\{(\w+)\*\}/g, "(?<$1>.*)")
      .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    return { method, pattern: new RegExp(`^${pattern}/?$`, "i"), handler };
  });
  const find = (request: Request): Promise<Response> | Response | undefined => {
    const url = new URL(request.url);
    for (const { method, pattern, handler } of table) {
      if (method !== request.method) continue;
      const match = pattern.exec(url.pathname);
      if (!match) continue;
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      return handler({ request, url, query: url.searchParams, params });
    }
    return undefined;
  };
  return Object.assign(find, { paths: Object.keys(routes) });
}

/**
 * What a service is made of that is nothing but a table.
 * @param missing what is thrown where no row matches
 */
export function served(
  routes: Routes,
  missing: (request: Request) => Error,
): { readonly paths: readonly string[]; handle(request: Request): Promise<Response> } {
  const find = router(routes);
  return {
    paths: find.paths,
    async handle(request) {
      const answer = await find(request);
      if (!answer) throw missing(request);
      return answer;
    },
  };
}
