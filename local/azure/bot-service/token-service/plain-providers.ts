import { type OAuth2Kind, plainOAuth2 } from "./oauth2";
import { template } from "./templates";

/**
 * Providers whose OAuth 2 is plain: the addresses that each documents for web applications. Which of a provider's addresses
 * Bot Service itself uses, no document tells. Of those that are missing here (OAuth 1, a signature of their own, closed since)
 * the local Azure says that it does not sign in there.
 */
const addresses: readonly (readonly [id: string, authorize: string, token: string, delimiter?: string])[] = [
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

/** The plain providers, those whose address a connection's parameter tells among them. */
export const plainProviders: readonly OAuth2Kind[] = [
  ...addresses.map(([id, authorize, token, delimiter]) =>
    plainOAuth2(id, () => ({ authorize, token, ...(delimiter && { delimiter }) })),
  ),
  // https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
  plainOAuth2("bf58b8fb-74ea-4a84-8e68-03573ac9be2a", (connection) => {
    const login = template(connection, "LoginUri", "https://login.salesforce.com").replace(/\/$/, "");
    return { authorize: `${login}/services/oauth2/authorize`, token: `${login}/services/oauth2/token` };
  }),
  // https://developers.docusign.com/platform/auth/confidential-authcode-get-token
  plainOAuth2("e39b675b-2e60-4c7c-80da-ed69d6fe2dbc", (connection) => {
    const login = template(connection, "LoginUri", "https://account.docusign.com").replace(/\/$/, "");
    return { authorize: `${login}/oauth/auth`, token: `${login}/oauth/token` };
  }),
  // https://developer.zendesk.com/api-reference/integration-services/oauth
  plainOAuth2("4f349199-7980-48f0-9b1b-282347f5de2a", (connection) => {
    const site = `https://${template(connection, "SubDomain")}.zendesk.com`;
    return { authorize: `${site}/oauth/authorizations/new`, token: `${site}/oauth/tokens` };
  }),
];
