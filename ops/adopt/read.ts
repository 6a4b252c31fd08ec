import type { Access } from "../../infra/azure/access";
import { type Arm, armClient } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { botServiceVersion } from "../../infra/azure/bot-service";
import { withClientId } from "../../infra/azure/graph";
import { keyVaultVersion } from "../../infra/azure/key-vault";
import { webVersion } from "../../infra/code/web-app";
import { providerWithId } from "../../infra/decisions/connection-providers";
import { OpsError } from "../cli/ops-error";
import type {
  HandMade,
  HandMadeApplication,
  HandMadeBot,
  HandMadeConnection,
  HandMadeVault,
  HandMadeWebApp,
} from "./hand-made";

/** Parts of a bot's ARM id; undefined where it is another thing's. */
export function partsOfBot(id: string): { subscriptionId: string; resourceGroup: string; name: string } | undefined {
  const pattern =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.BotService\/botServices\/([^/]+)\/?$/i;
  const [, subscriptionId, resourceGroup, name] = pattern.exec(id) ?? [];
  return subscriptionId && resourceGroup && name ? { subscriptionId, resourceGroup, name } : undefined;
}

/**
 * Looks at a bot and all that it stands on; changes nothing. What the caller may not see is told, where the rest can do without.
 * Throws an OpsError where there is no such bot, and an AzureCallError where bot or applications may not be read.
 * @param id of the bot in Azure Resource Manager
 */
export async function readHandMade(access: Access, id: string): Promise<HandMade> {
  const parts = partsOfBot(id);
  const find = "az resource list --resource-type Microsoft.BotService/botServices --query [].id --output tsv";
  if (!parts) throw new OpsError("wrong-name", `${JSON.stringify(id)} is not the ARM id of a bot`, find);
  const arm = armClient(access);
  const subscription = `/subscriptions/${parts.subscriptionId}`;
  const found = await arm.find<BotAnswer>(id.replace(/\/$/, ""), botServiceVersion);
  if (!found) throw new OpsError("nothing-deployed", `There is no bot ${parts.name} in ${parts.resourceGroup}`, find);
  const bot = botOf(found, parts.name);
  const unread: string[] = [];
  const optional = async <T>(what: string, otherwise: T, look: () => Promise<T>): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof AzureCallError) || ![401, 403].includes(error.status ?? 0)) throw error;
      unread.push(`${what} may not be read by you [${error.code}]`);
      return otherwise;
    }
  };
  const [group, { tenantId }, connections, channels, webApp] = await Promise.all([
    arm.get<{ location: string }>(`${subscription}/resourceGroups/${parts.resourceGroup}`, groupVersion),
    arm.get<{ tenantId: string }>(subscription, "2022-12-01"),
    readConnections(arm, bot.id),
    readChannels(arm, bot.id),
    optional("the web apps of the subscription", undefined, () => readWebApp(arm, subscription, bot.endpoint)),
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
    subscriptionId: parts.subscriptionId,
    tenantId,
    resourceGroup: parts.resourceGroup,
    groupLocation: group.location,
    ...{ bot, connections, channels, webApp, vaults, logs, applications, unread },
    vaultsElsewhere: names.filter((name) => !vaults.some((vault) => vault.name.toLowerCase() === name)),
  };
}

const groupVersion = "2021-04-01";

interface BotAnswer {
  readonly id: string;
  readonly location: string;
  readonly sku?: { readonly name?: string } | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly properties: {
    readonly displayName?: string | null;
    readonly endpoint?: string | null;
    readonly msaAppId: string;
    readonly msaAppType?: string | null;
    readonly msaAppTenantId?: string | null;
    readonly msaAppMSIResourceId?: string | null;
  };
}

function botOf({ id, location, sku, tags, properties }: BotAnswer, name: string): HandMadeBot {
  return {
    ...{ id, name, location: regionOf(location), sku: sku?.name ?? "F0", tags: tags ?? {} },
    displayName: properties.displayName || name,
    endpoint: properties.endpoint ?? "",
    appId: properties.msaAppId,
    // Bots of before 2021 say none, and are all MultiTenant.
    appType: properties.msaAppType || "MultiTenant",
    appTenantId: properties.msaAppTenantId || undefined,
    identityId: properties.msaAppMSIResourceId || undefined,
  };
}

/** `West Europe` -> `westeurope` */
function regionOf(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

interface ConnectionAnswer {
  readonly properties: {
    readonly clientId?: string | null;
    readonly scopes?: string | null;
    readonly serviceProviderId?: string | null;
    readonly parameters?: readonly { readonly key: string; readonly value?: string | null }[] | null;
  };
}

/** The connections without their secrets, which a GET leaves out: `listWithSecrets` is never called. */
async function readConnections(arm: Arm, bot: string): Promise<HandMadeConnection[]> {
  const { value } = await arm.get<{ value: readonly { name: string }[] }>(`${bot}/connections`, botServiceVersion);
  return Promise.all(
    value.map(async ({ name: full }) => {
      const name = full.split("/").at(-1)!;
      const id = `${bot}/connections/${name}`;
      // A list leaves the parameters out.
      const { properties } = await arm.get<ConnectionAnswer>(id, botServiceVersion);
      const parameters = (properties.parameters ?? []).flatMap(({ key, value: text }) =>
        text ? [[key.toLowerCase(), text] as const] : [],
      );
      return {
        ...{ id, name, provider: providerWithId(properties.serviceProviderId ?? "") },
        providerId: properties.serviceProviderId ?? "",
        clientId: properties.clientId ?? "",
        scopes: properties.scopes ?? "",
        parameters: new Map(parameters),
      };
    }),
  );
}

async function readChannels(arm: Arm, bot: string): Promise<string[]> {
  type Answer = { readonly value: readonly { readonly name: string }[] };
  const { value } = await arm.get<Answer>(`${bot}/channels`, botServiceVersion);
  return value.map(({ name }) => name.split("/").at(-1)!).sort();
}

interface SiteAnswer {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly kind?: string | null;
  readonly identity?: {
    readonly type?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>> | null;
  } | null;
  readonly properties: {
    readonly defaultHostName?: string;
    readonly hostNames?: readonly string[] | null;
    readonly reserved?: boolean | null;
    readonly serverFarmId?: string;
    readonly virtualNetworkSubnetId?: string | null;
  };
}

/** The web app of the subscription that answers at the endpoint's host, its own name or one of its domain names. */
async function readWebApp(arm: Arm, subscription: string, endpoint: string): Promise<HandMadeWebApp | undefined> {
  const host = URL.parse(endpoint)?.hostname.toLowerCase();
  if (!host) return undefined;
  const { value } = await arm.get<{ value: readonly SiteAnswer[] }>(
    `${subscription}/providers/Microsoft.Web/sites`,
    webVersion,
  );
  const site = value.find(({ properties: { defaultHostName = "", hostNames } }) =>
    [defaultHostName, ...(hostNames ?? [])].some((name) => name.toLowerCase() === host),
  );
  if (!site) return undefined;
  const { properties } = await arm.ask<{ properties: Readonly<Record<string, string>> }>(
    `${site.id}/config/appsettings/list`,
    webVersion,
    {},
  );
  return {
    ...{ id: site.id, name: site.name, resourceGroup: site.id.split("/")[4] ?? "", location: regionOf(site.location) },
    linux: site.properties.reserved === true || /\blinux\b/i.test(site.kind ?? ""),
    planId: site.properties.serverFarmId ?? "",
    systemIdentity: /SystemAssigned/i.test(site.identity?.type ?? ""),
    identities: Object.keys(site.identity?.userAssignedIdentities ?? {}),
    inNetwork: Boolean(site.properties.virtualNetworkSubnetId),
    settings: properties,
  };
}

/** Names of the vaults that settings refer to, in both forms of a reference: https://learn.microsoft.com/azure/app-service/app-service-key-vault-references */
function vaultsNamed(values: readonly string[]): string[] {
  const names = values.flatMap((value) => {
    const [, name] = /^@Microsoft\.KeyVault\(.*(?:VaultName=|SecretUri=https:\/\/)([A-Za-z0-9-]+)/i.exec(value) ?? [];
    return name === undefined ? [] : [name.toLowerCase()];
  });
  return [...new Set(names)];
}

async function readVaults(arm: Arm, subscription: string): Promise<HandMadeVault[]> {
  type Answer = {
    readonly value: readonly {
      readonly id: string;
      readonly name: string;
      readonly properties: { readonly tenantId?: string; readonly enableRbacAuthorization?: boolean | null };
    }[];
  };
  const { value } = await arm.get<Answer>(`${subscription}/providers/Microsoft.KeyVault/vaults`, keyVaultVersion);
  return value.map(({ id, name, properties }) => ({
    ...{ id, name, byRoles: properties.enableRbacAuthorization === true, tenantId: properties.tenantId ?? "" },
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
    ...{ clientId, displayName: found.displayName, redirectUris: found.web?.redirectUris ?? [] },
    permissionIds: accesses.filter(({ type }) => type === "Scope").map(({ id }) => id),
    passwords: found.passwordCredentials?.length ?? 0,
  };
}
