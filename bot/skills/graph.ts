import { BotError } from "../error";

const graph = "https://graph.microsoft.com/v1.0";

/** Milliseconds after which Microsoft Graph counts as unreachable; a channel waits about 15 s for a turn. */
const patience = 10_000;

/** A call of Microsoft Graph, and the permission it needs: said to the user where it is missing. */
export interface GraphCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly permission: string;
  readonly body?: unknown;
}

/**
 * Calls Microsoft Graph as the user whose token it is. Gives the answer's JSON, undefined where it has none.
 *
 * Throws {@link BotError}: `graph_token_refused` (401: expired or revoked), `graph_permission_missing` (403),
 * `graph_request_refused` (any other 4xx), `graph_unavailable` (429, 5xx, no answer).
 * https://learn.microsoft.com/graph/errors
 */
export async function callGraph(token: string, call: GraphCall): Promise<unknown> {
  const answer = await send(token, call);
  const text = await answer.text();
  if (answer.ok) return text === "" ? undefined : JSON.parse(text);
  const { code, message } = errorOf(text);
  const detail = `Microsoft Graph answered ${answer.status} ${code} (request-id ${answer.headers.get("request-id") ?? "none"})`;
  if (answer.status === 401) throw new BotError("graph_token_refused", detail);
  if (answer.status === 403) throw new BotError("graph_permission_missing", detail, { subject: call.permission });
  if (answer.status === 429 || answer.status >= 500) throw new BotError("graph_unavailable", detail);
  throw new BotError("graph_request_refused", detail, { subject: message });
}

async function send(token: string, { method, path, body }: GraphCall): Promise<Response> {
  try {
    return await fetch(`${graph}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
      redirect: "error",
    });
  } catch (cause) {
    throw new BotError("graph_unavailable", "Microsoft Graph did not answer.", { cause });
  }
}

function errorOf(text: string): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return { code: error?.code ?? "", message: error?.message ?? "" };
  } catch {
    return { code: "", message: "" };
  }
}
