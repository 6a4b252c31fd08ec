import { fakeAzure, roles, type FakeAzure } from "./fake-azure";

let azure: FakeAzure;
let group: string;
const version = "api-version=2024-11-01";
const deployment = (name: string): string => `${group}/providers/Microsoft.Resources/deployments/${name}?${version}`;
const deploy = (name: string, template: unknown, parameters?: unknown, oid?: string): ReturnType<FakeAzure["ask"]> =>
  azure.ask("PUT", deployment(name), { properties: { mode: "Incremental", template, parameters } }, oid);

const template = {
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  parameters: {
    prefix: { type: "string" },
    location: { type: "string", defaultValue: "[resourceGroup().location]" },
    password: { type: "securestring", defaultValue: "" },
  },
  variables: { identity: "[concat(parameters('prefix'), '-identity')]" },
  resources: [
    {
      type: "Microsoft.Storage/storageAccounts/blobServices/containers",
      apiVersion: "2024-01-01",
      name: "[format('{0}account/default/state', parameters('prefix'))]",
      dependsOn: ["[resourceId('Microsoft.Storage/storageAccounts', concat(parameters('prefix'), 'account'))]"],
      properties: {},
    },
    {
      type: "Microsoft.Storage/storageAccounts",
      apiVersion: "2024-01-01",
      name: "[concat(parameters('prefix'), 'account')]",
      location: "[parameters('location')]",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    },
    {
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      apiVersion: "2023-01-31",
      name: "[variables('identity')]",
      location: "[parameters('location')]",
      tags: { text: "[[not an expression]", made: "[deployment().name]" },
    },
    {
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      apiVersion: "2023-01-31",
      name: "left-out",
      condition: "[equals(parameters('prefix'), 'other')]",
      location: "[parameters('location')]",
    },
  ],
  outputs: {
    identity: {
      type: "string",
      value: "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', variables('identity'))]",
    },
  },
};

beforeEach(async () => {
  azure = fakeAzure();
  group = `${azure.subscription}/resourceGroups/templates`;
  await azure.ask("PUT", group, { location: "westeurope" });
});

test("a template's resources come into being in the order of their dependencies, by the parameters given", async () => {
  const answer = await deploy("first", template, { prefix: { value: "bot" }, password: { value: "hidden" } });
  expect(answer.status).toBe(201);
  const operation = await azure.ask("GET", String(answer.headers.get("Azure-AsyncOperation")));
  expect(operation.body.status).toBe("Succeeded");

  const { body } = await azure.ask("GET", deployment("first"));
  expect(body.properties).toMatchObject({
    mode: "Incremental",
    provisioningState: "Succeeded",
    parameters: { prefix: { type: "string", value: "bot" }, password: { type: "securestring" } },
    outputs: {
      identity: {
        type: "string",
        value: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bot-identity`,
      },
    },
  });
  expect(
    body.properties.outputResources.map(({ id }: { id: string }) => id.replace(`${group}/providers/`, "")),
  ).toEqual([
    "Microsoft.Storage/storageAccounts/botaccount",
    "Microsoft.Storage/storageAccounts/botaccount/blobServices/default/containers/state",
    "Microsoft.ManagedIdentity/userAssignedIdentities/bot-identity",
  ]);
  expect(JSON.stringify(body)).not.toContain("hidden");
  const identity = await azure.ask("GET", body.properties.outputs.identity.value);
  expect(identity.body).toMatchObject({
    location: "westeurope",
    tags: { text: "[not an expression]", made: "first" },
  });
});

test("the history of deployments is listed, exported, deleted, and never among the group's resources", async () => {
  for (const name of ["one", "two"]) await deploy(name, { resources: [] });
  const listed = await azure.ask("GET", `${group}/providers/Microsoft.Resources/deployments?${version}`);
  expect(listed.body.value.map(({ name }: { name: string }) => name)).toEqual(["one", "two"]);
  const exported = await azure.ask("POST", deployment("one").replace("?", "/exportTemplate?"));
  expect(exported.body).toEqual({ template: { resources: [] } });
  expect((await azure.ask("GET", `${group}/resources`)).body.value).toEqual([]);
  expect((await azure.ask("DELETE", deployment("one"))).status).toBe(202);
  expect((await azure.ask("GET", deployment("one"))).status).toBe(404);
});

test("a subscription lists the records of its own deployments alone, and deletes them", async () => {
  await deploy("in-group", { resources: [] });
  const id = `${azure.subscription}/providers/Microsoft.Resources/deployments/policy`;
  azure.resources.set({ id, name: "policy", type: "Microsoft.Resources/deployments", properties: {} });
  const all = `${azure.subscription}/providers/Microsoft.Resources/deployments?${version}`;
  expect((await azure.ask("GET", all)).body.value.map(({ name }: { name: string }) => name)).toEqual(["policy"]);
  const written = await azure.ask("PUT", `${id}?${version}`, { properties: { mode: "Incremental", template } });
  expect(written.body.error.message).toContain("does not serve a deployment outside a resource group");
  expect((await azure.ask("DELETE", `${id}?${version}`)).status).toBe(202);
  expect((await azure.ask("GET", all)).body.value).toEqual([]);
});

test("what a resource is refused with fails the deployment, which says so and keeps what came before", async () => {
  const broken = {
    resources: [
      { ...template.resources[2], name: "kept", location: "westeurope", tags: {} },
      { ...template.resources[1], name: "Not-Allowed", location: "westeurope" },
    ],
  };
  const answer = await deploy("broken", broken);
  const operation = await azure.ask("GET", String(answer.headers.get("Azure-AsyncOperation")));
  expect(operation.body).toMatchObject({ status: "Failed", error: { code: "DeploymentFailed" } });
  const { body } = await azure.ask("GET", deployment("broken"));
  expect(body.properties).toMatchObject({
    provisioningState: "Failed",
    error: { code: "DeploymentFailed", details: [{ code: "AccountNameInvalid" }] },
  });
  const kept = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/kept`;
  expect((await azure.ask("GET", kept)).status).toBe(200);
});

test("a template writes with its deployer's rights, not with ARM's", async () => {
  const limited = "00000000-0000-0000-0000-0000000000cc";
  await azure.assign(limited, roles.contributor, group);
  const assignment = {
    type: "Microsoft.Authorization/roleAssignments",
    apiVersion: "2022-04-01",
    name: "00000000-0000-0000-0000-0000000000dd",
    properties: {
      principalId: limited,
      principalType: "ServicePrincipal",
      roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${roles.reader}')]`,
    },
  };
  await deploy("rights", { resources: [assignment] }, undefined, limited);
  const { body } = await azure.ask("GET", deployment("rights"));
  expect(body.properties.error.details[0].code).toBe("AuthorizationFailed");
});

test.each([
  [
    "an unknown function",
    { resources: [{ ...template.resources[2], name: "[guid('x')]" }] },
    "does not serve the template function 'guid'",
  ],
  ["a parameter without a value", template, "The value for the template parameter 'prefix' is not provided."],
  [
    "a broken expression",
    { resources: [{ ...template.resources[2], name: "[concat('a'" + "]" }] },
    "The language expression '[concat('a']' is not valid.",
  ],
  [
    "a copy loop",
    { resources: [{ ...template.resources[2], name: "x", copy: {} }] },
    "does not serve the member 'copy' of a template's resource",
  ],
  [
    "a circle",
    {
      resources: [
        { ...template.resources[2], name: "aaa", location: "westeurope", tags: {}, dependsOn: ["bbb"] },
        { ...template.resources[2], name: "bbb", location: "westeurope", tags: {}, dependsOn: ["aaa"] },
      ],
    },
    "Circular dependency detected",
  ],
])("%s is refused before anything is written", async (_what, refused, message) => {
  const answer = await deploy("refused", refused);
  const code = message.includes("not serve") ? "NotServedByLocalAzure" : "InvalidTemplate";
  expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  expect(answer.body.error.message).toContain(message);
  expect((await azure.ask("GET", deployment("refused"))).status).toBe(404);
});

test("complete mode and linked templates are refused by name", async () => {
  for (const properties of [
    { mode: "Complete", template: { resources: [] } },
    { mode: "Incremental", templateLink: { uri: "https://example.com/t.json" } },
  ]) {
    const answer = await azure.ask("PUT", deployment("other"), { properties });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "NotServedByLocalAzure" } } });
  }
});
