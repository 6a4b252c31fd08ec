import { AzureError } from "../error";

const codes = {
  400: "BadRequest",
  401: "Unauthorized",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
} as const;

/**
 * Words a refusal as Microsoft.Web does: capital letters, `Details`, an `ErrorEntity` with the service's own number.
 * @param extendedCode undefined where no source shows it
 * @param template a sentence with holes, which the parameters fill
 */
function webError(
  status: keyof typeof codes,
  extendedCode: string | undefined,
  template: string,
  ...parameters: string[]
): AzureError {
  const code = codes[status];
  const message = template.replace(/\{(\d)\}/g, (_, at: string) => parameters[Number(at)] ?? "");
  const entity = {
    ...(extendedCode !== undefined && { ExtendedCode: extendedCode }),
    MessageTemplate: template,
    Parameters: parameters,
    Code: code,
    Message: message,
  };
  return new AzureError(status, code, message, {
    Code: code,
    Message: message,
    Target: null,
    Details: [{ Message: message }, { Code: code }, { ErrorEntity: entity }],
    Innererror: null,
  });
}

/** A value that App Service does not take: `The parameter LinuxFxVersion has an invalid value.` */
export const invalidParameter = (parameter: string, cause?: string): AzureError =>
  cause
    ? webError(400, "01007", "The parameter {0} has an invalid value. {1}", parameter, cause)
    : webError(400, "01007", "The parameter {0} has an invalid value.", parameter);

/**
 * A plan beyond the subscription's quota.
 * https://github.com/MicrosoftDocs/msteams-docs/issues/13495, and the words that many a terminal shows of it
 */
export const overQuota = (tier: string, location: string, limit: number, usage: number, amount: number): AzureError =>
  webError(
    401,
    "52039",
    "SubscriptionIsOverQuotaForSku: Operation cannot be completed without additional quota. " +
      "Additional details - Location: {0} Current Limit ({1} VMs): {2} Current Usage: {3} " +
      "Amount required for this deployment ({1} VMs): {4} " +
      "(Minimum) New Limit that you should request to enable this deployment: {5}.",
    location,
    tier,
    `${limit}`,
    `${usage}`,
    `${amount}`,
    `${usage + amount}`,
  );

/** A body without something that App Service needs. */
export const missingParameter = (parameter: string): AzureError =>
  webError(400, "51011", "Required parameter {0} is missing.", parameter);

export const siteNameInvalid = (name: string): AzureError =>
  webError(
    400,
    "04070",
    "Site names only allow alphanumeric characters and hyphens, cannot start or end in a hyphen, " +
      "and must be less than 64 chars.",
    name,
  );

/** Site names are host names, so they are taken for the whole of Azure. */
export const siteNameTaken = (name: string): AzureError =>
  webError(409, "54001", "Website with given name {0} already exists.", name);

const notFound = (what: string, name: string): AzureError =>
  webError(404, "51004", "Cannot find {0} with name {1}.", what, name);
export const planNotFound = (name: string): AzureError => notFound("serverFarm", name);

/** https://github.com/microsoft/vscode-azureappservice/issues/1914 */
export const freePlansUsedUp = (): AzureError =>
  webError(
    401,
    undefined,
    "This subscription has reached the limit of {0} Free Linux app service plan(s) it can create in this region. " +
      "Please choose a different sku or region.",
    "1",
  );

export const planInUse = (plan: string, sites: readonly string[]): AzureError =>
  webError(
    409,
    "11002",
    "Server farm '{0}' cannot be deleted because it has web app(s) {1} assigned to it.",
    plan,
    sites.join(", "),
  );

/** https://learn.microsoft.com/azure/app-service/configure-common#configure-general-settings: not on Free and Shared. */
export const alwaysOnNotAllowed = (): AzureError =>
  conflict(
    "AlwaysOn cannot be set for this site as the plan does not allow it. For more information on pricing and features, " +
      "please see: https://aka.ms/appservicepricingdetails ",
  );

/** recorded: https://github.com/microsoft/HealthBotContainerSample/issues/51 */
export const conflict = (cause: string): AzureError => webError(409, "01020", "There was a conflict. {0}", cause);

/**
 * Azure fills in network and subnet the wrong way round: https://github.com/Azure/terraform-azurerm-vnet/issues/46,
 * https://github.com/Azure/azure-quickstart-templates/issues/8813.
 */
export const subnetNotDelegated = (subnet: string, network: string): AzureError =>
  webError(
    400,
    "04060",
    "Subnet {0} in VNET {1} is missing a delegation to Microsoft.Web/serverFarms. Please add the delegation and try again.",
    network,
    subnet,
  );

export const subnetNotFound = (name: string): AzureError => notFound("subnet", name);

export const settingNamesNotAllowed = (names: readonly string[]): AzureError =>
  webError(400, "04072", "AppSetting with name(s) {0} are not allowed.", names.map((name) => `'${name}'`).join(", "));

export const methodNotAllowed = (what: string): AzureError => webError(405, "01020", "{0}", what);

export const configNotFound = (name: string): AzureError => notFound("config", name);

/** Kudu's refusals are plain sentences. */
export const kuduError = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): AzureError =>
  new AzureError(status, `Kudu${status}`, message, message, {
    "content-type": "text/plain; charset=utf-8",
    ...headers,
  });

/** Another push is under way; Kudu does not queue. */
export const deploymentInProgress = (): AzureError =>
  kuduError(409, "There is a deployment currently in progress. Please try again when it completes.");

/**
 * The managed-identity endpoint's refusals, in the form its clients parse.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const identityError = (status: number, message: string, correlationId: string): AzureError =>
  new AzureError(status, "ManagedIdentity", message, { statusCode: status, message, correlationId });
