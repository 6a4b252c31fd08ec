import { ClientSecretCredential } from "@azure/identity";
import type { ResourceType } from "../../local/azure/arm/resource-type";
import type { Resource } from "../../local/azure/service";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";

let deployed: Deployed;
let disconnect: () => void;
let token: string;
/** One deployed resource of each type that the program makes. */
let examples: { type: ResourceType; resource: Resource }[];

beforeAll(async () => {
  deployed = await deploy();
  disconnect = await connectThisProcess(deployed.azure, "client");
  const { tenantId, deployer } = deployed.azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  token = (await credential.getToken("https://management.azure.com/.default")).token;
  examples = examplesOf(deployed);
});

const examplesOf = ({ azure }: Deployed): typeof examples =>
  azure.resourceTypes.flatMap((type) => {
    const resource = azure.resources.list(type.type).at(-1);
    return resource ? [{ type, resource }] : [];
  });
afterAll(async () => {
  disconnect?.();
  await deployed?.close();
});

type Body = Record<string, unknown>;

async function ask(method: string, address: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const url = address.startsWith("https:") ? address : `https://management.azure.com${address}`;
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Body };
}

const at = (type: ResourceType, id: string, query = ""): string => `${id}?api-version=${type.apiVersions[0]}${query}`;

test("every type that the program deploys is here, so that the tests below cover them all", () => {
  expect(examples.map(({ type }) => type.type.split("/").slice(1).join("/"))).toEqual(
    expect.arrayContaining([
      "botServices",
      "botServices/channels",
      "botServices/connections",
      "diagnosticSettings",
      "roleAssignments",
      "userAssignedIdentities",
      "workspaces",
      "serverfarms",
      "sites",
      "sites/basicPublishingCredentialsPolicies",
      "sites/config",
      "storageAccounts",
      "storageAccounts/blobServices",
      "storageAccounts/blobServices/containers",
      "storageAccounts/managementPolicies",
      "vaults",
      "vaults/secrets",
    ]),
  );
});

test("a PATCH of tags changes the tags of every type that has some, and nothing else", async () => {
  const tagged: string[] = [];
  for (const { type, resource } of examples) {
    if (!(type.methods ?? ["PATCH"]).includes("PATCH") || resource.location === undefined) continue;
    const before = (await ask("GET", at(type, resource.id))).body;
    const tags = { ...(before.tags as Record<string, string>), owner: "somebody" };
    const patched = await ask("PATCH", at(type, resource.id), { tags });
    const after = (await ask("GET", at(type, resource.id))).body;
    expect({ type: type.type, status: patched.status, tags: after.tags }).toEqual({
      type: type.type,
      status: expect.any(Number) as number,
      tags,
    });
    expect([200, 201, 202]).toContain(patched.status);
    expect({ type: type.type, ...stable(after) }).toEqual({ type: type.type, ...stable(before) });
    tagged.push(type.type);
  }
  expect(tagged).toEqual(expect.arrayContaining(["Microsoft.Web/sites", "Microsoft.KeyVault/vaults"]));
  expect(tagged.length).toBeGreaterThanOrEqual(7);
});

test("a list of every type is read to its end page by page", async () => {
  for (const { type, resource } of examples) {
    const collection = resource.id.split("/").slice(0, -1).join("/");
    const whole = await ask("GET", at(type, collection));
    expect({ type: type.type, status: whole.status }).toEqual({ type: type.type, status: 200 });
    const pages: unknown[] = [];
    let next: string | undefined = at(type, collection, "&$top=1");
    while (next !== undefined) {
      const { body }: { body: Body } = await ask("GET", next);
      pages.push(...(body.value as unknown[]));
      // App Service says null where the others say nothing.
      next = (body.nextLink as string | null | undefined) ?? undefined;
    }
    expect({ type: type.type, ids: idsOf(pages) }).toEqual({
      type: type.type,
      ids: idsOf(whole.body.value as unknown[]),
    });
  }
});

/** Types that the program does not deploy, each made here so that one of every type is there. */
async function makeOthers(): Promise<void> {
  const { subscriptionId } = deployed.azure.tenant;
  const group = deployed.azure.resources.list("Microsoft.Resources/resourceGroups")[0]!.id;
  const vault = deployed.azure.resources.list("Microsoft.KeyVault/vaults")[0]!;
  const identity = deployed.azure.resources.list("Microsoft.ManagedIdentity/userAssignedIdentities")[0]!;
  const network = `${group}/providers/Microsoft.Network`;
  const policy = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/policyDefinitions/no-gateways`;
  const location = "westeurope";
  const made: [id: string, body: Body][] = [
    [`${vault.id}/keys/key`, { properties: { kty: "RSA" } }],
    [
      `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/3f3c9a3e-57a4-4a67-8d0f-5a1d6a0f0b11`,
      {
        properties: {
          roleName: "Plan",
          assignableScopes: [`/subscriptions/${subscriptionId}`],
          permissions: [{ actions: ["*/read"] }],
        },
      },
    ],
    [
      policy,
      {
        properties: {
          policyRule: {
            if: { field: "type", equals: "Microsoft.Network/natGateways" },
            then: { effect: "deny" },
          },
        },
      },
    ],
    [
      `${group}/providers/Microsoft.Authorization/policyAssignments/no-gateways`,
      { properties: { policyDefinitionId: policy } },
    ],
    [
      `${network}/virtualNetworks/net`,
      {
        location,
        properties: {
          addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
          subnets: [{ name: "apps", properties: { addressPrefix: "10.0.1.0/24" } }],
        },
      },
    ],
    [`${network}/privateDnsZones/privatelink.vaultcore.azure.net`, { location: "global" }],
    [
      `${network}/privateDnsZones/privatelink.vaultcore.azure.net/virtualNetworkLinks/link`,
      { location: "global", properties: { virtualNetwork: { id: `${network}/virtualNetworks/net` } } },
    ],
    [
      `${network}/privateEndpoints/end`,
      {
        location,
        properties: {
          subnet: { id: `${network}/virtualNetworks/net/subnets/apps` },
          privateLinkServiceConnections: [
            { name: "one", properties: { privateLinkServiceId: vault.id, groupIds: ["vault"] } },
          ],
        },
      },
    ],
    [
      `${network}/privateEndpoints/end/privateDnsZoneGroups/default`,
      {
        properties: {
          privateDnsZoneConfigs: [
            {
              name: "vault",
              properties: { privateDnsZoneId: `${network}/privateDnsZones/privatelink.vaultcore.azure.net` },
            },
          ],
        },
      },
    ],
    [
      `${identity.id}/federatedIdentityCredentials/main`,
      { properties: { issuer: "https://i.example", subject: "s", audiences: ["api://AzureADTokenExchange"] } },
    ],
    [`${vault.id}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: "CanNotDelete" } }],
  ];
  for (const [id, body] of made) {
    const type = deployed.azure.resourceTypes.find((row) => row.type === typeOf(id));
    const { status, body: answer } = await ask("PUT", at(type!, id), body);
    if (status >= 300) throw new Error(`${id}: ${status} ${JSON.stringify(answer)}`);
  }
}

/** `Microsoft.KeyVault/vaults/keys` of an id. */
function typeOf(id: string): string {
  const after = id.slice(id.lastIndexOf("/providers/") + "/providers/".length).split("/");
  return [after[0], ...after.slice(1).filter((_, index) => index % 2 === 0)].join("/");
}

/** A resource once no operation on it is under way. */
async function settled(address: string): Promise<Body> {
  for (;;) {
    const { body } = await ask("GET", address);
    const state = (body.properties as { provisioningState?: string } | undefined)?.provisioningState;
    if (state === undefined || !/ing$/.test(state)) return body;
    await new Promise((soon) => setTimeout(soon, 5));
  }
}

/** Types of which Azure itself takes back nothing that it answers. */
const readOnly: Readonly<Record<string, string>> = {
  "Microsoft.Resources/deployments": "an answer has no template",
  "Microsoft.Web/deletedSites": "only read",
  "Microsoft.Web/sites/deploymentStatus": "only read",
  "Microsoft.PolicyInsights/policyStates": "only asked, and in no store",
  "Microsoft.Insights/diagnosticSettingsCategories": "only read, and in no store",
};

test("what every type answers, it takes back: written whole as it was read, nothing has changed", async () => {
  await makeOthers();
  const all = examplesOf(deployed).filter(({ type }) => !(type.type in readOnly));
  const types = deployed.azure.resourceTypes.map(({ type }) => type).filter((type) => !(type in readOnly));
  expect(all.map(({ type }) => type.type)).toEqual(types);
  for (const { type, resource } of all) {
    for (const method of ["PUT", ...(type.methods ?? ["PATCH"])].filter((one) => one !== "DELETE")) {
      const id = type.type === "Microsoft.Web/sites/config" ? resource.id.replace(/[^/]+$/, "web") : resource.id;
      const before = await settled(at(type, id));
      const written = await ask(method, at(type, id), before);
      const what = { type: type.type, method };
      expect({ ...what, status: written.status, ...(written.status >= 300 && written.body) }).toEqual({
        ...what,
        status: method === "PUT" ? (type.updated ?? 200) : 200,
      });
      expect({ ...what, ...stable(await settled(at(type, id))) }).toEqual({ ...what, ...stable(before) });
    }
  }
});

const idsOf = (entries: unknown[]): unknown[] => entries.map((entry) => (entry as { id: unknown }).id);

/** A resource without its tags and without what every write changes: etags and who wrote last, when. */
function stable<T>(value: T): T {
  if (Array.isArray(value)) return value.map((entry: unknown) => stable(entry)) as T;
  if (typeof value !== "object" || value === null) return value;
  const changing = /^(tags|etag|systemData|lastModified\w*|modifiedDate|updated|updatedOn|updatedBy)$/;
  const kept = Object.entries(value).filter(([name]) => !changing.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, stable(inner) as unknown])) as T;
}
