import { AzureError } from "../error";

/** Refusals of GitHub. */

const help = "https://docs.github.com/apps/managing-oauth-apps";

/**
 * What the token endpoint refuses with, always as 200.
 * https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
 */
export const tokenErrors = {
  incorrect_client_credentials: "The client_id and/or client_secret passed are incorrect.",
  redirect_uri_mismatch: "The redirect_uri MUST match the registered callback URL for this application.",
  bad_verification_code: "The code passed is incorrect or expired.",
  bad_refresh_token: "The refresh token passed is incorrect or expired.",
  unsupported_grant_type: "The grant type is not supported.",
} as const;

/** A refusal of the token endpoint as it is answered. */
export function tokenRefusal(error: keyof typeof tokenErrors): Record<string, string> {
  const anchor = error.replaceAll("_", "-");
  return {
    error,
    error_description: tokenErrors[error],
    error_uri: `${help}/troubleshooting-oauth-app-access-token-request-errors/#${anchor}`,
  };
}

/**
 * What goes back to the application with the browser.
 * https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors
 */
export const authorizeErrors = {
  access_denied: "The user has denied your application access.",
  redirect_uri_mismatch: "The redirect_uri MUST match the registered callback URL for this application.",
} as const;

export function authorizeRefusal(error: keyof typeof authorizeErrors): Record<string, string> {
  const anchor = error.replaceAll("_", "-");
  return {
    error,
    error_description: authorizeErrors[error],
    error_uri: `${help}/troubleshooting-authorization-request-errors/#${anchor}`,
  };
}

/** A refusal of the REST API: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
function refusal(
  status: number,
  message: string,
  page = "rest",
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): AzureError {
  const body = { message, ...more, documentation_url: `https://docs.github.com/${page}`, status: String(status) };
  return new AzureError(status, message, message, body, headers);
}

export const refusals = {
  userAgentMissing: (): AzureError =>
    new AzureError(
      403,
      "Forbidden",
      "no User-Agent",
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header " +
        "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check " +
        "https://developer.github.com for other possible causes.\n",
      { "content-type": "text/plain" },
    ),
  badCredentials: (): AzureError => refusal(401, "Bad credentials"),
  authenticationRequired: (page: string): AzureError => refusal(401, "Requires authentication", page),
  notFound: (page: string): AzureError => refusal(404, "Not Found", page),
  rateLimited: (userId: number, headers: Record<string, string>): AzureError =>
    refusal(
      403,
      `API rate limit exceeded for user ID ${userId}.`,
      "rest/overview/rate-limits-for-the-rest-api",
      {},
      headers,
    ),
  adminOnly: (page: string): AzureError => refusal(403, "Must have admin rights to Repository.", page),
  unprocessable: (message: string, page: string): AzureError => refusal(422, message, page),
  alreadyExists: (page: string): AzureError => refusal(409, "Already exists - Variable already exists", page),
  bodyUnreadable: (page: string): AzureError => refusal(400, "Problems parsing JSON", page),
  titleMissing: (page: string): AzureError => refusal(422, 'Invalid request.\n\n"title" wasn\'t supplied.', page),
  assigneeUnknown: (page: string): AzureError =>
    refusal(422, "Validation Failed", page, {
      errors: [{ resource: "Issue", code: "invalid", field: "assignees" }],
    }),
};
