import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import { AzureError } from "../error";

/** One of a refusal's details, as Graph lists them. */
interface Detail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/**
 * A refusal by Microsoft Graph, before it is known which request's ids it is answered with.
 * https://learn.microsoft.com/graph/errors
 */
export class GraphError extends Error {
  override readonly name = "GraphError";

  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 409,
    readonly code: string,
    message: string,
    readonly details: readonly Detail[] = [],
  ) {
    super(message);
  }

  /** The refusal as the answer to a request: with the time, an id of its own and the client's. */
  answer(request: Request, clock: Clock): AzureError {
    const requestId = randomUUID();
    const clientRequestId = request.headers.get("client-request-id") ?? requestId;
    const body = {
      error: {
        code: this.code,
        message: this.message,
        ...(this.details.length && { details: this.details }),
        innerError: {
          date: clock.now().toISOString().slice(0, 19),
          "request-id": requestId,
          "client-request-id": clientRequestId,
        },
      },
    };
    return new AzureError(this.status, this.code, this.message, body, {
      "request-id": requestId,
      "client-request-id": clientRequestId,
      ...(this.status === 401 && { "www-authenticate": challenge }),
    });
  }
}

const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
  'client_id="00000003-0000-0000-c000-000000000000"';

const refused = (code: string, message: string, details?: readonly Detail[]): GraphError =>
  new GraphError(400, code, message, details);
const malformed = (message: string): GraphError => refused("BadRequest", message);
const forbidden = (code: string, message: string): GraphError => new GraphError(403, code, message);
const sameKey = (message: string, details?: readonly Detail[]): GraphError =>
  new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message, details);
const badRequest = (message: string, details?: readonly Detail[]): GraphError =>
  refused("Request_BadRequest", message, details);
const unauthenticated = (message: string): GraphError => new GraphError(401, "InvalidAuthenticationToken", message);

/** Graph's refusals, one entry an error. */
export const refusals = {
  tokenMissing: () => unauthenticated("Access token is empty."),
  tokenMalformed: () => unauthenticated("IDX14100: JWT is not well formed, there are no dots (.)."),
  tokenExpired: () => unauthenticated("Lifetime validation failed, the token is expired."),
  tokenAudience: () => unauthenticated("Access token validation failure. Invalid audience."),
  tokenSignature: () => unauthenticated("Access token validation failure. Invalid signature."),
  tokenTenant: () => unauthenticated("Access token validation failure. Invalid issuer."),
  privileges: () => forbidden("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
  mailboxAccess: () => forbidden("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
  backingApplicationElsewhere: () =>
    forbidden(
      "Authorization_RequestDenied",
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ),
  personOnly: () => malformed("/me request is only valid with delegated authentication flow."),
  version: (version: string) => malformed(`Invalid version: ${version}.`),
  // recorded in many issues: "Resource not found for the segment 'x'."
  segment: (name: string) => malformed(`Resource not found for the segment '${name}'.`),
  notFound: (id: string) =>
    new GraphError(
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  itemNotFound: () => new GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store."),
  bodyUnreadable: () =>
    malformed(
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    ),
  batchUnreadable: () => malformed("Invalid batch payload format."),
  // assumed: the words are those of Microsoft's own client, which refuses before it sends.
  batchTooLong: (most: number) => malformed(`Number of batch request steps exceeds the maximum value of ${most}.`),
  propertyUnknown: (name: string) => badRequest(`Invalid property '${name}'.`),
  propertyInvalid: (name: string, resource: string) =>
    badRequest(`Invalid value specified for property '${name}' of resource '${resource}'.`, [
      { code: "InvalidValue", message: `Invalid value specified for property '${name}'.`, target: name },
    ]),
  propertyRequired: (name: string, resource: string) =>
    badRequest(`A value is required for property '${name}' of resource '${resource}'.`),
  queryUnsupported: (name: string) => malformed(`The query parameter '${name}' is not supported.`),
  filterUnsupported: (clause: string) =>
    refused("Request_UnsupportedQuery", `Unsupported or invalid query filter clause specified: '${clause}'.`),
  selectUnknown: (name: string, type: string) =>
    malformed(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
    ),
  skipTokenInvalid: () =>
    refused(
      "Directory_ExpiredPageToken",
      "The specified page token value has expired and can no longer be included in your request.",
    ),
  hostNotVerified: (uri: string) =>
    refused(
      "HostNameNotOnVerifiedDomain",
      `Failed to add identifier URI ${uri}. All newly added URIs must contain a tenant verified domain, tenant ID, or app ID, as per the default tenant policy of your organization. See https://aka.ms/identifier-uri-addition-error for more information on this error.`,
    ),
  identifierUriTaken: () =>
    refused("ObjectConflict", "Another object with the same value for property identifierUris already exists.", [
      {
        code: "ObjectConflict",
        message: "Another object with the same value already exists.",
        target: "identifierUris",
      },
    ]),
  permissionEnabled: () =>
    refused(
      "CannotDeleteOrUpdateEnabledEntitlement",
      "Permission (scope or role) cannot be deleted or updated unless disabled first.",
    ),
  // recorded: https://github.com/microsoftgraph/microsoft-graph-docs/issues/21667
  permissionDuplicate: (target: string) => {
    const [code, message] = ["DuplicateValue", "Request contains a property with duplicate values."];
    return refused(code, message, [{ code, message, target }]);
  },
  preAuthorizedPermission: (id: string) =>
    refused(
      "InvalidValue",
      `Property PreAuthorizedApplications references the Permission Id ${id} that cannot be found in the application's permissions.`,
      [{ code: "InvalidValue", message: "Permission Id cannot be found.", target: "api.preAuthorizedApplications" }],
    ),
  passwordByActionOnly: () =>
    badRequest("New password credentials must be generated with service actions.", [
      { code: "InvalidValue", message: "Use addPassword.", target: "passwordCredentials" },
    ]),
  passwordDates: () =>
    badRequest("Credential end date is invalid: it must be after the start date and in the future.", [
      { code: "KeyCredentialsInvalidEndDate", message: "Credential end date is invalid.", target: "endDateTime" },
    ]),
  // recorded in issues: KelvinTegelaar/CIPP-API#1970 (life); the codes are those of microsoft-365-agents-toolkit
  credentialType: (policy: string) =>
    refused(
      "CredentialTypeNotAllowedAsPerAppPolicy",
      `Credential type not allowed as per assigned policy '${policy}'.`,
    ),
  credentialLifetime: (policy: string) =>
    refused(
      "CredentialInvalidLifetimeAsPerAppPolicy",
      `Credential lifetime exceeds the max value allowed as per assigned policy '${policy}'.`,
    ),
  keyEndInvalid: () => badRequest("Key credential end date is invalid."),
  keyInvalid: () => badRequest("Key credential value is invalid."),
  keyChanged: (keyId: string) => badRequest(`Update to existing credential with KeyId '${keyId}' is not allowed.`),
  passwordNotFound: (keyId: string) => badRequest(`No credentials found to be removed with key id '${keyId}'.`),
  federatedDuplicate: (name: string) => sameKey(`FederatedIdentityCredential with name ${name} already exists.`),
  // recorded: https://github.com/Azure/azure-workload-identity/issues/434
  federatedTwice: (issuer: string, subject: string) =>
    refused(
      "InvalidFederatedIdentityCredentialValue",
      `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist. ` +
        `paramName: FederatedIdentityCredential.Subject, paramValue: ${subject}, objectType: Microsoft.Online.DirectoryServices.Application`,
    ),
  federatedLimit: () => badRequest("Too many federated identity credentials: an application holds at most 20."),
  noBackingApplication: (appId: string) => {
    const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    return badRequest(message, [{ code: "NoBackingApplicationObject", message, target: "appId" }]);
  },
  servicePrincipalExists: (appId: string) =>
    sameKey(
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      [
        {
          code: "ObjectConflict",
          message: "The service principal name is already in use.",
          target: "servicePrincipalNames",
        },
      ],
    ),
  referenceExists: (property: "owners" | "members") =>
    badRequest(
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    ),
  grantExists: () => sameKey("Permission entry already exists."),
  roleAssignmentExists: () =>
    badRequest("A conflicting object with one or more of the specified property values is present in the directory."),
  assignmentExists: () => badRequest("Permission being assigned already exists on the object"),
  recipientsMissing: () =>
    refused(
      "ErrorInvalidRecipients",
      "At least one recipient isn't valid., A message can't be sent because it contains no recipients.",
    ),
  recipientInvalid: (address: string) =>
    refused("ErrorInvalidRecipients", `At least one recipient isn't valid., Recipient '${address}' isn't valid.`),
} as const;
