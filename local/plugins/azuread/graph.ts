import { isObject, type Properties } from "../envelope";
import { PluginError } from "../error";
import { send } from "../http";
import type { Session } from "../session";

const host = "https://graph.microsoft.com";

/**
 * Sends one request to Microsoft Graph. `path` is below v1.0 unless it says `/beta/...`. Gives the answer's JSON.
 * @throws PluginError `RequestRefused`, worded as the azuread provider words it
 */
export async function graph(session: Session, method: string, path: string, body?: Properties): Promise<Properties> {
  const url = host + (path.startsWith("/beta/") ? path : `/v1.0${path}`);
  const answer = await send(session, { method, url, audience: host, body });
  if (answer.status >= 200 && answer.status < 300) return isObject(answer.body) ? answer.body : {};
  const error = isObject(answer.body) && isObject(answer.body.error) ? answer.body.error : {};
  throw new PluginError(
    "RequestRefused",
    `unexpected status ${answer.status} with error: ${String(error.code ?? "Unknown")}: ${String(error.message ?? "no message")}`,
    answer.status,
  );
}

/** Like {@link graph} with GET, but undefined where there is no such object. */
export async function graphGet(session: Session, path: string): Promise<Properties | undefined> {
  return graph(session, "GET", path).catch(undefinedWhenGone);
}

/** Deletes; an object that is gone already is deleted. */
export async function graphDelete(session: Session, path: string): Promise<void> {
  await graph(session, "DELETE", path).catch(undefinedWhenGone);
}

/** For `catch`: turns a 404 into undefined and passes everything else on. */
export function undefinedWhenGone(error: unknown): undefined {
  if (error instanceof PluginError && error.status === 404) return undefined;
  throw error;
}

/** The entries of a list answer. */
export function entries(answer: Properties | undefined): Properties[] {
  return Array.isArray(answer?.value) ? (answer.value as Properties[]) : [];
}

/** `directoryObjects` reference, as owners are written. */
export function reference(objectId: string): string {
  return `${host}/v1.0/directoryObjects/${objectId}`;
}
