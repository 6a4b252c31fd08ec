import type { Access } from "../../infra/azure/access";
import { resourceManager, resourceMembers, shortId } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import {
  bodyOf,
  call,
  type CalledService,
  entriesOf,
  isAbsent,
  pageIn,
  pathOf,
  refusal,
  refusalOf,
  retryAfter,
  saidIn,
} from "../../infra/azure/call";
import { type Answer, objectIn, waitAsked } from "../../infra/azure/exchange";
import { microsoftGraph } from "../../infra/azure/graph";
import { keyVault, vaultVersion } from "../../infra/azure/key-vault";
import { OpsError } from "../cli/ops-error";

/** Tries of one call, and of one request of a batch; a refused deletion is tried again by whoever asked for it, later. */
const tries = 5;
const arm: CalledService = { ...resourceManager, tries, firstWait: 500 };
const graph: CalledService = { ...microsoftGraph, tries };
/** Below it are the paths of a batch's requests. */
const version = "/v1.0";
/** Requests that Graph takes in one batch: https://learn.microsoft.com/graph/json-batching */
const batchSize = 20;
/** Milliseconds: one of a batch that asks for more holds up all others. */
const longestBatchWait = 10_000;
/** Milliseconds for which an operation in Azure is waited for; the longest, a group's deletion, takes minutes. */
const longestOperation = 20 * 60_000;

/** One request of a batch; `path` is below the version: `/applications`. */
export interface GraphRequest {
  readonly method: "GET" | "DELETE" | "POST";
  readonly path: string;
  readonly body?: unknown;
}

interface GraphAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Azure Resource Manager, Microsoft Graph and vaults, as taking a preview down needs them: few calls, each counted, and deletions
 * that are waited for. What Azure refuses is thrown as an {@link AzureCallError}; a sign-in that gives no token, and a service
 * that cannot be reached, as an {@link OpsError} `sign-in-refused` or `azure-refused`.
 */
export class AzureCalls {
  /** Requests that were sent, repeated ones too, and tokens' apart. */
  count = 0;
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = {
      ...access,
      fetch: (input, init) => {
        this.count += 1;
        return access.fetch(input, init);
      },
      token: (scope) =>
        access.token(scope).catch((error: unknown) => {
          if (!(error instanceof AzureCallError)) throw error;
          throw new OpsError("sign-in-refused", error.cause, error.fix);
        }),
    };
  }

  /** A resource; undefined where ARM answers 404. */
  async find<Body>(id: string, apiVersion: string): Promise<Body | undefined> {
    const answer = await this.#arm("GET", `${id}?api-version=${apiVersion}`);
    return isAbsent(answer) ? undefined : bodyOf<Body>(arm, subjectOf(id), answer, resourceMembers);
  }

  /** All pages of a list; none where what it is a list of is not there. `query` begins with `&`. */
  list<Entry>(path: string, apiVersion: string, query = ""): Promise<Entry[]> {
    const first = `${path}?api-version=${apiVersion}${query}`;
    return entriesOf<Entry>(arm, subjectOf(path), first, async (page) => {
      // The link to a further page is encoded already.
      const answer = await this.#arm("GET", page === first ? page : arm.origin + page);
      return isAbsent(answer) ? undefined : bodyOf<object>(arm, subjectOf(path), answer, resourceMembers);
    });
  }

  /** Writes to ARM, and waits until what it began has ended. That a resource is gone already is no refusal of a DELETE. */
  async write(method: "PUT" | "POST" | "DELETE", pathAndQuery: string, body?: unknown): Promise<void> {
    const { now, wait } = this.#access;
    const subject = subjectOf(pathAndQuery);
    let answer = await this.#arm(method, pathAndQuery, body);
    const link = answer.headers.get("location") ?? answer.headers.get("azure-asyncoperation");
    for (const end = now() + longestOperation; link && isUnderWay(answer) && now() < end;) {
      const operation = arm.origin + pathOf(arm, subject, "the operation that it began", link, answer.status);
      await wait(Math.min(retryAfter(answer) ?? 2_000, 30_000));
      answer = await this.#arm("GET", operation);
    }
    const { status, error } = statusOf(answer);
    if (/^(Failed|Canceled)$/i.test(status ?? "")) {
      throw refusal(arm, subject, { status: 200, code: error?.code ?? status, message: error?.message });
    }
    if (answer.status === 404 && method !== "DELETE") throw refusalOf(arm, subject, answer);
  }

  /**
   * Deletes a secret, or purges a deleted one, in its vault itself: ARM can do neither.
   * https://learn.microsoft.com/rest/api/keyvault/secrets/delete-secret, .../purge-deleted-secret
   */
  async deleteSecret(vault: string, secret: string, collection: "secrets" | "deletedsecrets"): Promise<void> {
    const url = `https://${vault}.vault.azure.net/${collection}/${secret}?api-version=${vaultVersion}`;
    const answer = await this.#send({ ...keyVault, tries }, "DELETE", url, secret);
    if (!answer.ok && !isAbsent(answer)) throw refusalOf(keyVault, secret, answer);
  }

  /**
   * Sends requests to Graph, 20 in a call, and gives what each came back with, in their order: a list with all its
   * pages, or the refusal. Of a thing that is not there undefined.
   */
  async batch(requests: readonly GraphRequest[]): Promise<(unknown[] | AzureCallError | undefined)[]> {
    const results: (unknown[] | AzureCallError | undefined)[] = requests.map(() => []);
    let open = requests.map(({ method, path, body }, at) => ({ at, method, path, body, left: tries - 1 }));
    while (open.length > 0) {
      const now = open.slice(0, batchSize);
      const again = open.slice(batchSize);
      const asked = now.map(({ at, method, path, body }) => {
        const content = body === undefined ? {} : { body, headers: { "Content-Type": "application/json" } };
        return { id: String(at), method, url: path, ...content };
      });
      const { responses } = await this.#batched({ requests: asked });
      let pause = 0;
      for (const one of now) {
        const answer = responses.find(({ id }) => id === String(one.at));
        const status = answer?.status ?? 500;
        if ((status === 429 || status >= 500) && one.left > 0) {
          const { "retry-after": asks, "Retry-After": asksToo } = answer?.headers ?? {};
          const asked = waitAsked(asks ?? asksToo, this.#access.now()) ?? 1_000;
          pause = Math.max(pause, Math.min(asked, longestBatchWait));
          again.push({ ...one, left: one.left - 1 });
        } else if (status === 404) results[one.at] = undefined;
        else if (status >= 400) {
          results[one.at] = refusal(graph, one.path, { status, ...saidIn(JSON.stringify(answer?.body ?? {})) });
        } else if (one.method === "GET") {
          const page = pageOrWhy(one.path, answer?.body);
          if (page instanceof AzureCallError) results[one.at] = page;
          else {
            (results[one.at] as unknown[]).push(...page.value);
            if (page.next) again.push({ ...one, path: page.next.slice(version.length) });
          }
        }
      }
      if (pause > 0) await this.#access.wait(pause);
      open = again;
    }
    return results;
  }

  async #batched(content: unknown): Promise<{ responses: readonly GraphAnswer[] }> {
    const answer = await this.#send(graph, "POST", `${graph.origin}${version}/$batch`, "$batch", content);
    try {
      if (answer.ok) return bodyOf(graph, "$batch", answer, ["responses"]);
    } catch (error) {
      if (!(error instanceof AzureCallError)) throw error;
      // A sweep tells it of the one preview, and goes on with the others.
      throw new OpsError("azure-refused", error.cause, error.fix);
    }
    const { code, cause, fix } = refusalOf(graph, "$batch", answer);
    throw new OpsError("azure-refused", `Microsoft Graph refuses: ${code}: ${cause}`, fix);
  }

  async #arm(method: string, address: string, content?: unknown): Promise<Answer> {
    const url = isOfArm(address) ? address : arm.origin + encodeURI(address);
    const subject = subjectOf(address);
    const answer = await this.#send(arm, method, url, subject, content);
    if (!answer.ok && !isAbsent(answer)) throw refusalOf(arm, subject, answer);
    return answer;
  }

  #send(service: CalledService, method: string, url: string, subject: string, content?: unknown): Promise<Answer> {
    return call(this.#access, service, { method, url, subject, content }).catch((error: unknown) => {
      if (!(error instanceof AzureCallError)) throw error;
      throw new OpsError("azure-refused", error.cause, error.fix);
    });
  }
}

/** A refusal in Azure's own words, with what is known to fix it: `ScopeLocked: The scope ... is locked. Ask whoever ...` */
export function toldOf({ code, cause, fix }: AzureCallError): string {
  return `${code}: ${cause} ${fix}`;
}

/** A page of a batch; the refusal of one that is none: the rest of the batch can be read. */
function pageOrWhy(path: string, body: unknown): ReturnType<typeof pageIn<unknown>> | AzureCallError {
  try {
    return pageIn(graph, path, (body ?? {}) as object);
  } catch (error) {
    if (error instanceof AzureCallError) return error;
    throw error;
  }
}

interface OperationStatus {
  readonly status?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

function statusOf({ text }: Answer): OperationStatus {
  return objectIn(text) ?? {};
}

/** Whether a link leads to ARM: the token goes nowhere else. */
function isOfArm(address: string): boolean {
  return address.startsWith(`${arm.origin}/`);
}

function isUnderWay(answer: Answer): boolean {
  return answer.status === 202 || /^(InProgress|Running|Accepted)$/i.test(statusOf(answer).status ?? "");
}

function subjectOf(address: string): string {
  return shortId(address.split("?")[0]!);
}
