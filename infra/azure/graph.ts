import type { Access } from "./access";
import { retryAfter } from "./arm";
import { directoryErrors } from "../../contract/known-errors/directory";
import { fixOf } from "../../contract/known-errors/known-error";
import { AzureCallError } from "./azure-call-error";

const origin = "https://graph.microsoft.com";

/** Tries of one call, the first included. */
const tries = 5;

/**
 * Reads from Microsoft Graph; undefined where it answers 404. Waits out 429 and 5xx; what stays refused is an
 * {@link AzureCallError} with Graph's own code and words.
 * @param path below v1.0: `/applications`
 */
export async function graphGet<Body>(access: Access, path: string): Promise<Body | undefined> {
  const answer = await call(access, "GET", path);
  return answer === undefined ? undefined : ((await answer.json()) as Body);
}

/** All pages of a list; none where what it is a list of is not there. Errors: those of {@link graphGet}. */
export async function graphList<Entry>(access: Access, path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const below = `${origin}/v1.0`;
  for (let next: string | undefined = path; next !== undefined;) {
    const page: Page<Entry> | undefined = await graphGet<Page<Entry>>(access, next);
    entries.push(...(page?.value ?? []));
    const link: string | undefined = page?.["@odata.nextLink"];
    next = link?.startsWith(`${below}/`) ? link.slice(below.length) : undefined;
  }
  return entries;
}

interface Page<Entry> {
  readonly value: readonly Entry[];
  readonly "@odata.nextLink"?: string;
}

/**
 * Writes to Microsoft Graph. Gives what it answers, and undefined where it answers nothing, or 404 to a DELETE: that is done.
 * What was made a moment ago Graph may not know yet at another of its places: 404 to any other write is tried again.
 * Errors: those of {@link graphGet}.
 */
export async function graphWrite<Body>(
  access: Access,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Body | undefined> {
  const answer = await call(access, method, path, body);
  const text = await answer?.text();
  return text ? (JSON.parse(text) as Body) : undefined;
}

async function call(access: Access, method: string, path: string, body?: unknown): Promise<Response | undefined> {
  for (let left = tries - 1, pause = 500; ; left -= 1, pause *= 2) {
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${await access.token(`${origin}/.default`)}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const request = { method, headers, signal: AbortSignal.timeout(100_000) };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await access
      .fetch(`${origin}/v1.0${path}`, { ...request, ...content })
      .catch((error: Error) => error);
    if (answer instanceof Error) {
      if (left === 0) {
        const cause = `${origin} cannot be reached: ${answer.message}`;
        throw new AzureCallError("unreachable", path, cause, "Check the network, and HTTPS_PROXY where one is set.");
      }
      await access.wait(pause);
      continue;
    }
    if (answer.ok) return answer;
    const notFound = answer.status === 404;
    if (notFound && (method === "GET" || method === "DELETE")) return undefined;
    if (left === 0 || !(notFound || answer.status === 429 || answer.status >= 500)) throw await refusal(path, answer);
    await access.wait(retryAfter(answer) ?? pause);
  }
}

/** Applications, or service principals, of a client id: one, or none. Errors: those of {@link graphGet}. */
export async function withClientId<Found>(
  access: Access,
  kind: "applications" | "servicePrincipals",
  clientId: string,
): Promise<readonly Found[]> {
  const filter = new URLSearchParams({ $filter: `appId eq '${clientId}'` });
  return (await graphGet<{ value: readonly Found[] }>(access, `/${kind}?${filter}`))?.value ?? [];
}

async function refusal(path: string, answer: Response): Promise<AzureCallError> {
  const { error = {} } = (await answer.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  const { code = `Http${answer.status}`, message = `Microsoft Graph answered ${answer.status}` } = error;
  const fix = fixOf(directoryErrors, { code, message }, answer.headers.get("request-id"));
  return new AzureCallError(code, path, message, fix, answer.status);
}
