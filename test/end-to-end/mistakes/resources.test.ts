import { randomUUID } from "node:crypto";
import { botServiceVersion } from "../../../infra/azure/bot-service";
import { writeSites } from "../../../infra/provider/channel-sites";
import { parseSettings } from "../../../infra/settings/settings";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { connectThisProcess } from "../../support/deployed";
import { newApplication } from "../../support/directory";
import { ByHand, errorOf, versions } from "./by-hand";
import { mistake } from "./mistake";

// Mistakes in what is created: Azure refuses the request itself, and the program's error names the fix.

let azure: LocalAzure;
let disconnect: () => void;
let hand: ByHand;
let group: string;
let bot: string;
const location = "westeurope";
const inAzure = (): LocalAzure => azure;

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  disconnect = await connectThisProcess(azure, "deployer");
  hand = await ByHand.in(azure);
  group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/mistakes`;
  bot = `${group}/providers/Microsoft.BotService/botServices/mistakes-bot`;
  await hand.call("PUT", group, versions.group, { location });
  for (const namespace of ["Microsoft.BotService", "Microsoft.KeyVault", "Microsoft.Web"]) {
    const provider = `/subscriptions/${azure.tenant.subscriptionId}/providers/${namespace}`;
    await hand.call("POST", `${provider}/register`, versions.group);
  }
  await hand.call("PUT", bot, botServiceVersion, botOf());
});
afterAll(async () => {
  disconnect?.();
  await azure?.close();
});

const appId = randomUUID();

function botOf(properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}): unknown {
  const { tenantId } = azure.tenant;
  return {
    location: "global",
    properties: {
      displayName: "Bot",
      msaAppId: appId,
      msaAppType: "SingleTenant",
      msaAppTenantId: tenantId,
      ...properties,
    },
    ...more,
  };
}

/** What the program says of these settings. */
function settingsError(config: Record<string, string>, environment: Record<string, string> = {}): string {
  const full = { location, connections: connections(), ...config };
  const source = {
    project: "bot-sign-in",
    stack: "dev",
    config: Object.fromEntries(Object.entries(full).map(([name, value]) => [`bot-sign-in:${name}`, value])),
    isEncrypted: () => false,
    environment: { ARM_TENANT_ID: azure.tenant.tenantId, ...environment },
  };
  try {
    parseSettings(source);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the settings are taken");
}

function connections(): string {
  const scopes = ["openid", "User.Read", "Mail.Read", "Mail.Send"];
  return JSON.stringify([{ name: "GraphConnection", provider: "entra", scopes, skill: "mail" }]);
}

const put = (id: string, version: string, body: unknown): Promise<string> => errorOf(hand.arm.put(id, version, body));
const another = (): string => bot.replace("mistakes-bot", "another-bot");

mistake(1, inAzure, async () => {
  await put(another(), botServiceVersion, botOf({ msaAppId: randomUUID(), msaAppType: "MultiTenant" }));
  return settingsError({ botAppType: "MultiTenant" });
});

mistake(3, inAzure, () => put(another(), botServiceVersion, botOf()));

mistake(21, inAzure, async () => {
  const elsewhere = group.replace("mistakes", "elsewhere");
  await hand.call("PUT", elsewhere, versions.group, { location });
  return put(bot.replace(group, elsewhere), botServiceVersion, botOf({ msaAppId: randomUUID() }));
});

mistake(27, inAzure, () =>
  put(another(), botServiceVersion, botOf({ msaAppId: randomUUID() }, { location: "northeurope" })),
);

mistake(9, inAzure, () => {
  const properties = { serviceProviderId: randomUUID(), clientId: appId, clientSecret: "x", scopes: "openid" };
  return put(`${bot}/connections/GraphConnection`, botServiceVersion, { location: "global", properties });
});

mistake(11, inAzure, () => {
  const channel = `${bot}/channels/DirectLineChannel`;
  const site = { siteName: "Default Site", isEnabled: true, isSecureSiteEnabled: true };
  return errorOf(writeSites(hand.arm, channel, [site]));
});

const vault = (name: string): string => `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
const vaultOf = (properties: Record<string, unknown> = {}): unknown => {
  const sku = { family: "A", name: "standard" };
  return {
    location,
    properties: { tenantId: azure.tenant.tenantId, sku, enableRbacAuthorization: true, ...properties },
  };
};

mistake(22, inAzure, async () => {
  await hand.call("PUT", vault("mistakes-vault"), versions.vault, vaultOf());
  await hand.call("DELETE", vault("mistakes-vault"), versions.vault);
  return put(vault("mistakes-vault"), versions.vault, vaultOf());
});

mistake(23, inAzure, () => put(vault("other-vault"), versions.vault, vaultOf({ enablePurgeProtection: false })));

mistake(24, inAzure, () => put(another(), "2016-01-01", botOf()));

mistake(25, inAzure, () => put(vault("other-vault"), versions.vault, vaultOf({ enableRbacAuthorisation: true })));

mistake(26, inAzure, async () => {
  expect(settingsError({ location: "" })).toContain("pulumi config set location westeurope");
  return put(group.replace("mistakes", "nowhere"), versions.group, {});
});

const farm = (name: string): string => `${group}/providers/Microsoft.Web/serverfarms/${name}`;
const site = (): string => `${group}/providers/Microsoft.Web/sites/mistakes-app`;

mistake(28, inAzure, async () => {
  const plan = { location, sku: { name: "F1" }, properties: { reserved: true } };
  await hand.call("PUT", farm("free"), versions.web, plan);
  const siteConfig = { linuxFxVersion: "NODE|24-lts", alwaysOn: true };
  return put(site(), versions.web, { location, properties: { serverFarmId: farm("free"), siteConfig } });
});

mistake(29, inAzure, async () => {
  await hand.call("PUT", farm("windows"), versions.web, { location, sku: { name: "B1" }, properties: {} });
  const siteConfig = { linuxFxVersion: "NODE|24-lts" };
  return put(site(), versions.web, { location, properties: { serverFarmId: farm("windows"), siteConfig } });
});

mistake(30, inAzure, async () => {
  const provider = `/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.BotService`;
  await hand.call("POST", `${provider}/unregister`, versions.group);
  const said = await put(bot, botServiceVersion, botOf());
  await hand.call("POST", `${provider}/register`, versions.group);
  return said;
});

mistake(31, inAzure, async () => {
  const getToken = async (scope: string) => ({ token: await hand.access.token(scope), expiresOnTimestamp: 0 });
  const { clientId, secret } = await newApplication({ getToken }, "without a role");
  const poor = await ByHand.in(azure, { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: secret });
  return errorOf(poor.arm.put(bot, botServiceVersion, botOf()));
});

mistake(32, inAzure, async () => {
  const forgetful = await ByHand.in(azure, { ARM_CLIENT_SECRET: randomUUID() });
  return errorOf(forgetful.arm.get(bot, botServiceVersion));
});

mistake(33, inAzure, async () => {
  const elsewhere = randomUUID();
  const stray = await ByHand.in(azure, { ARM_TENANT_ID: elsewhere });
  await errorOf(stray.arm.get(bot, botServiceVersion));
  return settingsError({ tenant: azure.tenant.tenantId }, { ARM_TENANT_ID: elsewhere });
});
