import type { TokenCredential } from "@azure/identity";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { loginProblem } from "../cli/login-problem";
import { OpsError } from "../cli/ops-error";

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
 * Signs in for ARM and for Microsoft Graph. Throws an {@link OpsError} that says in one sentence what is wrong
 * with the login: expired, of another tenant than the stack's, or refused; or the credential's own AzureCallError.
 */
export async function signIn(credential: TokenCredential, tenantId: string): Promise<Deployer> {
  const claims = async (scope: string): Promise<Claims> => {
    const token = await credential.getToken(scope).catch((error: Error) => {
      const problem = loginProblem(error.message, tenantId);
      // What the credential itself found (a file, a token that it could not get) it says best.
      throw problem.code === "sign-in-refused" && error instanceof AzureCallError ? error : problem;
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

function otherTenant(seen: string, wanted: string): OpsError {
  return new OpsError(
    "wrong-tenant",
    `You are signed in to the tenant ${seen}, but the stack belongs to ${wanted}`,
    `az login --tenant ${wanted}`,
  );
}
