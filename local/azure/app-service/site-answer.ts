import { envelope } from "../arm/answer";
import { normalise, regions } from "../arm/locations";
import { each } from "../members";
import type { Resource } from "../service";
import { groupOf, siteProperties, type WebConfig } from "./site";

/** The one scale unit of the local App Service. */
export const stamp = "waws-local-001";

/** Where sites are called in; an address kept free for examples (RFC 5737). */
const inboundAddress = "192.0.2.1";

/** What `siteConfig` of a site and `config/web` name, though they have nothing to say of it here. */
const configNames = each(
  null,
  "defaultDocuments netFrameworkVersion phpVersion pythonVersion nodeVersion powerShellVersion windowsFxVersion",
  "requestTracingEnabled remoteDebuggingEnabled remoteDebuggingVersion httpLoggingEnabled azureMonitorLogCategories",
  "acrUserManagedIdentityID logsDirectorySizeLimit detailedErrorLoggingEnabled publishingUsername publishingPassword",
  "appSettings metadata connectionStrings machineKey handlerMappings documentRoot scmType use32BitWorkerProcess",
  "webSocketsEnabled javaVersion javaContainer javaContainerVersion appCommandLine managedPipelineMode",
  "virtualApplications winAuthAdminState winAuthTenantState customAppPoolIdentityAdminState",
  "customAppPoolIdentityTenantState runtimeADUser runtimeADUserPassword loadBalancing routingRules experiments limits",
  "autoHealEnabled autoHealRules tracingOptions vnetName vnetRouteAllEnabled vnetPrivatePortsCount publicNetworkAccess",
  "cors push apiDefinition apiManagementConfig autoSwapSlotName localMySqlEnabled managedServiceIdentityId",
  "xManagedServiceIdentityId keyVaultReferenceIdentity ipSecurityRestrictions scmIpSecurityRestrictions",
  "scmIpSecurityRestrictionsUseMain minTlsVersion scmMinTlsVersion ftpsState preWarmedInstanceCount healthCheckPath",
  "fileChangeAuditEnabled functionsRuntimeScaleMonitoringEnabled websiteTimeZone azureStorageAccounts http20ProxyFlag",
  "sitePort antivirusScanEnabled",
);
const siteNames = each(
  null,
  "owner sslCertificates cers siteMode computeMode serverFarm slotName trafficManagerHostNames targetSwapSlot",
  "hostingEnvironment hostingEnvironmentProfile clientCertExclusionPaths domainVerificationIdentifiers suspendedTill",
  "functionExecutionUnitsCache maxNumberOfWorkers cloningInfo hostingEnvironmentId slotSwapStatus",
  "inProgressOperationId geoDistributions privateEndpointConnections buildVersion targetBuildVersion migrationState",
  "virtualNetworkSubnetId",
);
const signInNames = each(
  null,
  "enabled unauthenticatedClientAction tokenStoreEnabled allowedExternalRedirectUrls defaultProvider clientId",
  "clientSecret clientSecretSettingName clientSecretCertificateThumbprint issuer allowedAudiences",
  "additionalLoginParams aadClaimsAuthorization googleClientId googleClientSecret googleClientSecretSettingName",
  "googleOAuthScopes facebookAppId facebookAppSecret facebookAppSecretSettingName facebookOAuthScopes gitHubClientId",
  "gitHubClientSecret gitHubClientSecretSettingName gitHubOAuthScopes twitterConsumerKey twitterConsumerSecret",
  "twitterConsumerSecretSettingName microsoftAccountClientId microsoftAccountClientSecret",
  "microsoftAccountClientSecretSettingName microsoftAccountOAuthScopes configVersion",
);
/** The sign-in that App Service itself could ask for, and here never does. recorded: azure-cli test_webapp_authentication */
export const signInSettings: Readonly<Record<string, unknown>> = {
  ...signInNames,
  enabled: false,
  isAadAutoProvisioned: false,
  configVersion: "v1",
};
const everybody = [
  { ipAddress: "Any", action: "Allow", priority: 1, name: "Allow all", description: "Allow all access" },
];

/** `westeurope` to `West Europe`: Microsoft.Web answers with the region's name for people. */
export const regionOf = (location: string | undefined): string =>
  regions[normalise(location ?? "")] ?? String(location);

/** The web space that a group's plans in a region make up. */
export function webSpaceOf(resource: Resource): string {
  const linux = resource.properties.reserved === true ? "-Linux" : "";
  return `${groupOf(resource.id)}-${regionOf(resource.location).replaceAll(" ", "")}webspace${linux}`;
}

/** A site as ARM answers it: everything by its name, even where there is nothing. recorded: azure-cli test_linux_webapp_quick_create */
export function showSite(site: Resource, answer: "PUT" | "GET" | "LIST"): Record<string, unknown> {
  const { siteConfig, hostNameSslStates, ...properties } = siteProperties(site);
  const config = siteConfig as WebConfig;
  const { clientId: _internal, ...identity } = site.identity ?? {};
  const webSpace = webSpaceOf(site);
  return envelope(
    { ...site, location: regionOf(site.location), identity: site.identity && identity },
    {
      ...siteNames,
      ...properties,
      name: site.name,
      webSpace,
      selfLink: `https://${stamp}.api.azurewebsites.windows.net:454${site.id.split("/").slice(0, 3).join("/")}/webspaces/${webSpace}/sites/${site.name}`,
      siteProperties: {
        metadata: null,
        properties: [
          { name: "LinuxFxVersion", value: config.linuxFxVersion ?? "" },
          { name: "WindowsFxVersion", value: null },
        ],
        appSettings: null,
      },
      csrs: [],
      hostNameSslStates: hostNameSslStates.map((state) => ({
        ...each(null, "ipBasedSslResult toUpdate toUpdateIpBasedSsl"),
        ipBasedSslState: "NotConfigured",
        ...state,
      })),
      isXenon: properties.isXenon ?? false,
      hyperV: properties.hyperV ?? false,
      storageRecoveryDefaultState: "Running",
      contentAvailabilityState: "Normal",
      runtimeAvailabilityState: "Normal",
      siteConfig: { ...configNames, ...config },
      deploymentId: site.name,
      scmSiteAlsoStopped: properties.scmSiteAlsoStopped ?? false,
      hostNamesDisabled: properties.hostNamesDisabled ?? false,
      kind: site.kind,
      inboundIpAddress: inboundAddress,
      possibleInboundIpAddresses: inboundAddress,
      ftpUsername: `${site.name}\\$${site.name}`,
      ftpsHostName: `ftps://${stamp}.ftp.azurewebsites.windows.net/site/wwwroot`,
      containerSize: properties.containerSize ?? 0,
      dailyMemoryTimeQuota: properties.dailyMemoryTimeQuota ?? 0,
      siteDisabledReason: 0,
      homeStamp: stamp,
      tags: site.tags ?? null,
      redundancyMode: properties.redundancyMode ?? "None",
      privateEndpointConnections: answer === "PUT" ? null : [],
      eligibleLogCategories:
        "AppServiceAppLogs,AppServiceAuditLogs,AppServiceConsoleLogs,AppServiceHTTPLogs,AppServiceIPSecAuditLogs," +
        "AppServicePlatformLogs,ScanLogs",
      storageAccountRequired: properties.storageAccountRequired ?? false,
    },
  );
}

/**
 * `config/web` as ARM answers it: a read names the part, a write the site itself.
 * recorded: azure-cli test_linux_webapp_quick_create
 */
export function showWebConfig(site: Resource, config: Resource, written: boolean): Record<string, unknown> {
  return {
    id: written ? site.id : config.id,
    name: site.name,
    type: written ? site.type : config.type,
    location: regionOf(site.location),
    properties: {
      ...configNames,
      defaultDocuments: [],
      ...each("", "phpVersion pythonVersion nodeVersion powerShellVersion"),
      ...each(
        false,
        "acrUseManagedIdentityCreds customAppPoolIdentityAdminState customAppPoolIdentityTenantState siteAuthEnabled fileChangeAuditEnabled antivirusScanEnabled",
      ),
      ...each(
        0,
        "winAuthAdminState winAuthTenantState vnetPrivatePortsCount preWarmedInstanceCount functionAppScaleLimit minimumElasticInstanceCount http20ProxyFlag",
      ),
      logsDirectorySizeLimit: 35,
      publishingUsername: `$${site.name}`,
      virtualApplications: [
        { virtualPath: "/", physicalPath: "site\\wwwroot", preloadEnabled: false, virtualDirectories: null },
      ],
      routingRules: [],
      experiments: { rampUpRules: [] },
      vnetName: "",
      siteAuthSettings: { ...signInNames, isAadAutoProvisioned: false },
      ipSecurityRestrictions: everybody,
      scmIpSecurityRestrictions: everybody,
      azureStorageAccounts: {},
      ...config.properties,
    },
  };
}
