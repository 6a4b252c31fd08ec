import { authorizationFailed, providerError } from "../../../local/azure/arm/errors";
import { deploymentInProgress, kuduError } from "../../../local/azure/app-service/errors";
import { Clock } from "../../../local/azure/clock";
import { AzureError } from "../../../local/azure/error";
import { GraphError, refusals } from "../../../local/azure/graph/errors";
import type { Claims } from "../../../local/azure/service";

/** A write of the deployer on its way into a service. */
export interface Write {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  /** What is written; empty where it is no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly caller: Claims;
  readonly request: Request;
}

/** What a service answers to a write at fault; undefined where it never answers so. */
export type AzureFault = (write: Write) => AzureError | undefined;

const clock = new Clock();
const instant = "11/22/2026 9:00:00 AM";
const id = "44702d3b-54a8-4c6c-9181-461b9b783958";

const inGraph = (error: GraphError, { request }: Write, headers: Record<string, string> = {}): AzureError => {
  const { status, code, message, body, headers: own } = error.answer(request, clock);
  return new AzureError(status, code, message, body, { ...own, ...headers });
};

const inArm = (status: number, code: string, message: string, headers: Record<string, string> = {}): AzureError =>
  providerError(status, code, message, headers);

/** Another second is what a service asks for at least; a real one may ask for minutes. */
const soon = { "retry-after": "1" };

/**
 * Too many calls. ARM: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling,
 * Graph: https://learn.microsoft.com/graph/throttling. Kudu's words are assumed.
 */
export const throttled: AzureFault = (write) => {
  switch (write.service) {
    case "Azure Resource Manager":
      return inArm(
        429,
        "SubscriptionRequestsThrottled",
        "Number of 'write' requests for subscription 'x' actor 'y' exceeded. Please try again after '1' seconds after " +
          "additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.",
        soon,
      );
    case "Microsoft Graph": {
      const message = "Please retry again later.";
      return new AzureError(429, "TooManyRequests", message, { error: { code: "TooManyRequests", message } }, soon);
    }
    case "App Service":
      return kuduError(429, "Too many requests.", soon);
  }
};

/**
 * Something else holds what is to be written.
 * Storage: https://github.com/pulumi/pulumi-azure-native/pull/4497. App Service:
 * https://github.com/Azure/azure-sdk-for-java/issues/1827. Key Vault: https://github.com/Azure/bicep/issues/4364. Graph:
 * https://github.com/nais/azurerator/issues/448. A group that is being deleted:
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found. That the other resource providers
 * say what Microsoft.Network says is assumed.
 */
export const conflicting: AzureFault = (write) => {
  const { service, path } = write;
  if (service === "Microsoft Graph") {
    const message = "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.";
    return inGraph(new GraphError(409, "Directory_ConcurrencyViolation", message), write);
  }
  if (service === "App Service") return deploymentInProgress();
  const [, vault] = /\/vaults\/([^/]+)/i.exec(path) ?? [];
  const [, group] = /\/resourcegroups\/([^/]+)$/i.exec(path) ?? [];
  if (/\/providers\/Microsoft\.Authorization\//i.test(path)) return undefined;
  if (/\/storageAccounts\//i.test(path)) {
    const words = "An operation is currently performing on this storage account that requires exclusive access.";
    return inArm(409, "StorageAccountOperationInProgress", words, soon);
  }
  if (vault) {
    const words =
      "A conflict occurred that prevented the operation from completing. The operation failed because the Key Vault " +
      `'${vault}' changed from the point the operation began. This can happen if parallel operations are being performed ` +
      "on the Key Vault. To prevent this error, serialize the operations so that only one operation is performed on the " +
      "Key Vault at a time. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147741";
    return inArm(409, "ConflictError", words);
  }
  if (/\/providers\/Microsoft\.Web\/[^/]+\/[^/]+(?!.*\/providers\/)/i.test(path)) {
    const what = /\/serverfarms\//i.test(path) ? "web hosting plan" : "site";
    const Message =
      `Cannot modify this ${what} because another operation is in progress. Details: Id: ${id}, OperationName: Create, ` +
      `CreatedTime: ${instant}, RequestId: ${id}, EntityType: ${what === "site" ? 3 : 9}`;
    return new AzureError(409, "Conflict", Message, {
      Code: "Conflict",
      Message,
      Target: null,
      Details: [{ Message }],
    });
  }
  if (group) {
    const words = `The resource group '${group}' is in deprovisioning state and cannot perform this operation.`;
    return inArm(409, "ResourceGroupBeingDeleted", words);
  }
  const words = "Another operation on this or dependent resource is in progress.";
  return inArm(409, "AnotherOperationInProgress", words, soon);
};

/** A role or permission that the deployer lacks. */
export const forbidden: AzureFault = (write) => {
  const { service, path, method, caller } = write;
  if (service === "Microsoft Graph") return inGraph(refusals.privileges(), write);
  if (service === "App Service") {
    return kuduError(403, "The caller does not have the right Microsoft.Web/sites/publish/Action.");
  }
  return authorizationFailed(caller.appid, caller.oid, actionOf(method, path), path);
};

/** `PUT .../providers/Microsoft.KeyVault/vaults/v/secrets/s` -> `Microsoft.KeyVault/vaults/secrets/write` */
function actionOf(method: string, path: string): string {
  const [, below] = /.*\/providers\/(.*)/i.exec(path) ?? [];
  if (below === undefined) return "Microsoft.Resources/subscriptions/resourcegroups/write";
  const [namespace, ...segments] = below.split("/");
  const types = segments.filter((_segment, at) => at % 2 === 0).join("/");
  return `${namespace}/${types}/${method === "POST" ? "action" : "write"}`;
}

/**
 * What is new and has not spread in Entra. ARM's sentence:
 * https://github.com/Azure-Samples/azure-search-openai-demo/issues/9
 */
export const notSpread: AzureFault = (write) => {
  const { service, method, path, body } = write;
  if (service === "Microsoft Graph") {
    if (path.endsWith("/servicePrincipals")) return inGraph(refusals.noBackingApplication(String(body.appId)), write);
    if (path.endsWith("/applications")) return undefined;
    const scope = "preAuthorizedApplications" in ((body.api ?? {}) as object);
    return inGraph(scope ? refusals.preAuthorizedPermission(id) : refusals.notFound(path.split("/")[3] ?? ""), write);
  }
  if (!/\/roleAssignments\//i.test(path) || method !== "PUT") return undefined;
  const { principalId } = body.properties as { principalId: string };
  const words =
    `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${write.caller.tid}. Check that you have ` +
    "the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might " +
    "be related to a replication delay. In this case, set the role assignment principalType property to a value, such as " +
    "ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype";
  return inArm(400, "PrincipalNotFound", words);
};
