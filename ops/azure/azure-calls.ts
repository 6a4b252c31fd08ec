import { keyVaultErrors } from "../../contract/known-errors/vault-and-storage";
import type { Access } from "../../infra/azure/access";
import { resourceManager, shortId } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { call, type CalledService, refusal, saidIn } from "../../infra/azure/call";
import { microsoftGraph } from "../../infra/azure/graph";
import { OpsError } from "../cli/ops-error";

/** Tries of one call, and of one request of a batch; a refused deletion is tried again by whoever asked for it, later. */
const tries = 5;
const arm: CalledService = { ...resourceManager, tries, firstWait: 500 };
const graph: CalledService = { ...microsoftGraph, tries };
/** Each vault has a host of its own; this is what tokens for them are for. */
const vaults: CalledService = {
  ...arm,
  origin: "https://vault.azure.net",
  name: "Key Vault",
  errors: keyVaultErrors,
};
/** Requests that Graph takes in one batch: https://learn.microsoft.com/graph/json-batching */
const batchSize = 20;
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

/** An answer whose body was read. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
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
    return answer.status === 404 ? undefined : (bodyOf(answer) as Body);
  }

  /** All pages of a list; none where what it is a list of is not there. `query` begins with `&`. */
  async list<Entry>(path: string, apiVersion: string, query = ""): Promise<Entry[]> {
    const entries: Entry[] = [];
    let next: string | undefined = `${path}?api-version=${apiVersion}${query}`;
    while (next) {
      const answer: Answered = await this.#arm("GET", next);
      if (answer.status === 404) return entries;
      const page = bodyOf(answer) as { value?: Entry[]; nextLink?: string | null };
      entries.push(...(page.value ?? []));
      next = page.nextLink ?? undefined;
    }
    return entries;
  }

  /** Writes to ARM, and waits until what it began has ended. That a resource is gone already is no refusal of a DELETE. */
  async write(method: "PUT" | "POST" | "DELETE", pathAndQuery: string, body?: unknown): Promise<void> {
    const { now, wait } = this.#access;
    let answer = await this.#arm(method, pathAndQuery, body);
    const poll = answer.headers.get("location") ?? answer.headers.get("azure-asyncoperation");
    for (const end = now() + longestOperation; poll && isUnderWay(answer) && now() < end;) {
      await wait(1_000 * Math.min(Number(answer.headers.get("retry-after") ?? 2), 30));
      answer = await this.#arm("GET", poll);
    }
    const { status, error } = statusOf(answer);
    const subject = subjectOf(pathAndQuery);
    if (/^(Failed|Canceled)$/i.test(status ?? "")) {
      throw refusal(arm, subject, { status: 200, code: error?.code ?? status, message: error?.message });
    }
    if (answer.status === 404 && method !== "DELETE") throw refusedBy(arm, subject, answer);
  }

  /**
   * Deletes a secret, or purges a deleted one, in its vault itself: ARM can do neither.
   * https://learn.microsoft.com/rest/api/keyvault/secrets/delete-secret, .../purge-deleted-secret
   */
  async deleteSecret(vault: string, secret: string, collection: "secrets" | "deletedsecrets"): Promise<void> {
    const url = `https://${vault}.vault.azure.net/${collection}/${secret}?api-version=7.4`;
    const answer = await this.#send(vaults, "DELETE", url, secret);
    if (answer.status >= 400 && answer.status !== 404) throw refusedBy(vaults, secret, answer);
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
        const { value = [], "@odata.nextLink": next } = (answer?.body ?? {}) as ListOfGraph;
        if ((status === 429 || status >= 500) && one.left > 0) {
          const { "retry-after": asks, "Retry-After": asksToo } = answer?.headers ?? {};
          pause = Math.max(pause, Math.min(Number(asks ?? asksToo ?? 1), 10));
          again.push({ ...one, left: one.left - 1 });
        } else if (status === 404) results[one.at] = undefined;
        else if (status >= 400) {
          results[one.at] = refusal(graph, one.path, { status, ...saidIn(JSON.stringify(answer?.body ?? {})) });
        } else {
          (results[one.at] as unknown[]).push(...value);
          if (next) again.push({ ...one, path: next.replace(/^https:\/\/[^/]+\/v1\.0/, "") });
        }
      }
      if (pause > 0) await this.#access.wait(1_000 * pause);
      open = again;
    }
    return results;
  }

  async #batched(content: unknown): Promise<{ responses: readonly GraphAnswer[] }> {
    const answer = await this.#send(graph, "POST", `${graph.origin}/v1.0/$batch`, "$batch", content);
    if (answer.status < 400) return bodyOf(answer) as { responses: readonly GraphAnswer[] };
    const { code, cause, fix } = refusedBy(graph, "$batch", answer);
    throw new OpsError("azure-refused", `Microsoft Graph refuses: ${code}: ${cause}`, fix);
  }

  async #arm(method: string, address: string, content?: unknown): Promise<Answered> {
    const url = address.startsWith("https:") ? address : arm.origin + encodeURI(address);
    const subject = subjectOf(address);
    const answer = await this.#send(arm, method, url, subject, content);
    if (answer.status >= 400 && answer.status !== 404) throw refusedBy(arm, subject, answer);
    return answer;
  }

  async #send(
    service: CalledService,
    method: string,
    url: string,
    subject: string,
    content?: unknown,
  ): Promise<Answered> {
    try {
      const answer = await call(this.#access, service, { method, url, subject, content });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch (error) {
      if (!(error instanceof AzureCallError)) throw error;
      throw new OpsError("azure-refused", error.cause, error.fix);
    }
  }
}

/** A refusal in Azure's own words, with what is known to fix it: `ScopeLocked: The scope ... is locked. Ask whoever ...` */
export function toldOf({ code, cause, fix }: AzureCallError): string {
  return `${code}: ${cause} ${fix}`;
}

interface ListOfGraph {
  readonly value?: unknown[];
  readonly "@odata.nextLink"?: string;
}

function bodyOf({ text }: Answered): unknown {
  return JSON.parse(text || "{}") as unknown;
}

interface OperationStatus {
  readonly status?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

function statusOf(answer: Answered): OperationStatus {
  try {
    return bodyOf(answer) as OperationStatus;
  } catch {
    return {};
  }
}

function isUnderWay(answer: Answered): boolean {
  return answer.status === 202 || /^(InProgress|Running|Accepted)$/i.test(statusOf(answer).status ?? "");
}

function subjectOf(address: string): string {
  return shortId(address.split("?")[0]!);
}

function refusedBy(service: CalledService, subject: string, { status, headers, text }: Answered): AzureCallError {
  return refusal(service, subject, { status, ...saidIn(text), requestId: headers.get(service.requestIdHeader) });
}
