import { randomUUID } from "node:crypto";
import { fakeAzure, roles, type Answer, type FakeAzure } from "./fake-azure";

const location = "westeurope";
const subject = "11111111-1111-4111-8111-111111111111";
let azure: FakeAzure;
let group: string;

beforeEach(async () => {
  azure = fakeAzure();
  group = `${azure.subscription}/resourceGroups/bots`;
  await azure.ask("PUT", group, { location });
});

describe("role assignments", () => {
  const role = (guid: string): string =>
    `${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  const assignment = (scope: string, name: string = randomUUID()): string =>
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const body = (properties: object = {}): object => ({
    properties: {
      principalId: subject,
      principalType: "ServicePrincipal",
      roleDefinitionId: role(roles.reader),
      ...properties,
    },
  });
  const code = ({ status, body: { error } }: Answer): [number, string] => [status, error.code];

  test("an assignment shows its scope and who made it, and holds below its scope", async () => {
    const made = await azure.ask("PUT", assignment(group), body());
    expect(made).toMatchObject({
      status: 201,
      body: {
        type: "Microsoft.Authorization/roleAssignments",
        properties: { scope: group, principalId: subject, createdBy: null, condition: null },
      },
    });
    const { createdBy } = (await azure.ask("GET", made.body.id)).body.properties;
    expect(createdBy).toBe(azure.tenant.deployer.objectId);
    const inside = `${group}/providers/Microsoft.Web/sites/x`;
    expect(azure.roles.allows(subject, "Microsoft.Web/sites/read", inside, "control")).toBe(true);
    expect(azure.roles.allows(subject, "Microsoft.Web/sites/read", `${group}2`, "control")).toBe(false);
    expect(azure.roles.allows(subject, "Microsoft.Web/sites/read", azure.subscription, "control")).toBe(false);
    await azure.ask("DELETE", made.body.id);
    expect(azure.roles.allows(subject, "Microsoft.Web/sites/read", inside, "control")).toBe(false);
  });

  test("the same role for the same principal at the same scope is refused under another name", async () => {
    const name = randomUUID();
    await azure.ask("PUT", assignment(group, name), body());
    expect((await azure.ask("PUT", assignment(group, name), body())).status).toBe(201);
    expect(code(await azure.ask("PUT", assignment(group), body()))).toEqual([409, "RoleAssignmentExists"]);
    const other = await azure.ask("PUT", assignment(group, name), body({ principalId: randomUUID() }));
    expect(code(other)).toEqual([400, "RoleAssignmentUpdateNotPermitted"]);
  });

  test("roles, principals and names that do not exist are refused", async () => {
    const put = async (properties: object, name?: string): Promise<[number, string]> =>
      code(await azure.ask("PUT", assignment(group, name), body(properties)));
    expect(await put({ roleDefinitionId: role(randomUUID()) })).toEqual([404, "RoleDefinitionDoesNotExist"]);
    expect(await put({ principalType: undefined })).toEqual([400, "PrincipalNotFound"]);
    expect(await put({ principalId: "me" })).toEqual([400, "InvalidPrincipalId"]);
    expect(await put({}, "reader")).toEqual([400, "InvalidRoleAssignmentId"]);
    const person = azure.tenant.people[0]!.objectId;
    expect(
      (await azure.ask("PUT", assignment(group), body({ principalId: person, principalType: undefined }))).status,
    ).toBe(201);
  });

  test("a scope lists what is assigned at it, above it and below it", async () => {
    await azure.ask("PUT", assignment(group), body());
    const scopes = async (scope: string, filter: string): Promise<string[]> => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
      const { body: answer } = await azure.ask("GET", `${path}&api-version=2022-04-01`);
      return answer.value.map(({ properties }: { properties: { scope: string } }) => properties.scope);
    };
    expect(await scopes(group, "")).toEqual([azure.subscription, group]);
    expect(await scopes(group, `principalId eq '${subject}'`)).toEqual([group]);
    expect(await scopes(azure.subscription, "atScope()")).toEqual([azure.subscription]);
  });

  test("built-in roles are found by name and by id, and none can be written", async () => {
    const at = `${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
    const filter = encodeURIComponent("roleName eq 'Key Vault Secrets User'");
    const { body: found } = await azure.ask("GET", `${at}?$filter=${filter}&api-version=2022-04-01`);
    expect(found.value).toMatchObject([{ id: role(roles.secretsUser), properties: { type: "BuiltInRole" } }]);
    expect((await azure.ask("GET", role(roles.reader))).body.properties.roleName).toBe("Reader");
    expect((await azure.ask("GET", role(randomUUID()))).status).toBe(404);
    expect((await azure.ask("PUT", role(randomUUID()), {})).status).toBe(403);
  });
});

test("a managed identity keeps its principal over a second PUT, and its principal goes with it", async () => {
  const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bot-identity`;
  const made = await azure.ask("PUT", id, { location });
  expect(made.status).toBe(201);
  const nowhere = await azure.ask("PUT", `${id}-2`, { location: "global" });
  expect([nowhere.status, nowhere.body.error.code]).toEqual([400, "LocationNotAvailableForResourceType"]);
  const { principalId, clientId, tenantId } = made.body.properties;
  expect(tenantId).toBe(azure.tenant.tenantId);
  const again = await azure.ask("PUT", id, { location, tags: { a: "b" } });
  expect(again).toMatchObject({ status: 200, body: { properties: { principalId, clientId, tenantId } } });
  await azure.ask("DELETE", id);
  expect(azure.removedPrincipals).toEqual([principalId]);
});

describe("Log Analytics", () => {
  const workspace = (): string => `${group}/providers/Microsoft.OperationalInsights/workspaces/bot-logs`;
  const settings = (target: string, name = "logs"): string =>
    `${target}/providers/Microsoft.Insights/diagnosticSettings/${name}`;

  test("a deleted workspace comes back with its id within 14 days, unless it was deleted by force", async () => {
    const put = async (): Promise<string> =>
      (await azure.ask("PUT", workspace(), { location })).body.properties.customerId;
    const first = await put();
    await azure.ask("DELETE", workspace());
    const bin = `${azure.subscription}/providers/Microsoft.OperationalInsights/deletedWorkspaces`;
    expect((await azure.ask("GET", bin)).body.value).toHaveLength(1);
    expect(await put()).toBe(first);
    await azure.ask("DELETE", `${workspace()}?force=true&api-version=2023-09-01`);
    expect(await put()).not.toBe(first);
    await azure.ask("DELETE", workspace());
    azure.clock.advance(15 * 24 * 3_600_000);
    expect((await azure.ask("GET", bin)).body.value).toEqual([]);
  });

  test("a new workspace is being created until it is read, as clients of the real one see it", async () => {
    const state = async (method: string, body?: object): Promise<string> =>
      (await azure.ask(method, workspace(), body)).body.properties.provisioningState;
    expect(await state("PUT", { location })).toBe("Creating");
    expect(await state("GET")).toBe("Succeeded");
    expect(await state("PUT", { location, tags: { a: "b" } })).toBe("Succeeded");
  });

  test("a retention or tier that does not exist is refused", async () => {
    const put = async (properties: object): Promise<number> =>
      (await azure.ask("PUT", workspace(), { location, properties })).status;
    expect(await put({ sku: { name: "PerGB2018" }, retentionInDays: 20 })).toBe(400);
    expect(await put({ sku: { name: "Cheap" } })).toBe(400);
    expect(await put({ sku: { name: "PerGB2018" }, retentionInDays: 30 })).toBe(201);
  });

  test("a diagnostic setting needs a workspace that exists and a category that its resource has", async () => {
    const put = (properties: object, name?: string): Promise<Answer> =>
      azure.ask("PUT", settings(workspace(), name), { properties });
    await azure.ask("PUT", workspace(), { location });
    const logs = [{ category: "Audit", enabled: true }];
    const message = async (answer: Promise<Answer>): Promise<string> => (await answer).body.error.message;
    expect(await message(put({ workspaceId: workspace(), logs: [{ category: "Chat", enabled: true }] }))).toBe(
      "Category 'Chat' is not supported. Supported: Audit, SummaryLogs.",
    );
    expect(await message(put({ workspaceId: `${workspace()}2`, logs }))).toBe(
      "The Resource 'Microsoft.OperationalInsights/workspaces/bot-logs2' under resource group 'bots' was not found. " +
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    );
    expect(await message(put({ logs }))).toBe("At least one data sink needs to be specified.");
    const made = await put({ workspaceId: workspace(), logs });
    expect(made).toMatchObject({
      status: 200,
      body: { id: settings(workspace()), properties: { storageAccountId: null } },
    });
    expect((await put({ workspaceId: workspace(), logs }, "twice")).status).toBe(409);
    expect((await azure.ask("GET", settings(workspace(), ""))).body.value).toHaveLength(1);
    expect((await azure.ask("PUT", settings(`${workspace()}2`), {})).status).toBe(404);
  });
});
