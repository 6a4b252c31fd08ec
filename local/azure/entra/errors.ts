import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";

/** OAuth's own error codes, as Entra uses them. */
export type OAuthError =
  | "access_denied"
  | "authorization_pending"
  | "consent_required"
  | "expired_token"
  | "interaction_required"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_instance"
  | "invalid_request"
  | "invalid_resource"
  | "invalid_scope"
  | "invalid_tenant"
  | "login_required"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type";

/**
 * A refusal by Entra ID. The token endpoint answers it as JSON, the authorization endpoint as a page or as a redirect
 * to the application; the number and the words are the same.
 *
 * Numbers and texts: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class EntraError extends Error {
  override readonly name = "EntraError";
  /** `AADSTS7000215` */
  readonly code: string;

  constructor(
    readonly number: number,
    readonly error: OAuthError,
    /** HTTP status at the token endpoint. */
    readonly status: 400 | 401,
    text: string,
    /** Entra's finer word in a redirect: `cancel`, `basic_action`, ... */
    readonly suberror?: string,
  ) {
    super(`AADSTS${number}: ${text}`);
    this.code = `AADSTS${number}`;
  }
}

/** What Entra says of one request: ids and time stand in every error text. */
export interface Occurrence {
  readonly traceId: string;
  readonly correlationId: string;
  /** `2026-11-22 03:57:12Z` */
  readonly timestamp: string;
}

/** Ids and time for the answer to a request. The correlation id is the client's own `client-request-id` where it sent one. */
export function occurrence(request: Request, clock: Clock): Occurrence {
  const sent =
    request.headers.get("client-request-id") ?? new URL(request.url).searchParams.get("client-request-id") ?? "";
  return {
    traceId: randomUUID(),
    correlationId: /^[0-9a-f-]{36}$/i.test(sent) ? sent : randomUUID(),
    timestamp: clock
      .now()
      .toISOString()
      .replace("T", " ")
      .replace(/\.\d+Z$/, "Z"),
  };
}

/** The text with which Entra describes a refusal: message, trace id, correlation id and time. */
export function describe(error: EntraError, at: Occurrence): string {
  return `${error.message} Trace ID: ${at.traceId} Correlation ID: ${at.correlationId} Timestamp: ${at.timestamp}`;
}

/** The JSON body of a refusal by the token endpoint or the discovery documents. */
export function errorBody(error: EntraError, at: Occurrence): Record<string, unknown> {
  return {
    error: error.error,
    error_description: describe(error, at),
    error_codes: [error.number],
    timestamp: at.timestamp,
    trace_id: at.traceId,
    correlation_id: at.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.number}`,
    ...(error.suberror && { suberror: error.suberror }),
  };
}

const wrongTenant =
  "This can happen if the application has not been installed by the administrator of the tenant or consented to by " +
  "any user in the tenant. You may have sent your authentication request to the wrong tenant.";

const refusal =
  (error: OAuthError, status: 400 | 401 = 400) =>
  (number: number, text: string, suberror?: string): EntraError =>
    new EntraError(number, error, status, text, suberror);
const invalidRequest = refusal("invalid_request");
const invalidClient = refusal("invalid_client", 401);
const invalidGrant = refusal("invalid_grant");
const invalidScope = refusal("invalid_scope");
const accessDenied = refusal("access_denied");

/** `2023-08-01T11:08:01.5270000Z` */
const precise = (at: Date): string => at.toISOString().replace("Z", "0000Z");

const certificateCredentials = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials";

const page = "'Single-Page Application' client-type";

const federatedMismatch = (number: number, what: "issuer" | "audience" | "subject", presented: string): EntraError =>
  invalidClient(
    number,
    `No matching federated identity record found for presented assertion ${what} '${presented}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
  );

/** Entra's refusals, one entry an error. */
export const refusals = {
  tenantNotFound: (tenant: string, error: OAuthError = "invalid_request") =>
    refusal(error)(
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  invalidInstance: (authority: string) =>
    refusal("invalid_instance")(50049, `Unknown or invalid instance. The authority '${authority}' is not known.`),
  // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code#expected-errors
  deviceCodePending: () =>
    refusal("authorization_pending")(70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."),
  deviceCodeExpired: () =>
    refusal("expired_token")(70019, "Verification code expired. Have the user retry the sign-in."),
  deviceCodeUnknown: () => invalidRequest(70018, "Invalid verification code due to user typing in wrong user code."),
  malformed: () => invalidRequest(9002313, "Invalid request. Request is malformed or invalid."),
  parameterMissing: (name: string) =>
    invalidRequest(900144, `The request body must contain the following parameter: '${name}'.`),
  unsupportedGrant: (grant: string) =>
    refusal("unsupported_grant_type")(70003, `The app requested an unsupported grant type '${grant}'.`),
  unsupportedResponseType: (type: string) =>
    refusal("unsupported_response_type")(700054, `response_type '${type}' is not enabled for the application.`),
  unsupportedParameter: (name: string) => invalidRequest(90023, `Unsupported '${name}' value.`),
  applicationNotFound: (clientId: string, directory: string) =>
    refusal("unauthorized_client")(
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${directory}'. ${wrongTenant}`,
    ),
  /** Recorded in the Teams SDK's troubleshooting page: 401, invalid_client. */
  servicePrincipalMissing: (clientId: string, tenantId: string) =>
    invalidClient(
      7000229,
      `The client application ${clientId} is missing service principal in the tenant ${tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    ),
  servicePrincipalDisabled: (clientId: string, name: string) =>
    refusal("unauthorized_client")(7000112, `Application '${clientId}'(${name}) is disabled.`),
  notMultiTenant: (clientId: string, name: string, endpoint: string) =>
    invalidRequest(
      50194,
      `Application '${clientId}'(${name}) is not configured as a multi-tenant application. Usage of the /${endpoint} endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
    ),
  credentialMissing: () =>
    invalidClient(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  secretWrong: (clientId: string) =>
    invalidClient(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  secretExpired: (clientId: string) =>
    invalidClient(
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ),
  // recorded in many issues, for example https://github.com/Softeria/ms-365-mcp-server/issues/664
  clientIsPublic: () =>
    invalidClient(700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."),
  // recorded: https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/3032, vippsas/vipps-ecom-api#246
  pageOnly: () =>
    invalidRequest(9002327, `Tokens issued for the ${page} may only be redeemed via cross-origin requests.`),
  noPage: () => invalidRequest(9002326, `Cross-origin token redemption is permitted only for the ${page}.`),
  // recorded: https://github.com/thobach/MMM-MicrosoftToDo/issues/27
  pageWithoutChallenge: () =>
    invalidRequest(9002325, "Proof Key for Code Exchange is required for cross-origin authorization code redemption."),
  assertionMalformed: () => invalidClient(50027, "JWT token is invalid or malformed."),
  // recorded: https://github.com/AzureAD/passport-azure-ad/issues/453 and others; the words of 2024 and later
  certificateUnknown: (clientId: string, thumbprint: string) =>
    invalidClient(
      700027,
      "The certificate with identifier used to sign the client assertion is not registered on application. " +
        `[Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}', ${seeKeys(clientId)}].`,
    ),
  assertionSignature: (clientId: string) =>
    invalidClient(
      700027,
      "Client assertion contains an invalid signature. [Reason - Key was found, but use of the key to verify the " +
        `signature failed., ${seeKeys(clientId)}].`,
    ),
  // recorded: https://github.com/microsoft/azure-tools-for-java/issues/2785
  certificateExpired: (clientId: string, thumbprint: string, start: string, end: string) =>
    invalidClient(
      700027,
      "Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by " +
        `client: '${thumbprint}', Found key 'Start=${start}, End=${end}', ${seeKeys(clientId)}].`,
    ),
  // recorded: https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/2746
  clientAssertionAudience: () =>
    invalidClient(
      700023,
      `Client assertion audience claim does not match Realm issuer. Review the documentation at ${certificateCredentials} .`,
    ),
  // recorded: https://github.com/AzureAD/microsoft-authentication-library-for-java/issues/984
  assertionExpired: (now: Date, from: Date, until: Date) =>
    invalidClient(
      700024,
      `Client assertion is not within its valid time range. Current time: ${precise(now)}, assertion valid from ${precise(from)}, ` +
        `expiry time of assertion ${precise(until)}. Review the documentation at ${certificateCredentials} .`,
    ),
  federatedNone: (name: string) =>
    invalidClient(70025, `The client '${name}' has no configured federated identity credentials.`),
  federatedIssuer: (issuer: string) => federatedMismatch(700211, "issuer", issuer),
  federatedAudience: (audience: string) => federatedMismatch(700212, "audience", audience),
  federatedSubject: (subject: string) => federatedMismatch(700213, "subject", subject),
  // The words are those of a person who gave the portal's subject: https://github.com/microsoft/Agents/issues/202
  federatedTokenStore: (subject: string) =>
    invalidClient(
      7002137,
      `No matching federated identity record found for presented assertion subject '${subject}'. Please make sure the federated identity credential Subject is '${subject.replace(/\/t\/[^/]+/, "/t/{tenantId}")}'.`,
    ),
  federatedSubjectCase: (subject: string) =>
    invalidClient(
      7002138,
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. See documentation at: https://learn.microsoft.com/entra/workload-id/workload-identity-federation. See breaking change notification and remediation at: https://learn.microsoft.com/en-us/entra/identity-platform/reference-breaking-changes#august-2024.`,
    ),
  resourceNotFound: (resource: string, directory: string) =>
    refusal("invalid_resource")(
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${directory}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    ),
  scopeInvalid: (scope: string) =>
    invalidScope(
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    ),
  scopeNotDefault: (scope: string) =>
    invalidScope(
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  scopeUnknown: (application: string, scope: string, resource: string) =>
    refusal("invalid_client", 400)(
      650053,
      `The application '${application}' asked for scope '${scope}' that doesn't exist on the resource '${resource}'. Contact the app vendor.`,
    ),
  severalResources: (scopes: string) =>
    invalidRequest(
      28000,
      `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scopes} is not valid.`,
    ),
  defaultWithOthers: (scopes: string) =>
    invalidScope(
      70011,
      `The provided value for the input parameter 'scope' is not valid. .default scope can't be combined with resource-specific scopes. The scope ${scopes} is not valid.`,
    ),
  redirectMismatch: (redirectUri: string, clientId: string) =>
    invalidRequest(
      50011,
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.`,
    ),
  redirectMissing: () => invalidRequest(500113, "No reply address is registered for the application."),
  // recorded: https://github.com/MicrosoftDocs/azure-docs/issues/63819
  codeMalformed: () => invalidGrant(9002313, "Invalid request. Request is malformed or invalid."),
  // recorded, with its finer word: https://github.com/microsoft/foundry-dev-tools/issues/707
  refreshTokenExpired: (issued: Date, seconds: number) =>
    invalidGrant(
      700082,
      `The refresh token has expired due to inactivity. The token was issued on ${precise(issued)} and was inactive for ` +
        `${Math.floor(seconds / 86_400)}.${new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19)}.`,
      "bad_token",
    ),
  codeExpired: () =>
    invalidGrant(
      70008,
      "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
    ),
  codeRedeemed: () =>
    invalidGrant(
      54005,
      "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
    ),
  grantOfAnother: (kind: "authorization code" | "refresh token") =>
    invalidGrant(70000, `Provided grant is invalid or malformed. The ${kind} was issued to another client id.`),
  codeRedirectMismatch: () =>
    invalidGrant(
      50011,
      "The reply URL specified in the request does not match the reply URL of the authorization request.",
    ),
  verifierMismatch: () =>
    invalidGrant(
      50148,
      "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
    ),
  challengeInvalid: () =>
    invalidRequest(
      501491,
      "Invalid size of Code_Challenge parameter. It must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~.",
    ),
  consentRequired: (clientId: string, name: string) =>
    invalidGrant(
      65001,
      `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
      "consent_required",
    ),
  consentDeclined: () => accessDenied(65004, "User declined to consent to access the app.", "cancel"),
  administratorNeeded: (name: string) =>
    accessDenied(90094, `An administrator of the directory has to grant the permissions that '${name}' asks for.`),
  // recorded: https://github.com/OfficeDev/microsoft-teams-apps-company-communicator/issues/214
  assertionAudience: (audience: string, clientId: string, name: string) =>
    invalidGrant(
      500131,
      `Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '${audience}' and the expected audience is '${clientId}' or one of the Application Uris of this application with App ID '${clientId}'(${name}). The downstream client must request a token for the expected audience (the application that made the OBO request) and this application should use that token as the assertion.`,
    ),
  assertionInvalid: (why: string) => invalidGrant(50013, `Assertion failed signature validation. ${why}`),
  assertionTooOld: () => invalidGrant(500133, "Assertion is not within its valid time range."),
  administratorOnly: () =>
    accessDenied(
      90093,
      "This operation can only be performed by an administrator. Sign out and sign in as an administrator or contact one of your organization's administrators.",
    ),
  /** The words as people report them: https://github.com/microsoft/coe-starter-kit/issues/4882 */
  notAssigned: (name: string, clientId: string, user: string) =>
    invalidGrant(
      50105,
      `Your administrator has configured the application ${name} ('${clientId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`,
    ),
  passwordWrong: () => invalidGrant(50126, "Error validating credentials due to invalid username or password."),
  personNotFound: (account: string, directory: string) =>
    invalidGrant(
      50034,
      `The user account ${account} does not exist in the ${directory} directory. To sign into this application, the account must be added to the directory.`,
    ),
  loginRequired: () =>
    refusal("login_required")(
      50058,
      "Session information is not sufficient for single-sign-on. A silent sign-in request was sent but no user is signed in.",
    ),
  signInLost: () =>
    invalidRequest(
      165000,
      "Invalid Request: The request tokens do not match the user context. One or more of the user context values (cookies; form fields; headers) were incorrect or invalid, these values should not be copied between requests or user sessions. Go back to the application and sign in again.",
    ),
} as const;

/** Where Entra sends whoever wants to see an application's certificates. */
const seeKeys = (clientId: string): string =>
  "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id " +
  `'${clientId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the ` +
  "corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&" +
  "tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/" +
  `${clientId}'`;
