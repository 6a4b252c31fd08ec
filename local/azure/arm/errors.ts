import { AzureError } from "../error";

/**
 * Azure Resource Manager's refusals, one function for each code, in its own words.
 * Texts: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}): AzureError =>
  new AzureError(status, code, message, { error: { code, message } }, headers);

/** A refusal of a resource provider behind ARM, which uses the same body. */
export const providerError = refuse;

const badRequest = (code: string, message: string): AzureError => refuse(400, code, message);
const notFound = (code: string, message: string): AzureError => refuse(404, code, message);
const conflict = (code: string, message: string): AzureError => refuse(409, code, message);

export const missingApiVersion = (): AzureError =>
  badRequest(
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
  );

export const invalidApiVersion = (version: string, supported: readonly string[]): AzureError =>
  badRequest(
    "InvalidApiVersionParameter",
    `The api-version '${version}' is invalid. The supported versions are '${supported.join(",")}'.`,
  );

export const noRegisteredProvider = (
  type: string,
  location: string,
  version: string,
  supported: readonly string[],
  locations: readonly string[],
): AzureError =>
  badRequest(
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '${location}' and API version '${version}' for type '${type}'. ` +
      `The supported api-versions are '${supported.join(", ")}'. The supported locations are '${locations.join(", ")}'.`,
  );

export const invalidFilter = (filter: string): AzureError =>
  badRequest(
    "BadRequest",
    `The filter '${filter}' is not supported. It names eventTimestamp with ge or le, and may name resourceGroupName, ` +
      "resourceUri, caller, status or correlationId with eq.",
  );

/** recorded: azure-cli test_activity_log_list_scenario */
export const startTooOld = (): AzureError => {
  const Message = "The start time cannot be more than 90 days in the past.";
  return new AzureError(400, "BadRequest", Message, { Code: "BadRequest", Message });
};

export const invalidTemplate = (what: string): AzureError =>
  badRequest("InvalidTemplate", `Deployment template validation failed: '${what}'`);

export const invalidNamespace = (namespace: string): AzureError =>
  notFound("InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);

export const invalidType = (namespace: string, type: string, version: string): AzureError =>
  notFound(
    "InvalidResourceType",
    `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${version}'.`,
  );

export const missingRegistration = (namespace: string): AzureError =>
  new AzureError(409, "MissingSubscriptionRegistration", registrationText(namespace), {
    error: {
      code: "MissingSubscriptionRegistration",
      message: registrationText(namespace),
      details: [{ code: "MissingSubscriptionRegistration", target: namespace, message: registrationText(namespace) }],
    },
  });
const registrationText = (namespace: string): string =>
  `The subscription is not registered to use namespace '${namespace}'. ` +
  "See https://aka.ms/rps-not-found for how to register subscriptions.";

export const subscriptionNotFound = (subscription: string): AzureError =>
  notFound("SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);

export const groupNotFound = (group: string): AzureError =>
  notFound("ResourceGroupNotFound", `Resource group '${group}' could not be found.`);

/** recorded: azure-cli, the botservice module's recordings (GET of an absent bot) */
export const resourceNotFound = (typeAndName: string, group: string | undefined): AzureError =>
  notFound(
    "ResourceNotFound",
    `The Resource '${typeAndName}' under resource group '${group ?? "<null>"}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  );

export const parentNotFound = (parent: string): AzureError =>
  notFound(
    "ParentResourceNotFound",
    `Can not perform requested operation on nested resource. Parent resource '${parent}' not found.`,
  );

export const invalidName = (name: string, type: string): AzureError =>
  badRequest("InvalidResourceName", `Resource name ${name} is invalid. Its type is '${type}'.`);

export const invalidContent = (detail: string): AzureError =>
  badRequest("InvalidRequestContent", `The request content was invalid and could not be deserialized: '${detail}'.`);

/** https://github.com/Azure/azure-cli/issues/10143 */
export const unsupportedMediaType = (type: string | null): AzureError =>
  refuse(
    415,
    "UnsupportedMediaType",
    `The content media type '${type?.split(";")[0] ?? "<null>"}' is not supported. Only 'application/json' is supported.`,
  );

export const locationRequired = (): AzureError =>
  badRequest("LocationRequired", "The location property is required for this definition.");

export const locationNotAvailable = (location: string, type: string, locations: readonly string[]): AzureError =>
  badRequest(
    "LocationNotAvailableForResourceType",
    `The provided location '${location}' is not available for resource type '${type}'. ` +
      `List of available regions for the resource type is '${locations.join(",")}'.`,
  );

export const invalidLocation = (name: string, was: string, group: string, asked: string): AzureError =>
  conflict(
    "InvalidResourceLocation",
    `The resource '${name}' already exists in location '${was}' in resource group '${group}'. ` +
      `A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
  );

export const groupLocation = (was: string, asked: string): AzureError =>
  conflict(
    "InvalidResourceGroupLocation",
    `Invalid resource group location '${asked}'. The Resource group already exists in location '${was}'.`,
  );

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-scope-locked; azure-cli#24303 */
export const scopeLocked = (scope: string, verb: string, locked: readonly string[]): AzureError =>
  conflict(
    "ScopeLocked",
    `The scope '${scope}' cannot perform ${verb} operation because following scope(s) are locked: '${locked.join(",")}'. ` +
      "Please remove the lock and try again.",
  );

export const propertyChange = (property: string): AzureError =>
  conflict("PropertyChangeNotAllowed", `Changing property '${property}' is not allowed.`);

export const methodNotAllowed = (method: string): AzureError =>
  refuse(405, "MethodNotAllowed", `The requested resource does not support http method '${method}'.`);

export const authorizationFailed = (client: string, objectId: string, action: string, scope: string): AzureError =>
  refuse(
    403,
    "AuthorizationFailed",
    `The client '${client}' with object id '${objectId}' does not have authorization to perform action '${action}' ` +
      `over scope '${scope}' or the scope is invalid. ` +
      "If access was recently granted, please refresh your credentials.",
  );
