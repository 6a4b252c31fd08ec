import { checks } from "../../../ops/doctor/checks/checks";
import { judge } from "../../../ops/doctor/diagnosis";
import { changed, healthy, ids } from "./healthy";

const found = (changes: Readonly<Record<string, unknown>>): string[] =>
  judge(checks, changed(changes)).map(({ code }) => code);

const application = "connections.0.app.application.value";
const principal = "connections.0.app.principal.value";
const nobody = { ids: [], byGroups: false };
/** The bot of the set-up with a certificate besides; each call gives one of its own, which changes may change. */
const certified = (): Readonly<Record<string, unknown>> => ({
  "identity.certificates": [
    {
      setting: "MicrosoftAppCertificate",
      vaultName: "chat-vault",
      name: "bot-certificate",
      keyUri: "https://chat-vault.vault.azure.net/keys/bot-certificate/0123456789abcdef0123456789abcdef",
      thumbprint: "newest",
      vault: healthy().secrets[0]!.vault,
      key: {
        value: {
          keyUri: "https://chat-vault.vault.azure.net/keys/bot-certificate/0123456789abcdef0123456789abcdef",
          enabled: true,
        },
      },
      signers: { value: { ids: ["identity-principal"], byGroups: false } },
    },
  ],
  "identity.knownCertificates": { value: ["newest", "before"] },
});
const refused = (code: string) => ({ ended: "refused", code, words: `${code}: no` });

test("nothing is wrong with a set-up that works", () => {
  expect(judge(checks, healthy())).toEqual([]);
});

test("a fix of the catalogue names the stack; a bot of none is brought under one first", () => {
  const refusal = { ended: "refused", code: "AADSTS650057", words: "AADSTS650057: Invalid resource" };
  const fixes = (stack: string | undefined): string[] =>
    judge(checks, changed({ "connections.0.authorize": refusal, stack })).map(({ fix }) => fix);
  expect(fixes("prod")).toEqual([
    expect.stringContaining("npm run drift -- prod, then pulumi up --stack prod lists it again") as string,
  ]);
  expect(fixes(undefined)).toEqual([
    expect.stringMatching(
      /npm run drift, then pulumi up lists it again\. This bot is of no stack, .*npm run adopt -- \/subscriptions\/\S+ brings it/,
    ) as string,
  ]);
});

test("each finding has a code of its own", () => {
  const codes = checks.map(({ code }) => code);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});

test("a finding follows from findings that there are", () => {
  const codes = checks.map(({ code }) => code);
  expect(checks.flatMap(({ follows = [] }) => follows).filter((code) => !codes.includes(code))).toEqual([]);
});

test.each<[code: string, changes: Readonly<Record<string, unknown>>]>([
  ["bot-endpoint-not-https", { "bot.endpoint": "http://mail-bot.azurewebsites.net/api/messages" }],
  ["bot-endpoint-host", { "bot.endpoint": "https://other.azurewebsites.net/api/messages" }],
  ["bot-endpoint-path", { endpoint: { ended: "answered", status: 404, by: "" } }],
  ["bot-endpoint-silent", { endpoint: { ended: "no answer", why: "ENOTFOUND" } }],
  [
    "bot-tenant",
    { "bot.appTenantId": "99999999-9999-4999-8999-999999999999", "webApp.value.settings": { unread: "no" } },
  ],
  ["bot-app-type", { "bot.appType": "MultiTenant", "webApp.value.settings": { unread: "no" } }],
  ["bot-local-auth-off", { "bot.localAuthOff": true }],
  ["bot-public-network-off", { "bot.publicNetwork": false }],
  ["clock", { clockAhead: 4_000 }],
  ["bot-app-missing", { "identity.application": { value: undefined }, "identity.principal": { value: undefined } }],
  [
    "bot-app-deleted",
    {
      "identity.application": { value: undefined },
      "identity.principal": { value: undefined },
      "identity.deleted": { value: { id: "object", since: "2026-11-28T00:00:00Z" } },
      "identity.token": refused("AADSTS700016"),
    },
  ],
  [
    "bot-service-principal-missing",
    { "identity.principal": { value: undefined }, "identity.token": refused("AADSTS7000229") },
  ],
  ["bot-service-principal-disabled", { "identity.principal.value.accountEnabled": false }],
  ["bot-secret-wrong", { "identity.token": refused("AADSTS7000215") }],
  ["bot-secret-expired", { "identity.token": refused("AADSTS7000222") }],
  ["bot-certificate-unknown", { ...certified(), "identity.knownCertificates": { value: [] } }],
  ["certificate-missing", { ...certified(), "identity.certificates.0.key": { value: undefined } }],
  ["certificate-disabled", { ...certified(), "identity.certificates.0.key.value.enabled": false }],
  ["certificate-role-missing", { ...certified(), "identity.certificates.0.signers": { value: nobody } }],
  ["vault-network", { "secrets.1.vault.value.openToAll": false }],
  [
    "bot-certificate-expired",
    {
      ...certified(),
      "identity.application.value.keyCredentials": [{ endDateTime: "2026-11-28T00:00:00Z" }],
    },
  ],
  [
    "bot-certificate-ends-soon",
    {
      ...certified(),
      "identity.application.value.keyCredentials": [{ endDateTime: "2026-12-05T00:00:00Z" }],
    },
  ],
  ["bot-token-refused", { "identity.token": refused("AADSTS53003") }],
  ["identity-missing", { "bot.identityId": `${ids.group}/identity`, "identity.managed": { value: undefined } }],
  ["web-app-stopped", { "webApp.value.state": "Stopped", endpoint: { ended: "answered", status: 403, by: "" } }],
  ["setting-client-id", { "webApp.value.settings.value.MicrosoftAppId": ids.signInAppId }],
  ["setting-tenant-id", { "webApp.value.settings.value.MicrosoftAppTenantId": ids.signInAppId }],
  ["setting-connection-name", { "webApp.value.settings.value.OAUTH_CONNECTIONS": '[{"name":"Other"}]' }],
  ["setting-identity", { "webApp.value.settings.value.MANAGED_IDENTITY_CLIENT_ID": ids.signInAppId }],
  ["trusted-origins", { "channels.directLine.0.trustedOrigins": ["https://chat.contoso.example/helpdesk"] }],
  [
    "residency-mismatch",
    { "webApp.value.settings.value.DIRECT_LINE_ENDPOINT": "https://europe.directline.botframework.com" },
  ],
  ["code-differs", { "webApp.value.deployedHash": { value: "another" } }],
  [
    "connection-client-unknown",
    { "connections.0.app.application": { value: undefined }, "connections.0.app.principal": { value: undefined } },
  ],
  ["connection-secret-wrong", { "connections.0.token": refused("AADSTS7000215") }],
  ["connection-secret-expired", { "connections.0.token": refused("AADSTS7000222") }],
  [
    "redirect-missing",
    { [`${application}.web`]: { redirectUris: [] }, "connections.0.authorize": refused("AADSTS50011") },
  ],
  [
    "redirect-residency",
    { [`${application}.web`]: { redirectUris: ["https://europe.token.botframework.com/.auth/web/redirect"] } },
  ],
  [
    "redirect-platform",
    {
      [`${application}.web`]: { redirectUris: [] },
      [`${application}.spa`]: { redirectUris: ["https://token.botframework.com/.auth/web/redirect"] },
    },
  ],
  ["scope-unknown", { "connections.0.scopes": "openid mail.read" }],
  ["scopes-of-two-resources", { "connections.0.scopes": "User.Read https://orders.contoso.example/orders.read" }],
  ["scope-not-declared", { [`${application}.requiredResourceAccess`]: [] }],
  ["consent-missing", { "connections.0.grants": { value: [] } }],
  ["users-must-be-assigned", { [`${principal}.appRoleAssignmentRequired`]: true }],
  ["connection-tenant", { "connections.0.parameters": new Map([["tenantid", "common"]]) }],
  ["connection-refused", { "connections.0.authorize": refused("AADSTS53003") }],
  ["vault-deleted", { "secrets.0.vault.value.deleted": "2026-11-28" }],
  ["teams-channel-disabled", { "channels.teams": { isEnabled: false, acceptedTerms: true } }],
  ["access-token-version", { [`${application}.api.requestedAccessTokenVersion`]: null }],
  ["exposed-scope-disabled", { [`${application}.api.oauth2PermissionScopes.0.isEnabled`]: false }],
  ["enhanced-authentication-off", { "channels.directLine.0.isSecureSiteEnabled": false }],
  ["direct-line-key-stale", { "channels.keys": { value: ["another"] } }],
  ["turn-state-role-missing", { "state.writers": { value: nobody } }],
])("%s is found, and nothing else", (code, changes) => {
  expect(found(changes)).toEqual([code]);
});

test("the identity of a federated credential has to be the web app's, however the SDK calls its setting", () => {
  const settings = (identity: string): object => ({
    connections__bot__settings__clientId: ids.botAppId,
    connections__bot__settings__tenantId: ids.tenantId,
    connections__bot__settings__FICClientId: identity,
  });
  const secret = { "identity.secretSetting": undefined };
  const said = (identity: string): string[] =>
    found({ ...secret, "webApp.value.settings": { value: settings(identity) } });
  expect([said("identity-client"), said(ids.signInAppId)]).toEqual([[], ["setting-identity"]]);
});

test("a chat page that is off is wrong where the settings want one", () => {
  const page = checks.find(({ code }) => code === "chat-page-off")!;
  const seen = (chatPage: boolean, live: string): string[] =>
    [...page.look(changed({ wanted: { bundled: true, chatPage }, "webApp.value.settings.value.CHAT_PAGE": live }))].map(
      ({ evidence }) => evidence,
    );
  expect([seen(true, "on"), seen(true, "off"), seen(false, "off")]).toEqual([[], ["off, expected on"], []]);
});

test("nothing is wrong with an origin that ends in a slash", () => {
  expect(found({ "channels.directLine.0.trustedOrigins": ["https://Chat.contoso.example/"] })).toEqual([]);
});

test("a fix has the names of the set-up in it, and keeps what another bot needs", () => {
  const fixes = (changes: Readonly<Record<string, unknown>>): string[] =>
    judge(checks, changed(changes)).map(({ fix }) => fix);
  expect(fixes({ "connections.0.token": refused("AADSTS7000215") })).toEqual([
    `az ad app credential reset --id ${ids.signInAppId} --append, then write the connection with the new password`,
  ]);
  expect(fixes({ "identity.token": refused("AADSTS7000215") })).toEqual([
    `az ad app credential reset --id ${ids.botAppId} --append, then put the new password where the web app reads it`,
  ]);
  expect(fixes({ "channels.teams": { isEnabled: false, acceptedTerms: true } })).toEqual([
    "az bot msteams create --resource-group chat --name mail-bot",
  ]);
  const site = `${ids.group}/providers/Microsoft.Web/sites/mail-bot`;
  expect(fixes({ "webApp.value.deployedHash": { value: "another" } })).toEqual([`az webapp restart --ids ${site}`]);
  const europe = "https://europe.token.botframework.com/.auth/web/redirect";
  expect(fixes({ [`${application}.web`]: { redirectUris: [europe] } })).toEqual([
    `az ad app update --id ${ids.signInAppId} --web-redirect-uris ${europe} https://token.botframework.com/.auth/web/redirect`,
  ]);
});

test("a resource group with brackets in its name is written so that a shell takes it", () => {
  const id = `${ids.group.replace("chat", "chat(prod)")}/providers/Microsoft.Web/sites/mail-bot`;
  const [finding] = judge(checks, changed({ "webApp.value.id": id, "webApp.value.state": "Stopped" }));
  expect(finding!.fix).toBe(`az webapp start --ids '${id}'`);
});

test("a key in the endpoint's query is shown to nobody", () => {
  const [finding] = judge(
    checks,
    changed({
      "bot.endpoint": "https://mail-bot.azurewebsites.net/api/messages?code=aKeyOfFunctions",
      endpoint: { ended: "no answer", why: "ECONNREFUSED" },
    }),
  );
  expect(finding).toMatchObject({ code: "bot-endpoint-silent" });
  expect(JSON.stringify(finding)).not.toContain("aKeyOfFunctions");
});

test.each([
  "webApp",
  "webApp.value.settings",
  "webApp.value.references",
  "webApp.value.size",
  "webApp.value.loginRequired",
  "webApp.value.deployedHash",
  "identity.application",
  "identity.principal",
  "identity.deleted",
  "connections.0.app.application",
  "connections.0.app.principal",
  "connections.0.app.federated",
  "connections.0.grants",
  "channels.keys",
  "secrets.0.vault",
  "secrets.0.attributes",
  "secrets.1.digest",
  "state.account",
  "state.writers",
])("nothing is said to be wrong with %s where it could not be read", (path) => {
  expect(found({ [path]: { unread: "no right" } })).toEqual([]);
});

test("nothing is wrong with a bot that proves itself by a certificate, nor with what could not be read of it", () => {
  expect(found(certified())).toEqual([]);
  const unread = { unread: "no right" };
  for (const part of ["knownCertificates", "certificates.0.vault", "certificates.0.key", "certificates.0.signers"])
    expect([part, found({ ...certified(), [`identity.${part}`]: unread })]).toEqual([part, []]);
});

test("a role that may come from a group is missed only by a bot that is not well", () => {
  const byGroup = { value: { ids: ["somebody"], byGroups: true } };
  const unwell = { "health.health.checks": [{ name: "state", ok: false, fix: "" }] };
  expect(found({ "state.writers": byGroup })).toEqual([]);
  expect(found({ "state.writers": byGroup, ...unwell })).toEqual(["turn-state-role-missing"]);
});

test("a closed vault is found where the web app is in no network, or says that it does not get in", () => {
  const closed = { "secrets.1.vault.value.openToAll": false };
  const unwell = { "health.health.checks": [{ name: "Direct Line", ok: false, fix: "" }] };
  expect(found({ ...closed, "webApp.value.inNetwork": true })).toEqual([]);
  expect(found({ ...closed, "webApp.value.inNetwork": true, ...unwell })).toEqual(["vault-network"]);
  expect(found({ ...closed, "secrets.1.vault.value.letsAddressesIn": true })).toEqual([]);
});

test("nothing is said to be wrong with connections and channels where they could not be read", () => {
  expect(found({ connections: [], connectionsRead: false })).toEqual([]);
  const none = { names: [], directLine: [], webChat: [], teams: undefined, keys: { value: [] }, read: false };
  expect(found({ channels: none })).toEqual([]);
});
