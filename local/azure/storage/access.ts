import { networkRefusal } from "../network/reach";
import { TokenRefused, type Azure, type Claims, type Resource } from "../service";
import type { AccountKeys, Delegation } from "./account-keys";
import { containerId } from "./accounts";
import {
  authenticationFailed,
  invalidAuthentication,
  keysNotPermitted,
  networkRefused,
  noAuthentication,
  permissionMismatch,
} from "./errors";
import { isSignedAddress, sharedAccess, type SharedAccess, type SignedRight } from "./shared-access";
import { isSignedBy } from "./shared-key";

const containers = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** What a request does, as roles name it, and as shared access signatures do. Any one of several actions is enough. */
export interface Right {
  readonly plane: "control" | "data";
  readonly actions: readonly string[];
  readonly signed: SignedRight;
}

const data = (letters: string, thing: "c" | "o", ...actions: string[]): Right => ({
  plane: "data",
  actions: actions.map((a) => `${containers}/blobs/${a}`),
  signed: { letters, thing },
});
const control = (letters: string, thing: "s" | "c", action: string): Right => ({
  plane: "control",
  actions: [`${containers}/${action}`],
  signed: { letters, thing },
});

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#permissions-for-blob-service-operations */
export const rights = {
  readBlob: data("r", "o", "read"),
  listBlobs: data("l", "c", "read"),
  createBlob: data("cw", "o", "write", "add/action"),
  createBlocks: data("w", "o", "write", "add/action"),
  writeBlob: data("w", "o", "write"),
  deleteBlob: data("d", "o", "delete"),
  listContainers: control("l", "s", "read"),
  readContainer: control("r", "c", "read"),
  writeContainer: control("cw", "c", "write"),
  deleteContainer: control("d", "c", "delete"),
  delegateKey: {
    plane: "control",
    actions: ["Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"],
    signed: { letters: "", thing: "s" },
  },
} as const;

/**
 * Who asks: whoever a bearer token says, whoever has a key of the account, who may do
 * everything, or what such a key signed for them.
 */
export type Caller = Claims | SharedAccess | "account key";

/** Who asks, by a bearer token for storage or by an account's key or what it signed. Throws 401 with a challenge, or 403. */
export async function authenticate(
  azure: Azure,
  request: Request,
  account: Resource,
  keys: AccountKeys,
): Promise<Caller> {
  const byKey = /^SharedKey/i.test(request.headers.get("authorization") ?? "");
  const url = new URL(request.url);
  const bySignature = isSignedAddress(url);
  if (byKey || bySignature) {
    if (bySignature) return signedCaller(azure, url, account, keys);
    if (!(await isSignedBy(request, account.name, keyValues(account, keys)))) throw authenticationFailed();
    return "account key";
  }
  const own = `https://${account.name}.blob.core.windows.net`;
  try {
    return await azure.directory.verify(request, ["https://storage.azure.com", own]);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const { tenantId } = azure.tenant;
    throw error.reason === "missing"
      ? noAuthentication(tenantId)
      : invalidAuthentication(tenantId, wording[error.reason]);
  }
}

/** Who has an address that a key signed: the account's, or one that it delegated. Throws 403. */
export function signedCaller(azure: Azure, url: URL, account: Resource, keys: AccountKeys): SharedAccess {
  const signing = {
    own: () => keyValues(account, keys),
    delegated: (delegation: Delegation) => keys.delegated(account, delegation),
  };
  return sharedAccess(url, account.name, signing, azure.clock.now());
}

function keyValues(account: Resource, keys: AccountKeys): readonly string[] {
  if (account.properties["allowSharedKeyAccess"] === false) throw keysNotPermitted();
  return keys.of(account).map(({ value }) => value);
}

const wording: Record<Exclude<TokenRefused["reason"], "missing">, string> = {
  malformed: "The token is malformed.",
  signature: "Signature validation failed. Signature verification failed.",
  expired: "Lifetime validation failed. The token is expired.",
  audience: "Audience validation failed. Audience did not match.",
  tenant: "Issuer validation failed. Issuer did not match.",
};

/** Refuses a caller whose roles do not allow a request, and everyone where the account is closed to the network. */
export function authorize(azure: Azure, caller: Caller, account: Resource, container: string, right: Right): void {
  const principal = caller === "account key" || isSharedAccess(caller) ? "" : caller.oid;
  if (networkRefusal(azure, principal, account, "Microsoft.Storage")) throw networkRefused();
  if (caller === "account key") return;
  if (isSharedAccess(caller)) caller.demand(right.signed);
  const oid = isSharedAccess(caller) ? caller.by : caller.oid;
  if (oid === undefined) return;
  const scope = container === "" ? account.id : containerId(account, container);
  if (right.actions.some((action) => azure.roles.allows(oid, action, scope, right.plane))) return;
  throw permissionMismatch();
}

export const isSharedAccess = (caller: Caller): caller is SharedAccess =>
  caller !== "account key" && "demand" in caller;
