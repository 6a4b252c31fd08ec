import { now, writesSince } from "./support/azure-calls";
import { Portal } from "./support/portal";
import { threeConnections } from "./support/three-connections";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let stack: Stack;
let portal: Portal;
let group: string;
let bot: string;
let site: string;
let outputs: Record<string, unknown>;

interface Named {
  readonly id: string;
  readonly name: string;
}

beforeAll(async () => {
  workshop = await Workshop.open();
  portal = new Portal(workshop.azure);
  stack = await workshop.stack("dev");
  await threeConnections(workshop.azure, stack);
  expect(await stack.up()).toMatchObject({ code: 0 });
  outputs = await stack.outputs();
  group = `/subscriptions/${workshop.azure.tenant.subscriptionId}/resourceGroups/${String(outputs.resourceGroup)}`;
  bot = `${group}/providers/Microsoft.BotService/botServices/${String(outputs.bot)}`;
  site = `${group}/providers/Microsoft.Web/sites/${String(outputs.webApp)}`;
});
afterAll(() => workshop?.close());

test("where nobody changed anything, drift says so and changes nothing", async () => {
  const before = now(workshop.azure);
  const { code, text } = await stack.drift();
  expect(text).toContain("dev: Azure is as it was deployed.");
  expect(code).toBe(0);
  expect(writesSince(workshop.azure, before)).toEqual([]);
});

interface Connection {
  readonly properties: Record<string, unknown>;
}

/** Writes a connection again with something changed, as the portal does. */
async function connection(
  name: string,
  change: (properties: Connection["properties"]) => Connection["properties"],
  before?: Connection,
): Promise<void> {
  const id = `${bot}/connections/${name}`;
  const { properties } = before ?? (await portal.arm<Connection>("POST", `${id}/listWithSecrets`));
  const { clientId, clientSecret, scopes, serviceProviderId, parameters } = properties;
  const own = { clientId, clientSecret, scopes, serviceProviderId, parameters };
  await portal.arm("PUT", id, { location: "global", properties: change(own) });
}

type Whole = Record<string, Record<string, unknown>>;

/** As `az resource update --set` and az's own updates do. */
async function changeWhole(id: string, change: Whole): Promise<void> {
  const read = await portal.arm<Whole>("GET", id);
  const changed = Object.entries(change).map(([member, inner]) => [member, { ...read[member], ...inner }]);
  await portal.arm("PUT", id, { ...read, ...Object.fromEntries(changed) });
}

/** What people do in a portal: each by hand, then what the report has to name, and what the next `up` has to do. */
const changes: [what: string, byHand: () => Promise<unknown>, named: RegExp[], repaired: string[]][] = [
  [
    "the redirect address removed",
    () => portal.graph("PATCH", `/applications(appId='${String(outputs.signInAppId)}')`, { web: { redirectUris: [] } }),
    [
      /Application bot-sign-in-sign-in\n {2}web\.redirectUris\n {4}live: {5}\[\]\n {4}deployed: \["https:\/\/token\.botframework\.com/,
    ],
    ["update Application sign-in"],
  ],
  [
    "an app setting edited, another one added",
    async () => {
      const settings = `${site}/config/appsettings`;
      const { properties } = await portal.arm<{ properties: Record<string, string> }>("POST", `${settings}/list`);
      await portal.arm("PUT", settings, {
        properties: { ...properties, CHAT_TITLE: "Edited", API_KEY: "typed by hand" },
      });
    },
    [
      /WebApp bot-sign-in-host\n {2}siteConfig\.appSettings\.API_KEY\n {4}live: {5}\(a secret\)\n {4}deployed: \(absent\)/,
      /siteConfig\.appSettings\.CHAT_TITLE\n {4}live: {5}"Edited"\n {4}deployed: "Mail bot"/,
    ],
    ["update WebApp host"],
  ],
  [
    "a channel opened",
    () =>
      portal.arm("PUT", `${bot}/channels/AlexaChannel`, {
        location: "global",
        properties: { channelName: "AlexaChannel", properties: { alexaSkillId: "skill", isEnabled: true } },
      }),
    [/Bot bot-sign-in-bot\n {2}channels\.AlexaChannel\n {4}live: {5}\(open\)/],
    ["delete Channel AlexaChannel"],
  ],
  [
    "the default sites of Direct Line and Web Chat enabled",
    async () => {
      for (const channelName of ["DirectLineChannel", "WebChatChannel"]) {
        const channel = `${bot}/channels/${channelName}`;
        type Channel = { properties: { properties: { sites: Record<string, unknown>[] } } };
        const { properties } = await portal.arm<Channel>("GET", channel);
        const sites = properties.properties.sites.map(({ siteName, siteId, isV1Enabled, isV3Enabled, ...site }) => ({
          siteName,
          siteId,
          isV1Enabled,
          isV3Enabled,
          isSecureSiteEnabled: site.isSecureSiteEnabled,
          ...(site.trustedOrigins ? { trustedOrigins: site.trustedOrigins } : {}),
          isEnabled: true,
        }));
        await portal.arm("PUT", channel, { location: "global", properties: { channelName, properties: { sites } } });
      }
    },
    [
      /DirectLineSite bot-sign-in-channels-direct-line\n {2}defaultSiteDisabled\n {4}live: {5}false/,
      /WebChatDefaultSite bot-sign-in-channels-web-chat\n {2}disabled\n {4}live: {5}false/,
    ],
    ["update DirectLineSite channels-direct-line", "update WebChatDefaultSite channels-web-chat"],
  ],
  [
    "a role of the bot's identity removed",
    async () => {
      const assignments = `${group}/providers/Microsoft.Authorization/roleAssignments`;
      const { value } = await portal.arm<{ value: Named[] }>("GET", assignments);
      const vaults = value.filter(({ id }) => id.includes("/vaults/"));
      expect(vaults).toHaveLength(1);
      await portal.arm("DELETE", vaults[0]!.id);
    },
    [/RoleAssignment bot-sign-in-identity-reads-secrets\n {2}id\n {4}live: {5}\(is not there\)/],
    ["create RoleAssignment identity-reads-secrets"],
  ],
  [
    "the client secret of a connection overwritten",
    async () => {
      const connection = `${bot}/connections/GraphConnection`;
      type Connection = { properties: Record<string, unknown> };
      const { properties } = await portal.arm<Connection>("POST", `${connection}/listWithSecrets`);
      const { clientId, scopes, serviceProviderId } = properties;
      await portal.arm("PUT", connection, {
        location: "global",
        properties: { clientId, scopes, serviceProviderId, clientSecret: "typed by hand" },
      });
    },
    [
      /BotConnection bot-sign-in-connections-GraphConnection\n {2}properties\.clientSecret\n {4}live: {5}\(another secret\)/,
    ],
    [
      "replace, old first: BotConnection connections-GraphConnection",
      "update ConnectionCheck connections-GraphConnection",
    ],
  ],
  [
    "the client id and the scopes of GitHub's connection changed",
    () => connection("GitHubConnection", (properties) => ({ ...properties, clientId: "Iv1Another", scopes: "repo" })),
    [
      /BotConnection bot-sign-in-connections-GitHubConnection\n {2}properties\.clientId\n/,
      /BotConnection bot-sign-in-connections-GitHubConnection\n {2}properties\.scopes\n/,
      /ConnectionCheck bot-sign-in-connections-GitHubConnection\n {2}differences\n {4}live: {5}\["clientId","scopes"\]/,
    ],
    [
      "replace, old first: BotConnection connections-GitHubConnection",
      "update ConnectionCheck connections-GitHubConnection",
    ],
  ],
  [
    "a template of the company's connection changed, which takes a new connection of its name",
    async () => {
      const before = await portal.arm<Connection>("POST", `${bot}/connections/OrdersConnection/listWithSecrets`);
      await portal.arm("DELETE", `${bot}/connections/OrdersConnection`);
      const parameters = (before.properties.parameters as { key: string; value: string }[]).map((one) =>
        one.key === "TokenUrlTemplate" ? { ...one, value: "https://login.contoso.example/elsewhere" } : one,
      );
      await connection("OrdersConnection", () => ({ ...before.properties, parameters }), before);
    },
    [
      /BotConnection bot-sign-in-connections-OrdersConnection\n {2}properties\.parameters\n/,
      /ConnectionCheck bot-sign-in-connections-OrdersConnection\n {2}differences\n {4}live: {5}\["settingId","parameters\.TokenUrlTemplate"\]/,
    ],
    [
      "replace, old first: BotConnection connections-OrdersConnection",
      "update ConnectionCheck connections-OrdersConnection",
    ],
  ],
  [
    "what az changes, which reads a resource and writes it whole,",
    async () => {
      const only = async (type: string): Promise<string> => {
        const { value } = await portal.arm<{ value: Named[] }>("GET", `${group}/providers/${type}`);
        expect(value).toHaveLength(1);
        return value[0]!.id;
      };
      await changeWhole(site, { properties: { httpsOnly: false } });
      await changeWhole(`${site}/config/web`, { properties: { minTlsVersion: "1.0" } });
      await changeWhole(`${site}/basicPublishingCredentialsPolicies/scm`, { properties: { allow: true } });
      await changeWhole(bot, { properties: { displayName: "Changed" } });
      await changeWhole(await only("Microsoft.Web/serverfarms"), { sku: { name: "B2", size: "B2" } });
      await changeWhole(await only("Microsoft.OperationalInsights/workspaces"), {
        properties: { retentionInDays: 60 },
      });
    },
    [
      /WebApp bot-sign-in-host\n {2}httpsOnly\n {4}live: {5}false\n/,
      /WebApp bot-sign-in-host\n {2}siteConfig\.minTlsVersion\n {4}live: {5}"1\.0"\n/,
      /WebAppScmAllowed bot-sign-in-host-scm\n {2}allow\n {4}live: {5}true\n/,
      /Bot bot-sign-in-bot\n {2}properties\.displayName\n {4}live: {5}"Changed"\n/,
      /sku\.name\n {4}live: {5}"B2"\n/,
      /Workspace bot-sign-in-logs\n {2}retentionInDays\n {4}live: {5}60\n/,
    ],
    [
      "update AppServicePlan host",
      "update Bot bot",
      "update WebApp host",
      "update WebAppScmAllowed host-scm",
      "update Workspace logs",
    ],
  ],
  [
    "a secret in the vault overwritten",
    () =>
      portal.arm(
        "PUT",
        `${group}/providers/Microsoft.KeyVault/vaults/${String(outputs.webApp)}/secrets/bot-app-password`,
        {
          properties: { value: "typed by hand" },
        },
      ),
    [/Secret bot-sign-in-vault-bot-app-password\n {2}properties\.value\n {4}live: {5}\(another secret: "https:\/\//],
    ["update Secret vault-bot-app-password", "update WebApp host"],
  ],
];

test.each(changes)("%s by hand: drift names field and live value, and the next up puts it right", async (...row) => {
  const [, byHand, named, repaired] = row;
  await byHand();
  const report = await stack.drift();
  for (const words of named) expect(report.text).toMatch(words);
  expect(report.text).not.toContain("typed by hand");
  expect(report.code).toBe(2);

  const up = await stack.up();
  expect(up.code).toBe(0);
  expect(up.effects).toEqual(repaired);
  const again = await stack.drift();
  expect(again.text).toContain("dev: Azure is as it was deployed.");
  expect(again.code).toBe(0);
});

test("after all of that users sign in as before", async () => {
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
});
