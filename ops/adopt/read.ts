import type { Access } from "../../infra/azure/access";
import { type Arm, armClient } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { botConnections } from "../../infra/azure/bot-connections";
import { botServiceVersion, type RegistrationAnswer, registrationOf } from "../../infra/azure/bot-service";
import { withClientId } from "../../infra/azure/graph";
import { keyVaultVersion } from "../../infra/azure/key-vault";
import { webVersion } from "../../infra/code/web-app";
import { regionOf } from "../../infra/facts/cloud";
import { isReference, secretAt } from "../../infra/facts/key-vault-reference";
import { botAt } from "../azure/bot-at";
import { mayNot } from "../azure/unless-refused";
import { type HostedSite, webAppAt, webAppsOf } from "../azure/web-apps";
import { OpsError } from "../cli/ops-error";
import type { HandMade, HandMadeApplication, HandMadeBot, HandMadeVault, HandMadeWebApp } from "./hand-made";

/**
 * Looks at a bot and all that it stands on; changes nothing. What the caller may not see is told, where the rest can do without.
 * Throws an OpsError where there is no such bot, and an AzureCallError where bot or applications may not be read.
 * @param id of the bot in Azure Resource Manager
 */
export async function readHandMade(access: Access, id: string): Promise<HandMade> {
  const address = botAt(id);
  const find = 'az resource list --resource-type Microsoft.BotService/botServices --query "[].id" --output tsv';
  if (!address) throw new OpsError("wrong-name", `${JSON.stringify(id)} is not the ARM id of a bot`, find);
  const arm = armClient(access);
  const subscription = `/subscriptions/${address.subscriptionId}`;
  const found = await arm.find<BotAnswer>(address.id, botServiceVersion);
  if (!found)
    throw new OpsError("nothing-deployed", `There is no bot ${address.botName} in ${address.resourceGroupName}`, find);
  const bot = botOf(found, address.botName);
  const unread: string[] = [];
  const optional = async <T>(what: string, otherwise: T, look: () => Promise<T>): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof AzureCallError) || !mayNot(error.status ?? 0)) throw error;
      unread.push(`${what} may not be read by you [${error.code}]`);
      return otherwise;
    }
  };
  const [group, { tenantId }, connections, channels, webApp] = await Promise.all([
    arm.get<{ location: string }>(`${subscription}/resourceGroups/${address.resourceGroupName}`, groupVersion),
    arm.get<{ tenantId: string }>(subscription, "2022-12-01"),
    // Without their secrets, which a GET leaves out: `listWithSecrets` is never called.
    botConnections(arm, bot.id),
    readChannels(arm, bot.id),
    optional("the web apps of the subscription", undefined, () =>
      readWebApp(arm, address.subscriptionId, bot.endpoint),
    ),
  ]);
  const names = webApp ? vaultsNamed(Object.values(webApp.settings)) : [];
  const known = await optional<HandMadeVault[]>("the vaults of the subscription", [], () =>
    names.length === 0 ? Promise.resolve([]) : readVaults(arm, subscription),
  );
  const vaults = known.filter(({ name }) => names.includes(name.toLowerCase()));
  const clientIds = [
    ...(bot.identityId === undefined ? [bot.appId] : []),
    ...connections.filter(({ provider }) => /^Aadv2/.test(provider?.name ?? "")).map(({ clientId }) => clientId),
  ].filter(Boolean);
  const [logs, applications] = await Promise.all([
    optional("the diagnostic settings", [], () => readLogs(arm, bot.id, webApp?.id)),
    readApplications(access, [...new Set(clientIds.map((one) => one.toLowerCase()))]),
  ]);
  return {
    subscriptionId: address.subscriptionId,
    tenantId,
    resourceGroup: address.resourceGroupName,
    groupLocation: group.location,
    bot,
    connections,
    channels,
    webApp,
    vaults,
    logs,
    applications,
    unread,
    vaultsElsewhere: names.filter((name) => !vaults.some((vault) => vault.name.toLowerCase() === name)),
  };
}

const groupVersion = "2021-04-01";

interface BotAnswer extends RegistrationAnswer {
  readonly sku?: { readonly name?: string } | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly properties: RegistrationAnswer["properties"] & { readonly displayName?: string | null };
}

function botOf(found: BotAnswer, name: string): HandMadeBot {
  const { sku, tags, properties } = found;
  return {
    ...registrationOf(found),
    name,
    sku: sku?.name ?? "F0",
    tags: tags ?? {},
    displayName: properties.displayName || name,
  };
}

async function readChannels(arm: Arm, bot: string): Promise<string[]> {
  const channels = await arm.list<{ readonly name: string }>(`${bot}/channels`, botServiceVersion);
  return channels.map(({ name }) => name.split("/").at(-1)!).sort();
}

interface SiteAnswer extends HostedSite {
  readonly name: string;
  readonly location: string;
  readonly kind?: string | null;
  readonly identity?: {
    readonly type?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>> | null;
  } | null;
  readonly properties: HostedSite["properties"] & {
    readonly reserved?: boolean | null;
    readonly serverFarmId?: string;
    readonly virtualNetworkSubnetId?: string | null;
  };
}

/** The web app of the subscription that answers at the endpoint's host, its own name or one of its domain names. */
async function readWebApp(arm: Arm, subscriptionId: string, endpoint: string): Promise<HandMadeWebApp | undefined> {
  const host = URL.parse(endpoint)?.hostname;
  if (!host) return undefined;
  const site = webAppAt(await webAppsOf<SiteAnswer>(arm, subscriptionId), host);
  if (!site) return undefined;
  const { properties } = await arm.ask<{ properties: Readonly<Record<string, string>> }>(
    `${site.id}/config/appsettings/list`,
    webVersion,
    {},
    ["properties"],
  );
  return {
    id: site.id,
    name: site.name,
    resourceGroup: site.id.split("/")[4] ?? "",
    location: regionOf(site.location),
    linux: site.properties.reserved === true || /\blinux\b/i.test(site.kind ?? ""),
    planId: site.properties.serverFarmId ?? "",
    systemIdentity: /SystemAssigned/i.test(site.identity?.type ?? ""),
    identities: Object.keys(site.identity?.userAssignedIdentities ?? {}),
    inNetwork: Boolean(site.properties.virtualNetworkSubnetId),
    settings: properties,
  };
}

/** Names of the vaults that settings refer to. */
function vaultsNamed(values: readonly string[]): string[] {
  return [...new Set(values.filter(isReference).flatMap((value) => secretAt(value)?.vaultName.toLowerCase() ?? []))];
}

async function readVaults(arm: Arm, subscription: string): Promise<HandMadeVault[]> {
  type Answer = {
    readonly id: string;
    readonly name: string;
    readonly properties: { readonly tenantId?: string; readonly enableRbacAuthorization?: boolean | null };
  };
  const vaults = await arm.list<Answer>(`${subscription}/providers/Microsoft.KeyVault/vaults`, keyVaultVersion);
  return vaults.map(({ id, name, properties }) => ({
    id,
    name,
    byRoles: properties.enableRbacAuthorization === true,
    tenantId: properties.tenantId ?? "",
  }));
}

async function readLogs(arm: Arm, bot: string, webApp: string | undefined): Promise<HandMade["logs"]> {
  type Answer = {
    readonly value: readonly {
      readonly properties: {
        readonly workspaceId?: string | null;
        readonly logs?: readonly { readonly category?: string; readonly categoryGroup?: string; enabled: boolean }[];
      };
    }[];
  };
  const of = async (what: "bot" | "web app", id: string): Promise<HandMade["logs"]> => {
    const { value } = await arm.get<Answer>(`${id}/providers/Microsoft.Insights/diagnosticSettings`, logsVersion);
    return value.flatMap(({ properties: { workspaceId, logs = [] } }) => {
      const on = logs.filter(({ enabled }) => enabled);
      const categories = on.flatMap(({ category, categoryGroup }) => category ?? categoryGroup ?? []);
      return workspaceId ? [{ of: what, workspace: workspaceId, categories }] : [];
    });
  };
  return (await Promise.all([of("bot", bot), ...(webApp ? [of("web app", webApp)] : [])])).flat();
}

const logsVersion = "2021-05-01-preview";

interface ApplicationAnswer {
  readonly displayName: string;
  readonly web?: { readonly redirectUris?: readonly string[] };
  readonly requiredResourceAccess?: readonly {
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
  readonly passwordCredentials?: readonly object[];
}

async function readApplications(access: Access, clientIds: readonly string[]): Promise<HandMade["applications"]> {
  const entries = clientIds.map(async (clientId) => {
    const [found] = await withClientId<ApplicationAnswer>(access, "applications", clientId);
    return [clientId, found && applicationOf(clientId, found)] as const;
  });
  return new Map(await Promise.all(entries));
}

function applicationOf(clientId: string, found: ApplicationAnswer): HandMadeApplication {
  const accesses = (found.requiredResourceAccess ?? []).flatMap(({ resourceAccess }) => resourceAccess);
  return {
    clientId,
    displayName: found.displayName,
    redirectUris: found.web?.redirectUris ?? [],
    permissionIds: accesses.filter(({ type }) => type === "Scope").map(({ id }) => id),
    passwords: found.passwordCredentials?.length ?? 0,
  };
}
