import type { TokenCredential } from "@azure/identity";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  isRestError,
  type Pipeline,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { AzureRefusal } from "./azure-refusal";
import { OpsError } from "../cli/ops-error";

const arm = "https://management.azure.com";
const graph = "https://graph.microsoft.com";
/** Each vault has a host of its own; this is what tokens for them are for. */
const vaults = "https://vault.azure.net";
/** Requests that Graph takes in one batch: https://learn.microsoft.com/graph/json-batching */
const batchSize = 20;
/** How often a batch's throttled requests are sent; those of ARM are repeated by Microsoft's own pipeline. */
const tries = 5;
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
 * Azure Resource Manager and Microsoft Graph, as taking a preview down needs them: few calls, each counted. What Azure
 * refuses is thrown as an {@link AzureRefusal}, a sign-in that gives no token as an {@link OpsError} `sign-in-refused`.
 */
export class AzureCalls {
  /** Requests that were sent, repeated ones and tokens' apart. */
  count = 0;
  readonly #client: HttpClient;
  readonly #pipelines: Readonly<Record<string, Pipeline>>;

  constructor(credential: TokenCredential, client: HttpClient = createDefaultHttpClient()) {
    this.#client = {
      sendRequest: (request) => {
        this.count += 1;
        return client.sendRequest(request);
      },
    };
    const pipeline = (origin: string): Pipeline => {
      const made = createPipelineFromOptions({
        retryOptions: { maxRetries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 8_000 },
      });
      made.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${origin}/.default` }));
      return made;
    };
    this.#pipelines = { [arm]: pipeline(arm), [graph]: pipeline(graph), [vaults]: pipeline(vaults) };
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
      const answer: PipelineResponse = await this.#arm("GET", next);
      if (answer.status === 404) return entries;
      const page = bodyOf(answer) as { value?: Entry[]; nextLink?: string | null };
      entries.push(...(page.value ?? []));
      next = page.nextLink ?? undefined;
    }
    return entries;
  }

  /** Writes to ARM, and waits until what it began has ended. That a resource is gone already is no refusal of a DELETE. */
  async write(method: "PUT" | "POST" | "DELETE", pathAndQuery: string, body?: unknown): Promise<void> {
    let answer = await this.#arm(method, pathAndQuery, body);
    const poll = answer.headers.get("location") ?? answer.headers.get("azure-asyncoperation");
    for (const end = Date.now() + longestOperation; poll && isUnderWay(answer) && Date.now() < end;) {
      await later(1_000 * Math.min(Number(answer.headers.get("retry-after") ?? 2), 30));
      answer = await this.#arm("GET", poll);
    }
    const { status, error } = statusOf(answer);
    if (/^(Failed|Canceled)$/i.test(status ?? "")) throw new AzureRefusal(200, error?.code ?? status!, error?.message);
    if (answer.status === 404 && method !== "DELETE") throw refusalOf(answer.status, answer.bodyAsText);
  }

  /**
   * Deletes a secret, or purges a deleted one, in its vault itself: ARM can do neither.
   * https://learn.microsoft.com/rest/api/keyvault/secrets/delete-secret, .../purge-deleted-secret
   */
  async deleteSecret(vault: string, secret: string, collection: "secrets" | "deletedsecrets"): Promise<void> {
    const url = `https://${vault}.vault.azure.net/${collection}/${secret}?api-version=7.4`;
    const answer = await this.#send(vaults, "DELETE", url, undefined);
    if (answer.status >= 400 && answer.status !== 404) throw refusalOf(answer.status, answer.bodyAsText);
  }

  /**
   * Sends requests to Graph, 20 in a call, and gives what each came back with, in their order: a list with all its
   * pages, or the refusal. Of a thing that is not there undefined.
   */
  async batch(requests: readonly GraphRequest[]): Promise<(unknown[] | AzureRefusal | undefined)[]> {
    const results: (unknown[] | AzureRefusal | undefined)[] = requests.map(() => []);
    let open = requests.map(({ method, path, body }, at) => ({ at, method, path, body, left: tries - 1 }));
    while (open.length > 0) {
      const now = open.slice(0, batchSize);
      const again = open.slice(batchSize);
      const asked = now.map(({ at, method, path, body }) => ({
        ...{ id: String(at), method, url: path },
        ...(body === undefined ? {} : { body, headers: { "Content-Type": "application/json" } }),
      }));
      const { responses } = await this.#graph({ requests: asked });
      let pause = 0;
      for (const one of now) {
        const answer = responses.find(({ id }) => id === String(one.at));
        const status = answer?.status ?? 500;
        const { value = [], "@odata.nextLink": next } = (answer?.body ?? {}) as ListOfGraph;
        if ((status === 429 || status >= 500) && one.left > 0) {
          pause = Math.max(
            pause,
            Math.min(Number(answer?.headers?.["retry-after"] ?? answer?.headers?.["Retry-After"] ?? 1), 10),
          );
          again.push({ ...one, left: one.left - 1 });
        } else if (status === 404) results[one.at] = undefined;
        else if (status >= 400) results[one.at] = refusalOf(status, JSON.stringify(answer?.body ?? {}));
        else {
          (results[one.at] as unknown[]).push(...value);
          if (next) again.push({ ...one, path: next.replace(/^https:\/\/[^/]+\/v1\.0/, "") });
        }
      }
      if (pause > 0) await later(1_000 * pause);
      open = again;
    }
    return results;
  }

  async #graph(body: unknown): Promise<{ responses: readonly GraphAnswer[] }> {
    const answer = await this.#send(graph, "POST", `${graph}/v1.0/$batch`, body);
    if (answer.status >= 400) {
      const { message } = refusalOf(answer.status, answer.bodyAsText);
      throw new OpsError(
        "azure-refused",
        `Microsoft Graph refuses: ${message}`,
        "Check the sign-in: az account show, or the ARM_* variables.",
      );
    }
    return bodyOf(answer) as { responses: readonly GraphAnswer[] };
  }

  async #arm(method: HttpMethods, address: string, body?: unknown): Promise<PipelineResponse> {
    const url = address.startsWith("https:") ? address : arm + encodeURI(address);
    const answer = await this.#send(arm, method, url, body);
    if (answer.status >= 400 && answer.status !== 404) throw refusalOf(answer.status, answer.bodyAsText);
    return answer;
  }

  async #send(origin: string, method: HttpMethods, url: string, body: unknown): Promise<PipelineResponse> {
    const request = createPipelineRequest({
      ...{ url, method, timeout: 100_000 },
      headers: createHttpHeaders({ accept: "application/json", "content-type": "application/json" }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    try {
      return await this.#pipelines[origin]!.sendRequest(this.#client, request);
    } catch (error) {
      if (error instanceof AzureCallError) throw new OpsError("sign-in-refused", error.cause, error.fix);
      if (!isRestError(error)) throw error;
      const fix = "Check the network, and HTTPS_PROXY where one is set.";
      throw new OpsError("azure-refused", `${new URL(url).origin} cannot be reached: ${error.message}`, fix);
    }
  }
}

interface ListOfGraph {
  readonly value?: unknown[];
  readonly "@odata.nextLink"?: string;
}

function bodyOf({ bodyAsText }: PipelineResponse): unknown {
  return JSON.parse(bodyAsText || "{}") as unknown;
}

interface OperationStatus {
  readonly status?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

function statusOf(answer: PipelineResponse): OperationStatus {
  try {
    return bodyOf(answer) as OperationStatus;
  } catch {
    return {};
  }
}

function isUnderWay(answer: PipelineResponse): boolean {
  return answer.status === 202 || /^(InProgress|Running|Accepted)$/i.test(statusOf(answer).status ?? "");
}

function refusalOf(status: number, text: string | null | undefined): AzureRefusal {
  try {
    const body = JSON.parse(text ?? "") as {
      error?: { code?: string; message?: string };
      Code?: string;
      Message?: string;
    };
    // App Service words its refusals with capitals and without `error`.
    const { code = body.Code, message = body.Message } = body.error ?? {};
    return new AzureRefusal(status, code ?? `Http${status}`, message);
  } catch {
    return new AzureRefusal(status, `Http${status}`, undefined);
  }
}

function later(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
