import type { Access } from "../../../infra/azure/access";

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string;
  readonly redirect?: RequestRedirect;
}

/** The world as a provider sees it, with answers from a function and a clock that only waiting moves. */
export class StandInAccess implements Access {
  readonly requests: Request[] = [];
  readonly waits: number[] = [];
  readonly scopes: string[] = [];
  #now = 0;

  constructor(
    private readonly answer: (request: Request) => Response | Promise<Response>,
    private readonly tokens: (scope: string) => string = () => "token",
  ) {}

  fetch = async (input: string | URL | globalThis.Request, init: RequestInit = {}): Promise<Response> => {
    const text = typeof init.body === "string" ? { body: init.body } : {};
    const headers = new Headers(init.headers);
    const redirect = init.redirect === undefined ? {} : { redirect: init.redirect };
    const request = { method: init.method ?? "GET", url: new URL(String(input)), headers, ...redirect, ...text };
    this.requests.push(request);
    return this.answer(request);
  };

  async token(scope: string): Promise<string> {
    this.scopes.push(scope);
    return this.tokens(scope);
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.#now += milliseconds;
  }

  now(): number {
    return this.#now;
  }

  /** `PUT /subscriptions/...` of each request, in order. */
  get lines(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url.pathname}`);
  }
}

/** ARM's way to refuse. */
export function armError(status: number, code: string, message = "", headers: Record<string, string> = {}): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}
