import { turnDeadline } from "../deadline";
import { BotError } from "../error";

const graph = "https://graph.microsoft.com/v1.0";

/** A call of Microsoft Graph, and the permission it needs: said to the user where it is missing. */
export interface GraphCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly permission: string;
  readonly body?: unknown;
}

/**
 * Calls Microsoft Graph as the user whose token it is, in the time that the turn has left. Gives the answer's JSON, undefined
 * where it has none.
 *
 * Throws {@link BotError}: `graph_token_refused` (401: expired or revoked), `graph_permission_missing` (403),
 * `graph_request_refused` (any other 4xx), `graph_unavailable` (429, 5xx, no answer), `turn_out_of_time` before it called.
 * Where a call that changes something was sent and nobody knows what became of it: `outcome_unknown`.
 * https://learn.microsoft.com/graph/errors
 */
export async function callGraph(token: string, call: GraphCall): Promise<unknown> {
  turnDeadline()?.check();
  const { answer, text } = await send(token, call);
  if (answer.ok) return text === "" ? undefined : JSON.parse(text);
  const { code, message } = errorOf(text);
  const detail = `Microsoft Graph answered ${answer.status} ${code} (request-id ${answer.headers.get("request-id") ?? "none"})`;
  if (answer.status === 401) throw new BotError("graph_token_refused", detail);
  if (answer.status === 403) throw new BotError("graph_permission_missing", detail, { subject: call.permission });
  if (call.method !== "GET" && saysNothing.includes(answer.status)) throw new BotError("outcome_unknown", detail);
  if (answer.status === 429 || answer.status >= 500) throw new BotError("graph_unavailable", detail);
  throw new BotError("graph_request_refused", detail, { subject: message });
}

/** Statuses of a gateway that lost the service behind it, or of a service that broke in the middle of its work. */
const saysNothing: readonly number[] = [408, 500, 502, 504];

async function send(token: string, { method, path, body }: GraphCall): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(`${graph}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
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
    const code = method === "GET" || neverSent(cause) ? "graph_unavailable" : "outcome_unknown";
    throw new BotError(code, "Microsoft Graph did not answer.", { cause });
  }
}

/** Whether no connection came about: then nothing was sent. The codes are those of Node and of its fetch (undici). */
function neverSent(error: unknown): boolean {
  const { code } = ((error as { cause?: unknown }).cause ?? error ?? {}) as { code?: unknown };
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"].includes(
    String(code),
  );
}

function errorOf(text: string): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return { code: error?.code ?? "", message: error?.message ?? "" };
  } catch {
    return { code: "", message: "" };
  }
}
