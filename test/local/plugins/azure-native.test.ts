import { createPlugins } from "../../../local/plugins";
import { secret, type Properties } from "../../../infra/provider/envelope";
import { rows } from "../../../local/plugins/azure-native/table";
import { Recorder, urn } from "./recorder";

const arm = "management.azure.com";
const group = "/subscriptions/sub/resourceGroups/rg";
const bot = `${group}/providers/Microsoft.BotService/botServices/helper`;
const site = `${group}/providers/Microsoft.Web/sites/app`;
const network = `${group}/providers/Microsoft.Network/virtualNetworks/office`;
const zone = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.example`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi`;

function plugin(recorder: Recorder) {
  return createPlugins(recorder.session)["azure-native"]!;
}

/** Creates one resource against an ARM that has nothing yet and echoes what is written. */
async function create(token: string, inputs: Properties, shown: Properties = {}, id?: string) {
  const recorder = new Recorder();
  const path = `${arm}${id}`;
  const body = { id, name: "shown", type: "T", ...shown };
  recorder.on(`GET ${path}`, { status: 404 }, { status: 200, body });
  recorder.on(`PUT ${path}`, { status: 201, body });
  const result = await plugin(recorder).create(urn(token), inputs);
  return { recorder, result, sent: recorder.body("PUT") };
}

/** A row of the table with inputs as the program writes them, and what has to go over the wire for them. */
const wire: [type: string, id: string, version: string, inputs: Properties, body: Properties][] = [
  [
    "resources:ResourceGroup",
    group,
    "2024-03-01",
    { resourceGroupName: "rg", location: "westeurope", tags: { a: "b" } },
    { location: "westeurope", tags: { a: "b" } },
  ],
  [
    "managedidentity:UserAssignedIdentity",
    identity,
    "2023-01-31",
    { resourceGroupName: "rg", resourceName: "mi", location: "westeurope" },
    { location: "westeurope" },
  ],
  [
    "operationalinsights:Workspace",
    `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`,
    "2023-09-01",
    { resourceGroupName: "rg", workspaceName: "logs", location: "x", sku: { name: "PerGB2018" }, retentionInDays: 30 },
    { location: "x", properties: { sku: { name: "PerGB2018" }, retentionInDays: 30 } },
  ],
  [
    "keyvault:Vault",
    `${group}/providers/Microsoft.KeyVault/vaults/kv`,
    "2024-11-01",
    { resourceGroupName: "rg", vaultName: "kv", location: "x", properties: { tenantId: "t" } },
    { location: "x", properties: { tenantId: "t" } },
  ],
  [
    "keyvault:Secret",
    `${group}/providers/Microsoft.KeyVault/vaults/kv/secrets/s`,
    "2024-11-01",
    { resourceGroupName: "rg", vaultName: "kv", secretName: "s", properties: { value: "v" } },
    { properties: { value: "v" } },
  ],
  [
    "authorization:RoleAssignment",
    `${identity}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111`,
    "2022-04-01",
    {
      scope: identity,
      roleAssignmentName: "11111111-1111-4111-8111-111111111111",
      principalId: "p",
      principalType: "ServicePrincipal",
      roleDefinitionId: "/r",
    },
    { properties: { principalId: "p", principalType: "ServicePrincipal", roleDefinitionId: "/r" } },
  ],
  [
    "web:AppServicePlan",
    `${group}/providers/Microsoft.Web/serverfarms/plan`,
    "2025-05-01",
    { resourceGroupName: "rg", name: "plan", location: "x", kind: "linux", sku: { name: "B1" }, reserved: true },
    { location: "x", kind: "linux", sku: { name: "B1" }, properties: { reserved: true } },
  ],
  [
    "web:WebApp",
    site,
    "2025-05-01",
    {
      resourceGroupName: "rg",
      name: "app",
      location: "x",
      kind: "app,linux",
      serverFarmId: "/plan",
      identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
      siteConfig: { appSettings: [{ name: "A", value: "1" }] },
    },
    {
      location: "x",
      kind: "app,linux",
      identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
      properties: { serverFarmId: "/plan", siteConfig: { appSettings: [{ name: "A", value: "1" }] } },
    },
  ],
  [
    "storage:StorageAccount",
    `${group}/providers/Microsoft.Storage/storageAccounts/acc`,
    "2024-01-01",
    {
      resourceGroupName: "rg",
      accountName: "acc",
      location: "x",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Allow" },
    },
    {
      location: "x",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { supportsHttpsTrafficOnly: true, networkAcls: { defaultAction: "Allow" } },
    },
  ],
  [
    "storage:BlobContainer",
    `${group}/providers/Microsoft.Storage/storageAccounts/acc/blobServices/default/containers/state`,
    "2024-01-01",
    { resourceGroupName: "rg", accountName: "acc", containerName: "state", publicAccess: "None" },
    { properties: { publicAccess: "None" } },
  ],
  [
    "storage:ManagementPolicy",
    `${group}/providers/Microsoft.Storage/storageAccounts/acc/managementPolicies/default`,
    "2024-01-01",
    { resourceGroupName: "rg", accountName: "acc", managementPolicyName: "default", policy: { rules: [] } },
    { properties: { policy: { rules: [] } } },
  ],
  [
    "monitor:DiagnosticSetting",
    `${bot}/providers/Microsoft.Insights/diagnosticSettings/d`,
    "2021-05-01-preview",
    { resourceUri: bot, name: "d", workspaceId: "/w", logs: [{ category: "BotRequest", enabled: true }] },
    { properties: { workspaceId: "/w", logs: [{ category: "BotRequest", enabled: true }] } },
  ],
  [
    "botservice:Bot",
    bot,
    "2023-09-15-preview",
    { resourceGroupName: "rg", resourceName: "helper", location: "global", properties: { msaAppId: "a" } },
    { location: "global", properties: { msaAppId: "a" } },
  ],
  [
    "botservice:BotConnection",
    `${bot}/connections/mail`,
    "2023-09-15-preview",
    {
      resourceGroupName: "rg",
      resourceName: "helper",
      connectionName: "mail",
      location: "global",
      properties: { clientSecret: "s", parameters: [{ key: "k", value: "v" }] },
    },
    { location: "global", properties: { clientSecret: "s", parameters: [{ key: "k", value: "v" }] } },
  ],
  [
    "botservice:Channel",
    `${bot}/channels/MsTeamsChannel`,
    "2023-09-15-preview",
    {
      resourceGroupName: "rg",
      resourceName: "helper",
      channelName: "MsTeamsChannel",
      location: "global",
      properties: { channelName: "MsTeamsChannel" },
    },
    { location: "global", properties: { channelName: "MsTeamsChannel" } },
  ],
  [
    "network:VirtualNetwork",
    network,
    "2024-05-01",
    {
      resourceGroupName: "rg",
      virtualNetworkName: "office",
      location: "x",
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [
        {
          name: "apps",
          addressPrefix: "10.0.0.0/26",
          delegations: [{ name: "web", serviceName: "Microsoft.Web/serverFarms" }],
        },
      ],
    },
    {
      location: "x",
      properties: {
        addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
        subnets: [
          {
            name: "apps",
            properties: {
              addressPrefix: "10.0.0.0/26",
              delegations: [{ name: "web", properties: { serviceName: "Microsoft.Web/serverFarms" } }],
            },
          },
        ],
      },
    },
  ],
  [
    "network:Subnet",
    `${network}/subnets/apps`,
    "2024-05-01",
    { resourceGroupName: "rg", virtualNetworkName: "office", subnetName: "apps", addressPrefix: "10.0.0.0/26" },
    { properties: { addressPrefix: "10.0.0.0/26" } },
  ],
  [
    "network:PrivateEndpoint",
    `${group}/providers/Microsoft.Network/privateEndpoints/keys`,
    "2024-05-01",
    {
      resourceGroupName: "rg",
      privateEndpointName: "keys",
      location: "x",
      subnet: { id: "/s" },
      privateLinkServiceConnections: [{ name: "keys", privateLinkServiceId: "/v", groupIds: ["vault"] }],
    },
    {
      location: "x",
      properties: {
        subnet: { id: "/s" },
        privateLinkServiceConnections: [
          { name: "keys", properties: { privateLinkServiceId: "/v", groupIds: ["vault"] } },
        ],
      },
    },
  ],
  [
    "network:PrivateDnsZoneGroup",
    `${group}/providers/Microsoft.Network/privateEndpoints/keys/privateDnsZoneGroups/default`,
    "2024-05-01",
    {
      resourceGroupName: "rg",
      privateEndpointName: "keys",
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: "vault", privateDnsZoneId: "/z" }],
    },
    { properties: { privateDnsZoneConfigs: [{ name: "vault", properties: { privateDnsZoneId: "/z" } }] } },
  ],
  [
    "privatedns:PrivateZone",
    zone,
    "2024-06-01",
    { resourceGroupName: "rg", privateZoneName: "privatelink.example", location: "global" },
    { location: "global" },
  ],
  [
    "privatedns:VirtualNetworkLink",
    `${zone}/virtualNetworkLinks/office`,
    "2024-06-01",
    {
      resourceGroupName: "rg",
      privateZoneName: "privatelink.example",
      virtualNetworkLinkName: "office",
      location: "global",
      virtualNetwork: { id: "/n" },
      registrationEnabled: false,
    },
    { location: "global", properties: { virtualNetwork: { id: "/n" }, registrationEnabled: false } },
  ],
];

describe("the table of azure-native", () => {
  test.each(wire)(
    "%s is looked for, written and read back as ARM wants it",
    async (type, id, version, inputs, body) => {
      const path = `${arm}${id}?api-version=${version}`;
      const recorder = new Recorder()
        .on(`GET ${path}`, { status: 404 }, { status: 200, body: { id, name: "n" } })
        .on(`PUT ${path}`, { status: 201, body: { id, name: "n" } });
      const { id: made } = await plugin(recorder).create(urn(`azure-native:${type}`), inputs);
      expect(made).toBe(id);
      const more = type === "web:WebApp" ? [`GET ${arm}${site}/config/web?api-version=2025-05-01`] : [];
      expect(recorder.lines).toEqual([`GET ${path}`, `PUT ${path}`, `GET ${path}`, ...more]);
      expect(recorder.sent[1]).toEqual({
        method: "PUT",
        address: path,
        body,
        authorization: expect.stringMatching(/^Bearer https:\/\/management-azure-com\./) as string,
      });
    },
  );

  test.each(["Scm", "Ftp"])("WebApp%sAllowed, which every app has, is written without looking", async (kind) => {
    const path = `${arm}${site}/basicPublishingCredentialsPolicies/${kind.toLowerCase()}?api-version=2025-05-01`;
    const recorder = new Recorder()
      .on(`GET ${path}`, { properties: { allow: false } })
      .on(`PUT ${path}`, { properties: { allow: false } });
    const type = urn(`azure-native:web:WebApp${kind}Allowed`);
    const { id, outs } = await plugin(recorder).create(type, { resourceGroupName: "rg", name: "app", allow: false });
    expect(recorder.lines).toEqual([`PUT ${path}`, `GET ${path}`]);
    expect(recorder.body("PUT")).toEqual({ properties: { allow: false } });
    recorder.sent.length = 0;
    await plugin(recorder).delete(id, type, outs);
    expect(recorder.lines).toEqual([`GET ${path}`, `PUT ${path}`, `GET ${path}`].slice(0, 2));
    expect(recorder.body("PUT")).toEqual({ properties: { allow: true } });
  });

  test("lists that ARM nests come back as flat as the program wrote them", async () => {
    const inArm = {
      properties: {
        addressPrefix: "10.0.0.0/26",
        delegations: [{ id: "/d", name: "web", properties: { serviceName: "Microsoft.Web/serverFarms" } }],
      },
    };
    const inputs = { resourceGroupName: "rg", virtualNetworkName: "office", subnetName: "apps" };
    const { result } = await create(
      "azure-native:network:Subnet",
      inputs,
      inArm,
      `${network}/subnets/apps?api-version=2024-05-01`,
    );
    expect(result.outs).toMatchObject({
      addressPrefix: "10.0.0.0/26",
      delegations: [{ id: "/d", name: "web", serviceName: "Microsoft.Web/serverFarms" }],
    });
  });

  test("every row is covered here", () => {
    const tested = [...wire.map(([type]) => type), "web:WebAppScmAllowed", "web:WebAppFtpAllowed"];
    expect(rows.map(({ token }) => token.replace("azure-native:", "")).sort()).toEqual(tested.sort());
  });

  test("a type without a row is refused, naming the table to extend", async () => {
    await expect(plugin(new Recorder()).create(urn("azure-native:sql:Server"), {})).rejects.toThrow(
      "the stand-in for azure-native has no row for azure-native:sql:Server: add one to local/plugins/azure-native/table.ts",
    );
  });
});

describe("creating with azure-native", () => {
  const groupPath = `${arm}${group}?api-version=2024-03-01`;
  const inputs = { resourceGroupName: "rg", location: "westeurope" };
  const type = urn("azure-native:resources:ResourceGroup");

  test("what exists is refused, not taken over", async () => {
    const recorder = new Recorder().on(`GET ${groupPath}`, { id: group });
    await expect(plugin(recorder).create(type, inputs)).rejects.toThrow(
      `cannot create already existing resource '${group}'`,
    );
    expect(recorder.lines).toEqual([`GET ${groupPath}`]);
  });

  test("ARM's refusal is shown with its status, code and message", async () => {
    const error = { code: "LocationNotAvailable", message: "No such place." };
    const recorder = new Recorder().on(`PUT ${groupPath}`, { status: 400, body: { error } });
    await expect(plugin(recorder).create(type, inputs)).rejects.toThrow(
      'Status=400 Code="LocationNotAvailable" Message="No such place."',
    );
  });

  test("outputs are flat, the id is ARM's, and a secret input stays secret on its way out", async () => {
    const { result } = await create(
      "azure-native:keyvault:Secret",
      {
        resourceGroupName: "rg",
        vaultName: "kv",
        secretName: "s",
        properties: { value: secret("v"), contentType: "t" },
      },
      { properties: { secretUri: "https://kv/s", value: "v" } },
      `${group}/providers/Microsoft.KeyVault/vaults/kv/secrets/s?api-version=2024-11-01`,
    );
    expect(result.outs).toEqual({
      name: "shown",
      type: "T",
      properties: { secretUri: "https://kv/s", value: secret("v") },
      azureApiVersion: "2024-11-01",
      __inputs: {
        resourceGroupName: "rg",
        vaultName: "kv",
        secretName: "s",
        properties: { value: secret("v"), contentType: "t" },
      },
    });
  });

  test("a web app's outputs hold its host name and its settings as read", async () => {
    const path = `${arm}${site}?api-version=2025-05-01`;
    const body = { id: `${site.toUpperCase()}`, properties: { defaultHostName: "app.azurewebsites.net" }, tags: null };
    const recorder = new Recorder()
      .on(`GET ${path}`, { status: 404 })
      .on(`PUT ${path}`, body)
      .on(`GET ${arm}${site.toUpperCase()}?api-version=2025-05-01`, body)
      .on(`GET ${arm}${site.toUpperCase()}/config/web?api-version=2025-05-01`, { properties: { alwaysOn: true } });
    const { id, outs } = await plugin(recorder).create(urn("azure-native:web:WebApp"), {
      resourceGroupName: "rg",
      name: "app",
      location: "x",
    });
    expect(id).toBe(site.toUpperCase());
    expect(outs).toMatchObject({ defaultHostName: "app.azurewebsites.net", siteConfig: { alwaysOn: true } });
    expect(outs).not.toHaveProperty("tags");
  });

  test("a missing location is the resource group's", async () => {
    const path = `${arm}${identity}?api-version=2023-01-31`;
    const recorder = new Recorder()
      .on(`GET ${arm}${group}?api-version=2020-10-01`, { id: group, location: "norwayeast" })
      .on(`GET ${path}`, { status: 404 }, { status: 200, body: { id: identity } })
      .on(`PUT ${path}`, { id: identity });
    await plugin(recorder).create(urn("azure-native:managedidentity:UserAssignedIdentity"), {
      resourceGroupName: "rg",
      resourceName: "mi",
    });
    expect(recorder.body("PUT")).toEqual({ location: "norwayeast" });
  });

  test("an asynchronous creation is polled at ARM's pace and its failure told with its code", async () => {
    const operation = `${arm}/operations/1`;
    const started = {
      status: 202,
      headers: { "azure-asyncoperation": `https://${operation}`, "retry-after": "2" },
    };
    const recorder = new Recorder()
      .on(`GET ${groupPath}`, { status: 404 }, { status: 200, body: { id: group } })
      .on(`PUT ${groupPath}`, started)
      .on(
        `GET ${operation}`,
        { status: 200, body: { status: "Running" }, headers: { "retry-after": "3" } },
        { status: 200, body: { status: "Succeeded" } },
      );
    await plugin(recorder).create(type, inputs);
    expect(recorder.slept).toEqual([2000, 3000]);
    expect(recorder.lines.slice(2)).toEqual([
      `GET ${operation}`,
      `GET ${operation}`,
      `GET ${groupPath}`,
      `GET ${groupPath}`,
    ]);

    const failing = new Recorder()
      .on(`PUT ${groupPath}`, started)
      .on(`GET ${operation}`, { status: 200, body: { status: "Failed", error: { code: "Quota", message: "Full." } } });
    await expect(plugin(failing).create(type, inputs)).rejects.toThrow('Code="Quota" Message="Full."');
  });

  test("a resource that is still provisioning, or at another Location, is waited for", async () => {
    const provisioning = { id: group, properties: { provisioningState: "Creating" } };
    const ready = { id: group, properties: { provisioningState: "Succeeded" } };
    const recorder = new Recorder()
      .on(`GET ${groupPath}`, { status: 404 }, { ...provisioning }, { ...ready })
      .on(`PUT ${groupPath}`, { status: 201, body: provisioning, headers: { "retry-after": "1" } });
    await plugin(recorder).create(type, inputs);
    expect(recorder.slept).toEqual([1000, 10_000]);

    const elsewhere = new Recorder()
      .on(`GET ${groupPath}`, { status: 404 }, { ...ready })
      .on(`PUT ${groupPath}`, { status: 202, headers: { location: `https://${arm}/result`, "retry-after": "0" } })
      .on(`GET ${arm}/result`, { status: 202, headers: { "retry-after": "0" } }, { status: 200, body: ready });
    await plugin(elsewhere).create(type, inputs);
    expect(elsewhere.slept).toEqual([0, 0]);
  });

  test("an unregistered provider is registered and the write repeated", async () => {
    const path = `${arm}${bot}?api-version=2023-09-15-preview`;
    const provider = `${arm}/subscriptions/sub/providers/Microsoft.BotService`;
    const error = { code: "MissingSubscriptionRegistration", message: "not registered" };
    const recorder = new Recorder()
      .on(`GET ${path}`, { status: 404 }, { status: 200, body: { id: bot } })
      .on(`PUT ${path}`, { status: 409, body: { error } }, { status: 201, body: { id: bot } })
      .on(`POST ${provider}/register?api-version=2019-05-01`, { registrationState: "Registering" })
      .on(
        `GET ${provider}?api-version=2019-05-01`,
        { registrationState: "Registering" },
        { registrationState: "Registered" },
      );
    const inputs = { resourceGroupName: "rg", resourceName: "helper", location: "global" };
    expect((await plugin(recorder).create(urn("azure-native:botservice:Bot"), inputs)).id).toBe(bot);
    expect(recorder.lines.filter((line) => line.startsWith("PUT"))).toHaveLength(2);
  });

  test("429 is repeated after the time that the answer names", async () => {
    const recorder = new Recorder()
      .on(`GET ${groupPath}`, { status: 404 }, { status: 200, body: { id: group } })
      .on(`PUT ${groupPath}`, { status: 429, headers: { "retry-after": "7" } }, { status: 201, body: { id: group } });
    await plugin(recorder).create(type, inputs);
    expect(recorder.slept).toEqual([7000]);
  });

  test("a conflict that passes with the operation under way is waited out, every other stands at once", async () => {
    const conflict = (code: string) => ({ status: 409, body: { error: { code, message: "busy" } } });
    for (const code of ["AnotherOperationInProgress", "StorageAccountOperationInProgress"]) {
      const recorder = new Recorder()
        .on(`GET ${groupPath}`, { status: 404 }, { status: 200, body: { id: group } })
        .on(`PUT ${groupPath}`, conflict(code), { status: 201, body: { id: group } });
      await plugin(recorder).create(type, inputs);
      expect(recorder.slept).toEqual([20_000]);
    }
    const recorder = new Recorder().on(`PUT ${groupPath}`, conflict("Conflict"));
    await expect(plugin(recorder).create(type, inputs)).rejects.toThrow('Status=409 Code="Conflict" Message="busy"');
    expect(recorder.slept).toEqual([]);
  });

  test("who may not look whether it exists is told so, with the whole answer", async () => {
    const body = { error: { code: "AuthorizationFailed", message: "The client ..." } };
    const recorder = new Recorder().on(`GET ${groupPath}`, { status: 403, body });
    await expect(plugin(recorder).create(type, inputs)).rejects.toThrow(
      `cannot check existence of resource '${group}': status code 403, ${JSON.stringify(body)}`,
    );
  });

  test("nobody waits longer than two minutes for one call", async () => {
    const recorder = new Recorder().on(`PUT ${groupPath}`, { status: 429, headers: { "retry-after": "121" } });
    await expect(plugin(recorder).create(type, inputs)).rejects.toThrow("Status=429");
    expect(recorder.slept).toEqual([]);
  });

  test("a write that cannot be read back is kept as written, with a warning", async () => {
    const error = { code: "AuthorizationFailed", message: "no" };
    const recorder = new Recorder()
      .on(`GET ${groupPath}`, { status: 404 }, { status: 403, body: { error } })
      .on(`PUT ${groupPath}`, { id: group, location: "westeurope" });
    expect((await plugin(recorder).create(type, inputs)).outs).toMatchObject({ location: "westeurope" });
    expect(recorder.warnings).toEqual([expect.stringContaining("was written but not read back")]);
  });
});

describe("names that azure-native makes up", () => {
  const check = (token: string, inputs: Properties, olds: Properties = {}) =>
    plugin(new Recorder()).check(urn(token, "web"), olds, inputs);

  test("what lives in a group gets eight hex digits, and keeps them", async () => {
    const { inputs } = await check("azure-native:web:WebApp", { resourceGroupName: "rg" });
    expect(inputs).toEqual({
      resourceGroupName: "rg",
      name: expect.stringMatching(/^web[0-9a-f]{8}$/) as string,
      __createBeforeDelete: true,
    });
    const again = await check("azure-native:web:WebApp", { resourceGroupName: "rg" }, inputs as Properties);
    expect(again.inputs).toEqual(inputs);
  });

  test.each([
    ["azure-native:resources:ResourceGroup", "resourceGroupName", /^web[0-9a-f]{8}$/],
    ["azure-native:botservice:Channel", "channelName", /^web$/],
    ["azure-native:storage:BlobContainer", "containerName", /^web$/],
    ["azure-native:authorization:RoleAssignment", "roleAssignmentName", /^[0-9a-f]{8}-[0-9a-f-]{27}$/],
    ["azure-native:monitor:DiagnosticSetting", "name", /^web[0-9a-f]{8}$/],
  ])("%s: %s", async (token, input, pattern) => {
    expect((await check(token, {})).inputs).toHaveProperty(input, expect.stringMatching(pattern));
    expect((await check(token, { [input]: secret("given") })).inputs).toEqual({ [input]: secret("given") });
  });
});

describe("the rest of a resource's life", () => {
  const type = urn("azure-native:web:WebApp");
  const inputs = { resourceGroupName: "rg", name: "app", location: "x", httpsOnly: true };
  const olds = { defaultHostName: "h", location: "x", httpsOnly: true, __inputs: inputs };
  const path = `${arm}${site}?api-version=2025-05-01`;
  const diff = (news: Properties) => plugin(new Recorder()).diff(site, type, olds, news);

  test("nothing changed is no change; a setting is an update; a name replaces, old one first", async () => {
    expect(await diff(inputs)).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
    expect(await diff({ ...inputs, httpsOnly: false })).toEqual({
      changes: undefined,
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(await diff({ ...inputs, name: "b" })).toEqual({
      changes: undefined,
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
    expect(await diff({ ...inputs, name: "b", __createBeforeDelete: true })).toMatchObject({
      deleteBeforeReplace: false,
    });
  });

  test("a value that is not known yet counts as changed", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(await diff({ ...inputs, serverFarmId: unknown })).toMatchObject({ changes: undefined, replaces: [] });
  });

  test("an update writes the whole resource and reads it back", async () => {
    const recorder = new Recorder().on(`GET ${path}`, { id: site, location: "x" }).on(`PUT ${path}`, { id: site });
    const { name: _name, ...news } = { ...inputs, httpsOnly: false };
    const { outs } = await plugin(recorder).update(site, type, olds, { ...news, name: "app" });
    expect(recorder.body("PUT")).toEqual({ location: "x", properties: { httpsOnly: false } });
    expect(outs).toMatchObject({ location: "x", __inputs: { httpsOnly: false } });
  });

  test("a refresh carries what changed in Azure into the inputs, and sees what is gone", async () => {
    const recorder = new Recorder().on(`GET ${path}`, { id: site, location: "x", properties: { httpsOnly: false } });
    const { id, inputs: now } = await plugin(recorder).read(site, type, olds);
    expect(id).toBe(site);
    expect(now).toEqual({ ...inputs, httpsOnly: false });
    expect((await plugin(new Recorder()).read(site, type, olds)).id).toBe("");
  });

  test("a refresh looks into what is secret as a whole, as a connection's settings are, and keeps it secret", async () => {
    const token = "azure-native:botservice:BotConnection";
    const id = `${group}/providers/Microsoft.BotService/botServices/bot/connections/GitHub`;
    const properties = { clientId: "Ov1", clientSecret: "s3cret", scopes: "repo" };
    const shown = (changed: object): object => ({ properties: { ...properties, clientSecret: null, ...changed } });
    const recorder = new Recorder().on(`GET ${arm}${id}?api-version=2023-09-15-preview`, {
      id,
      ...shown({ clientId: "Iv1" }),
    });
    const olds = { ...shown({}), __inputs: { connectionName: "GitHub", properties: secret(properties) } };
    const { inputs: now } = await plugin(recorder).read(id, urn(token), olds as Properties);
    expect(now).toEqual({ connectionName: "GitHub", properties: secret({ ...properties, clientId: "Iv1" }) });
  });

  test("an import tells the names from the id", async () => {
    const recorder = new Recorder().on(`GET ${path}`, { id: site, properties: {} });
    expect((await plugin(recorder).read(site, type)).inputs).toEqual({ resourceGroupName: "rg", name: "app" });
  });

  test("a deletion keeps the plan, waits, and takes what is gone for deleted", async () => {
    const query = "api-version=2025-05-01&deleteEmptyServerFarm=false";
    const recorder = new Recorder()
      .on(`DELETE ${arm}${site}?${query}`, { status: 202, headers: { location: `https://${arm}/done` } })
      .on(`GET ${arm}/done`, { status: 204 });
    await plugin(recorder).delete(site, type, olds);
    expect(recorder.lines).toEqual([`DELETE ${arm}${site}?${query}`, `GET ${arm}/done`]);
    await plugin(new Recorder()).delete(site, type, olds);
  });

  test("a vault's secret is deleted at the vault, after its challenge", async () => {
    const address = "kv.vault.azure.net/secrets/s?api-version=7.6";
    const challenge = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"';
    const recorder = new Recorder().on(
      `DELETE ${address}`,
      { status: 401, headers: { "www-authenticate": challenge } },
      { status: 200, body: {} },
    );
    const id = `${group}/providers/Microsoft.KeyVault/vaults/kv/secrets/s`;
    await plugin(recorder).delete(id, urn("azure-native:keyvault:Secret"), { __inputs: {} });
    expect(recorder.sent.map(({ authorization }) => authorization?.split(".")[0])).toEqual([
      undefined,
      "Bearer https://vault-azure-net",
    ]);
    const refused = new Recorder().on(`DELETE ${address}`, {
      status: 403,
      body: { error: { code: "Forbidden", message: "no role" } },
    });
    await expect(plugin(refused).delete(id, urn("azure-native:keyvault:Secret"), {})).rejects.toThrow(
      'Status=403 Code="Forbidden" Message="no role"',
    );
  });

  test("a vault's secret whose name lies in the bin is brought back, then written over", async () => {
    const secret = `${group}/providers/Microsoft.KeyVault/vaults/kv/secrets/s?api-version=2024-11-01`;
    const bin = "kv.vault.azure.net/deletedsecrets/s";
    const conflict = { status: 409, body: { error: { code: "Conflict", message: "in the bin" } } };
    const inputs = { resourceGroupName: "rg", vaultName: "kv", secretName: "s", properties: { value: "v" } };
    const recorder = new Recorder()
      .on(`GET ${arm}${secret}`, { status: 404 }, { id: "s" })
      .on(`PUT ${arm}${secret}`, conflict, { id: "s" })
      .on(`GET ${bin}?api-version=7.6`, { recoveryId: "r" })
      .on(`POST ${bin}/recover?api-version=7.6`, {});
    await plugin(recorder).create(urn("azure-native:keyvault:Secret"), inputs);
    expect(recorder.lines.filter((line) => !line.startsWith("GET management"))).toEqual([
      `PUT ${arm}${secret}`,
      `GET ${bin}?api-version=7.6`,
      `POST ${bin}/recover?api-version=7.6`,
      `PUT ${arm}${secret}`,
    ]);
    // Any other conflict stands after half a minute.
    const taken = new Recorder().on(`PUT ${arm}${secret}`, conflict);
    await expect(plugin(taken).create(urn("azure-native:keyvault:Secret"), inputs)).rejects.toThrow("in the bin");
    expect(taken.slept).toEqual(Array(5).fill(5_000));
  });
});

describe("functions of azure-native", () => {
  test("say who deploys, and keep a token secret", async () => {
    const own = plugin(new Recorder());
    expect(await own.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
      outputs: { clientId: "client", objectId: "deployer-object", subscriptionId: "sub", tenantId: "tenant" },
    });
    const { outputs } = await own.invoke("azure-native:authorization:getClientToken", {});
    expect(outputs).toEqual({ token: secret(expect.stringMatching(/^https:\/\/management-azure-com\./)) });
  });

  test("read resources and call actions", async () => {
    const recorder = new Recorder()
      .on(`GET ${arm}${bot}?api-version=2023-09-15-preview`, { id: bot, properties: { endpoint: "e" } })
      .on(`POST ${arm}${bot}/channels/DirectLineChannel/listChannelWithKeys?api-version=2023-09-15-preview`, {
        setting: { sites: [] },
      })
      .on(
        `POST ${arm}/subscriptions/sub/providers/Microsoft.BotService/listAuthServiceProviders?api-version=2023-09-15-preview`,
        { value: [] },
      );
    const own = plugin(recorder);
    const of = { resourceGroupName: "rg", resourceName: "helper" };
    expect((await own.invoke("azure-native:botservice:getBot", of)).outputs).toEqual({
      id: bot,
      properties: { endpoint: "e" },
      azureApiVersion: "2023-09-15-preview",
    });
    const channel = { ...of, channelName: "DirectLineChannel" };
    expect((await own.invoke("azure-native:botservice:listChannelWithKeys", channel)).outputs).toEqual({
      setting: { sites: [] },
    });
    expect((await own.invoke("azure-native:botservice:listBotConnectionServiceProviders", {})).outputs).toEqual({
      value: [],
    });
    await expect(own.invoke("azure-native:sql:getServer", {})).rejects.toThrow(/has no function azure-native:sql/);
  });
});

describe("a package of one module in one api-version", () => {
  const parameter = (module: string, version: string): Uint8Array =>
    new TextEncoder().encode(btoa(JSON.stringify({ module, version })));

  test("serves the module's types under names of its own, by that version", async () => {
    const vault = `${arm}${group}/providers/Microsoft.KeyVault/vaults/kv?api-version=2026-02-01`;
    const body = { id: `${group}/providers/Microsoft.KeyVault/vaults/kv`, name: "kv" };
    const recorder = new Recorder()
      .on(`GET ${vault}`, { status: 404 }, { status: 200, body })
      .on(`PUT ${vault}`, { status: 201, body });
    const packaged = plugin(recorder).parameterized(parameter("keyvault", "v20260201"));
    expect(packaged.name).toBe("azure-native_keyvault_v20260201");
    const inputs = { resourceGroupName: "rg", vaultName: "kv", location: "x", properties: { tenantId: "t" } };
    const { outs } = await packaged.create(urn(`${packaged.name}:keyvault:Vault`), inputs);
    expect(outs).toMatchObject({ azureApiVersion: "2026-02-01" });
    await expect(packaged.create(urn("azure-native:web:WebApp"), inputs)).rejects.toThrow("has no row");
  });

  test.each([
    [
      "a version that it does not have",
      "keyvault",
      "v20990101",
      "no resources found for module keyvault at API version",
    ],
    ["a module that it does not have", "vaults", "v20260201", "module vaults not found."],
  ])("%s is refused in azure-native's words", (_what, module, version, words) => {
    expect(() => plugin(new Recorder()).parameterized(parameter(module, version))).toThrow(words);
  });
});
