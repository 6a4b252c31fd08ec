import { TokenRefused, type Azure, type Claims, type Resource } from "../service";
import { accessDenied, forbiddenByConnection, forbiddenByFirewall, forbiddenByRbac, unauthorized } from "./errors";

const audiences = ["https://vault.azure.net", "https://vault.azure.net/"];

/** What a request wants to do: its data action, and the permission of the older access policies. */
export interface Right {
  readonly action: string;
  readonly permission: string;
}

const secret = (action: string, permission: string): Right => ({
  action: `Microsoft.KeyVault/vaults/secrets/${action}`,
  permission,
});
export const rights = {
  get: secret("getSecret/action", "get"),
  list: secret("readMetadata/action", "list"),
  set: secret("setSecret/action", "set"),
  update: secret("update/action", "set"),
  delete: secret("delete", "delete"),
  recover: secret("recover/action", "recover"),
  purge: secret("purge/action", "purge"),
} as const;

/** Who asks. Throws 401 with the challenge that tells a client where to get a token. */
export async function authenticate(azure: Azure, request: Request): Promise<Claims> {
  try {
    return await azure.directory.verify(request, audiences);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw unauthorized(azure.tenant.tenantId, wording[error.reason]);
  }
}

const wording: Record<TokenRefused["reason"], string> = {
  missing: "AKV10000: Request is missing a Bearer or PoP token.",
  malformed: "AKV10001: Failed to parse the token: it is not a well-formed JWT.",
  signature: "AKV10046: Unable to resolve the key used for signature validation.",
  expired: "AKV10014: The token's lifetime is over.",
  audience: "AKV10022: Invalid audience. Expected https://vault.azure.net.",
  tenant: "AKV10032: Invalid issuer: the token is another tenant's.",
};

/**
 * Refuses a request that the vault's network rules, roles or access policies do not allow.
 * @param secretName the secret it is about; absent for a list
 */
export function authorize(azure: Azure, caller: Claims, vault: Resource, right: Right, secretName?: string): void {
  checkNetwork(vault);
  const named = { name: vault.name, location: vault.location ?? "" };
  const who = { appid: caller.appid ?? "", oid: caller.oid, tid: azure.tenant.tenantId };
  if (vault.properties["enableRbacAuthorization"] === true) {
    const scope = secretName === undefined ? vault.id : `${vault.id}/secrets/${secretName}`;
    if (azure.roles.allows(caller.oid, right.action, scope, "data")) return;
    throw forbiddenByRbac(who, right.action, scope.toLowerCase(), named);
  }
  if (!policyAllows(vault, caller.oid, right.permission)) throw accessDenied(who, right.permission, named);
}

function checkNetwork({ name, properties }: Resource): void {
  if (String(properties["publicNetworkAccess"]).toLowerCase() === "disabled") throw forbiddenByConnection();
  const acls = properties["networkAcls"] as { defaultAction?: string } | undefined;
  if (acls?.defaultAction === "Deny") throw forbiddenByFirewall(name);
}

function policyAllows(vault: Resource, oid: string, permission: string): boolean {
  const policies = (vault.properties["accessPolicies"] ?? []) as {
    objectId: string;
    permissions: { secrets?: string[] };
  }[];
  return policies.some(
    ({ objectId, permissions }) =>
      objectId.toLowerCase() === oid.toLowerCase() &&
      (permissions.secrets ?? []).some((given) => ["all", permission].includes(given.toLowerCase())),
  );
}
