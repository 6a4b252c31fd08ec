import { deployerErrors } from "../../contract/known-errors/deployer";
import { causeFor, fixFor, knownError, nothingKnown } from "../../contract/known-errors/known-error";
import { OpsError, type OpsErrorCode } from "./ops-error";

/** Our own codes of what the catalogue knows; of the rest it is `sign-in-refused`. */
const codes: Readonly<Record<string, OpsErrorCode>> = {
  "deployer-tenant-unknown": "wrong-tenant",
  "deployer-application-unknown": "wrong-tenant",
  "deployer-of-another-tenant": "wrong-tenant",
  "deployer-secret-wrong": "login-expired",
  "deployer-secret-ended": "login-expired",
  "deployer-certificate-ended": "login-expired",
  "deployer-login-ended": "login-expired",
  "azure-cli-signed-out": "login-expired",
  "azure-cli-missing": "azure-cli-missing",
};

/**
 * What a refused sign-in means, by the catalogue.
 * @param message of @azure/identity or of Pulumi, which holds Entra's own
 */
export function loginProblem(message: string, tenant?: string): OpsError {
  const code = /AADSTS\d+/.exec(message)?.[0] ?? "";
  const known = knownError(deployerErrors, { code, message });
  if (!known) {
    const [first = ""] = message.split(/\r?\n/);
    return new OpsError("sign-in-refused", `Signing in failed: ${first.replace(/\.$/, "")}`, nothingKnown());
  }
  const said = code ? ` (${code})` : "";
  const cause = `${causeFor(known, message, { tenant })}${said}`;
  return new OpsError(codes[known.id] ?? "sign-in-refused", cause, fixFor(known, message, { tenant }));
}

/** The line in which Entra or the Azure CLI says that whoever asks is not signed in. */
export function refusedLogin(said: string): string | undefined {
  return said
    .split("\n")
    .find((line) => /AADSTS\d+|az login/.test(line))
    ?.trim();
}
