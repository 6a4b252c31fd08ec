import { environments } from "../../../infra/decisions/environment";
import { policies, rules } from "../../../infra/policy/policies";
import { types } from "../../../infra/policy/rule";
import type { Recording } from "../../support/recorder";
import { deploy, environmentConfig } from "../program";
import { changed, type Change, judge, without } from "./judge";

const stacks: Record<string, Recording> = {};

beforeAll(async () => {
  for (const stack of environments)
    stacks[stack] = await deploy(
      {},
      { stack: stack === "preview" ? "pr-42" : stack, config: environmentConfig(stack) },
    );
}, 60_000);

test.each(environments)("%s, as its stack file has it, keeps every rule", async (stack) => {
  expect(stacks[stack]!.resources.length).toBeGreaterThan(30);
  expect(await judge(stacks[stack]!.resources)).toEqual([]);
});

const settings = (change: Record<string, string>) => {
  const { inputs } = stacks["prod"]!.one(types.webApp);
  const { appSettings } = inputs["siteConfig"] as { appSettings: { name: string; value: string }[] };
  return appSettings.map(({ name, value }) => ({ name, value: change[name] ?? value }));
};
const site = (given: object) => ({
  "properties.channelName": "DirectLineChannel",
  "properties.properties": {
    sites: [{ siteName: "chat", isSecureSiteEnabled: true, trustedOrigins: ["https://bot.example"], ...given }],
  },
});

const broken: [rule: string, what: string, change: () => Change, violation: RegExp][] = [
  [
    "secrets-by-reference",
    "a password in clear",
    () => ({ type: types.webApp, inputs: { "siteConfig.appSettings": settings({ MicrosoftAppPassword: "s3cret" }) } }),
    /^host: App setting MicrosoftAppPassword holds a value instead of a reference/,
  ],
  [
    "secrets-by-reference",
    "a session key in clear",
    () => ({ type: types.webApp, inputs: { "siteConfig.appSettings": settings({ CHAT_SESSION_KEY: "s3cret" }) } }),
    /^host: App setting CHAT_SESSION_KEY holds a value/,
  ],
  [
    "connections-known",
    "a connection of which the bot does not know",
    () => ({ type: types.connection, inputs: { connectionName: "MailConnection" } }),
    /^GraphConnection: The bot's setting OAUTH_CONNECTIONS names GraphConnection, but not MailConnection/,
  ],
  ["https-and-tls", "http", () => ({ type: types.webApp, inputs: { httpsOnly: false } }), /^host: httpsOnly is false/],
  [
    "https-and-tls",
    "TLS 1.0",
    () => ({ type: types.webApp, inputs: { "siteConfig.minTlsVersion": "1.0" } }),
    /^host: siteConfig.minTlsVersion is "1.0"; set it to "1.2" or "1.3"/,
  ],
  [
    "https-and-tls",
    "no TLS floor for pushes",
    () => ({ type: types.webApp, inputs: { "siteConfig.scmMinTlsVersion": undefined } }),
    /^host: siteConfig.scmMinTlsVersion is not set/,
  ],
  [
    "https-and-tls",
    "plain FTP",
    () => ({ type: types.webApp, inputs: { "siteConfig.ftpsState": "AllAllowed" } }),
    /^host: siteConfig.ftpsState is "AllAllowed"/,
  ],
  [
    "https-and-tls",
    "storage by http",
    () => ({ type: types.storage, inputs: { enableHttpsTrafficOnly: false, minimumTlsVersion: "TLS1_0" } }),
    /^state: enableHttpsTrafficOnly is false/,
  ],
  [
    "https-and-tls",
    "a bot called by http",
    () => ({ type: types.bot, inputs: { "properties.endpoint": "http://bot.example/api/messages" } }),
    /^bot: properties.endpoint is http:/,
  ],
  [
    "no-basic-auth",
    "publishing passwords",
    () => ({ type: types.scmLogin, inputs: { allow: true } }),
    /^host-scm: allow/,
  ],
  ["no-basic-auth", "FTP passwords", () => ({ type: types.ftpLogin, inputs: { allow: true } }), /^host-ftp: allow/],
  [
    "no-basic-auth",
    "storage keys",
    () => ({ type: types.storage, inputs: { allowSharedKeyAccess: undefined } }),
    /^state: allowSharedKeyAccess is not set/,
  ],
  [
    "single-tenant",
    "a multi-tenant bot",
    () => ({ type: types.bot, inputs: { "properties.msaAppType": "MultiTenant" } }),
    /^bot: properties.msaAppType is "MultiTenant"/,
  ],
  [
    "single-tenant",
    "a bot without a tenant",
    () => ({ type: types.bot, inputs: { "properties.msaAppTenantId": undefined } }),
    /^bot: properties.msaAppTenantId is not set/,
  ],
  [
    "single-tenant",
    "an application for every tenant",
    () => ({ type: types.application, name: "sign-in", inputs: { signInAudience: "AzureADMultipleOrgs" } }),
    /^sign-in: signInAudience is "AzureADMultipleOrgs"/,
  ],
  [
    "redirect-addresses",
    "a foreign redirect address",
    () => ({ type: types.application, name: "sign-in", inputs: { "web.redirectUris": ["https://evil.example/"] } }),
    /^sign-in: https:\/\/evil.example\/ is no address of the Token Service/,
  ],
  [
    "redirect-addresses",
    "another residency's redirect address",
    () => ({ type: types.bot, inputs: { location: "westeurope" } }),
    /^bot: The bot's location westeurope wants the redirect address https:\/\/europe.token.botframework.com/,
  ],
  [
    "enhanced-authentication",
    "a site that is not secure",
    () => ({ type: types.channel, inputs: site({ isSecureSiteEnabled: false }) }),
    /^teams: Site chat has enhanced authentication off/,
  ],
  [
    "enhanced-authentication",
    "a site that trusts nobody by name",
    () => ({ type: types.channel, inputs: site({ trustedOrigins: [] }) }),
    /^teams: Site chat trusts no page by name/,
  ],
  [
    "enhanced-authentication",
    "our own site with a wildcard",
    () => ({ type: types.directLineSite, name: "direct-line", inputs: { trustedOrigins: ["https://*.contoso.com"] } }),
    /^direct-line: Site chat trusts https:\/\/\*/,
  ],
  [
    "vault-roles-and-soft-delete",
    "access policies",
    () => ({ type: types.vault, inputs: { "properties.enableRbacAuthorization": false } }),
    /^vault: properties.enableRbacAuthorization is false/,
  ],
  [
    "vault-roles-and-soft-delete",
    "no recycle bin",
    () => ({ type: types.vault, inputs: { "properties.enableSoftDelete": undefined } }),
    /^vault: properties.enableSoftDelete is not set/,
  ],
  [
    "vault-roles-and-soft-delete",
    "prod without purge protection",
    () => ({ type: types.vault, inputs: { "properties.enablePurgeProtection": undefined } }),
    /^vault: properties.enablePurgeProtection is not set/,
  ],
  [
    "secrets-end",
    "a secret without an end",
    () => ({ type: types.secret, name: "chat-session-key", inputs: { "properties.attributes.expires": undefined } }),
    /^chat-session-key: It has no end/,
  ],
  [
    "secrets-end",
    "a password that lives too long",
    () => ({ type: types.applicationPassword, name: "bot", inputs: { endDate: "2027-05-22T03:04:05Z" } }),
    /^bot: It ends on 2027-05-22T03:04:05.000Z, more than 180 days from now/,
  ],
  [
    "marks",
    "a web app of nobody's",
    () => ({ type: types.webApp, inputs: { tags: undefined } }),
    /^host: It lacks the marks project:bot-sign-in, stack:prod/,
  ],
  [
    "marks",
    "an application with another stack's marks",
    () => ({ type: types.application, name: "bot", inputs: { tags: ["project:bot-sign-in", "stack:dev"] } }),
    /^bot: It lacks the marks stack:prod/,
  ],
  [
    "marks",
    "a connection with tags",
    () => ({ type: types.connection, inputs: { tags: { project: "bot-sign-in", stack: "prod" } } }),
    /^GraphConnection: It has tags, which overwrite the bot's/,
  ],
  [
    "prod-protected",
    "a vault that can be deleted",
    () => ({ type: types.vault, protect: false }),
    /^vault: It is not protected/,
  ],
];

test.each(broken)("%s refuses %s", async (rule, _what, change, violation) => {
  const found = await judge(changed(stacks["prod"]!.resources, change()));
  const [first, ...others] = found.filter((line) => line.startsWith(`${rule}: `));
  expect(first?.slice(rule.length + 2)).toMatch(violation);
  // One change may break two properties of one rule, but never another rule.
  expect(found).toEqual([first, ...others]);
});

test("no rule is without a test that breaks it", () => {
  expect([...new Set(broken.map(([rule]) => rule))].sort()).toEqual(
    rules(() => new Date())
      .map(({ name }) => name)
      .sort(),
  );
});

test("a longer life of secrets is allowed where the pack's configuration says so", async () => {
  const long = changed(stacks["dev"]!.resources, {
    type: types.applicationPassword,
    name: "bot",
    inputs: { endDate: "2027-11-22T03:04:05Z" },
  });
  expect(await judge(long)).toHaveLength(1);
  expect(await judge(long, { "secrets-end": { maximumDays: 365 } })).toEqual([]);
});

test.each([
  [types.scmLogin, "of its deployment service"],
  [types.ftpLogin, "of FTP"],
])("a program that forgets %s leaves Azure's publishing password on, and is refused", async (login, of) => {
  expect(await judge(without(stacks["prod"]!.resources, login))).toEqual([
    `basic-auth-switched-off: host: Nothing switches off the publishing password ${of}; give host a ${login} with allow: false.`,
  ]);
});

test("a switch of another web app counts for that one alone", async () => {
  const { resources } = stacks["prod"]!;
  const app = stacks["prod"]!.one(types.webApp);
  const second = { ...app, name: "second", urn: `${app.urn}-second` };
  expect(await judge([...resources, second])).toEqual([
    expect.stringMatching(/^basic-auth-switched-off: second: .* of its deployment service/),
    expect.stringMatching(/^basic-auth-switched-off: second: .* of FTP/),
  ]);
});

test("a stack that turns protection off is caught in prod only", async () => {
  const open = await deploy({ protect: false }, { stack: "prod" });
  expect((await judge(open.resources)).filter((line) => line.startsWith("prod-protected"))).toHaveLength(8);
  const dev = await deploy({ protect: false });
  expect(await judge(dev.resources)).toEqual([]);
});

test("each policy has a name and a sentence for the person who meets it", () => {
  for (const { name, description } of policies(() => new Date())) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(description).toMatch(/^[A-Z].*\.$/);
  }
});
