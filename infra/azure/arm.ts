import type { Access } from "./access";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import {
  bodyOf,
  call as callService,
  type CalledService,
  entriesOf,
  isAbsent,
  isBusy,
  refusalOf,
  saidIn,
} from "./call";
import type { Answer } from "./exchange";

/** Azure Resource Manager. With these waits a call is given up after about 25 s without Retry-After. */
export const resourceManager: CalledService = {
  origin: "https://management.azure.com",
  name: "ARM",
  errors: resourceManagerErrors,
  requestIdHeader: "x-ms-request-id",
  contentType: "application/json; charset=utf-8",
  tries: 9,
  firstWait: 100,
  answersWithin: 100_000,
};

/** A resource, or a list, has one of these, and what a gateway answers in its place has none. */
export const resourceMembers = ["id", "properties", "value"] as const;

/** Azure Resource Manager, as far as the providers need it. */
export interface Arm {
  /** Gives undefined where ARM answers 404. */
  find<Body>(id: string, apiVersion: string): Promise<Body | undefined>;
  get<Body>(id: string, apiVersion: string): Promise<Body>;
  /** POSTs a question, and gives the answer, which has one of these members. */
  ask<Body>(id: string, apiVersion: string, question: unknown, members: readonly string[]): Promise<Body>;
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
  const call = (method: string, id: string, apiVersion: string, content?: unknown): Promise<Answer> => {
    const url = `${resourceManager.origin}${id}${id.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
    return callService(access, resourceManager, { method, url, content, subject: shortId(id) }, isPassing);
  };
  const bodyIn = <Body>(id: string, answer: Answer, members: readonly string[] = resourceMembers): Body => {
    if (!answer.ok) throw refusalOf(resourceManager, shortId(id), answer);
    return bodyOf<Body>(resourceManager, shortId(id), answer, members);
  };
  const get = async <Body>(id: string, apiVersion: string): Promise<Body> =>
    bodyIn<Body>(id, await call("GET", id, apiVersion));
  const write = async (method: string, id: string, apiVersion: string, body?: unknown): Promise<void> => {
    const answer = await call(method, id, apiVersion, body);
    if (!answer.ok) throw refusalOf(resourceManager, shortId(id), answer);
  };
  return {
    get,
    async find<Body>(id: string, apiVersion: string) {
      const answer = await call("GET", id, apiVersion);
      return isAbsent(answer) ? undefined : bodyIn<Body>(id, answer);
    },
    async ask<Body>(id: string, apiVersion: string, question: unknown, members: readonly string[]) {
      return bodyIn<Body>(id, await call("POST", id, apiVersion, question), members);
    },
    list<Entry>(path: string, apiVersion: string, filter?: string) {
      const first = filter === undefined ? path : `${path}?$filter=${encodeURIComponent(filter)}`;
      // A page's link has the api-version in it.
      const bare = (page: string): string => page.replace(/([?&])api-version=[^&]*&?/, "$1").replace(/[?&]$/, "");
      return entriesOf<Entry>(resourceManager, shortId(path), first, (page) => get<object>(bare(page), apiVersion));
    },
    put: (id, apiVersion, body) => write("PUT", id, apiVersion, body),
    patch: (id, apiVersion, body) => write("PATCH", id, apiVersion, body),
    post: (id, apiVersion) => write("POST", id, apiVersion),
    async remove(id, apiVersion) {
      const answer = await call("DELETE", id, apiVersion);
      if (!answer.ok && !isAbsent(answer)) throw refusalOf(resourceManager, shortId(id), answer);
    },
  };
}

/** Whether another try may meet a different answer. A namespace that is not registered is a 409 too, and no wait fixes it. */
function isPassing(answer: Answer): boolean {
  if (answer.status === 409) return saidIn(answer.text).code !== "MissingSubscriptionRegistration";
  return isBusy(answer);
}

/** An ARM id as messages show it: without the subscription, which says nothing to a person. */
export function shortId(id: string): string {
  return id.replace(/^\/subscriptions\/[^/]+\/resourceGroups\//i, "");
}
