import type { TokenCredential } from "@azure/identity";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { PreflightError } from "../preflight/preflight-error";

/** What an access token says of whoever carries it. */
export interface Claims {
  readonly oid: string;
  readonly tid: string;
  readonly appid?: string;
  readonly idtyp?: string;
  /** Permissions of an application. */
  readonly roles?: readonly string[];
  /** Permissions with which an application acts for a person, separated by spaces. */
  readonly scp?: string;
  /** Ids of the directory roles: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
  readonly wids?: readonly string[];
}

/** Who is going to deploy, as Azure and as Microsoft Graph see him. */
export interface Deployer {
  readonly azure: Claims;
  readonly graph: Claims;
}

/**
 * Signs in for ARM and for Microsoft Graph. Throws a {@link PreflightError} that says in one sentence what is wrong
 * with the login: expired, of another tenant than the stack's, or refused; or the credential's own AzureCallError.
 */
export async function signIn(credential: TokenCredential, tenantId: string): Promise<Deployer> {
  const claims = async (scope: string): Promise<Claims> => {
    const token = await credential.getToken(scope).catch((error: Error) => {
      const problem = loginProblem(error.message, tenantId);
      // Where the login itself says what cures it (a certificate, a federated credential), that is better.
      throw problem.code === "SIGN_IN_REFUSED" && error instanceof AzureCallError ? error : problem;
    });
    if (!token) throw loginProblem("the credential gave no token", tenantId);
    return claimsOf(token.token);
  };
  const azure = await claims("https://management.azure.com/.default");
  if (azure.tid.toLowerCase() !== tenantId.toLowerCase()) throw otherTenant(azure.tid, tenantId);
  return { azure, graph: await claims("https://graph.microsoft.com/.default") };
}

/** Reads, does not verify: the token is our own, and Azure verifies it with every call. */
function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

function otherTenant(seen: string, wanted: string): PreflightError {
  return new PreflightError(
    "WRONG_TENANT",
    `You are signed in to the tenant ${seen}, but the stack belongs to ${wanted}`,
    `az login --tenant ${wanted}`,
  );
}

/**
 * What a refused sign-in means. Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 * @param message of @azure/identity, which holds Entra's own
 */
export function loginProblem(message: string, tenantId: string): PreflightError {
  const code = /AADSTS\d+/.exec(message)?.[0] ?? "";
  const said = code ? ` (${code})` : "";
  if (["AADSTS90002", "AADSTS700016", "AADSTS90072", "AADSTS50020"].includes(code)) {
    return new PreflightError(
      "WRONG_TENANT",
      `The tenant ${tenantId} does not exist or does not know who signs in${said}`,
      "set ARM_TENANT_ID to the tenant in which ARM_CLIENT_ID is registered, or az login --tenant <tenant>",
    );
  }
  if (["AADSTS7000222", "AADSTS7000215"].includes(code)) {
    return new PreflightError(
      "LOGIN_EXPIRED",
      `The client secret of the deploying application has ended or is wrong${said}`,
      "az ad app credential reset --id $ARM_CLIENT_ID, then put the new one into ARM_CLIENT_SECRET",
    );
  }
  if (/Azure CLI could not be found/i.test(message)) {
    return new PreflightError(
      "CLI_MISSING",
      "No ARM_* variable says how to sign in, and the Azure CLI is not installed",
      "set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID, or install it (https://aka.ms/azure-cli) and az login",
    );
  }
  const expired = ["AADSTS70043", "AADSTS700082", "AADSTS50173", "AADSTS50078", "AADSTS50076"].includes(code);
  if (expired || /az login/i.test(message)) {
    return new PreflightError(
      "LOGIN_EXPIRED",
      `The Azure CLI's login has ended or never was${said}`,
      `az login --tenant ${tenantId}`,
    );
  }
  const [first = ""] = message.split(/\r?\n/);
  return new PreflightError("SIGN_IN_REFUSED", `Signing in failed: ${first}`, "check the ARM_* variables, or az login");
}
