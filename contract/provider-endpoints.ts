/** The addresses of a provider of plain OAuth 2. */
export interface ProviderEndpoints {
  readonly authorize: string;
  readonly token: string;
  /** Where another address renews. */
  readonly refresh?: string;
  /** What stands between two scopes; a blank unless the provider wants something else. */
  readonly delimiter?: string;
}

/** A provider of fixed addresses: its id at the Token Service, and what it documents for web applications. */
export type ProviderRow = readonly [id: string, authorize: string, token: string, delimiter?: string];

/** A connection as the Token Service sends it to its provider. */
export interface ProviderConnection {
  /** Id of the provider at the Token Service. */
  readonly providerId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  /** Parameters by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A request for tokens. */
export interface TokenRequest {
  readonly url: string;
  /** A form. */
  readonly body: string;
}

/**
 * Where a provider of plain OAuth 2 signs people in and gives tokens, as each documents for web applications. Which of a
 * provider's addresses Bot Service itself uses, no document tells. Missing are those that are no plain OAuth 2 (OAuth 1, a
 * signature of their own) and those that have closed since.
 */
const addresses: readonly ProviderRow[] = [
  // https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
  [
    "d05eaacf-1593-4603-9c6c-d4d8fffa46cb",
    "https://github.com/login/oauth/authorize",
    "https://github.com/login/oauth/access_token",
  ],
  // https://developers.google.com/identity/protocols/oauth2/web-server
  [
    "01340562-8c8f-4892-abd4-90daf0e5face",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
  ],
  // https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
  [
    "0f1a8ee8-cb00-4b10-97db-045c404a239f",
    "https://www.facebook.com/dialog/oauth",
    "https://graph.facebook.com/oauth/access_token",
    ",",
  ],
  // https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow
  [
    "38b67016-73e2-4102-9fad-e348607cc800",
    "https://www.linkedin.com/oauth/v2/authorization",
    "https://www.linkedin.com/oauth/v2/accessToken",
  ],
  // https://developers.dropbox.com/oauth-guide
  [
    "b7e2a8c4-ce26-4a94-aeeb-f203ed505fa4",
    "https://www.dropbox.com/oauth2/authorize",
    "https://api.dropboxapi.com/oauth2/token",
  ],
  // https://developer.box.com/guides/authentication/oauth2
  [
    "b8491b1f-e709-4c3d-8339-5ba2182b46ee",
    "https://account.box.com/api/oauth2/authorize",
    "https://api.box.com/oauth2/token",
  ],
  // https://developer.spotify.com/documentation/web-api/tutorials/code-flow
  [
    "900b8f4a-9cb3-420d-85df-ba9f8f285c20",
    "https://accounts.spotify.com/authorize",
    "https://accounts.spotify.com/api/token",
  ],
  // https://learn.microsoft.com/onedrive/developer/rest-api/getting-started/msa-oauth (OneDrive, then Live)
  [
    "65d314ec-3b66-4021-b2c9-6d8c2f7148ff",
    "https://login.live.com/oauth20_authorize.srf",
    "https://login.live.com/oauth20_token.srf",
  ],
  [
    "7dda6125-c4c2-4591-96c9-cf7ab657dcf6",
    "https://login.live.com/oauth20_authorize.srf",
    "https://login.live.com/oauth20_token.srf",
  ],
  // https://developer.todoist.com/guides/#oauth
  [
    "c676c4c4-e36b-46b2-9ff0-027a50c4e53f",
    "https://todoist.com/oauth/authorize",
    "https://todoist.com/oauth/access_token",
    ",",
  ],
  // https://docs.stripe.com/connect/oauth-reference
  [
    "e3b751a6-87f2-42df-8ccb-7bfad739c68e",
    "https://connect.stripe.com/oauth/authorize",
    "https://connect.stripe.com/oauth/token",
  ],
  // https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2
  [
    "6b9e493f-950f-4451-85d6-0fc7c0f2c9b1",
    "https://login.mailchimp.com/oauth2/authorize",
    "https://login.mailchimp.com/oauth2/token",
  ],
  // https://dev.bitly.com/docs/getting-started/authentication
  [
    "ef5d1787-3321-4a0a-b3d2-cdfe73a2f81d",
    "https://bitly.com/oauth/authorize",
    "https://api-ssl.bitly.com/oauth/access_token",
  ],
];

/** Providers whose address a connection's parameter tells. */
const byParameter: Readonly<Record<string, (connection: ProviderConnection) => ProviderEndpoints>> = {
  // https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
  "bf58b8fb-74ea-4a84-8e68-03573ac9be2a": (connection) => {
    const login = parameter(connection, "LoginUri", "https://login.salesforce.com").replace(/\/$/, "");
    return { authorize: `${login}/services/oauth2/authorize`, token: `${login}/services/oauth2/token` };
  },
  // https://developers.docusign.com/platform/auth/confidential-authcode-get-token
  "e39b675b-2e60-4c7c-80da-ed69d6fe2dbc": (connection) => {
    const login = parameter(connection, "LoginUri", "https://account.docusign.com").replace(/\/$/, "");
    return { authorize: `${login}/oauth/auth`, token: `${login}/oauth/token` };
  },
  // https://developer.zendesk.com/api-reference/integration-services/oauth
  "4f349199-7980-48f0-9b1b-282347f5de2a": (connection) => {
    const site = `https://${parameter(connection, "SubDomain")}.zendesk.com`;
    return { authorize: `${site}/oauth/authorizations/new`, token: `${site}/oauth/tokens` };
  },
  // Generic Oauth 2: three addresses of one's own, bodies that are fixed.
  "4b5c96f6-cca7-4048-bfd2-53e850a183f1": (connection) => ({
    authorize: parameter(connection, "AuthorizationUrl"),
    token: parameter(connection, "TokenUrl"),
    refresh: parameter(connection, "RefreshUrl"),
  }),
};

/** The Oauth 2 Generic Provider, of which every address, query and body is a template. */
export const templatedProvider = "8379c6d2-b262-4d4f-b89b-68dc5b5f5482";

/** Ids of the providers whose addresses are known here; that of templates besides. */
export const plainProviderIds: readonly string[] = [...addresses.map(([id]) => id), ...Object.keys(byParameter)];

/** The addresses of a connection's provider; undefined where they are not known. */
function endpointsOf(connection: ProviderConnection): ProviderEndpoints | undefined {
  const { providerId } = connection;
  const [, authorize, token, delimiter] = addresses.find(([id]) => id === providerId) ?? [];
  if (authorize && token) return { authorize, token, ...(delimiter ? { delimiter } : {}) };
  return byParameter[providerId]?.(connection);
}

/** A parameter of a connection, whatever its case; the recorded default where it has none. */
function parameter({ parameters }: ProviderConnection, name: string, otherwise = ""): string {
  return parameters.get(name.toLowerCase()) ?? otherwise;
}

/**
 * Where a connection sends a browser to sign in, at a provider that is not Entra; undefined where the provider's addresses are
 * not known.
 */
export function authorizeAddress(
  connection: ProviderConnection,
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string },
): string | undefined {
  if (connection.providerId === templatedProvider) {
    return address(connection, "AuthorizationUrl", { ...known(connection), RedirectUrl: redirectUri, State: state });
  }
  const endpoints = endpointsOf(connection);
  return endpoints && authorizeAt(endpoints, connection, { redirectUri, state });
}

/** The same at addresses that are known. */
export function authorizeAt(
  { authorize, delimiter = " " }: Omit<ProviderEndpoints, "token">,
  { clientId, scopes }: Pick<ProviderConnection, "clientId" | "scopes">,
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string },
): string {
  const scope = joinScopes(scopes, delimiter);
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    ...(scope && { scope }),
    state,
  });
  return `${authorize}${authorize.includes("?") ? "&" : "?"}${query}`;
}

/** The request by which a connection redeems a code; undefined where the provider's addresses are not known. */
export function codeRequest(
  connection: ProviderConnection,
  { code, redirectUri }: { readonly code: string; readonly redirectUri: string },
): TokenRequest | undefined {
  if (connection.providerId === templatedProvider) {
    const values = { ...known(connection), Code: code, RedirectUrl: redirectUri };
    const body = fill(parameter(connection, "TokenBodyTemplate"), values);
    return { url: address(connection, "TokenUrl", values), body };
  }
  const endpoints = endpointsOf(connection);
  const grant = { code, grant_type: "authorization_code", redirect_uri: redirectUri };
  return endpoints && { url: endpoints.token, body: form(connection, grant) };
}

/** The request by which a connection renews a token; undefined where the provider's addresses are not known. */
export function refreshRequest(connection: ProviderConnection, refreshToken: string): TokenRequest | undefined {
  if (connection.providerId === templatedProvider) {
    const values = { ...known(connection), RefreshToken: refreshToken };
    const body = fill(parameter(connection, "RefreshBodyTemplate"), values);
    return { url: address(connection, "RefreshUrl", values), body };
  }
  const endpoints = endpointsOf(connection);
  const grant = { refresh_token: refreshToken, grant_type: "refresh_token" };
  return endpoints && { url: endpoints.refresh ?? endpoints.token, body: form(connection, grant) };
}

function form({ clientId, clientSecret }: ProviderConnection, grant: Record<string, string>): string {
  return new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret }).toString();
}

function known(connection: ProviderConnection): TemplateValues {
  const { clientId, clientSecret, scopes } = connection;
  const delimiter = parameter(connection, "ScopeListDelimiter", " ");
  return { ClientId: clientId, ClientSecret: clientSecret, Scopes: joinScopes(scopes, delimiter) };
}

/** An address template and its query's; the documentation's "usually `?`" leaves a bare question mark, which means nothing. */
function address(connection: ProviderConnection, what: string, values: TemplateValues): string {
  const query = fill(parameter(connection, `${what}QueryStringTemplate`), values);
  return fill(parameter(connection, `${what}Template`), values) + (query === "?" ? "" : query);
}

/** What a template of `oauth2generic` can name: `{ClientId}`. */
interface TemplateValues {
  readonly ClientId?: string;
  readonly ClientSecret?: string;
  readonly RedirectUrl?: string;
  readonly Scopes?: string;
  readonly State?: string;
  readonly Code?: string;
  readonly RefreshToken?: string;
}

/**
 * Fills a template of the Oauth 2 Generic Provider. Values are percent-encoded: they stand in a query or in a form.
 * A placeholder that has no value here, or that nobody knows, stays as it is, so that the provider's refusal shows it.
 * https://learn.microsoft.com/azure/bot-service/bot-builder-concept-identity-providers (Oauth 2 generic provider)
 */
function fill(template: string, values: TemplateValues): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name as keyof TemplateValues];
    return value === undefined ? placeholder : encodeURIComponent(value);
  });
}

/**
 * A connection's scopes as its provider gets them. Several are written with commas, and joined with the provider's
 * delimiter; blanks between them stay as they are. Hence the documentation's advice for providers that want blanks: a comma
 * as delimiter, and blanks in the scopes.
 */
function joinScopes(scopes: string, delimiter: string): string {
  return scopes
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean)
    .join(delimiter);
}
