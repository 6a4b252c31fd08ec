import type { Access } from "./access";
import { retryAfter } from "./arm";
import { directoryErrors } from "../../contract/known-errors/directory";
import { fixOf } from "../../contract/known-errors/known-error";
import { AzureCallError } from "./azure-call-error";

const origin = "https://graph.microsoft.com";

/** Tries of one call, the first included. */
const tries = 5;

/**
 * Reads from Microsoft Graph; undefined where it answers 404. Waits out 429 and 5xx; what stays refused is an
 * {@link AzureCallError} with Graph's own code and words.
 * @param path below v1.0: `/applications`
 */
export async function graphGet<Body>(access: Access, path: string): Promise<Body | undefined> {
  for (let left = tries - 1, pause = 500; ; left -= 1, pause *= 2) {
    const headers = { accept: "application/json", authorization: `Bearer ${await access.token(`${origin}/.default`)}` };
    const signal = AbortSignal.timeout(100_000);
    const answer = await access.fetch(`${origin}/v1.0${path}`, { headers, signal }).catch((error: Error) => error);
    if (answer instanceof Error) {
      if (left === 0) {
        const cause = `${origin} cannot be reached: ${answer.message}`;
        throw new AzureCallError("unreachable", path, cause, "Check the network, and HTTPS_PROXY where one is set.");
      }
      await access.wait(pause);
      continue;
    }
    if (answer.ok) return (await answer.json()) as Body;
    if (answer.status === 404) return undefined;
    if (left === 0 || !(answer.status === 429 || answer.status >= 500)) throw await refusal(path, answer);
    await access.wait(retryAfter(answer) ?? pause);
  }
}

/** Applications, or service principals, of a client id: one, or none. Errors: those of {@link graphGet}. */
export async function withClientId<Found>(
  access: Access,
  kind: "applications" | "servicePrincipals",
  clientId: string,
): Promise<readonly Found[]> {
  const filter = new URLSearchParams({ $filter: `appId eq '${clientId}'` });
  return (await graphGet<{ value: readonly Found[] }>(access, `/${kind}?${filter}`))?.value ?? [];
}

async function refusal(path: string, answer: Response): Promise<AzureCallError> {
  const { error = {} } = (await answer.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  const { code = `Http${answer.status}`, message = `Microsoft Graph answered ${answer.status}` } = error;
  const fix = fixOf(directoryErrors, { code, message }, answer.headers.get("request-id"));
  return new AzureCallError(code, path, message, fix, answer.status);
}
