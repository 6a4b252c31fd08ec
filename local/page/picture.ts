import type {
  ApiAccess,
  Channel,
  ConnectionParameter,
  EntraApplication,
  SetUpParts,
} from "../../contract/set-up-parts";
import { type Picture, pictureOf } from "../../contract/set-up-picture";
import type { Application } from "../azure/entra/application";
import type { DirectoryStore } from "../azure/entra/directory-store";
import type { Resource, Resources } from "../azure/service";

/** The stores that the picture is drawn from. */
export interface Stores {
  readonly resources: Pick<Resources, "list" | "get">;
  readonly entra: Pick<DirectoryStore, "applications" | "servicePrincipals" | "oauth2PermissionGrants" | "tenant">;
  /** Name of a role by the id of its definition. */
  readonly roleName: (roleDefinitionId: string) => string | undefined;
}

/** Draws what was deployed, with what something names and nobody has as missing. */
export function pictureOfStores(stores: Stores): Picture {
  return pictureOf(partsIn(stores), { complete: true, secrets: "drawn" });
}

/** What was deployed: resources of ARM and applications of Entra. */
export function partsIn(stores: Stores): SetUpParts {
  const { resources, entra, roleName } = stores;
  const { deployer } = entra.tenant;
  const list = <One>(type: string, read: (resource: Resource) => One): One[] => resources.list(type).map(read);
  const configOf = ({ id }: Resource, name: string): object => resources.get(`${id}/config/${name}`)?.properties ?? {};
  return {
    channels: resources.list("Microsoft.BotService/botServices/channels").flatMap(channelsIn),
    bots: list("Microsoft.BotService/botServices", ({ id, name, sku, properties: { endpoint, msaAppId } }) => {
      return { id, name, size: text(sku?.name), endpoint: text(endpoint), clientId: text(msaAppId) };
    }),
    connections: list("Microsoft.BotService/botServices/connections", ({ id, name, properties }) => ({
      id,
      name,
      clientId: text(properties.clientId),
      scopes: text(properties.scopes),
      provider: text(properties.serviceProviderDisplayName),
      parameters: (properties.parameters ?? []) as readonly ConnectionParameter[],
    })),
    applications: [...entra.applications.values()]
      .filter(({ appId }) => appId !== deployer.clientId)
      .map((application) => applicationIn(application, stores)),
    webApps: list("Microsoft.Web/sites", (site) => ({
      id: site.id,
      name: site.name,
      tags: site.tags ?? {},
      host: text(site.properties.defaultHostName),
      state: text(site.properties.state),
      planId: text(site.properties.serverFarmId),
      runtime: text((configOf(site, "web") as { linuxFxVersion?: unknown }).linuxFxVersion),
      identityIds: Object.keys((site.identity?.userAssignedIdentities as object | undefined) ?? {}),
      settings: Object.entries(configOf(site, "appsettings")).map(([name, value]) => [name, text(value)]),
    })),
    plans: list("Microsoft.Web/serverfarms", ({ id, name, sku }) => ({ id, name, size: text(sku?.name) })),
    identities: list("Microsoft.ManagedIdentity/userAssignedIdentities", ({ id, name, properties }) => {
      return { id, name, clientId: text(properties.clientId), principalId: text(properties.principalId) };
    }),
    vaults: resources.list("Microsoft.KeyVault/vaults"),
    secrets: list("Microsoft.KeyVault/vaults/secrets", ({ id, name, properties }) => {
      const { exp, enabled } = (properties.attributes ?? {}) as { exp?: number; enabled?: boolean };
      return { id, name, ends: exp ? day(new Date(exp * 1000).toISOString()) : "", disabled: enabled === false };
    }),
    containers: list("Microsoft.Storage/storageAccounts/blobServices/containers", ({ id, name }) => {
      return { id, name, account: text(id.split("/")[8]) };
    }),
    workspaces: resources.list("Microsoft.OperationalInsights/workspaces"),
    roleAssignments: list("Microsoft.Authorization/roleAssignments", ({ properties }) => {
      const role = roleName(text(properties.roleDefinitionId));
      return { principalId: text(properties.principalId), scope: text(properties.scope), role };
    }),
    diagnosticSettings: list("Microsoft.Insights/diagnosticSettings", ({ id, properties }) => {
      return {
        of: id.slice(0, id.toLowerCase().lastIndexOf("/providers/")),
        workspaceId: text(properties.workspaceId),
      };
    }),
  };
}

interface Site {
  readonly siteName: string;
  readonly isEnabled: boolean;
  readonly isSecureSiteEnabled: boolean;
  readonly trustedOrigins: readonly string[] | null;
}

/** A channel all of whose sites are switched off delivers nothing. */
function channelsIn({ id, name, properties }: Resource): Channel[] {
  const { sites } = (properties.properties ?? {}) as { sites?: readonly Site[] };
  const on = (sites ?? []).filter(({ isEnabled }) => isEnabled);
  if (sites && on.length === 0) return [];
  const read = ({ siteName, isSecureSiteEnabled, trustedOrigins }: Site): Channel["sites"][number] => {
    return { name: siteName, secure: isSecureSiteEnabled, trustedOrigins: trustedOrigins ?? [] };
  };
  return [{ id, name, sites: on.map(read) }];
}

function applicationIn(application: Application, { entra }: Stores): EntraApplication {
  const principals = [...entra.servicePrincipals.values()];
  const own = principals.find(({ appId }) => appId === application.appId);
  const grants = [...entra.oauth2PermissionGrants.values()].filter(({ clientId }) => clientId === own?.id);
  return {
    clientId: application.appId,
    name: application.displayName,
    secretsEnd: application.passwordCredentials.map(({ endDateTime }) => day(endDateTime)),
    redirectAddresses: application.web.redirectUris,
    access: application.requiredResourceAccess.map(({ resourceAppId, resourceAccess }): ApiAccess => {
      const api = principals.find(({ appId }) => appId === resourceAppId);
      const of = grants.filter(({ resourceId }) => resourceId === api?.id);
      return {
        id: resourceAppId,
        api: api?.displayName ?? resourceAppId,
        scopes: resourceAccess.map(
          (one) => api?.oauth2PermissionScopes.find(({ id }) => id === one.id)?.value ?? one.id,
        ),
        consent: of.some(({ consentType }) => consentType === "AllPrincipals") ? "everyone" : of.length,
      };
    }),
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const day = (instant: string): string => instant.slice(0, 10);
