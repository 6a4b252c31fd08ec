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
    const { objectId } = azure.tenant.people[0]!;
    expect((await azure.ask("PUT", assignment(group), body({ principalId: objectId }))).body.error).toEqual({
      code: "UnmatchedPrincipalType",
      message: `The PrincipalId '${objectId.replaceAll("-", "")}' has type 'User' , which is different from specified PrinciaplType 'ServicePrincipal'.`,
    });
    expect((await azure.ask("PUT", assignment(group), body({ principalId: "me" }))).body.error).toEqual({
      code: "InvalidPrincipalId",
      message: "The Principal ID 'me' is not valid. Principal ID must be a GUID.",
    });
    expect(await put({}, "reader")).toEqual([400, "InvalidRoleAssignmentId"]);
    const untyped = body({ principalId: objectId, principalType: undefined });
    expect((await azure.ask("PUT", assignment(group), untyped)).status).toBe(201);
  });

  test("a scope lists what is assigned at it, above it and below it", async () => {
    await azure.ask("PUT", assignment(group), body());
    const scopes = async (scope: string, filter: string): Promise<string[]> => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
      const { body: answer } = await azure.ask("GET", `${path}&api-version=2022-04-01`);
      return answer.value.map(({ properties }: { properties: { scope: string } }) => properties.scope);
    };
    expect(await scopes(group, "")).toEqual([azure.subscription, azure.subscription, group]);
    expect(await scopes(group, `principalId eq '${subject}'`)).toEqual([group]);
    expect(await scopes(azure.subscription, "atScope()")).toEqual([azure.subscription, azure.subscription]);
  });

  test("built-in roles are found by name and by id, and none can be written", async () => {
    const at = `${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
    const filter = encodeURIComponent("roleName eq 'Key Vault Secrets User'");
    const { body: found } = await azure.ask("GET", `${at}?$filter=${filter}&api-version=2022-04-01`);
    expect(found.value).toMatchObject([{ id: role(roles.secretsUser), properties: { type: "BuiltInRole" } }]);
    expect((await azure.ask("GET", role(roles.reader))).body.properties.roleName).toBe("Reader");
    expect((await azure.ask("GET", role(randomUUID()))).status).toBe(404);
    expect(code(await azure.ask("PUT", role(roles.reader), own("Mine")))).toEqual([
      403,
      "RoleDefinitionWriteNotSupported",
    ]);
  });

  const own = (roleName: string): object => ({
    properties: {
      roleName,
      assignableScopes: [azure.subscription],
      permissions: [{ actions: ["Microsoft.Web/*/read"], notActions: ["Microsoft.Web/serverfarms/read"] }],
    },
  });

  test("a role of one's own gives what it lists and not what it takes away, and has a name of its own", async () => {
    const id = role(randomUUID());
    expect((await azure.ask("PUT", id, own("Looks on"))).body.properties).toMatchObject({
      roleName: "Looks on",
      type: "CustomRole",
      permissions: [{ actions: ["Microsoft.Web/*/read"], dataActions: [], notDataActions: [] }],
    });
    expect((await azure.ask("PUT", assignment(group), body({ roleDefinitionId: id }))).status).toBe(201);
    const may = (action: string): boolean => azure.roles.allows(subject, action, group, "control");
    expect([may("Microsoft.Web/sites/read"), may("Microsoft.Web/serverfarms/read")]).toEqual([true, false]);
    expect(may("Microsoft.Web/sites/write")).toBe(false);
    expect(code(await azure.ask("PUT", role(randomUUID()), own("looks ON")))).toEqual([
      409,
      "RoleDefinitionWithSameNameExists",
    ]);
  });
});

describe("what an identity trusts and what a workspace keeps", () => {
  const identity = (): string => `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pipeline`;
  const trust = (name: string, properties: object): Promise<Answer> =>
    azure.ask("PUT", `${identity()}/federatedIdentityCredentials/${name}`, { properties });
  const main = { issuer: "https://i.example", subject: "main", audiences: ["api://AzureADTokenExchange"] };

  test("an identity trusts nobody half, and no subject twice, in Azure's own words", async () => {
    await azure.ask("PUT", identity(), { location });
    const refused = async (asked: Promise<Answer>): Promise<[number, string]> => {
      const { status, body } = await asked;
      return [status, body.error.message];
    };
    expect(await refused(trust("main", { ...main, subject: undefined }))).toEqual([
      400,
      expect.stringContaining("must specify 'issuer', 'subject' and 'audience'"),
    ]);
    expect((await trust("main", main)).status).toBe(201);
    expect((await trust("main", main)).status).toBe(200);
    expect(await refused(trust("second", main))).toEqual([
      409,
      "Issuer and subject combination already exists for this Managed Identity.",
    ]);
    await azure.ask("DELETE", identity());
    expect((await trust("main", main)).status).toBe(404);
  });

  test("a workspace's keys stay the same, and a retention that it cannot have is refused", async () => {
    const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
    await azure.ask("PUT", workspace, { location, properties: {} });
    const first = await azure.ask("POST", `${workspace}/sharedKeys`);
    expect((await azure.ask("POST", `${workspace}/sharedKeys`)).body).toEqual(first.body);
    const short = await azure.ask("PUT", workspace, { location, properties: { retentionInDays: 10 } });
    expect([short.status, short.body.error.code]).toEqual([400, "BadRequest"]);
  });
});
