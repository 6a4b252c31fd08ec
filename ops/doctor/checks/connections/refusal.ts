import { entraErrors } from "../../../../contract/known-errors/entra";
import { knownError } from "../../../../contract/known-errors/known-error";
import type { Connection, SetUp } from "../../set-up";
import { noApplication } from "../causes";
import type { Seen } from "../check";
import { updateConnection } from "./connection";

/** Findings after which a walk does not come so far that its refusal says anything of the secret or the addresses. */
export const unreachable = [...noApplication.ofConnection, "connection-tenant"];

/** The refusal's entry in the catalogue, of either walk. */
export function refusedAs({ token, authorize }: Connection, ...ids: readonly string[]): string | undefined {
  for (const walk of [token, authorize]) {
    if (walk.ended !== "refused") continue;
    const id = knownError(entraErrors, { code: walk.code, message: walk.words })?.id;
    if (id !== undefined && ids.includes(id)) return walk.words;
  }
  return undefined;
}

/** OAuth's words of providers that are not Entra, and the status of GitHub's page for a client that it does not know. */
export const unknownClient = ["invalid_client", "unauthorized_client", "Http404"];

/** The same of an address that the application does not know. */
export const wrongRedirect = ["redirect_uri_mismatch", "invalid_redirect_uri"];

/** The words of a provider that is not Entra, where it refused this step, with one of these codes if any are named. */
export function refusedElsewhere(
  connection: Connection,
  step: "token" | "authorize",
  codes?: readonly string[],
): string | undefined {
  const walk = connection[step];
  if (walk.ended !== "refused" || walk.code === "unreachable") return undefined;
  return codes === undefined || codes.includes(walk.code) ? walk.words : undefined;
}

/** What a provider that is not Entra refuses stands in the settings, so a deployment alone mends nothing. */
export function atProvider(
  { name, provider }: Connection,
  { wanted, stack }: SetUp,
  field: "clientId" | "clientSecret",
): Pick<Seen, "fix" | "ofOthers"> {
  const at = wanted?.connections.findIndex((one) => one.name === name) ?? -1;
  const setting = `pulumi config set ${field === "clientSecret" ? "--secret " : ""}--path 'connections[${at}].${field}' --stack ${stack}, then pulumi up`;
  const there = `Look up the application at ${provider?.displayName ?? "its provider"}`;
  return {
    ofOthers: true,
    fix: at < 0 ? `${there}, and write the connection with it: ${updateConnection}` : `${there}, then ${setting}`,
  };
}
