import { STATUS_CODES } from "node:http";
import { isObject, type Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import { send, type Answer } from "../http";
import type { Session } from "../session";
import type { Repeats } from "./repeats";

const host = "https://graph.microsoft.com";

/** 1, 2, 4 ... 61 s: what fits into the ten minutes that the provider gives an operation. */
const waits = [1, 2, 4, 8, 16, 32, 61, 61, 61, 61, 61, 61, 61, 61].map((seconds) => seconds * 1_000);

/**
 * Sends one request to Microsoft Graph. `path` is below v1.0 unless it says `/beta/...`. Gives the answer's JSON.
 * Repeats what the provider's SDK repeats of every call (408, 424, 429, 5xx), and what `repeats` says of this one.
 * https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/client/client.go
 * @throws PluginError `RequestRefused`, worded as the azuread provider words it
 */
export async function graph(
  session: Session,
  method: string,
  path: string,
  body?: Properties,
  repeats: Repeats = () => false,
): Promise<Properties> {
  const url = host + (path.startsWith("/beta/") ? path : `/v1.0${path}`);
  const passing = (answer: Answer): boolean =>
    [408, 424, 429].includes(answer.status) ||
    (answer.status >= 500 && answer.status !== 501) ||
    repeats(answer.status, errorOf(answer).message);
  const answer = await send(session, { method, url, audience: host, body }, { passing, waits, longest: Infinity });
  if (answer.status >= 200 && answer.status < 300) return isObject(answer.body) ? answer.body : {};
  const { code, message } = errorOf(answer);
  const status = `${answer.status} (${answer.status} ${STATUS_CODES[answer.status] ?? "Unknown"})`;
  throw new PluginError(
    "request-refused",
    `unexpected status ${status} with error: ${code}: ${message}`,
    answer.status,
  );
}

function errorOf({ body }: Answer): { code: string; message: string } {
  const error = isObject(body) && isObject(body.error) ? body.error : {};
  return { code: String(error.code ?? "Unknown"), message: String(error.message ?? "no message") };
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

/** The one argument by which a function looks something up. @throws PluginError `InvalidInput` where none or several are given */
export function oneGiven(inputs: Properties, names: readonly string[]): [name: string, value: string] {
  const given = Object.keys(inputs).filter((name) => names.includes(name) && inputs[name]);
  if (given.length === 1) return [given[0]!, String(inputs[given[0]!])];
  const said = given.length === 0 ? "none is" : `${given.join(" and ")} are`;
  throw new PluginError("invalid-input", `one of ${names.join(", ")} is needed: ${said} given`);
}
