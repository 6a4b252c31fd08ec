import { AzureError } from "../error";

/**
 * Key Vault's refusals over its data plane.
 * https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 */
const refuse = (
  status: number,
  code: string,
  message: string,
  inner?: string,
  headers: Record<string, string> = {},
): AzureError => {
  const error = { code, message, ...(inner ? { innererror: { code: inner } } : {}) };
  return new AzureError(status, code, message, { error }, headers);
};

const forbidden = (message: string, inner: string): AzureError => refuse(403, "Forbidden", message, inner);

export const unauthorized = (tenantId: string, message: string): AzureError =>
  refuse(401, "Unauthorized", message, undefined, {
    "WWW-Authenticate": `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`,
  });

export const forbiddenByRbac = (
  caller: { appid: string; oid: string; tid: string },
  action: string,
  resource: string,
  vault: { name: string; location: string },
): AzureError =>
  forbidden(
    "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role " +
      "definitions were changed recently, please observe propagation time.\r\n" +
      `Caller: appid=${caller.appid};oid=${caller.oid};iss=https://sts.windows.net/${caller.tid}/\r\n` +
      `Action: '${action}'\r\nResource: '${resource}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\n` +
      `DecisionReason: null \r\nVault: ${vault.name};location=${vault.location}\r\n`,
    "ForbiddenByRbac",
  );

export const accessDenied = (
  caller: { appid: string; oid: string; tid: string },
  permission: string,
  vault: { name: string; location: string },
): AzureError =>
  forbidden(
    `The user, group or application 'appid=${caller.appid};oid=${caller.oid};iss=https://sts.windows.net/${caller.tid}/' ` +
      `does not have ${permission} permission on key vault '${vault.name};location=${vault.location}'. ` +
      "For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
    "AccessDenied",
  );

export const forbiddenByConnection = (): AzureError =>
  forbidden(
    "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
    "ForbiddenByConnection",
  );

export const forbiddenByFirewall = (vault: string): AzureError =>
  forbidden(
    `Client address is not authorized and caller is not a trusted service.\r\nVault: ${vault}`,
    "ForbiddenByFirewall",
  );

export const secretDisabled = (): AzureError =>
  forbidden("Operation get is not allowed on a disabled secret.", "SecretDisabled");

/** What is said of a name that is none, that is not in the bin, and that is taken by what lies there. */
export interface ObjectRefusals {
  notFound(nameAndVersion: string): AzureError;
  notInBin(name: string): AzureError;
  inBin(name: string): AzureError;
}

/** The refusals that secrets, keys and certificates have in common. */
export function objectRefusals(kind: "Secret" | "Key" | "Certificate"): ObjectRefusals {
  const what = kind.toLowerCase();
  return {
    notFound: (nameAndVersion) =>
      refuse(
        404,
        `${kind}NotFound`,
        `A ${what} with (name/id) ${nameAndVersion} was not found in this key vault. If you recently deleted this ${what} ` +
          "you may be able to recover it using the correct recovery command. For help resolving this issue, please see " +
          "https://go.microsoft.com/fwlink/?linkid=2125182",
      ),
    notInBin: (name) => refuse(404, `${kind}NotFound`, `Deleted ${kind} not found: ${name}`),
    inBin: (name) =>
      refuse(
        409,
        "Conflict",
        `${kind} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, ` +
          `the ${what} can only be recovered or purged.`,
        "ObjectIsDeletedButRecoverable",
      ),
  };
}

/** recorded: azure-sdk-for-js, keyvault-certificates */
export const pendingCertificateNotFound = (): AzureError =>
  refuse(404, "PendingCertificateNotFound", "Pending certificate not found: ");

export const keyDisabled = (operation: string): AzureError =>
  forbidden(`Operation ${operation} is not allowed on a disabled key.`, "KeyDisabled");

export const keyOperationNotPermitted = (operation: string): AzureError =>
  forbidden(`Operation ${operation} is not permitted on this key.`, "KeyOperationForbidden");

/** recorded, without an inner code: https://github.com/Azure/sap-automation/pull/200 */
export const purgeProtected = ({ name, location }: { name: string; location?: string }): AzureError =>
  refuse(
    403,
    "Forbidden",
    'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will ' +
      `automatically purge it after the retention period has passed.\r\nVault: ${name};location=${location}`,
  );

export const badParameter = (message: string): AzureError => refuse(400, "BadParameter", message);

/** Real names that belong to no vault do not resolve; this says the same over HTTP. */
export const vaultNotFound = (host: string): AzureError =>
  refuse(404, "VaultNotFound", `No vault has the address https://${host}: getaddrinfo ENOTFOUND ${host}`);

export const noOperation = (method: string, path: string): AzureError =>
  refuse(400, "BadParameter", `Method ${method} does not allow operation '${path}'.`);
