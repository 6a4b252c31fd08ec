import type { Access } from "./access";
import { fixOf } from "../../contract/known-errors/known-error";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import { AzureCallError } from "./azure-call-error";

const origin = "https://management.azure.com";
const scope = `${origin}/.default`;

/** Tries of one call, the first included. With the waits below a call is given up after about 25 s without Retry-After. */
const tries = 9;
/** A longer Retry-After is not believed: nobody should wait an hour in front of a terminal. */
const longestWait = 60_000;

/** Azure Resource Manager, as far as the providers need it. */
export interface Arm {
  /** Gives undefined where ARM answers 404. */
  find<Body>(id: string, apiVersion: string): Promise<Body | undefined>;
  get<Body>(id: string, apiVersion: string): Promise<Body>;
  /** POSTs a question, and gives the answer. */
  ask<Body>(id: string, apiVersion: string, question: unknown): Promise<Body>;
  /** All pages of a list. `filter` is an OData `$filter`. */
  list<Entry>(path: string, apiVersion: string, filter?: string): Promise<Entry[]>;
  put(id: string, apiVersion: string, body: unknown): Promise<void>;
  patch(id: string, apiVersion: string, body: unknown): Promise<void>;
  post(id: string, apiVersion: string): Promise<void>;
  /** What is gone already is no refusal. */
  remove(id: string, apiVersion: string): Promise<void>;
}

/**
 * Makes the client. Calls that meet 409, 429, a 5xx or a broken connection are tried again, waiting as Retry-After says;
 * what stays refused is an {@link AzureCallError} with ARM's own code and words.
 */
export function armClient(access: Access): Arm {
  const call = async (method: string, id: string, apiVersion: string, content?: unknown): Promise<Response> => {
    const url = `${origin}${id}${id.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
    const body = content === undefined ? {} : { body: JSON.stringify(content) };
    for (let left = tries - 1, pause = 100; ; left -= 1, pause *= 2) {
      const headers = await headersFor(access, body);
      const answer = await send(access, url, { method, headers, ...body }).catch((error: Error) => error);
      if (answer instanceof Response) {
        if (left === 0 || !(await passing(answer))) return answer;
        await access.wait(retryAfter(answer) ?? pause);
      } else {
        if (left === 0) throw unreachable(id, answer);
        await access.wait(pause);
      }
    }
  };
  const read = async <Body>(method: string, id: string, apiVersion: string, content?: unknown): Promise<Body> => {
    const answer = await call(method, id, apiVersion, content);
    if (!answer.ok) throw await refusal(id, answer);
    return (await answer.json()) as Body;
  };
  const get = <Body>(id: string, apiVersion: string): Promise<Body> => read<Body>("GET", id, apiVersion);
  const write = async (method: string, id: string, apiVersion: string, body?: unknown): Promise<void> => {
    const answer = await call(method, id, apiVersion, body);
    if (!answer.ok) throw await refusal(id, answer);
    await answer.arrayBuffer();
  };
  return {
    get,
    async find<Body>(id: string, apiVersion: string) {
      return get<Body>(id, apiVersion).catch((error: unknown) => {
        if (error instanceof AzureCallError && error.status === 404) return undefined;
        throw error;
      });
    },
    ask: (id, apiVersion, question) => read("POST", id, apiVersion, question),
    async list<Entry>(path: string, apiVersion: string, filter?: string) {
      const entries: Entry[] = [];
      let next: string | undefined = filter === undefined ? path : `${path}?$filter=${encodeURIComponent(filter)}`;
      while (next !== undefined) {
        const page: Page<Entry> = await get<Page<Entry>>(next, apiVersion);
        entries.push(...page.value);
        // A page's link has the api-version in it, and leads back to ARM: the token goes nowhere else.
        next = page.nextLink?.startsWith(`${origin}/`)
          ? page.nextLink
              .slice(origin.length)
              .replace(/([?&])api-version=[^&]*&?/, "$1")
              .replace(/[?&]$/, "")
          : undefined;
      }
      return entries;
    },
    put: (id, apiVersion, body) => write("PUT", id, apiVersion, body),
    patch: (id, apiVersion, body) => write("PATCH", id, apiVersion, body),
    post: (id, apiVersion) => write("POST", id, apiVersion),
    async remove(id, apiVersion) {
      await write("DELETE", id, apiVersion).catch((error: unknown) => {
        if (!(error instanceof AzureCallError && error.status === 404)) throw error;
      });
    },
  };
}

interface Page<Entry> {
  readonly value: readonly Entry[];
  readonly nextLink?: string;
}

async function headersFor(access: Access, content: { body?: string }): Promise<Record<string, string>> {
  const headers = { accept: "application/json", authorization: `Bearer ${await access.token(scope)}` };
  return content.body === undefined ? headers : { ...headers, "content-type": "application/json; charset=utf-8" };
}

function send(access: Access, url: string, init: RequestInit): Promise<Response> {
  return access.fetch(url, { ...init, signal: AbortSignal.timeout(100_000) });
}

/** Whether another try may meet a different answer. A namespace that is not registered is a 409 too, and no wait fixes it. */
async function passing(answer: Response): Promise<boolean> {
  if (answer.status === 409) return (await errorOf(answer.clone())).code !== "MissingSubscriptionRegistration";
  return answer.status === 408 || answer.status === 429 || answer.status >= 500;
}

/** Milliseconds that an answer asks to wait, at most a minute; undefined where it does not say. */
export function retryAfter(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, longestWait) : undefined;
}

/** An ARM id as messages show it: without the subscription, which says nothing to a person. */
export function shortId(id: string): string {
  return id.replace(/^\/subscriptions\/[^/]+\/resourceGroups\//i, "");
}

async function errorOf(answer: Response): Promise<{ code: string; message: string }> {
  const text = await answer.text();
  const bare = { code: `Http${answer.status}`, message: `ARM answered ${answer.status}` };
  try {
    const body = JSON.parse(text) as { error?: { code?: string; message?: string }; Code?: string; Message?: string };
    // App Service words its refusals with capitals and without `error`.
    const { code = body.Code, message = body.Message } = body.error ?? {};
    return { code: code || bare.code, message: message || bare.message };
  } catch {
    // Gateways in front of ARM answer in HTML; the status says enough.
    return bare;
  }
}

async function refusal(id: string, answer: Response): Promise<AzureCallError> {
  const { code, message } = await errorOf(answer);
  const fix = fixOf(resourceManagerErrors, { code, message }, answer.headers.get("x-ms-request-id"));
  return new AzureCallError(code, shortId(id), message, fix, answer.status);
}

function unreachable(id: string, error: Error): AzureCallError {
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  const cause = `${origin} cannot be reached: ${why}`;
  return new AzureCallError("unreachable", shortId(id), cause, "Check the network, and HTTPS_PROXY where one is set.");
}
