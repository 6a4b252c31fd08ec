import type { Hand } from "../../doctor/hand";
import { look } from "../../doctor/look";
import { SetUp, shapes } from "../../doctor/set-ups";

// A set-up made by hand, in which somebody does what Microsoft's tutorials do not.

let setUp: SetUp;
beforeAll(async () => {
  setUp = await SetUp.of(shapes.find(({ name }) => name === "by-hand")!);
});
afterAll(() => setUp?.close());
afterEach(() => setUp.putBack());

const password = "secrets/helpdesk-password";
const refresh = (hand: Hand) => hand.portal.arm("POST", `${hand.webApp}/config/configreferences/appsettings/refresh`);

/** Keeps a value in the vault, and has an app setting refer to it. */
const keep = (setting: string, value: (hand: Hand) => Promise<string> | string) => async (hand: Hand) =>
  hand.refer(setting, setting.toLowerCase(), await value(hand));

/** Gives the code service connections of the Agents SDK: a part's name, and its settings. */
const agents = async (hand: Hand, more: Readonly<Record<string, string>>): Promise<void> => {
  const { MicrosoftAppPassword } = await hand.settings();
  await hand.changeSettings({
    MicrosoftAppId: undefined,
    MicrosoftAppType: undefined,
    MicrosoftAppTenantId: undefined,
    MicrosoftAppPassword: undefined,
    connections__bot__settings__clientId: await hand.botAppId(),
    connections__bot__settings__tenantId: hand.azure.tenant.tenantId,
    connections__bot__settings__clientSecret: MicrosoftAppPassword,
    connectionsMap__0__connection: "bot",
    connectionsMap__0__serviceUrl: "*",
    ...more,
  });
};

const certificates = (hand: Hand, clientCertExclusionPaths: string) =>
  hand.changeSite({ properties: { clientCertEnabled: true, clientCertMode: "Required", clientCertExclusionPaths } });

test.each<[what: string, change: (hand: Hand) => Promise<unknown>]>([
  ["the bot's id comes from the vault", keep("MicrosoftAppId", (hand) => hand.botAppId())],
  ["the bot's tenant comes from the vault", keep("MicrosoftAppTenantId", (hand) => hand.azure.tenant.tenantId)],
  ["the connection's name comes from the vault", keep("ConnectionName", () => "Graph")],
  [
    "the Agents SDK has a service connection of another application beside the bot's",
    async (hand) => {
      const { clientId, clientSecret } = (await hand.connection("Graph")).properties;
      await agents(hand, {
        connections__api__settings__clientId: clientId,
        connections__api__settings__clientSecret: String(clientSecret),
      });
    },
  ],
  [
    "a newer version of the secret waits, switched off",
    async (hand) => {
      await hand.writeSecret("helpdesk-password", "the next one");
      await hand.atVault("PATCH", `${password}/`, { attributes: { enabled: false } });
      await refresh(hand);
    },
  ],
  ["the bot's path needs no client certificate", (hand) => certificates(hand, "/healthz;/api")],
])("nothing is wrong where %s", async (_what, change) => {
  await change(setUp.hand);
  expect((await look(setUp)).findings).toEqual([]);
});

test.each<[code: string, what: string, change: (hand: Hand) => Promise<unknown>, fix: RegExp]>([
  [
    "setting-client-id",
    "the Agents SDK is another application than the bot",
    async (hand) => agents(hand, { connections__bot__settings__clientId: await hand.signInAppId("Graph") }),
    /--settings connections__bot__settings__clientId=[0-9a-f-]{36}$/,
  ],
  [
    "setting-missing",
    "the tenant of a bot of one tenant is not said",
    (hand) => hand.changeSettings({ MicrosoftAppTenantId: undefined }),
    /--settings MicrosoftAppTenantId=[0-9a-f-]{36}$/,
  ],
  [
    "setting-missing",
    "nor to the Agents SDK",
    (hand) => agents(hand, { connections__bot__settings__tenantId: "" }),
    /--settings connections__bot__settings__tenantId=[0-9a-f-]{36}$/,
  ],
  [
    "setting-missing",
    "the secret's setting is empty",
    (hand) => hand.changeSettings({ MicrosoftAppPassword: "" }),
    /^az webapp config appsettings set/,
  ],
  [
    "reference-secret-disabled",
    "the version that the reference names is switched off, and a newer one is not",
    async (hand) => {
      const [, version] = /helpdesk-password\/(\w+)/.exec((await hand.settings())["MicrosoftAppPassword"]!)!;
      await hand.writeSecret("helpdesk-password", "the next one");
      await hand.atVault("PATCH", `${password}/${version}`, { attributes: { enabled: false } });
      await refresh(hand);
    },
    /^az keyvault secret set-attributes --vault-name \S+ --name helpdesk-password --version \w{32} --enabled true$/,
  ],
  [
    "reference-unresolved",
    "the reference lacks a part of its address",
    (hand) =>
      hand.changeSettings({
        MicrosoftAppPassword: "@Microsoft.KeyVault(SecretUri=https://contoso-team-vault.vault.azure.net/helpdesk)",
      }),
    /^Correct the reference/,
  ],
  [
    "web-app-access-restricted",
    "a rule against Bot Service comes before the one for all",
    (hand) =>
      hand.changeWebConfig({
        ipSecurityRestrictions: [
          { ipAddress: "Any", action: "Allow", priority: 200, name: "all" },
          { ipAddress: "AzureBotService", tag: "ServiceTag", action: "Deny", priority: 100, name: "no bots" },
        ],
      }),
    /access-restriction remove .* --rule-name "no bots"$/,
  ],
  [
    "web-app-client-certificates",
    "another path than the bot's needs no client certificate",
    (hand) => certificates(hand, "/healthz"),
    /clientCertEnabled=false/,
  ],
])("%s: %s", async (code, _what, change, fix) => {
  await change(setUp.hand);
  const { findings } = await look(setUp);
  expect(findings.map((one) => one.code)).toEqual([code]);
  expect(findings[0]!.fix).toMatch(fix);
});
