import { entraErrors } from "../../contract/known-errors/entra";
import { fixOf } from "../../contract/known-errors/known-error";
import { type Access, until } from "./access";
import { AzureCallError, unreachable } from "./azure-call-error";
import { isBusy } from "./call";
import { caught, exchange, NoAnswer, objectIn } from "./exchange";

/** A password of an application, and what it is to open. */
export interface ProvablePassword {
  readonly tenantId: string;
  readonly clientId: string;
  readonly password: string;
  /** `https://api.botframework.com/.default`: what its user asks for. */
  readonly scope: string;
}

/**
 * Tokens in a row that prove a password. One proves nothing: Entra answers from several replicas, and a new password reaches
 * each at a time of its own, without any promised time (https://github.com/microsoftgraph/msgraph-bicep-types/issues/193).
 */
const tokensInARow = 3;

/** Reports say 4 to 18 s; ten times as long and longer is a fault. */
const provesWithin = 5 * 60_000;
const notTaken = "Entra ID has not taken the new password yet: deploy again. Nothing uses it so far.";
/** Refusals that pass while Entra's replicas learn of an application, its service principal and its password. */
const passing = new Set(["AADSTS7000215", "AADSTS700016", "AADSTS7000229", "AADSTS90033"]);

/**
 * Waits until Entra takes a password {@link tokensInARow} times in a row.
 * @param unprovable a refusal by which nothing can be said of any password
 * @throws AzureCallError with Entra's own code and words where it refuses for another reason, or for too long
 */
export async function provePassword(
  access: Access,
  password: ProvablePassword,
  unprovable?: string,
): Promise<"proven" | "unprovable"> {
  let row = 0;
  let last: AzureCallError | undefined;
  const proven = await until(access, provesWithin, async () => {
    for (; row < tokensInARow; row += 1) {
      last = await passwordRefusal(access, password);
      if (last === undefined) continue;
      row = 0;
      if (last.code === unprovable) return "unprovable" as const;
      if (!passes(last)) throw last;
      return undefined;
    }
    return "proven" as const;
  });
  if (proven) return proven;
  const { code, resource, cause, status } = last!;
  throw new AzureCallError(code, resource, cause, notTaken, status);
}

const passes = ({ code, status = 0 }: AzureCallError): boolean =>
  passing.has(code) || code === "unreachable" || isBusy({ status });

/**
 * What Entra says of a password; undefined where it gives a token. The token itself is thrown away. Asked once, and with the
 * password in place of the deployer's token.
 */
export async function passwordRefusal(
  access: Pick<Access, "fetch">,
  { tenantId, clientId, password, scope }: ProvablePassword,
): Promise<AzureCallError | undefined> {
  const address = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: password,
    scope,
  });
  const request: RequestInit = { method: "POST", body, redirect: "error" };
  const answer = await exchange(access, address, 20_000, request).catch(caught);
  const what = `the password of ${clientId}`;
  if (answer instanceof NoAnswer) return unreachable(what, "Entra ID", answer.message);
  const said = (objectIn(answer.text) ?? {}) as { access_token?: unknown; error_description?: string };
  if (answer.ok && typeof said.access_token === "string") return undefined;
  const words = said.error_description?.split(/\r?\n/)[0] ?? `Entra ID answered ${answer.status}`;
  const code = /AADSTS\d+/.exec(words)?.[0] ?? `Http${answer.status}`;
  const fix = fixOf(entraErrors, { code, message: words }, answer.headers.get("x-ms-request-id"));
  return new AzureCallError(code, what, words, fix, answer.status);
}
