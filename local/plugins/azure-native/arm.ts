import { minute } from "../../../contract/time";
import { isObject, type Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import { retryAfter, send, type Answer, type Retries } from "../http";
import type { Session } from "../session";
import { armPath } from "./arm-row";

const host = "https://management.azure.com";
const audience = "https://management.azure.com";

/** Pause between polls where an answer does not say how long: azure-native's own. The first poll comes at once. */
const pollPause = 10_000;
const finished = new Set(["succeeded", "failed", "canceled"]);

/**
 * What azure-native repeats: what azcore does by itself, and the two conflicts that pass with the operation that holds the
 * resource. Every other 409 stands at once.
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/azure/client_azcore.go (initPipelineOpts),
 * https://github.com/pulumi/pulumi-azure-native/pull/4497
 */
export const azureNativeRetries: Retries = {
  passing({ status, body }) {
    if (status === 409) return /^(AnotherOperationInProgress|StorageAccountOperationInProgress)$/.test(codeOf(body));
    return [408, 429, 500, 502, 503, 504].includes(status);
  },
  waits: [20_000, minute, 2 * minute],
  longest: 120_000,
};

/** Sends one ARM request. `path` is below the host or a whole address. Any status is given back. */
function arm(session: Session, method: string, path: string, body?: unknown): Promise<Answer> {
  const url = path.startsWith("https://") ? path : host + path;
  return send(session, { method, url, audience, body }, azureNativeRetries);
}

/** Reads a resource; undefined where there is none. An empty 200 and a 204 say so, too. */
export async function armGet(session: Session, path: string): Promise<Properties | undefined> {
  const answer = await arm(session, "GET", path);
  if (answer.status === 404 || answer.status === 204) return undefined;
  return object(accepted(answer));
}

/**
 * Whether a resource is there already, as azure-native looks before it creates.
 * @throws PluginError `RequestRefused` with the whole answer, because azure-native words it so
 */
export async function armExists(session: Session, id: string, path: string): Promise<boolean> {
  const answer = await arm(session, "GET", path);
  const { status, body } = answer;
  if (status === 404 || status === 204) return false;
  if (status === 200) return object(answer) !== undefined;
  const words = `cannot check existence of resource '${id}': status code ${status}, ${JSON.stringify(body ?? {})}`;
  throw new PluginError("request-refused", words, status);
}

/**
 * Writes a resource and waits until it is there. Registers the resource provider first where the subscription lacks it.
 * @throws PluginError `RequestRefused` with ARM's code and message; `OperationFailed` where the operation failed later
 */
export async function armPut(session: Session, path: string, body: Properties): Promise<Properties | undefined> {
  let answer = await arm(session, "PUT", path, body);
  if (answer.status === 409 && codeOf(answer.body) === "MissingSubscriptionRegistration") {
    await register(session, path);
    answer = await arm(session, "PUT", path, body);
  }
  const done = await settled(session, path, accepted(answer));
  return object(done);
}

/** Deletes a resource and waits until it is gone. One that is gone already is deleted. */
export async function armDelete(session: Session, path: string): Promise<void> {
  const answer = await arm(session, "DELETE", path);
  if (answer.status === 404) return;
  await followed(session, accepted(answer));
}

/** Calls an action. */
export async function armPost(session: Session, path: string, body?: unknown): Promise<Properties | undefined> {
  return object(await followed(session, accepted(await arm(session, "POST", path, body))));
}

/**
 * Waits for a PUT: by its operation's address, or by the resource's own provisioningState.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 */
async function settled(session: Session, path: string, first: Answer): Promise<Answer> {
  const operation = first.headers.get("azure-asyncoperation");
  let answer = await followed(session, first);
  if (operation || (answer.status === 202 && !first.headers.get("location"))) {
    answer = accepted(await arm(session, "GET", path));
  }
  for (let first = true; ; first = false) {
    const state = provisioningState(answer.body);
    if (state === undefined || state === "succeeded") return answer;
    if (finished.has(state)) throw new PluginError("operation-failed", `provisioning ended as ${state}`);
    await session.sleep(retryAfter(answer.headers) ?? (first ? 0 : pollPause));
    answer = accepted(await arm(session, "GET", path));
  }
}

/** Follows `Azure-AsyncOperation` or, on a 202, `Location` to the end. */
async function followed(session: Session, first: Answer): Promise<Answer> {
  const operation = first.headers.get("azure-asyncoperation");
  const location = first.status === 202 ? first.headers.get("location") : null;
  const address = operation ?? location;
  if (!address) return first;
  let pause = retryAfter(first.headers) ?? 0;
  for (;;) {
    await session.sleep(pause);
    const answer = accepted(await arm(session, "GET", address));
    if (!operation && answer.status !== 202) return answer;
    if (operation) {
      const status = String(object(answer)?.status ?? "").toLowerCase();
      if (status === "succeeded") return answer;
      if (finished.has(status)) {
        const { code, message } = errorOf(answer.body);
        throw new PluginError("operation-failed", `Code="${code ?? status}" Message="${message ?? ""}"`);
      }
    }
    pause = retryAfter(answer.headers) ?? pollPause;
  }
}

/** Registers the resource provider that a path names last, and waits for it. */
async function register(session: Session, path: string): Promise<void> {
  const namespace = [...path.matchAll(/\/providers\/([^/?]+)/gi)].at(-1)?.[1];
  const provider = `/subscriptions/${session.subscriptionId}/providers/${namespace}`;
  accepted(await arm(session, "POST", armPath(`${provider}/register`, "2019-05-01")));
  for (;;) {
    const answer = accepted(await arm(session, "GET", armPath(provider, "2019-05-01")));
    if (object(answer)?.registrationState === "Registered") return;
    await session.sleep(retryAfter(answer.headers) ?? pollPause);
  }
}

/** The answer, if it is a 2xx. Refusals are worded as azure-native words them. */
function accepted(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const { code, message } = errorOf(answer.body);
  throw new PluginError(
    "request-refused",
    `Status=${answer.status} Code="${code ?? "Unknown"}" Message="${message ?? "no message"}"`,
    answer.status,
  );
}

/** ARM words an error as `{error: {code, message}}`, App Service as `{Code, Message}`. */
function errorOf(body: unknown): { code?: unknown; message?: unknown } {
  if (!isObject(body)) return {};
  const error = isObject(body.error) ? body.error : body;
  return { code: error.code ?? error.Code, message: error.message ?? error.Message };
}

function codeOf(body: unknown): string {
  return String(errorOf(body).code ?? "");
}

function provisioningState(body: unknown): string | undefined {
  if (!isObject(body) || !isObject(body.properties)) return undefined;
  const state = body.properties.provisioningState;
  return typeof state === "string" ? state.toLowerCase() : undefined;
}

function object(answer: Answer): Properties | undefined {
  return isObject(answer.body) && Object.keys(answer.body).length > 0 ? answer.body : undefined;
}
