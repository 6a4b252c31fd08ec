import type { ProblemCode } from "../../../infra/settings/settings-error";

// Connections as public set-ups have them: samples and training of Microsoft's, templates and scripts of others that make
// `Microsoft.BotService/botServices/connections`, and sets of Graph's permissions that bots commonly ask for. Ids are made up.

/** What becomes of a set: nothing where it is accepted, else the reason and a part of what the person reads. */
export type Outcome = readonly [code: ProblemCode, hint: string];

export const orders = "0de45000-0000-4000-8000-000000000001";

/** Scopes of Entra ID, as one text the way Bot Service keeps them. */
export const scopeSets: readonly (readonly [scopes: string, where: string, outcome?: Outcome])[] = [
  ["User.Read", "sign-in alone"],
  ["openid profile", "Agents Toolkit samples, a README"],
  ["openid profile offline_access", "Agents Toolkit samples, ProxyAgent"],
  ["openid profile User.Read", "BotBuilder samples, 18.bot-authentication"],
  [
    "openid profile Mail.Read Mail.Send User.Read User.ReadBasic.All",
    "BotBuilder samples, 24.bot-authentication-msgraph",
  ],
  ["openid profile User.ReadBasic.All User.Read", "a script with az bot authsetting create"],
  ["openid profile offline_access User.Read Mail.Read", "Agents Toolkit samples, ProxyAgent"],
  ["openid profile offline_access User.Read Mail.Read Mail.Send", "this project"],
  ["User.Read Mail.Read", "a README of the Agents SDK's Teams extension"],
  ["User.Read User.ReadBasic.All", "a .NET set-up tool"],
  ["User.ReadBasic.All", "a Teams template with an OAuth connection"],
  ["User.Read Files.Read Calendars.Read", "an architecture guide for Teams bots"],
  ["email offline_access openid profile User.Read", "Microsoft 365 training, API plugin"],
  ["email offline_access openid profile Sites.ReadWrite.All", "Microsoft 365 training, message extensions with Graph"],
  ["email offline_access openid profile Contacts.Read", "Microsoft 365 training, contacts"],
  ["Files.Read.All Sites.Read.All", "Agents Toolkit samples, files and sites"],
  ["User.Read Presence.Read.All Chat.ReadWrite", "chat and presence in Teams"],
  ["User.Read Team.ReadBasic.All Channel.ReadBasic.All ChannelMessage.Read.All", "channels in Teams"],
  ["User.Read OnlineMeetings.ReadWrite", "meetings in Teams"],
  ["User.Read People.Read Calendars.ReadWrite", "a calendar bot"],
  ["User.Read Tasks.ReadWrite Group.Read.All", "a to-do bot"],
  ["User.Read Directory.Read.All", "a help desk bot"],
  ["https://graph.microsoft.com/User.Read", "Graph by its address"],
  ["https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/Mail.Send offline_access", "scopes by address"],
  ["00000003-0000-0000-c000-000000000000/Calendars.Read offline_access", "Graph by its client id"],
  [`api://${orders}/Orders.Read`, "a company's API by its default address"],
  [`${orders}/Orders.Read offline_access`, "a company's API by its client id"],
  ["https://orders.contoso.com/Orders.Read openid offline_access", "a company's API by its own address"],
  [`api://botid-${orders}/defaultScope`, "Agents SDK, obo-authorization"],
  ["https://database.windows.net/user_impersonation", "a Fabric bot with Azure SQL"],
  [
    "https://database.windows.net//user_impersonation offline_access",
    "Azure SQL with the slash that its address ends in",
  ],
  ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/user_impersonation offline_access", "Azure Databricks, Genie in Teams"],
  ["https://management.azure.com/user_impersonation", "an operations bot"],
  ["https://ai.azure.com/user_impersonation", "Agents Toolkit samples, ProxyAgent"],
  ["https://contoso.sharepoint.com/AllSites.Read", "SharePoint by the tenant's own address"],
  ["api://9b975845-388f-4429-889e-eab1ef63949c/Agent365.Observability.OtelWrite", "Agent 365 documentation"],
  [
    "User.Read openId profile",
    "Agents SDK, auto-signin",
    ["wrong-value", "Did you mean openid? Scopes are case-sensitive."],
  ],
  [
    "user.read mail.read",
    "an answer in a forum",
    ["wrong-value", "Did you mean User.Read? Scopes are case-sensitive."],
  ],
  [
    "User.Read,User.ReadBasic.All",
    "the same .NET set-up tool, as it stands there",
    ["wrong-value", "A scope is the API, a slash and one of its permissions; without an API it is Microsoft Graph's."],
  ],
  [
    `User.Read api://${orders}/Orders.Read`,
    "a question about AADSTS28000",
    ["several-resources", "are two APIs: give each a connection of its own"],
  ],
  [
    "https://graph.microsoft.com/.default openid",
    "on-behalf-of samples, without the permissions",
    ["missing-setting", ".default asks for what the application declares; say what that is."],
  ],
  [
    "https://graph.microsoft.com/.default User.Read",
    "a question about AADSTS70011",
    ["contradiction", "Entra refuses .default together with other scopes (AADSTS70011)."],
  ],
  ["https://graph.microsoft.com", "the address alone", ["wrong-value", "without an API it is Microsoft Graph's"]],
  [
    "User.Read Mail.Reed",
    "a slip of the pen",
    ["unknown-scope", "Did you mean Mail.Read? Only an administrator may consent to it."],
  ],
  ["User.Read Calendar.Read", "a singular", ["unknown-scope", "Did you mean Calendars.Read?"]],
  [
    `api://${orders}/Order.Read`,
    "the same of a company's API",
    ["unknown-scope", "Users may consent to it themselves."],
  ],
  [
    `api://${orders}/access_as_user`,
    "a scope that the API does not publish",
    ["unknown-scope", "Contoso Orders has no such delegated permission in this tenant."],
  ],
  [
    "api://99999999-9999-4999-8999-999999999999/access_as_user",
    "an API that the tenant does not have",
    ["unknown-api", "Entra would answer AADSTS500011."],
  ],
  [
    "https://order.contoso.com/Orders.Read",
    "an address with a slip",
    ["unknown-api", "Did you mean https://orders.contoso.com?"],
  ],
];

const secret = { clientId: "0oa1example", clientSecret: "s3cret" };

/** Connections at other providers. */
export const providerSets: readonly (readonly [connection: object, where: string, outcome?: Outcome])[] = [
  [{ provider: "github", ...secret, scopes: ["user"] }, "Agents SDK, auto-signin"],
  [{ provider: "github", ...secret, scopes: ["user", "repo"] }, "Agents SDK documentation"],
  [
    { provider: "github", clientId: "Iv23liExample", clientSecret: "s3cret", scopes: [], skill: "github" },
    "a GitHub App",
  ],
  [
    { provider: "google", ...secret, scopes: ["openid", "email", "https://www.googleapis.com/auth/calendar.readonly"] },
    "Google calendar",
  ],
  [
    { provider: "salesforce", ...secret, scopes: ["api", "refresh_token"], loginUri: "https://test.salesforce.com" },
    "a Salesforce sandbox",
  ],
  [{ provider: "zendesk", ...secret, scopes: ["read"], subDomain: "contoso" }, "Zendesk"],
  [{ provider: "docusign", ...secret, scopes: ["signature"] }, "DocuSign"],
  [{ provider: "dropbox", ...secret, scopes: [] }, "Dropbox"],
  [{ provider: "linkedin", ...secret, scopes: ["r_liteprofile"] }, "LinkedIn"],
  [
    { provider: "Aad", ...secret, scopes: [], resourceUri: "https://graph.microsoft.com", tenantId: "common" },
    "Azure Active Directory v1",
  ],
  [
    {
      provider: "Aadv2WithFic",
      clientId: orders,
      uniqueIdentifier: "contoso-bot",
      tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47",
      scopes: ["User.Read"],
    },
    "Agents Toolkit samples, ProxyAgent",
  ],
  [
    {
      provider: "Aadv2WithCerts",
      clientId: orders,
      clientCertificateUrl: "https://contoso.vault.azure.net/secrets/sign-in",
      scopes: ["User.Read"],
    },
    "a certificate in a vault",
  ],
  [
    {
      provider: "entra",
      clientId: orders,
      clientSecret: "s",
      tenantId: "common",
      tokenExchangeUrl: `api://bot.contoso.com/botid-${orders}`,
      scopes: ["openid", "Sites.ReadWrite.All"],
    },
    "Microsoft 365 training, an application of one's own",
  ],
  [
    {
      provider: "oauth2",
      ...secret,
      scopes: ["openid", "profile"],
      authorizationUrl: "https://contoso.auth0.com/authorize",
      tokenUrl: "https://contoso.auth0.com/oauth/token",
      refreshUrl: "https://contoso.auth0.com/oauth/token",
    },
    "Auth0 at Generic Oauth 2",
  ],
  [
    {
      provider: "oauth2generic",
      ...secret,
      scopes: ["openid", "offline_access"],
      authorizationUrlTemplate: "https://contoso.okta.com/oauth2/default/v1/authorize",
      tokenUrlTemplate: "https://contoso.okta.com/oauth2/default/v1/token",
      refreshUrlTemplate: "https://contoso.okta.com/oauth2/default/v1/token",
    },
    "Okta, all other templates as Bot Service gives them",
  ],
  [
    {
      provider: "oauth2generic",
      ...secret,
      scopes: ["vso.work_full"],
      authorizationUrlTemplate: "https://app.vssps.visualstudio.com/oauth2/authorize",
      authorizationUrlQueryStringTemplate:
        "?client_id={ClientId}&response_type=Assertion&state={State}&scope={Scopes}&redirect_uri={RedirectUrl}",
      tokenUrlTemplate: "https://app.vssps.visualstudio.com/oauth2/token",
      tokenUrlQueryStringTemplate: "?Content-Type=application/x-www-form-urlencoded",
      tokenBodyTemplate: "client_assertion={ClientSecret}&assertion={Code}&redirect_uri={RedirectUrl}",
      refreshUrlTemplate: "https://app.vssps.visualstudio.com/oauth2/token",
      refreshUrlQueryStringTemplate: "?Content-Type=application/x-www-form-urlencoded",
      refreshBodyTemplate: "client_assertion={ClientSecret}&assertion={RefreshToken}&redirect_uri={RedirectUrl}",
    },
    "Azure DevOps in a Teams template",
  ],
  [
    { provider: "github", ...secret, scopes: ["repo,user"] },
    "a GitHub connection of a Teams template, as it stands there",
    ["wrong-value", "Each scope is an entry of its own, without blank or comma."],
  ],
  [
    {
      provider: "github",
      ...secret,
      scopes: ["repo", "user"],
      tokenExchangeUrl: "https://github.com/login/oauth/access_token",
    },
    "the same with the parameter that it copied from Entra's",
    ["unknown-setting", "The provider github takes no such parameter."],
  ],
  [
    { provider: "github", clientId: "Ov23li", scopes: ["repo"] },
    "GitHub without its secret",
    ["missing-setting", "The provider github signs nobody in without it."],
  ],
  [
    {
      provider: "oauth2generic",
      ...secret,
      scopes: ["openid"],
      authorizationUrl: "https://signin.aws.amazon.com/oauth",
      tokenUrl: "https://signin.aws.amazon.com/oauth",
    },
    "AWS at the generic provider, with the other one's parameters",
    ["missing-setting", "The provider oauth2generic signs nobody in without it."],
  ],
  [
    { provider: "oauth2genericpkce", ...secret, scopes: ["openid"] },
    "a provider of API Management's",
    ["wrong-value", "Did you mean oauth2generic?"],
  ],
  [
    { provider: "zendesk", ...secret, scopes: ["read"] },
    "Zendesk without the company's name there",
    ["missing-setting", "The provider zendesk signs nobody in without it."],
  ],
  [
    {
      provider: "Aadv2WithFic",
      clientId: orders,
      uniqueIdentifier: "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/9ExAW52n_ky4ZiS_jhpJIQ/contoso-bot",
      tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47",
      scopes: ["User.Read"],
    },
    "the whole subject of the federated credential in place of its tail",
    ["wrong-value", "The Token Service writes the rest of the subject by itself."],
  ],
  [
    { provider: "Aadv2WithFic", clientId: orders, uniqueIdentifier: "contoso-bot", scopes: ["User.Read"] },
    "a federated credential of no tenant",
    ["missing-setting", "Bot Service would take common, for which Entra knows no federated credential."],
  ],
  [
    {
      provider: "Aadv2WithFic",
      clientId: orders,
      uniqueIdentifier: "contoso-bot",
      tenantId: "common",
      scopes: ["User.Read"],
    },
    "a federated credential of every tenant",
    ["wrong-value", ""],
  ],
  [
    {
      provider: "Aadv2WithFic",
      clientId: orders,
      uniqueIdentifier: "contoso-bot",
      isMultiTenantFlowSupported: "true",
      scopes: ["User.Read"],
    },
    "a federated credential for people of all tenants",
  ],
  [
    { provider: "entra", clientId: "contoso-sign-in", clientSecret: "s", scopes: ["User.Read"] },
    "the name of an application in place of its client id",
    ["wrong-value", ""],
  ],
  [
    { provider: "Aadv2WithFic", clientId: orders, clientSecret: "s", uniqueIdentifier: "bot", scopes: ["User.Read"] },
    "federated credentials with a secret",
    ["unknown-setting", "The provider Aadv2WithFic takes no such parameter."],
  ],
  [
    {
      provider: "oauth2",
      ...secret,
      scopes: [],
      authorizationUrl: "http://login.contoso.com",
      tokenUrl: "https://c.example/t",
      refreshUrl: "https://c.example/t",
    },
    "codes in clear",
    ["wrong-value", ""],
  ],
  [
    { provider: "github", ...secret, scopes: ["repo"], skill: "mail" },
    "mail with GitHub's token",
    ["contradiction", "The skill mail needs a token of entra, Aadv2WithFic, Aadv2WithCerts."],
  ],
  [
    { provider: "github", ...secret, scopes: ["read:user"], skill: "github" },
    "issues without the right to them",
    ["scope-missing", "GitHub would refuse the skill without repo."],
  ],
  [
    { provider: "google", ...secret, scopes: ["openid"], skill: "orders" },
    "orders from nowhere",
    ["missing-setting", "The skill orders calls a service of your own with the token."],
  ],
  [
    { provider: "entra", clientId: orders, scopes: ["User.Read"] },
    "an application of others without its secret",
    ["missing-setting", "The provider entra signs nobody in without it."],
  ],
  [
    { provider: "entra", clientSecret: "s", scopes: ["User.Read"] },
    "a secret of nobody's",
    ["contradiction", "Without clientId the program makes the application, and its password itself."],
  ],
];
