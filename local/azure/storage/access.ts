import { networkRefusal } from "../network/reach";
import { TokenRefused, type Azure, type Claims, type Resource } from "../service";
import type { AccountKeys } from "./account-keys";
import { containerId } from "./accounts";
import {
  authenticationFailed,
  invalidAuthentication,
  keysNotPermitted,
  networkRefused,
  noAuthentication,
  permissionMismatch,
  signaturesNotServed,
} from "./errors";
import { isSignedBy } from "./shared-key";

const containers = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** What a request does, as roles name it. Any one of several actions is enough. */
export interface Right {
  readonly kind: "control" | "data";
  readonly actions: readonly string[];
}

const data = (...actions: string[]): Right => ({
  kind: "data",
  actions: actions.map((a) => `${containers}/blobs/${a}`),
});
const control = (...actions: string[]): Right => ({
  kind: "control",
  actions: actions.map((a) => `${containers}/${a}`),
});

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#permissions-for-blob-service-operations */
export const rights = {
  readBlob: data("read"),
  createBlob: data("write", "add/action"),
  writeBlob: data("write"),
  deleteBlob: data("delete"),
  readContainer: control("read"),
  writeContainer: control("write"),
  deleteContainer: control("delete"),
} as const;

/** Who asks: whoever a bearer token says, or somebody who has a key of the account and may do everything with it. */
export type Caller = Claims | "account key";

/** Who asks, by a bearer token for storage or by an account's key. Throws 401 with a challenge, or 403. */
export async function authenticate(
  azure: Azure,
  request: Request,
  account: Resource,
  keys: AccountKeys,
): Promise<Caller> {
  const byKey = /^SharedKey/i.test(request.headers.get("authorization") ?? "");
  const bySignature = new URL(request.url).searchParams.has("sig");
  if (byKey || bySignature) {
    if (account.properties["allowSharedKeyAccess"] === false) throw keysNotPermitted();
    if (bySignature) throw signaturesNotServed();
    const values = keys.of(account).map(({ value }) => value);
    if (!(await isSignedBy(request, account.name, values))) throw authenticationFailed();
    return "account key";
  }
  const own = `https://${account.name}.blob.core.windows.net`;
  try {
    return await azure.directory.verify(request, [
      "https://storage.azure.com",
      "https://storage.azure.com/",
      own,
      `${own}/`,
    ]);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const { tenantId } = azure.tenant;
    throw error.reason === "missing"
      ? noAuthentication(tenantId)
      : invalidAuthentication(tenantId, wording[error.reason]);
  }
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
  const principal = caller === "account key" ? "" : caller.oid;
  if (networkRefusal(azure, principal, account, "Microsoft.Storage")) throw networkRefused();
  if (caller === "account key") return;
  const scope = container === "" ? account.id : containerId(account, container);
  if (right.actions.some((action) => azure.roles.allows(caller.oid, action, scope, right.kind))) return;
  throw permissionMismatch();
}
