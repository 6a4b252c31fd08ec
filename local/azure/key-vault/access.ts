import { networkRefusal } from "../network/reach";
import { TokenRefused, type Azure, type Claims, type Resource } from "../service";
import { accessDenied, forbiddenByConnection, forbiddenByFirewall, forbiddenByRbac, unauthorized } from "./errors";

const audiences = ["https://vault.azure.net", "https://vault.azure.net/"];

/** What a request wants to do: its data action, and the permission of the older access policies. */
export interface Right {
  /** What it is about. */
  readonly what: "secrets" | "keys" | "certificates";
  readonly action: string;
  readonly permission: string;
}

const right = (what: Right["what"], action: string, permission: string): Right => ({
  what,
  action: `Microsoft.KeyVault/vaults/${what}/${action}`,
  permission,
});

/** What the roles and the access policies of all three call the same. */
const common = (what: Right["what"]) => ({
  create: right(what, "create/action", "create"),
  get: right(what, "read", "get"),
  list: right(what, "read", "list"),
  update: right(what, "update/action", "update"),
  delete: right(what, "delete", "delete"),
  recover: right(what, "recover/action", "recover"),
  purge: right(what, "purge/action", "purge"),
});

export const rights = {
  secrets: {
    ...common("secrets"),
    get: right("secrets", "getSecret/action", "get"),
    list: right("secrets", "readMetadata/action", "list"),
    set: right("secrets", "setSecret/action", "set"),
    update: right("secrets", "update/action", "set"),
  },
  keys: {
    ...common("keys"),
    encrypt: right("keys", "encrypt/action", "encrypt"),
    decrypt: right("keys", "decrypt/action", "decrypt"),
    sign: right("keys", "sign/action", "sign"),
  },
  certificates: common("certificates"),
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
 * @param name the secret, key or certificate it is about; absent for a list
 */
export function authorize(azure: Azure, caller: Claims, vault: Resource, right: Right, name?: string): void {
  const refused = networkRefusal(azure, caller.oid, vault, "Microsoft.KeyVault");
  if (refused) throw refused === "public access is off" ? forbiddenByConnection() : forbiddenByFirewall(vault.name);
  const named = { name: vault.name, location: vault.location ?? "" };
  const who = { appid: caller.appid ?? "", oid: caller.oid, tid: azure.tenant.tenantId };
  if (vault.properties["enableRbacAuthorization"] === true) {
    const scope = name === undefined ? vault.id : `${vault.id}/${right.what}/${name}`;
    if (azure.roles.allows(caller.oid, right.action, scope, "data")) return;
    throw forbiddenByRbac(who, right.action, scope.toLowerCase(), named);
  }
  if (!policyAllows(vault, caller.oid, right)) throw accessDenied(who, `${right.what} ${right.permission}`, named);
}

function policyAllows(vault: Resource, oid: string, { what, permission }: Right): boolean {
  const policies = (vault.properties["accessPolicies"] ?? []) as {
    objectId: string;
    permissions: { readonly [what in Right["what"]]?: string[] };
  }[];
  return policies.some(
    ({ objectId, permissions }) =>
      objectId.toLowerCase() === oid.toLowerCase() &&
      (permissions[what] ?? []).some((given) => ["all", permission].includes(given.toLowerCase())),
  );
}
