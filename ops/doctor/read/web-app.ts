import { buildFile } from "../../../contract/app-settings";
import { hashIn } from "../../../infra/code/evidence";
import { secretAt } from "../../../infra/facts/key-vault-reference";
import { type Scm, scmClient } from "../../../infra/code/scm";
import { scmHost, webVersion } from "../../../infra/code/web-app";
import { type HostedSite, hostsOf } from "../../azure/web-apps";
import { type Read, valueOf } from "../set-up/read-value";
import type { Reference, WebApp } from "../set-up/web-app";
import type { Reader } from "./reader";

interface SiteAnswer extends HostedSite {
  readonly name: string;
  readonly identity?: {
    readonly type?: string;
    readonly principalId?: string;
    readonly userAssignedIdentities?: Readonly<
      Record<string, { readonly clientId?: string; readonly principalId?: string }>
    > | null;
  } | null;
  readonly properties: HostedSite["properties"] & {
    readonly state?: string;
    readonly hostNameSslStates?: readonly { readonly name?: string; readonly hostType?: string }[] | null;
    readonly httpsOnly?: boolean;
    readonly clientCertEnabled?: boolean;
    readonly clientCertMode?: string;
    readonly clientCertExclusionPaths?: string | null;
    readonly publicNetworkAccess?: string | null;
    readonly keyVaultReferenceIdentity?: string | null;
    readonly serverFarmId?: string;
    readonly virtualNetworkSubnetId?: string | null;
  };
}

interface ConfigAnswer {
  readonly properties: {
    readonly linuxFxVersion?: string | null;
    readonly appCommandLine?: string | null;
    readonly alwaysOn?: boolean;
    readonly healthCheckPath?: string | null;
    readonly minTlsVersion?: string | null;
    readonly ipSecurityRestrictions?: WebApp["restrictions"] | null;
    readonly ipSecurityRestrictionsDefaultAction?: string | null;
  };
}

/** The ids of the web apps in a bot's resource group. */
export function sitesBeside(sites: readonly HostedSite[], bot: string): string[] {
  const group = bot.slice(0, bot.toLowerCase().indexOf("/providers/")).toLowerCase();
  return sites.map(({ id }) => id).filter((id) => id.toLowerCase().startsWith(`${group}/`));
}

/** The priority of the rule that App Service shows for whoever fits no other. */
const lastPriority = 2_147_483_647;

const settingsAction = "It takes the action Microsoft.Web/sites/config/list/action, which Contributor has.";

/** Reads a web app; undefined where there is none. Throws an AzureCallError where it may not be read. */
export async function readWebApp(reader: Reader, id: string): Promise<WebApp | undefined> {
  const { arm } = reader;
  const site = await arm.find<SiteAnswer>(id, webVersion);
  if (!site) return undefined;
  const { properties, identity } = site;
  const [config, settings, references, size, loginRequired, deployedHash] = await Promise.all([
    arm.get<ConfigAnswer>(`${id}/config/web`, webVersion),
    reader.read(
      "the app settings",
      id,
      async () =>
        (
          await arm.ask<{ properties: Record<string, string> }>(`${id}/config/appsettings/list`, webVersion, {}, [
            "properties",
          ])
        ).properties,
      settingsAction,
    ),
    reader.read("the Key Vault references", id, () => readReferences(reader, id), settingsAction),
    reader.read("the App Service plan", id, () => sizeOf(reader, properties.serverFarmId)),
    reader.read("App Service's own sign-in", id, () => signInOf(reader, id), settingsAction),
    reader.read("the code in the web app's folder", id, async () =>
      properties.state === "Running" ? hashIn(await scmOfSite(reader, site)?.file(buildFile)) : undefined,
    ),
  ]);
  const web = config.properties;
  return {
    id: site.id,
    name: site.name,
    host: properties.defaultHostName ?? "",
    hosts: hostsOf(site),
    state: properties.state ?? "",
    httpsOnly: properties.httpsOnly === true,
    publicNetwork: (properties.publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled",
    openWithoutCertificate:
      properties.clientCertEnabled === true && (properties.clientCertMode ?? "Required") === "Required"
        ? (properties.clientCertExclusionPaths ?? "").split(/[;,]/).flatMap((path) => path.trim() || [])
        : undefined,
    inNetwork: Boolean(properties.virtualNetworkSubnetId),
    referenceIdentity: properties.keyVaultReferenceIdentity || "SystemAssigned",
    identities: Object.entries(identity?.userAssignedIdentities ?? {}).map(([assigned, ids]) => ({
      id: assigned.toLowerCase(),
      clientId: ids?.clientId ?? "",
      principalId: ids?.principalId ?? "",
    })),
    ownIdentity: /SystemAssigned/i.test(identity?.type ?? "") ? (identity?.principalId ?? "") : undefined,
    runtime: web.linuxFxVersion ?? "",
    startCommand: web.appCommandLine ?? "",
    alwaysOn: web.alwaysOn === true,
    healthCheckPath: web.healthCheckPath || undefined,
    minTlsVersion: web.minTlsVersion ?? "",
    size,
    restrictions: [
      ...(web.ipSecurityRestrictionsDefaultAction
        ? [{ ipAddress: "Any", action: web.ipSecurityRestrictionsDefaultAction, priority: lastPriority }]
        : []),
      ...(web.ipSecurityRestrictions ?? []),
    ],
    loginRequired,
    settings,
    references,
    deployedHash,
  };
}

/** The app's deployment service; undefined where it has none. */
function scmOfSite({ access }: Reader, site: SiteAnswer): Scm | undefined {
  const host = scmHost(site);
  return host === undefined ? undefined : scmClient(access, host);
}

async function sizeOf({ arm }: Reader, planId: string | undefined): Promise<string | undefined> {
  const plan = planId && (await arm.find<{ sku?: { name?: string } }>(planId, webVersion));
  return plan ? plan.sku?.name : undefined;
}

/**
 * The paths that App Service's own sign-in leaves open; undefined where it asks nobody to sign in.
 * https://learn.microsoft.com/rest/api/appservice/web-apps/get-auth-settings-v2-without-secrets
 */
async function signInOf({ arm }: Reader, id: string): Promise<readonly string[] | undefined> {
  const found = await arm.find<{
    properties?: {
      readonly platform?: { readonly enabled?: boolean | null } | null;
      readonly globalValidation?: {
        readonly requireAuthentication?: boolean | null;
        readonly excludedPaths?: readonly string[] | null;
      } | null;
    };
  }>(`${id}/config/authsettingsV2`, webVersion);
  const { platform, globalValidation } = found?.properties ?? {};
  if (platform?.enabled !== true || globalValidation?.requireAuthentication !== true) return undefined;
  return globalValidation.excludedPaths ?? [];
}

interface ReferenceAnswer {
  readonly name: string;
  readonly properties: {
    readonly reference?: string;
    readonly status?: string;
    readonly details?: string | null;
    readonly vaultName?: string | null;
    readonly secretName?: string | null;
  };
}

async function readReferences({ arm }: Reader, id: string): Promise<Reference[]> {
  const list = await arm.find<{ value?: readonly ReferenceAnswer[] }>(
    `${id}/config/configreferences/appsettings`,
    webVersion,
  );
  return (list?.value ?? []).map(({ name, properties }) => {
    const at = secretAt(properties.reference ?? "");
    return {
      setting: name.split("/").at(-1)!,
      status: properties.status ?? "Initialized",
      details: properties.details ?? "",
      vaultName: properties.vaultName ?? at?.vaultName ?? "",
      secretName: properties.secretName ?? at?.secretName ?? "",
    };
  });
}

/** The settings of a web app; none where they could not be read. */
export function settingsOf(webApp: Read<WebApp | undefined>): Readonly<Record<string, string>> | undefined {
  const app = valueOf(webApp);
  return app && valueOf(app.settings);
}
