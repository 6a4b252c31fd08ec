import { createHash, randomUUID } from "node:crypto";
import { apiVersionsOf } from "../arm/api-versions";
import type { Context, ResourceType } from "../arm/resource-type";
import { same } from "../names";
import type { Azure, Resource } from "../service";
import { recordDeletedSite } from "./deleted-sites";
import { siteNameInvalid } from "./errors";
import type { Platform } from "./platform";
import { publishingProfile, shownCredentials } from "./publishing-credentials";
import { createPublishingPolicies } from "./publishing-policies";
import type { Reference } from "./references";
import { sitesOn } from "./server-farms";
import { configurationActions, writeConfiguration } from "./site-config";
import { regionOf, showSite } from "./site-answer";
import { assignedIdentities, checkSite, planOf } from "./site-checks";
import { siteSchema } from "./site-schema";
import { webAppStacks } from "./web-app-stacks";
import { groupOf, hostNamesOf, signInConfigOf, siteProperties, webConfigOf, type WebConfig } from "./site";

/** Addresses that an app calls out from; a range that is kept free for examples (RFC 5737). */
const outboundAddresses = ["192.0.2.10", "192.0.2.11", "192.0.2.12"];

/** Web apps. */
export function sites(platform: Platform): ResourceType {
  const { azure } = platform;
  return {
    type: "Microsoft.Web/sites",
    apiVersions: apiVersionsOf("Microsoft.Web"),
    name: { pattern: /^(?!-)[A-Za-z0-9-]{2,60}(?<!-)$/, error: siteNameInvalid },
    body: siteSchema,
    created: 200,
    listMembers: { nextLink: null, id: null },
    show: (site, answer) => showSite(site, answer),
    write: (context, site, before) => writeSite(azure, context, site, before),
    written(context, site, before) {
      if (!site.identity?.principalId) removeIdentity(azure, before?.identity);
      writeConfiguration(azure, site, siteConfigIn(context.body));
      createPublishingPolicies(azure, site);
      platform.configurationWritten(site);
    },
    async deleted(context, site) {
      await platform.forget(site);
      removeIdentity(azure, site.identity);
      recordDeletedSite(azure, site);
      const plan = { id: siteProperties(site).serverFarmId };
      // An empty plan goes with its last site unless the caller says otherwise (Web Apps - Delete, deleteEmptyServerFarm).
      const keep = context.query.get("deleteEmptyServerFarm")?.toLowerCase() === "false";
      if (!keep && sitesOn(azure, plan).length === 0) azure.resources.remove(plan.id);
    },
    namespaceActions: {
      "POST checknameavailability": ({ body }) => siteNameCheck(azure, String(body.name)),
      "GET webAppStacks": () => webAppStacks(),
    },
    reads: {
      // What a site could have and none here has: tools ask for it before they show a site.
      slots: () => ({ value: [], nextLink: null, id: null }),
      backups: () => ({ value: [], nextLink: null, id: null }),
      snapshots: () => ({ value: [], nextLink: null, id: null }),
      virtualNetworkConnections: () => [],
      hostNameBindings: (_context, site) => ({
        value: siteProperties(site).hostNameSslStates.flatMap(({ name, hostType }) =>
          hostType === "Standard" ? [hostNameBinding(site, name)] : [],
        ),
        nextLink: null,
        id: null,
      }),
      "config/authsettingsV2": (_context, site) => shownSignIn(azure, site),
      "config/authsettingsV2/list": (_context, site) => shownSignIn(azure, site),
      "config/configreferences/appsettings": (_context, site) => ({
        value: [...platform.of(site).app.references()].map(([name, reference]) =>
          shownReference(site, name, reference),
        ),
        nextLink: null,
      }),
      "config/configreferences/appsettings/{setting}": (context, site) => {
        const wanted = context.names.setting ?? "";
        const found = [...platform.of(site).app.references()].find(([name]) => same(name, wanted));
        return found ? shownReference(site, ...found) : new Response(null, { status: 404 });
      },
    },
    actions: {
      ...configurationActions(azure),
      "config/publishingcredentials/list": (_context, site) => shownCredentials(azure, site),
      publishxml: (_context, site) => publishingProfile(azure, site),
      "config/configreferences/appsettings/refresh": (_context, site) => {
        const { app } = platform.of(site);
        if (app.refreshReferences()) void app.restart();
        return {
          value: [...app.references()].map(([name, reference]) => shownReference(site, name, reference)),
          nextLink: null,
        };
      },
      restart: (_context, site) => void platform.of(site).app.restart(),
      stop: async (_context, site) => {
        site.properties = { ...site.properties, state: "Stopped", enabled: false };
        await platform.of(site).app.stop();
      },
      start: (_context, site) => {
        site.properties = { ...site.properties, state: "Running", enabled: true };
        void platform.of(site).app.restart();
      },
    },
  };
}

/** recorded: azure-cli test_linux_webapp_quick_create and test_appservice_error_polish */
function siteNameCheck(azure: Azure, name: string): Record<string, unknown> {
  const host = hostNamesOf({ name, location: "", seed: "" }).standard;
  const taken = azure.resources
    .list("Microsoft.Web/sites")
    .some((site) => siteProperties(site).defaultHostName === host);
  return taken
    ? {
        nameAvailable: false,
        reason: "AlreadyExists",
        message: `Hostname '${name}' already exists. Please select a different name.`,
      }
    : { nameAvailable: true, reason: "", message: "" };
}

const siteConfigIn = (body: Record<string, unknown>): WebConfig =>
  ((body.properties as { siteConfig?: WebConfig | null } | undefined)?.siteConfig ?? {}) as WebConfig;

/** Checks a write and fills in what App Service decides. A property that a write leaves out keeps its value. */
function writeSite(azure: Azure, context: Context, site: Resource, before: Resource | undefined): void {
  const given = Object.fromEntries(Object.entries(site.properties).filter(([, value]) => value !== null));
  site.properties = { ...before?.properties, ...given };
  site.location ??= before?.location;
  site.identity = context.body.identity === undefined ? before?.identity : site.identity;
  const plan = planOf(azure, site.properties.serverFarmId);
  const names = before
    ? { standard: siteProperties(before).defaultHostName, repository: repositoryHostOf(before) }
    : newHostNames(azure, site);
  const config = siteConfigIn(context.body);
  const web = { ...(before && webConfigOf(azure, before)), ...withoutEmpty(config) };
  checkSite({ azure, site, plan, hostName: names.standard, config });

  site.identity = shownIdentity(azure, site, before?.identity);
  site.kind = site.kind ?? before?.kind ?? (plan.properties.reserved ? "app,linux" : "app");
  site.properties = {
    ...site.properties,
    serverFarmId: plan.id,
    enabled: site.properties.enabled ?? true,
    state: site.properties.enabled === false ? "Stopped" : "Running",
    usageState: "Normal",
    availabilityState: "Normal",
    adminEnabled: true,
    reserved: Boolean(plan.properties.reserved),
    httpsOnly: site.properties.httpsOnly ?? false,
    clientAffinityEnabled: site.properties.clientAffinityEnabled ?? true,
    clientCertEnabled: site.properties.clientCertEnabled ?? false,
    clientCertMode: site.properties.clientCertMode ?? "Required",
    publicNetworkAccess: site.properties.publicNetworkAccess || "Enabled",
    keyVaultReferenceIdentity: site.properties.keyVaultReferenceIdentity ?? "SystemAssigned",
    defaultHostName: names.standard,
    hostNames: [names.standard],
    enabledHostNames: [names.standard, names.repository],
    hostNameSslStates: [
      { name: names.standard, sslState: "Disabled", virtualIP: null, thumbprint: null, hostType: "Standard" },
      { name: names.repository, sslState: "Disabled", virtualIP: null, thumbprint: null, hostType: "Repository" },
    ],
    repositorySiteName: site.name,
    resourceGroup: groupOf(site.id),
    sku: plan.sku?.tier,
    outboundIpAddresses: outboundAddresses.join(","),
    possibleOutboundIpAddresses: outboundAddresses.join(","),
    customDomainVerificationId: createHash("sha256").update(azure.tenant.subscriptionId).digest("hex").toUpperCase(),
    lastModifiedTimeUtc: azure.clock.now().toISOString(),
    siteConfig: {
      numberOfWorkers: 1,
      linuxFxVersion: web.linuxFxVersion ?? "",
      alwaysOn: web.alwaysOn ?? false,
      http20Enabled: web.http20Enabled ?? true,
      acrUseManagedIdentityCreds: false,
      functionAppScaleLimit: 0,
      minimumElasticInstanceCount: 0,
      appSettings: null,
    },
  };
}

const repositoryHostOf = (site: Resource): string =>
  siteProperties(site).hostNameSslStates.find(({ hostType }) => hostType === "Repository")!.name;

const withoutEmpty = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

function newHostNames(azure: Azure, site: Resource): { standard: string; repository: string } {
  const scope = site.properties.autoGeneratedDomainNameLabelScope as string | undefined;
  const { tenantId, subscriptionId } = azure.tenant;
  const seeds: Record<string, string> = {
    TenantReuse: tenantId,
    SubscriptionReuse: `${tenantId}/${subscriptionId}`,
    ResourceGroupReuse: `${tenantId}/${subscriptionId}/${groupOf(site.id).toLowerCase()}`,
  };
  const seed = seeds[scope ?? ""] ?? randomUUID();
  return hostNamesOf({ name: site.name, location: site.location ?? "", labelScope: scope, seed });
}

/** The identity block with the ids of each identity's service principal; the site's own comes into being here. */
function shownIdentity(
  azure: Azure,
  site: Resource,
  before: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  const type = String(site.identity?.type ?? "None");
  if (/^None$/i.test(type)) return undefined;
  const own = /SystemAssigned/i.test(type)
    ? before?.principalId
      ? { principalId: before.principalId, clientId: before.clientId }
      : azure.directory.addManagedIdentity(site.name, site.id)
    : undefined;
  const assigned = assignedIdentities(site).map((id): [string, Record<string, unknown>] => {
    const { principalId, clientId } = azure.resources.get(id)?.properties ?? {};
    return [id, { principalId, clientId }];
  });
  return {
    type,
    ...(own && { principalId: own.principalId, tenantId: azure.tenant.tenantId, clientId: own.clientId }),
    ...(assigned.length > 0 && { userAssignedIdentities: Object.fromEntries(assigned) }),
  };
}

/** Removes the service principal of a site's own identity. */
function removeIdentity(azure: Azure, identity: Record<string, unknown> | undefined): void {
  if (typeof identity?.principalId === "string") azure.directory.removeManagedIdentity(identity.principalId);
}

function hostNameBinding(site: Resource, host: string): Record<string, unknown> {
  return {
    id: `${site.id}/hostNameBindings/${host}`,
    name: `${site.name}/${host}`,
    type: "Microsoft.Web/sites/hostNameBindings",
    location: site.location,
    properties: { siteName: site.name, domainId: null, hostNameType: "Verified", sslState: null, thumbprint: null },
  };
}

/** App Service's own sign-in; each site has these settings, written or not. */
function shownSignIn(azure: Azure, site: Resource): Record<string, unknown> {
  return {
    id: `${site.id}/config/authsettingsV2`,
    name: "authsettingsV2",
    type: "Microsoft.Web/sites/config",
    location: regionOf(site.location),
    properties: signInConfigOf(azure, site),
  };
}

/** A reference as ARM shows it: never its value. */
function shownReference(site: Resource, name: string, reference: Reference): Record<string, unknown> {
  const { value: _value, ...shown } = reference;
  return {
    id: `${site.id}/config/configreferences/appsettings/${name}`,
    name,
    type: "Microsoft.Web/sites/config/configreferences",
    location: site.location,
    properties: { ...shown, source: "KeyVault" },
  };
}
