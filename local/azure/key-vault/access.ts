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
const secret = (action: string, permission: string): Right => right("secrets", action, permission);
const key = (action: string, permission: string): Right => right("keys", action, permission);
const certificate = (action: string, permission: string): Right => right("certificates", action, permission);
export const rights = {
  get: secret("getSecret/action", "get"),
  list: secret("readMetadata/action", "list"),
  set: secret("setSecret/action", "set"),
  update: secret("update/action", "set"),
  delete: secret("delete", "delete"),
  recover: secret("recover/action", "recover"),
  purge: secret("purge/action", "purge"),
  createKey: key("create/action", "create"),
  getKey: key("read", "get"),
  listKeys: key("read", "list"),
  deleteKey: key("delete", "delete"),
  recoverKey: key("recover/action", "recover"),
  purgeKey: key("purge/action", "purge"),
  encrypt: key("encrypt/action", "encrypt"),
  decrypt: key("decrypt/action", "decrypt"),
  sign: key("sign/action", "sign"),
  createCertificate: certificate("create/action", "create"),
  getCertificate: certificate("read", "get"),
  listCertificates: certificate("read", "list"),
  updateCertificate: certificate("update/action", "update"),
  deleteCertificate: certificate("delete", "delete"),
  recoverCertificate: certificate("recover/action", "recover"),
  purgeCertificate: certificate("purge/action", "purge"),
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
