import { fixFor, knownError } from "../../contract/known-errors/known-error";
import { userServiceErrors } from "../../contract/known-errors/user-services";
import { turnDeadline } from "../deadline";
import { BotError } from "../error";

/** A service whose REST interface a skill calls as the user. */
export interface Api {
  /** What people call it: `Microsoft Graph`. */
  readonly name: string;
  /** Address that every path is appended to. */
  readonly address: string;
  /** Headers that it wants besides the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call, and the permission it needs: said to the user where it is missing. */
export interface ApiCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly permission: string;
  readonly body?: unknown;
}

/**
 * Calls a service as the user whose token it is, in the time that the turn has left. Gives the answer's JSON, undefined where
 * it has none.
 *
 * Throws {@link BotError}: `service-token-refused` (401: expired or revoked), `service-permission-missing` and
 * `service-refusal-known` (what the catalogue knows), `service-request-refused` (any other 4xx), `service-unavailable` (too many calls, 5xx, no answer), `turn-out-of-time`
 * before it called. Where a call that changes something was sent and nobody knows what became of it: `outcome-unknown`.
 */
export async function callApi(api: Api, token: string, call: ApiCall): Promise<unknown> {
  turnDeadline()?.check();
  const { answer, text } = await send(api, token, call);
  if (answer.ok) return text === "" ? undefined : JSON.parse(text);
  const { code, message } = errorOf(text);
  const { status, headers } = answer;
  const requestId = headers.get("request-id") ?? headers.get("x-github-request-id") ?? "none";
  const detail = `${api.name} answered ${status} ${code} (request-id ${requestId})`;
  if (status === 401) throw new BotError("service-token-refused", detail);
  if (isLimited(answer)) throw new BotError("service-unavailable", detail);
  if (call.method !== "GET" && saysNothing.includes(status)) throw new BotError("outcome-unknown", detail);
  if (status >= 500) throw new BotError("service-unavailable", detail);
  if (lacksScope(answer)) throw new BotError("service-permission-missing", detail, { subject: call.permission });
  const known = knownError(userServiceErrors, { code, message });
  if (!known) throw new BotError("service-request-refused", detail, { subject: message });
  const fix = fixFor(known, message);
  if (known.user) throw new BotError("service-refusal-known", detail, { subject: known.id, fix });
  throw new BotError("service-permission-missing", detail, { subject: call.permission, fix });
}

/** Statuses of a gateway that lost the service behind it, or of a service that broke in the middle of its work. */
const saysNothing: readonly number[] = [408, 500, 502, 504];

/** GitHub says 403 as well as 429: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function isLimited({ status, headers }: Response): boolean {
  return (
    status === 429 || (status === 403 && (headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after")))
  );
}

/**
 * Whether GitHub names scopes for the call of which the token has none.
 * https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 */
function lacksScope({ status, headers }: Response): boolean {
  const scopes = (name: string): string[] => (headers.get(name) ?? "").split(/[ ,]+/).filter(Boolean);
  const [accepted, granted] = [scopes("x-accepted-oauth-scopes"), scopes("x-oauth-scopes")];
  return status === 403 && accepted.length > 0 && !accepted.some((scope) => granted.includes(scope));
}

async function send(
  { name, address, headers = {} }: Api,
  token: string,
  { method, path, body }: ApiCall,
): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(`${address.replace(/\/$/, "")}${path}`, {
      method,
      headers: {
        accept: "application/json",
        // GitHub refuses a request without one: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
        "user-agent": "bot-sign-in",
        ...headers,
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: turnDeadline()?.signal ?? null,
      redirect: "error",
    });
    const changed = answer.ok && method !== "GET";
    // What was changed stays changed, even where the rest of the answer does not arrive.
    return { answer, text: await answer.text().catch((cut) => (changed ? "" : Promise.reject(cut as Error))) };
  } catch (cause) {
    const code = method === "GET" || neverSent(cause) ? "service-unavailable" : "outcome-unknown";
    throw new BotError(code, `${name} did not answer.`, { cause });
  }
}

/** Whether no connection came about: then nothing was sent. The codes are those of Node and of its fetch (undici). */
function neverSent(error: unknown): boolean {
  const { code } = ((error as { cause?: unknown }).cause ?? error ?? {}) as { code?: unknown };
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"].includes(
    String(code),
  );
}

/**
 * What a refusal says, in the forms that services have: Microsoft Graph's `{error: {code, message}}`, GitHub's `{message}`,
 * OAuth's `{error, error_description}` (RFC 6750), problem details (RFC 9457).
 */
function errorOf(text: string): { code: string; message: string } {
  const told = read(text);
  const nested = typeof told.error === "object" && told.error !== null ? (told.error as Record<string, unknown>) : {};
  const first = (...found: unknown[]): string => found.find((one): one is string => typeof one === "string") ?? "";
  return {
    code: first(nested.code, told.error, told.code),
    message: first(nested.message, told.message, told.error_description, told.detail, told.title),
  };
}

function read(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
