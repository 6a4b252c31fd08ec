import { fakeAzure, type Answer, type FakeAzure } from "../arm/fake-azure";

const location = "westeurope";
let azure: FakeAzure;
let group: string;
let network: string;

beforeEach(async () => {
  azure = fakeAzure();
  group = `${azure.subscription}/resourceGroups/net`;
  network = `${group}/providers/Microsoft.Network/virtualNetworks/office`;
  await azure.ask("PUT", group, { location });
});

const code = ({ status, body }: Answer): [number, string] => [status, body.error?.code];
const put = (subnets?: unknown[], prefix = "10.0.0.0/16"): Promise<Answer> =>
  azure.ask("PUT", network, {
    location,
    properties: { addressSpace: { addressPrefixes: [prefix] }, ...(subnets ? { subnets } : {}) },
  });
const subnet = (name: string, addressPrefix: string, more: object = {}): object => ({
  name,
  properties: { addressPrefix, ...more },
});

describe("virtual networks", () => {
  test("a network shows the subnets that were written with it, each with its id, and keeps them when a later write names none", async () => {
    expect((await put([subnet("apps", "10.0.0.0/26")])).status).toBe(201);
    expect((await put()).status).toBe(200);
    const { body } = await azure.ask("GET", network);
    expect(body.properties).toMatchObject({
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [{ id: `${network}/subnets/apps`, name: "apps", properties: { addressPrefix: "10.0.0.0/26" } }],
    });
    expect((await azure.ask("GET", `${network}/subnets/apps`)).body.name).toBe("apps");
  });

  test("a write that names other subnets takes the rest away", async () => {
    await put([subnet("apps", "10.0.0.0/26"), subnet("old", "10.0.1.0/26")]);
    await put([subnet("apps", "10.0.0.0/26")]);
    expect((await azure.ask("GET", `${network}/subnets/old`)).status).toBe(404);
  });

  test("ranges that are none, outside the network or taken are refused", async () => {
    expect(code(await put(undefined, "10.0.0.1/16"))).toEqual([400, "InvalidCIDRNotation"]);
    expect(code(await put([subnet("apps", "10.0.0.0")]))).toEqual([400, "InvalidCIDRNotation"]);
    expect(code(await put([subnet("apps", "10.1.0.0/26")]))).toEqual([400, "NetcfgInvalidSubnet"]);
    const overlapping = await put([subnet("apps", "10.0.0.0/26"), subnet("more", "10.0.0.32/27")]);
    expect(code(overlapping)).toEqual([400, "NetcfgSubnetRangesOverlap"]);
    await put([subnet("apps", "10.0.0.0/26")]);
    const beside = await azure.ask("PUT", `${network}/subnets/more`, { properties: { addressPrefix: "10.0.0.0/24" } });
    expect(code(beside)).toEqual([400, "NetcfgSubnetRangesOverlap"]);
    expect(
      (await azure.ask("PUT", `${network}/subnets/more`, { properties: { addressPrefix: "10.0.1.0/24" } })).status,
    ).toBe(201);
  });
});

describe("private endpoints", () => {
  const vault = (): string => `${group}/providers/Microsoft.KeyVault/vaults/keys-of-net`;
  const endpoint = (): string => `${group}/providers/Microsoft.Network/privateEndpoints/keys`;
  const body = (target: string, groupId = "vault"): object => ({
    location,
    properties: {
      subnet: { id: `${network}/subnets/endpoints` },
      privateLinkServiceConnections: [
        { name: "keys", properties: { privateLinkServiceId: target, groupIds: [groupId] } },
      ],
    },
  });

  beforeEach(async () => {
    await put([subnet("endpoints", "10.0.1.0/27")]);
    await azure.ask("PUT", vault(), {
      location,
      properties: {
        tenantId: azure.tenant.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
  });

  test("one to a vault is approved, has an address of its subnet, and holds the subnet", async () => {
    expect((await azure.ask("PUT", endpoint(), body(vault()))).status).toBe(201);
    const { properties } = (await azure.ask("GET", endpoint())).body;
    expect(properties.privateLinkServiceConnections[0].properties).toMatchObject({
      privateLinkServiceId: vault(),
      privateLinkServiceConnectionState: { status: "Approved" },
    });
    expect(properties.customDnsConfigs).toEqual([{ fqdn: "keys-of-net.vault.azure.net", ipAddresses: ["10.0.1.4"] }]);
    const refused = await azure.ask("DELETE", `${network}/subnets/endpoints`);
    expect(code(refused)).toEqual([400, "InUseSubnetCannotBeDeleted"]);
    expect(refused.body.error.message).toContain(`Subnet endpoints is in use by ${properties.networkInterfaces[0].id}`);
    expect(code(await azure.ask("DELETE", network))).toEqual([400, "InUseSubnetCannotBeDeleted"]);
    await azure.ask("DELETE", endpoint());
    expect((await azure.ask("DELETE", network)).status).toBe(202);
  });

  test("a target or subnet that is not there, and a group id that the target does not have, are refused", async () => {
    expect(code(await azure.ask("PUT", endpoint(), body(`${vault()}-gone`)))).toEqual([
      400,
      "InvalidResourceReference",
    ]);
    expect(code(await azure.ask("PUT", endpoint(), body(vault(), "blob")))).toEqual([400, "BadRequest"]);
    network = `${network}-gone`;
    expect(code(await azure.ask("PUT", endpoint(), body(vault())))).toEqual([400, "InvalidResourceReference"]);
  });

  test("a zone is global, and links and groups name what is there", async () => {
    const zone = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
    const version = "?api-version=2024-06-01";
    expect((await azure.ask("PUT", zone + version, { location: "global" })).status).toBe(201);
    const link = (id: string): Promise<Answer> =>
      azure.ask("PUT", `${zone}/virtualNetworkLinks/office${version}`, {
        location: "global",
        properties: { virtualNetwork: { id }, registrationEnabled: false },
      });
    expect(code(await link(`${network}-gone`))).toEqual([400, "InvalidResourceReference"]);
    expect((await link(network)).status).toBe(201);
    await azure.ask("PUT", endpoint(), body(vault()));
    const zoneGroup = (id: string): Promise<Answer> =>
      azure.ask("PUT", `${endpoint()}/privateDnsZoneGroups/default`, {
        properties: { privateDnsZoneConfigs: [{ name: "vault", properties: { privateDnsZoneId: id } }] },
      });
    expect(code(await zoneGroup(`${zone}.gone`))).toEqual([400, "InvalidResourceReference"]);
    expect((await zoneGroup(zone)).status).toBe(201);
  });
});

describe("what is closed to the public network", () => {
  const secret = "https://keys-of-net.vault.azure.net/secrets/one";
  const identity = "33333333-3333-4333-8333-333333333333";

  /** A closed vault that an identity may read, and a web app with that identity in the subnet `apps`. */
  async function closedVault(properties: object): Promise<string> {
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/keys-of-net`;
    await azure.ask("PUT", vault, {
      location,
      properties: {
        tenantId: azure.tenant.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        ...properties,
      },
    });
    azure.vaults.setSecret("keys-of-net", "one", "value");
    await azure.assign(identity, "4633458b-17de-408a-b874-0445c86b69e6", vault);
    azure.resources.set({
      id: `${group}/providers/Microsoft.Web/sites/app`,
      name: "app",
      type: "Microsoft.Web/sites",
      identity: { principalId: identity, clientId: identity },
      properties: { virtualNetworkSubnetId: `${network}/subnets/apps` },
    });
    return vault;
  }
  const denied = { status: "AccessToKeyVaultDenied" };

  test("is reached by an app of the network once endpoint, zone and link are all there, and by nobody else", async () => {
    await put([subnet("apps", "10.0.0.0/26"), subnet("endpoints", "10.0.1.0/27")]);
    const vault = await closedVault({ publicNetworkAccess: "disabled" });
    expect(azure.vaults.read(secret, identity)).toMatchObject(denied);
    const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/keys`;
    await azure.ask("PUT", endpoint, {
      location,
      properties: {
        subnet: { id: `${network}/subnets/endpoints` },
        privateLinkServiceConnections: [
          { name: "keys", properties: { privateLinkServiceId: vault, groupIds: ["vault"] } },
        ],
      },
    });
    expect(azure.vaults.read(secret, identity)).toMatchObject(denied);
    const zone = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
    await azure.ask("PUT", `${zone}?api-version=2024-06-01`, { location: "global" });
    await azure.ask("PUT", `${endpoint}/privateDnsZoneGroups/default`, {
      properties: { privateDnsZoneConfigs: [{ name: "vault", properties: { privateDnsZoneId: zone } }] },
    });
    expect(azure.vaults.read(secret, identity)).toMatchObject(denied);
    await azure.ask("PUT", `${zone}/virtualNetworkLinks/office?api-version=2024-06-01`, {
      location: "global",
      properties: { virtualNetwork: { id: network } },
    });
    expect(azure.vaults.read(secret, identity)).toEqual({ value: "value" });
    expect(azure.vaults.read(secret, azure.tenant.deployer.objectId)).toMatchObject(denied);
  });

  test("is reached from a subnet that a rule names, if the subnet has the service's endpoint", async () => {
    await put([subnet("apps", "10.0.0.0/26")]);
    await closedVault({
      networkAcls: {
        defaultAction: "Deny",
        bypass: "None",
        virtualNetworkRules: [{ id: `${network}/subnets/apps` }],
      },
    });
    expect(azure.vaults.read(secret, identity)).toMatchObject(denied);
    await put([subnet("apps", "10.0.0.0/26", { serviceEndpoints: [{ service: "Microsoft.KeyVault" }] })]);
    expect(azure.vaults.read(secret, identity)).toEqual({ value: "value" });
  });
});
