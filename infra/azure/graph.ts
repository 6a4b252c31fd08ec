import type { Access } from "./access";
import { directoryErrors } from "../../contract/known-errors/directory";
import { bodyOf, call as callService, type CalledService, entriesOf, isAbsent, isBusy, refusalOf } from "./call";
import type { Answer } from "./exchange";
import { odataText } from "./odata";

/** Microsoft Graph. */
export const microsoftGraph: CalledService = {
  origin: "https://graph.microsoft.com",
  name: "Microsoft Graph",
  errors: directoryErrors,
  requestIdHeader: "request-id",
  contentType: "application/json",
  tries: 5,
  firstWait: 500,
  answersWithin: 100_000,
};

/** What Graph answers has one of these, and what a gateway answers in its place has none. */
const members = ["@odata.context", "id", "value"];

const below = `${microsoftGraph.origin}/v1.0`;

/**
 * Reads from Microsoft Graph; undefined where it answers 404. Waits out 429 and 5xx; what stays refused is an
 * {@link AzureCallError} with Graph's own code and words.
 * @param path below v1.0: `/applications`
 */
export async function graphGet<Body>(access: Access, path: string): Promise<Body | undefined> {
  const answer = await call(access, "GET", path);
  return answer && bodyOf<Body>(microsoftGraph, path, answer, members);
}

/** All pages of a list; none where what it is a list of is not there. Errors: those of {@link graphGet}. */
export function graphList<Entry>(access: Access, path: string): Promise<Entry[]> {
  return entriesOf<Entry>(microsoftGraph, path, path, (page) => graphGet<object>(access, page.replace(/^\/v1\.0/, "")));
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
  return answer?.text ? bodyOf<Body>(microsoftGraph, path, answer, members) : undefined;
}

async function call(access: Access, method: string, path: string, content?: unknown): Promise<Answer | undefined> {
  const isDone = (answer: Answer): boolean => isAbsent(answer) && (method === "GET" || method === "DELETE");
  const isPassing = (answer: Answer): boolean => (isAbsent(answer) && !isDone(answer)) || isBusy(answer);
  const asked = { method, url: `${below}${path}`, content, subject: path };
  const answer = await callService(access, microsoftGraph, asked, isPassing);
  if (answer.ok) return answer;
  if (isDone(answer)) return undefined;
  throw refusalOf(microsoftGraph, path, answer);
}

/** Applications, or service principals, of a client id: one, or none. Errors: those of {@link graphGet}. */
export async function withClientId<Found>(
  access: Access,
  collection: "applications" | "servicePrincipals",
  clientId: string,
): Promise<readonly Found[]> {
  const filter = new URLSearchParams({ $filter: `appId eq ${odataText(clientId)}` });
  return graphList<Found>(access, `/${collection}?${filter}`);
}
