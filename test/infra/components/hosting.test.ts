import { Hosting, type HostingArgs } from "../../../infra/components/hosting";
import { planOf } from "../../../infra/deployment/code";
import { ManagedIdentity } from "../../../infra/components/managed-identity";
import { subscriptionId, tenantId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

const group = `/subscriptions/${subscriptionId}/resourceGroups/shop-dev`;
const tags = { project: "shop", stack: "dev" };

const reference = (name: string): string => `@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/${name}/1)`;

const args = (more: Partial<HostingArgs> = {}): HostingArgs => ({
  resourceGroupName: "shop-dev",
  location: "westeurope",
  planName: "shop-plan",
  webAppName: "shop-web",
  size: "B1",
  plan: planOf(undefined),
  command: "exec node index.js",
  identity: new ManagedIdentity("identity", {
    resourceGroupName: "shop-dev",
    location: "westeurope",
    identityName: "shop-identity",
    subscriptionId,
    vaultId: "/the/vault",
    stateContainerId: "/the/container",
    tags,
  }),
  appSettings: {
    MicrosoftAppId: "app",
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppPassword: reference("bot-app-password"),
    MicrosoftAppPasswordBefore: reference("bot-app-password-2"),
    OAUTH_CONNECTIONS: "[]",
    TOKEN_SERVICE_ENDPOINT: "https://api.botframework.com",
    DIRECT_LINE_ENDPOINT: "https://directline.botframework.com",
    DIRECT_LINE_SECRET_URI: "https://vault.example/secrets/direct-line-secret",
    STATE_CONTAINER_URL: "https://account.example/turn-state",
    MANAGED_IDENTITY_CLIENT_ID: "identity",
    CHAT_SESSION_KEY: reference("chat-session-key"),
    CHAT_SESSION_KEY_BEFORE: reference("chat-session-key-2"),
    SECRETS_ROTATION: "0",
    SECRETS_END: "2027-04-21T03:04:05Z/2027-05-21T03:04:05Z",
    CHAT_TITLE: "Shop bot",
    CHAT_FRAME_ANCESTORS: "'self'",
    CHAT_PAGE: "on",
    CHAT_ACCESS: "everyone",
    CHAT_ALLOWED_NETWORKS: "everywhere",
    TEAMS_GROUPS: "off",
  },
  tags,
  ...more,
});

const settingsOf = (made: Parameters<typeof oneOf>[0]): Record<string, string> => {
  const { appSettings } = oneOf(made, "WebApp")["siteConfig"] as { appSettings: { name: string; value: string }[] };
  return Object.fromEntries(appSettings.map(({ name, value }) => [name, value]));
};

test("the bot runs on Linux over https only, as the identity that resolves its references, without passwords to publish", async () => {
  const made = await madeBy(() => new Hosting("host", args()));
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-identity`;
  const { siteConfig, ...app } = oneOf(made, "WebApp");
  expect(app).toEqual({
    resourceGroupName: "shop-dev",
    location: "westeurope",
    name: "shop-web",
    kind: "app,linux",
    reserved: true,
    serverFarmId: `${group}/providers/Microsoft.Web/serverfarms/shop-plan`,
    httpsOnly: true,
    clientAffinityEnabled: false,
    publicNetworkAccess: "Enabled",
    tags,
    identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
    keyVaultReferenceIdentity: identity,
    // azure-native's own defaults.
    hyperV: false,
    isXenon: false,
    scmSiteAlsoStopped: false,
  });
  const { appSettings: _, ...config } = siteConfig as Record<string, unknown>;
  expect(config).toEqual({
    linuxFxVersion: "NODE|24-lts",
    appCommandLine: "exec node index.js",
    alwaysOn: true,
    healthCheckPath: "/healthz",
    http20Enabled: true,
    minTlsVersion: "1.2",
    scmMinTlsVersion: "1.2",
    ftpsState: "Disabled",
    webSocketsEnabled: false,
    // azure-native's own defaults.
    localMySqlEnabled: false,
    netFrameworkVersion: "v4.6",
  });
  for (const way of ["WebAppScmAllowed", "WebAppFtpAllowed"])
    expect(oneOf(made, way)).toEqual({ resourceGroupName: "shop-dev", name: "shop-web", allow: false });
});

test("the plan is a Linux one of the size that was asked for; the free one does not stay awake", async () => {
  const sizeOf = async (size: HostingArgs["size"]): Promise<unknown[]> => {
    const made = await madeBy(() => new Hosting("host", args({ size })));
    const { kind, reserved, sku } = oneOf(made, "AppServicePlan");
    return [kind, reserved, sku, (oneOf(made, "WebApp")["siteConfig"] as { alwaysOn: boolean }).alwaysOn];
  };
  expect(await sizeOf("P1v3")).toEqual(["linux", true, { name: "P1v3", tier: "PremiumV3", capacity: 1 }, true]);
  expect(await sizeOf("F1")).toEqual(["linux", true, { name: "F1", tier: "Free", capacity: 1 }, false]);
});

test("a plan that is there already is used, and none is made beside it", async () => {
  const planId = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Web/serverfarms/everyones";
  const made = await madeBy(() => new Hosting("host", args({ planId })));
  expect(namesOf(made).filter((one) => one.startsWith("AppServicePlan"))).toEqual([]);
  expect(oneOf(made, "WebApp")["serverFarmId"]).toBe(planId);
});

test("the deployer's own app settings stand beside the program's", async () => {
  const made = await madeBy(() => new Hosting("host", args({ ownSettings: { FEATURES: "beta" } })));
  expect(settingsOf(made)).toMatchObject({ FEATURES: "beta", CHAT_TITLE: "Shop bot", ENABLE_ORYX_BUILD: "false" });
});

test("users are sent to the host name that App Service gave, which may not be the app's name", async () => {
  let hosting: Hosting | undefined;
  await madeBy(() => (hosting = new Hosting("host", args())));
  const origin = "https://shop-web-f3b7.westeurope-01.azurewebsites.net";
  expect(await valueOf(hosting!.origin)).toBe(origin);
  expect(await valueOf(hosting!.endpoint)).toBe(`${origin}/api/messages`);
  expect(await valueOf(hosting!.healthAddress)).toBe(`${origin}/healthz`);
});
