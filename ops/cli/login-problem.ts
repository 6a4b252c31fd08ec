import { OpsError } from "./ops-error";

/**
 * What a refused sign-in means. Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 * @param message of @azure/identity or of Pulumi, which holds Entra's own
 */
export function loginProblem(message: string, tenantId = "<tenant>"): OpsError {
  const code = /AADSTS\d+/.exec(message)?.[0] ?? "";
  const said = code ? ` (${code})` : "";
  if (["AADSTS90002", "AADSTS700016", "AADSTS90072", "AADSTS50020"].includes(code)) {
    return new OpsError(
      "wrong-tenant",
      `The tenant ${tenantId} does not exist or does not know who signs in${said}`,
      "set ARM_TENANT_ID to the tenant in which ARM_CLIENT_ID is registered, or az login --tenant <tenant>",
    );
  }
  if (["AADSTS7000222", "AADSTS7000215"].includes(code)) {
    return new OpsError(
      "login-expired",
      `The client secret of the deploying application has ended or is wrong${said}`,
      "az ad app credential reset --id $ARM_CLIENT_ID, then put the new one into ARM_CLIENT_SECRET",
    );
  }
  if (/Azure CLI could not be found/i.test(message)) {
    return new OpsError(
      "azure-cli-missing",
      "No ARM_* variable says how to sign in, and the Azure CLI is not installed",
      "set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID, or install it (https://aka.ms/azure-cli) and az login",
    );
  }
  const expired = ["AADSTS70043", "AADSTS700082", "AADSTS50173", "AADSTS50078", "AADSTS50076"].includes(code);
  if (expired || /az login/i.test(message)) {
    return new OpsError(
      "login-expired",
      `The Azure CLI's login has ended or never was${said}`,
      `az login --tenant ${tenantId}`,
    );
  }
  const [first = ""] = message.split(/\r?\n/);
  return new OpsError("sign-in-refused", `Signing in failed: ${first}`, "check the ARM_* variables, or az login");
}

/** The line in which Entra or the Azure CLI says that whoever asks is not signed in. */
export function refusedLogin(said: string): string | undefined {
  return said
    .split("\n")
    .find((line) => /AADSTS\d+|az login/.test(line))
    ?.trim();
}
