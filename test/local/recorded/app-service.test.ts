import { replay, type RecordedCall } from "./replay";

const version = "api-version=2021-03-01";
const web = "{group}/providers/Microsoft.Web";
const plan = `${web}/serverfarms/{groupName}`;
const site = `${web}/sites/{groupName}`;

const planProperties =
  "serverFarmId name workerSize workerSizeId workerTierName numberOfWorkers currentWorkerSize currentWorkerSizeId " +
  "currentNumberOfWorkers status webSpace subscription adminSiteName hostingEnvironment hostingEnvironmentProfile " +
  "maximumNumberOfWorkers planName adminRuntimeSiteName computeMode siteMode geoRegion perSiteScaling " +
  "elasticScaleEnabled maximumElasticWorkerCount numberOfSites hostingEnvironmentId isSpot spotExpirationTime " +
  "freeOfferExpirationTime tags kind resourceGroup reserved isXenon hyperV mdmId targetWorkerCount targetWorkerSizeId " +
  "provisioningState webSiteId existingServerFarmIds kubeEnvironmentProfile zoneRedundant";
const planKeys = { "": "id name type kind location properties sku", sku: "name tier size family capacity" };

const configProperties =
  "numberOfWorkers defaultDocuments netFrameworkVersion phpVersion pythonVersion nodeVersion powerShellVersion " +
  "linuxFxVersion windowsFxVersion requestTracingEnabled remoteDebuggingEnabled remoteDebuggingVersion " +
  "httpLoggingEnabled azureMonitorLogCategories acrUseManagedIdentityCreds acrUserManagedIdentityID " +
  "logsDirectorySizeLimit detailedErrorLoggingEnabled publishingUsername publishingPassword appSettings metadata " +
  "connectionStrings machineKey handlerMappings documentRoot scmType use32BitWorkerProcess webSocketsEnabled alwaysOn " +
  "javaVersion javaContainer javaContainerVersion appCommandLine managedPipelineMode virtualApplications " +
  "winAuthAdminState winAuthTenantState customAppPoolIdentityAdminState customAppPoolIdentityTenantState runtimeADUser " +
  "runtimeADUserPassword loadBalancing routingRules experiments limits autoHealEnabled autoHealRules tracingOptions " +
  "vnetName vnetRouteAllEnabled vnetPrivatePortsCount publicNetworkAccess cors push apiDefinition apiManagementConfig " +
  "autoSwapSlotName localMySqlEnabled managedServiceIdentityId xManagedServiceIdentityId keyVaultReferenceIdentity " +
  "ipSecurityRestrictions scmIpSecurityRestrictions scmIpSecurityRestrictionsUseMain http20Enabled minTlsVersion " +
  "scmMinTlsVersion ftpsState preWarmedInstanceCount functionAppScaleLimit healthCheckPath fileChangeAuditEnabled " +
  "functionsRuntimeScaleMonitoringEnabled websiteTimeZone minimumElasticInstanceCount azureStorageAccounts " +
  "http20ProxyFlag sitePort antivirusScanEnabled";
const webKeys = {
  "": "id name type location properties",
  properties: `${configProperties} siteAuthEnabled siteAuthSettings`,
};
const siteKeys = {
  "": "id name type kind location properties",
  properties:
    "name state hostNames webSpace selfLink repositorySiteName owner usageState enabled adminEnabled enabledHostNames " +
    "siteProperties availabilityState sslCertificates csrs cers siteMode hostNameSslStates computeMode serverFarm " +
    "serverFarmId reserved isXenon hyperV lastModifiedTimeUtc storageRecoveryDefaultState contentAvailabilityState " +
    "runtimeAvailabilityState siteConfig deploymentId slotName trafficManagerHostNames sku scmSiteAlsoStopped " +
    "targetSwapSlot hostingEnvironment hostingEnvironmentProfile clientAffinityEnabled clientCertEnabled clientCertMode " +
    "clientCertExclusionPaths hostNamesDisabled domainVerificationIdentifiers customDomainVerificationId kind " +
    "inboundIpAddress possibleInboundIpAddresses ftpUsername ftpsHostName outboundIpAddresses " +
    "possibleOutboundIpAddresses containerSize dailyMemoryTimeQuota suspendedTill siteDisabledReason " +
    "functionExecutionUnitsCache maxNumberOfWorkers homeStamp cloningInfo hostingEnvironmentId tags resourceGroup " +
    "defaultHostName slotSwapStatus httpsOnly redundancyMode inProgressOperationId geoDistributions " +
    "privateEndpointConnections buildVersion targetBuildVersion migrationState eligibleLogCategories " +
    "storageAccountRequired virtualNetworkSubnetId keyVaultReferenceIdentity",
  "properties.siteConfig": configProperties,
  "properties.siteProperties": "metadata properties appSettings",
  "properties.hostNameSslStates.0":
    "name sslState ipBasedSslResult virtualIP thumbprint toUpdate toUpdateIpBasedSsl ipBasedSslState hostType",
};
/** The local App Service says since which version `publicNetworkAccess` is a site's own, whatever the version asked. */
const siteNewer = { properties: "publicNetworkAccess" };

const newPlan = (from: string): RecordedCall => ({
  from,
  so: "a plan is there at once, answered by 200, with the region as it was asked for",
  call: `PUT ${plan}?${version}`,
  body: {
    location: "canadacentral",
    sku: { name: "B1", tier: "BASIC", capacity: 1 },
    properties: { perSiteScaling: false, reserved: true, isXenon: false, zoneRedundant: false },
  },
  status: 200,
  keys: { ...planKeys, properties: `${planProperties} sku` },
  values: {
    kind: "linux",
    location: "canadacentral",
    sku: { name: "B1", tier: "Basic", size: "B1", family: "B", capacity: 1 },
    "properties.sku.tier": "Basic",
    "properties.status": "Ready",
    "properties.webSpace": "{groupName}-CanadaCentralwebspace-Linux",
    "properties.geoRegion": "Canada Central",
    "properties.planName": "VirtualDedicatedPlan",
    "properties.numberOfSites": 0,
    "properties.reserved": true,
    "properties.provisioningState": "Succeeded",
    "properties.tags": null,
  },
});

const freeName: RecordedCall = {
  from: "test_linux_webapp_quick_create",
  so: "a site's name that nobody has is told to be free",
  call: `POST {subscription}/providers/Microsoft.Web/checknameavailability?${version}`,
  body: { name: "{groupName}", type: "Site" },
  status: 200,
  keys: { "": "nameAvailable reason message" },
  values: { nameAvailable: true, reason: "", message: "" },
};

/** The recorded site runs an image of a container registry; the local App Service runs Node. */
const newSite = (from: string): RecordedCall => ({
  from,
  so: "a site is there at once, answered by 200, with both of its hosts",
  call: `PUT ${site}?${version}`,
  body: {
    location: "Canada Central",
    properties: {
      serverFarmId: plan,
      reserved: false,
      isXenon: false,
      hyperV: false,
      siteConfig: {
        netFrameworkVersion: "v4.6",
        linuxFxVersion: "NODE|24-lts",
        appSettings: [{ name: "WEBSITES_ENABLE_APP_SERVICE_STORAGE", value: "false" }],
        localMySqlEnabled: false,
        http20Enabled: true,
      },
      scmSiteAlsoStopped: false,
      httpsOnly: false,
    },
  },
  status: 200,
  keys: siteKeys,
  newer: siteNewer,
  values: {
    type: "Microsoft.Web/sites",
    kind: /^app,linux/,
    location: "Canada Central",
    "properties.state": "Running",
    "properties.hostNames": ["{groupName}.azurewebsites.net"],
    "properties.enabledHostNames": ["{groupName}.azurewebsites.net", "{groupName}.scm.azurewebsites.net"],
    "properties.hostNameSslStates.0.hostType": "Standard",
    "properties.hostNameSslStates.1.name": "{groupName}.scm.azurewebsites.net",
    "properties.hostNameSslStates.1.hostType": "Repository",
    // What makes it a Linux site is its plan, whatever the request says.
    "properties.reserved": true,
    "properties.serverFarmId": plan,
    "properties.sku": "Basic",
    "properties.siteConfig.appSettings": null,
    "properties.clientAffinityEnabled": true,
    "properties.clientCertMode": "Required",
    "properties.keyVaultReferenceIdentity": "SystemAssigned",
    "properties.httpsOnly": false,
    "properties.ftpUsername": "{groupName}\\${groupName}",
    "properties.privateEndpointConnections": null,
  },
});

const settingsKeys = { "": "id name type location properties" };
const settings: RecordedCall = {
  from: "test_linux_webapp_quick_create",
  so: "app settings are read by an action of their own, never by a read",
  call: `POST ${site}/config/appsettings/list?${version}`,
  status: 200,
  keys: settingsKeys,
  values: {
    name: "appsettings",
    type: "Microsoft.Web/sites/config",
    location: "Canada Central",
    properties: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: "false" },
  },
};

replay({
  "a Linux web app": [
    newPlan("test_linux_webapp_quick_create"),
    {
      from: "test_linux_webapp_quick_create",
      so: "a read of a plan says the region's name for people, and its size at the top only",
      call: `GET ${plan}?${version}`,
      status: 200,
      keys: { ...planKeys, properties: planProperties },
      values: { location: "Canada Central", kind: "linux", "properties.maximumNumberOfWorkers": 3 },
    },
    freeName,
    newSite("test_linux_webapp_quick_create"),
    settings,
    {
      from: "test_linux_webapp_quick_create",
      so: "settings that stay with a slot: none, and no id",
      call: `GET ${site}/config/slotConfigNames?${version}`,
      status: 200,
      keys: {
        "": "id name type location properties",
        properties: "connectionStringNames appSettingNames azureStorageConfigNames",
      },
      values: { id: null, name: "{groupName}", type: "Microsoft.Web/sites", "properties.appSettingNames": null },
    },
    {
      from: "test_linux_webapp_quick_create",
      so: "a read of a site shows the runtime and hides the app settings",
      call: `GET ${site}?${version}`,
      status: 200,
      keys: siteKeys,
      newer: siteNewer,
      values: {
        "properties.siteConfig.linuxFxVersion": "NODE|24-lts",
        "properties.siteConfig.http20Enabled": true,
        "properties.siteConfig.appSettings": null,
        "properties.privateEndpointConnections": [],
        "properties.siteProperties.properties.0.name": "LinuxFxVersion",
      },
    },
    {
      from: "test_linux_webapp_quick_create",
      so: "config/web shows the whole configuration, and app settings as null",
      call: `GET ${site}/config/web?${version}`,
      status: 200,
      keys: webKeys,
      values: {
        id: `${site}/config/web`,
        name: "{groupName}",
        type: "Microsoft.Web/sites/config",
        "properties.linuxFxVersion": "NODE|24-lts",
        "properties.appSettings": null,
        "properties.connectionStrings": null,
        "properties.scmType": "None",
        "properties.publishingUsername": "${groupName}",
        "properties.minTlsVersion": "1.2",
        "properties.experiments": { rampUpRules: [] },
      },
    },
    {
      from: "test_linux_webapp_quick_create",
      so: "a write of app settings answers with them",
      call: `PUT ${site}/config/appsettings?${version}`,
      body: { properties: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: "false" } },
      status: 200,
      keys: settingsKeys,
      values: { name: "appsettings", properties: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: "false" } },
    },
    {
      from: "test_linux_webapp_quick_create",
      so: "a write of config/web answers in the name of the site",
      call: `PATCH ${site}/config/web?${version}`,
      body: { properties: { numberOfWorkers: 1, alwaysOn: false, ftpsState: "AllAllowed", http20Enabled: true } },
      status: 200,
      keys: webKeys,
      values: {
        id: site,
        type: "Microsoft.Web/sites",
        "properties.ftpsState": "AllAllowed",
        "properties.linuxFxVersion": "NODE|24-lts",
      },
    },
    settings,
  ],

  "a site's identity": [
    newPlan("test_linux_webapp_quick_create"),
    newSite("test_linux_webapp_quick_create"),
    {
      from: "test_functionapp_assign_system_identity",
      so: "an identity of its own comes with its principal, and without a client id",
      call: `PUT ${site}?${version}`,
      body: { location: "Canada Central", identity: { type: "SystemAssigned" }, properties: { serverFarmId: plan } },
      status: 200,
      keys: { "": `${siteKeys[""]} identity`, identity: "type tenantId principalId" },
      values: {
        "identity.type": "SystemAssigned",
        "identity.tenantId": "{tenant}",
        "identity.principalId": /^[0-9a-f-]{36}$/,
      },
    },
  ],

  "a name that is taken": [
    newPlan("test_linux_webapp_quick_create"),
    newSite("test_linux_webapp_quick_create"),
    {
      from: "test_appservice_error_polish",
      so: "a site's name is taken for the whole of Azure, and the message says so",
      call: `POST {subscription}/providers/Microsoft.Web/checknameavailability?${version}`,
      body: { name: "{groupName}", type: "Site" },
      status: 200,
      keys: { "": "nameAvailable reason message" },
      values: {
        nameAvailable: false,
        reason: "AlreadyExists",
        message: "Hostname '{groupName}' already exists. Please select a different name.",
      },
    },
  ],

  "the end of a web app": [
    newPlan("test_linux_webapp_quick_create"),
    newSite("test_linux_webapp_quick_create"),
    {
      from: "test_auto_delete_plan",
      so: "a site is deleted at once",
      call: `DELETE ${site}?api-version=2022-03-01`,
      status: 200,
    },
    {
      from: "test_auto_delete_plan",
      so: "a plan goes with its last site, unless one asks to keep it",
      call: `GET ${web}/serverfarms?api-version=2022-03-01`,
      status: 200,
      keys: { "": "value nextLink id" },
      values: { value: [], nextLink: null, id: null },
    },
  ],
});
