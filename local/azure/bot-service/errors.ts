import { AzureError } from "../error";
import { notServed, requestOf } from "../gap";

/**
 * Refusals of the Bot Framework's own services (connector, Token Service, Direct Line), one function for each.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-api-reference
 */
const refuse = (status: number, code: string, message: string, more: Record<string, unknown> = {}): AzureError =>
  new AzureError(status, code, message, { error: { code, message }, ...more });

export const badArgument = (message: string): AzureError => refuse(400, "BadArgument", message);
export const missingProperty = (message: string): AzureError => refuse(400, "MissingProperty", message);
export const badSyntax = (): AzureError => refuse(400, "BadSyntax", "The request's body is not valid JSON");
export const messageTooBig = (): AzureError =>
  refuse(413, "MessageSizeTooBig", "The request's body is larger than 256 KB");

export const missingSecret = (): AzureError => refuse(401, "BadArgument", "Missing token or secret");
export const invalidSecret = (): AzureError => refuse(403, "BadArgument", "Invalid token or secret");
export const tokenExpired = (): AzureError => refuse(403, "TokenExpired", "Token has expired");
export const forbidden = (message: string): AzureError => refuse(403, "Forbidden", message);
export const siteGone = (): AzureError => forbidden("The target bot or site is invalid or was deleted");
export const conversationNotFound = (): AzureError => refuse(404, "ConversationNotFound", "Conversation not found");
export const activityNotFound = (): AzureError => refuse(404, "ActivityNotFound", "Activity not found in conversation");
/** https://learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages (Errors) */
export const botNotInRoster = (message: string): AzureError => refuse(403, "BotNotInConversationRoster", message);
export const memberNotFound = (): AzureError => refuse(404, "MemberNotFoundInConversation", "Member not found");

/** The bot refused an activity or could not be reached. The one 5xx of Direct Line: its clients do not repeat it. */
export const botFailed = (how: string, httpStatusCode?: number): AzureError =>
  refuse(502, "BotError", `Failed to send activity: ${how}`, httpStatusCode === undefined ? {} : { httpStatusCode });

export const serviceError = (status: number, message: string): AzureError => refuse(status, "ServiceError", message);
/**
 * Where the parameters of a connection make no address: https://github.com/microsoft/Agents/issues/237, words from
 * https://github.com/OfficeDev/Microsoft-Teams-Samples/issues/1897. The status is not on record.
 */
export const noSignInLink = (): AzureError => serviceError(500, "An error occured while retrieving the signin link");

/**
 * Nothing, for a connection that there is not as well: the Bot Framework SDK for JavaScript takes any body for a token.
 * Recorded: microsoft/botbuilder-dotnet, SessionRecords/Connector.Tests.OAuthConnectorTests.
 */
export const tokenNotFound = (): AzureError =>
  new AzureError(404, "NotFound", "Not Found", "", { "content-length": "0" });

/**
 * Code and text: https://github.com/MicrosoftDocs/msteams-docs/issues/7407. The status is not on record; SDKs read the
 * text alone.
 */
export const connectionNotFound = (name: string): AzureError =>
  serviceError(404, `Could not find Connection Setting with name ${name}`);

/** https://github.com/microsoft/Agents-for-python/issues/380 */
export const consentRequired = (): AzureError => refuse(400, "ConsentRequired", "Consent Required");

export const unauthorized = (): AzureError =>
  new AzureError(401, "Unauthorized", "Authorization has been denied for this request.", {
    message: "Authorization has been denied for this request.",
  });

/** A path that no part serves: one that Azure has is told as a gap, another as Azure tells it. */
export const pathNotFound = (request: Pick<Request, "method" | "url">): AzureError => {
  if (inAzure.test(new URL(request.url).pathname)) return notServed(requestOf(request));
  const message = `No HTTP resource was found that matches the request URI '${request.url.replace(/\?.*/, "")}'.`;
  return new AzureError(404, "NotFound", message, { message });
};

/**
 * What the connector, Direct Line and the Token Service have beside what is served: the API references, and their
 * descriptions in microsoft/botframework-sdk.
 */
const inAzure =
  /^\/(v3\/(attachments|directline\/attachments|teams|meetings|batch)|api\/usertoken\/emulateOAuthCards$|v3\/conversations(\/[^/]+\/(attachments|activities\/history))?$)/i;
