import { z } from "zod";
import { envelope, providerError } from "../../../local/azure/arm";
import type { ResourceType } from "../../../local/azure/arm/resource-type";
import { fakeAzure, roles, type FakeAzure } from "./fake-azure";

const told: string[] = [];

/** A made-up service with a parent, a child, actions and immutables: all that the table can say. */
const machines: ResourceType[] = [
  {
    type: "Microsoft.Test/machines",
    apiVersions: ["2024-01-01", "2022-01-01"],
    name: { pattern: /^[a-z-]{2,20}$/i },
    immutable: ["properties.model"],
    body: z.strictObject({
      location: z.string(),
      tags: z.record(z.string(), z.string()).optional(),
      properties: z.strictObject({ model: z.string().optional(), size: z.number().optional() }).optional(),
    }),
    write: (_context, machine) => void (machine.properties["provisioningState"] = "Succeeded"),
    delete: (_context, machine) => {
      if (machine.tags?.["locked"]) throw providerError(409, "ScopeLocked", "The machine is locked.");
    },
    deleted: (_context, machine) => void told.push(machine.name),
    show: (machine, answer) => ({ ...envelope(machine), ...(answer === "LIST" ? { properties: {} } : {}) }),
    actions: {
      start: ({ caller }, machine) => ({ started: machine.name, by: caller.oid }),
      "parts/{part}/list": ({ names }) => ({ part: names["part"] }),
    },
    reads: { "status/current": () => ({ running: true }) },
    namespaceActions: { "POST checkNameAvailability": ({ body }) => ({ asked: body["name"] }) },
  },
  {
    type: "Microsoft.Test/machines/parts",
    level: "parent",
    apiVersions: ["2024-01-01"],
    deleted: (_context, part) => void told.push(part.name),
  },
  {
    type: "Microsoft.Test/engines",
    apiVersions: ["2024-01-01"],
    asynchronous: { put: 5_000, delete: 5_000 },
    write: (_context, engine) => void (engine.properties["provisioningState"] = "Succeeded"),
  },
  {
    type: "Microsoft.Test/boilers",
    apiVersions: ["2024-01-01"],
    notBuiltIn: (name) => providerError(404, "BoilerNotFound", `There is no boiler ${name}.`),
    asynchronous: { put: 5_000, style: "state", state: "HeatingUp" },
    write: (_context, boiler) => void (boiler.properties["provisioningState"] = "Succeeded"),
  },
];

const location = "westeurope";
const providers = "/providers/Microsoft.Test";
let azure: FakeAzure;
let group: string;
let machine: string;

beforeEach(async () => {
  told.length = 0;
  azure = fakeAzure(machines);
  group = `${azure.subscription}/resourceGroups/Bots`;
  machine = `${group}${providers}/machines/One`;
  expect((await azure.ask("PUT", group, { location: "West Europe" })).status).toBe(201);
});

describe("resource groups", () => {
  test("a group is made once, found in any spelling, and keeps its spelling and place", async () => {
    const found = await azure.ask("GET", group.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"));
    expect(found).toMatchObject({
      status: 200,
      body: { id: group, name: "Bots", location, properties: { provisioningState: "Succeeded" } },
    });
    expect((await azure.ask("PUT", group.toLowerCase(), { location, tags: { a: "b" } })).status).toBe(200);
    expect((await azure.ask("GET", group)).body).toMatchObject({ id: group, tags: { a: "b" } });
    expect((await azure.ask("PUT", group, { location: "eastus" })).body.error).toEqual({
      code: "InvalidResourceGroupLocation",
      message: "Invalid resource group location 'eastus'. The Resource group already exists in location 'westeurope'.",
    });
  });

  test("deleting a group takes everything in it along, and the poll says so", async () => {
    await azure.ask("PUT", machine, { location });
    await azure.ask("PUT", `${machine}/parts/wheel`, {});
    const gone = await azure.ask("DELETE", group);
    expect(gone.status).toBe(202);
    expect((await azure.ask("GET", gone.headers.get("Location")!)).status).toBe(200);
    expect((await azure.ask("GET", group)).body.error.code).toBe("ResourceGroupNotFound");
    expect((await azure.ask("HEAD", group)).status).toBe(404);
    expect(told).toEqual(["wheel", "One"]);
  });

  test("a resource that refuses to go keeps its group, and the poll tells which", async () => {
    await azure.ask("PUT", machine, { location, tags: { locked: "yes" } });
    const gone = await azure.ask("DELETE", group);
    const told = await azure.ask("GET", gone.headers.get("Location")!);
    expect([told.status, told.body.error.code]).toEqual([409, "ResourceGroupDeletionBlocked"]);
    expect(told.body.error.details).toEqual([
      { code: "ScopeLocked", target: machine, message: "The machine is locked." },
    ]);
    expect((await azure.ask("GET", group)).status).toBe(200);
  });

  test("the group's resources are listed, by type where asked, a page at a time", async () => {
    for (const name of ["aa", "bb", "cc"])
      await azure.ask("PUT", `${group}${providers}/machines/${name}`, { location });
    await azure.ask("PUT", `${group}${providers}/engines/v8`, { location });
    const filter = encodeURIComponent("resourceType eq 'Microsoft.Test/machines'");
    const first = await azure.ask("GET", `${group}/resources?$filter=${filter}&$top=2&api-version=2024-03-01`);
    expect(first.body.value.map(({ name }: { name: string }) => name)).toEqual(["aa", "bb"]);
    const second = await azure.ask("GET", first.body.nextLink);
    expect(second.body.value.map(({ name }: { name: string }) => name)).toEqual(["cc"]);
    expect(second.body.nextLink).toBeUndefined();
  });
});

describe("resources", () => {
  test("a resource is created, read in any spelling, changed, listed and deleted", async () => {
    const made = await azure.ask("PUT", machine, { location: "West Europe", properties: { model: "T" } });
    expect(made).toMatchObject({
      status: 201,
      body: { id: machine, name: "One", type: "Microsoft.Test/machines", location, properties: { model: "T" } },
    });
    const lower = machine.toLowerCase().replace("/resourcegroups/", "/resourceGroups/");
    expect((await azure.ask("GET", lower)).body.id).toBe(machine);
    const patched = await azure.ask("PATCH", machine, { tags: { a: "b" }, properties: { size: 4 } });
    expect(patched.body).toMatchObject({ tags: { a: "b" }, properties: { model: "T", size: 4 } });
    expect((await azure.ask("PUT", machine, { location })).status).toBe(200);
    expect((await azure.ask("GET", machine)).body.properties).toEqual({ model: "T", provisioningState: "Succeeded" });
    expect((await azure.ask("GET", `${group}${providers}/machines`)).body.value).toMatchObject([
      { id: machine, properties: {} },
    ]);
    expect((await azure.ask("GET", `${azure.subscription}${providers}/machines`)).body.value).toHaveLength(1);
    expect((await azure.ask("HEAD", machine)).status).toBe(204);
    expect((await azure.ask("DELETE", machine)).status).toBe(200);
    expect((await azure.ask("DELETE", machine)).status).toBe(204);
    expect((await azure.ask("HEAD", machine)).status).toBe(404);
  });

  test("a child needs its parent and goes with it", async () => {
    const part = `${machine}/parts/wheel`;
    expect((await azure.ask("PUT", part, {})).body.error).toEqual({
      code: "ParentResourceNotFound",
      message: "Can not perform requested operation on nested resource. Parent resource 'One' not found.",
    });
    await azure.ask("PUT", machine, { location });
    expect((await azure.ask("PUT", part.replace("One", "ONE"), {})).body.id).toBe(part);
    expect((await azure.ask("GET", `${machine}/parts`)).body.value).toHaveLength(1);
    await azure.ask("DELETE", machine);
    expect(azure.resources.get(part)).toBeUndefined();
  });

  test("actions and reads below a resource are found with their names", async () => {
    await azure.ask("PUT", machine, { location });
    expect((await azure.ask("POST", `${machine}/START`)).body).toEqual({
      started: "One",
      by: azure.tenant.deployer.objectId,
    });
    expect((await azure.ask("POST", `${machine}/parts/wheel/list`)).body).toEqual({ part: "wheel" });
    expect((await azure.ask("GET", `${machine}/status/current`)).body).toEqual({ running: true });
    const free = await azure.ask("POST", `${azure.subscription}${providers}/checkNameAvailability`, { name: "x" });
    expect(free.body).toEqual({ asked: "x" });
    expect((await azure.ask("POST", `${providers}/checkNameAvailability`, { name: "y" })).body).toEqual({ asked: "y" });
  });

  test("a long-running PUT and DELETE are polled to their end", async () => {
    const engine = `${group}${providers}/engines/v8`;
    const made = await azure.ask("PUT", engine, { location });
    expect([made.status, made.headers.get("Retry-After"), made.body.properties.provisioningState]).toEqual([
      201,
      "5",
      "Creating",
    ]);
    const poll = made.headers.get("Azure-AsyncOperation")!;
    expect(poll).toContain(`${azure.subscription}${providers}/locations/westeurope/operationStatuses/`);
    expect((await azure.ask("GET", poll)).body.status).toBe("InProgress");
    azure.clock.advance(5_001);
    expect((await azure.ask("GET", poll)).body.status).toBe("Succeeded");
    expect((await azure.ask("GET", engine)).body.properties.provisioningState).toBe("Succeeded");
    const gone = await azure.ask("DELETE", engine);
    expect(gone.status).toBe(202);
    expect((await azure.ask("GET", gone.headers.get("Location")!)).status).toBe(202);
    azure.clock.advance(5_001);
    expect((await azure.ask("GET", gone.headers.get("Location")!)).status).toBe(200);
  });
});

test("a creation without an operation says its state until it is done, and an update is done at once", async () => {
  const boiler = `${group}${providers}/boilers/one`;
  const state = async (method: string, body?: object): Promise<[number, string, string | null]> => {
    const { status, body: answer, headers } = await azure.ask(method, boiler, body);
    return [status, answer.properties.provisioningState, headers.get("Location")];
  };
  expect(await state("PUT", { location })).toEqual([201, "HeatingUp", null]);
  expect(await state("GET")).toEqual([200, "HeatingUp", null]);
  azure.clock.advance(5_001);
  expect(await state("GET")).toEqual([200, "Succeeded", null]);
  expect(await state("PUT", { location, tags: { a: "b" } })).toEqual([200, "Succeeded", null]);
});

describe("refusals", () => {
  const put = (path: string, body?: unknown): Promise<[number, string, string]> => refusal("PUT", path, body);
  async function refusal(method: string, path: string, body?: unknown): Promise<[number, string, string]> {
    const { status, body: answer } = await azure.ask(method, path, body);
    return [status, answer.error.code, answer.error.message];
  }

  test("an absent resource is named with its group", async () => {
    expect(await refusal("GET", machine)).toEqual([
      404,
      "ResourceNotFound",
      "The Resource 'Microsoft.Test/machines/One' under resource group 'Bots' was not found. " +
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ]);
    expect(await put(machine.replace("Bots", "other"), { location })).toEqual([
      404,
      "ResourceGroupNotFound",
      "Resource group 'other' could not be found.",
    ]);
  });

  test("what Azure builds in at the tenant is not there, and no right is asked for to hear so", async () => {
    expect(await refusal("GET", `${providers}/boilers/steam`)).toEqual([
      404,
      "BoilerNotFound",
      "There is no boiler steam.",
    ]);
  });

  test("unknown subscriptions, namespaces, types and api-versions are refused", async () => {
    const none = "/subscriptions/00000000-0000-0000-0000-000000000000";
    expect((await refusal("GET", none))[1]).toBe("SubscriptionNotFound");
    expect(await refusal("GET", `${group}/providers/Microsoft.Nothing/machines/x`)).toEqual([
      404,
      "InvalidResourceNamespace",
      "The resource namespace 'Microsoft.Nothing' is invalid.",
    ]);
    expect((await put(`${group}${providers}/wheels/x`, { location }))[2]).toBe(
      "The resource type 'wheels' could not be found in the namespace 'Microsoft.Test' for api version '2024-01-01'.",
    );
    expect(await put(`${machine}?api-version=2020-01-01`, { location })).toEqual([
      400,
      "NoRegisteredProviderFound",
      expect.stringContaining(
        "for location 'westeurope' and API version '2020-01-01' for type 'machines'. " +
          "The supported api-versions are '2024-01-01, 2022-01-01'.",
      ),
    ]);
    const check = `${providers}/checkNameAvailability?api-version=2020-01-01`;
    expect((await refusal("POST", check, { name: "x" }))[1]).toBe("NoRegisteredProviderFound");
    const noType = `${group}/providers/Microsoft.Resources/wheels/x?api-version=2024-03-01`;
    expect((await put(noType, {}))[1]).toBe("InvalidResourceType");
    expect((await refusal("GET", `${group}?api-version=1`))[1]).toBe("InvalidApiVersionParameter");
  });

  test("what Azure has and only the local Azure lacks is told in its own name", async () => {
    const gap = (what: string): [number, string, string] => [
      400,
      "NotServedByLocalAzure",
      `The local Azure does not serve ${what}; Azure does. docs/local-azure.md lists what it serves.`,
    ];
    const version = "api-version=2024-03-01";
    expect(await put(`${group}/providers/Microsoft.Resources/deploymentStacks/x?${version}`, {})).toEqual(
      gap("PUT Microsoft.Resources/deploymentStacks/{name}"),
    );
    expect(await refusal("GET", `${group}/providers/Microsoft.Compute/virtualMachines/x?${version}`)).toEqual(
      gap("the namespace Microsoft.Compute"),
    );
    expect(await refusal("POST", `${group}/exportTemplate?${version}`)).toEqual([
      400,
      "NotServedByLocalAzure",
      expect.stringContaining("; Azure may."),
    ]);
  });

  test("a body that does not say that it is JSON is refused", async () => {
    const request = new Request(`https://management.azure.com${group}?api-version=2024-03-01`, {
      method: "PUT",
      body: JSON.stringify({ location }),
      headers: {
        Authorization: azure.bearer(azure.tenant.deployer.objectId, "https://management.azure.com"),
        "content-type": "text/plain",
      },
    });
    const answer = await azure.arm.service.handle(request);
    expect([answer.status, await answer.json()]).toEqual([
      415,
      {
        error: {
          code: "UnsupportedMediaType",
          message: "The content media type 'text/plain' is not supported. Only 'application/json' is supported.",
        },
      },
    ]);
  });

  test("a request without an api-version is refused", async () => {
    const request = new Request(`https://management.azure.com${group}`, {
      headers: { Authorization: azure.bearer(azure.tenant.deployer.objectId, "https://management.azure.com") },
    });
    const answer = await azure.arm.service.handle(request);
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      "MissingApiVersionParameter",
    ]);
  });

  test.each([
    ["malformed JSON", "{", "InvalidRequestContent"],
    ["an unknown member", { location, colour: "red" }, "InvalidRequestContent"],
    ["an unknown property", { location, properties: { colour: "red" } }, "InvalidRequestContent"],
    ["a property of another kind", { location, properties: { size: "big" } }, "InvalidRequestContent"],
    ["no location", {}, "LocationRequired"],
    ["a location that does not exist", { location: "atlantis" }, "LocationNotAvailableForResourceType"],
  ])("a body with %s is refused", async (_what, body, code) => {
    expect((await put(machine, body)).slice(0, 2)).toEqual([400, code]);
  });

  test("an unknown member is named with its path and place", async () => {
    expect((await put(machine, { location, colour: "red" }))[2]).toBe(
      "The request content was invalid and could not be deserialized: 'Could not find member 'colour' on object of " +
        "type 'ResourceDefinition'. Path 'colour', line 1, position 34.'.",
    );
    expect((await put(machine, { location, properties: { colour: "red" } }))[2]).toContain(
      "'Could not find member 'colour' on object of type 'machines'. Path 'properties.colour'",
    );
  });

  test("names, moves and immutable properties are refused", async () => {
    expect((await put(`${group}${providers}/machines/x`, { location }))[1]).toBe("InvalidResourceName");
    await azure.ask("PUT", machine, { location, properties: { model: "T" } });
    expect(await put(machine, { location: "eastus" })).toEqual([
      409,
      "InvalidResourceLocation",
      "The resource 'One' already exists in location 'westeurope' in resource group 'Bots'. A resource with the same " +
        "name cannot be created in location 'eastus'. Please select a new resource name.",
    ]);
    expect(await put(machine, { location, properties: { model: "A" } })).toEqual([
      409,
      "PropertyChangeNotAllowed",
      "Changing property 'properties.model' is not allowed.",
    ]);
    expect((await refusal("PATCH", machine, { properties: { model: "A" } }))[0]).toBe(409);
  });

  test("a namespace that is not registered refuses writes until it is", async () => {
    azure.arm.unregistered.add("microsoft.test");
    expect(await put(machine, { location })).toEqual([
      409,
      "MissingSubscriptionRegistration",
      "The subscription is not registered to use namespace 'Microsoft.Test'. " +
        "See https://aka.ms/rps-not-found for how to register subscriptions.",
    ]);
    const at = `${azure.subscription}${providers}`;
    expect((await azure.ask("GET", at)).body.registrationState).toBe("NotRegistered");
    expect((await azure.ask("POST", `${at}/register`)).body.registrationState).toBe("Registered");
    expect((await azure.ask("PUT", machine, { location })).status).toBe(201);
  });
});

describe("who may", () => {
  const stranger = "11111111-1111-4111-8111-111111111111";

  test("without a token, with an old one, or with one for another audience ARM answers 401", async () => {
    const ask = async (authorization?: string): Promise<[number, string, string | null]> => {
      const headers: Record<string, string> = authorization ? { Authorization: authorization } : {};
      const url = `https://management.azure.com${group}?api-version=2024-03-01`;
      const answer = await azure.arm.service.handle(new Request(url, { headers }));
      const { error } = (await answer.json()) as { error: { code: string } };
      return [answer.status, error.code, answer.headers.get("WWW-Authenticate")];
    };
    const authority = `Bearer authorization_uri="https://login.windows.net/${azure.tenant.tenantId}", error="invalid_token"`;
    expect(await ask()).toEqual([401, "AuthenticationFailed", expect.stringContaining(authority)]);
    expect((await ask(azure.bearer("expired", "https://management.azure.com")))[1]).toBe("ExpiredAuthenticationToken");
    expect((await ask(azure.bearer("x", "https://graph.microsoft.com")))[1]).toBe("InvalidAuthenticationTokenAudience");
  });

  test("a principal without a role is refused by name, action and scope", async () => {
    const { status, body } = await azure.ask("PUT", machine, { location }, stranger);
    expect([status, body.error]).toEqual([
      403,
      {
        code: "AuthorizationFailed",
        message:
          `The client 'app of ${stranger}' with object id '${stranger}' does not have authorization to perform action ` +
          `'Microsoft.Test/machines/write' over scope '${machine}' or the scope is invalid. ` +
          "If access was recently granted, please refresh your credentials.",
      },
    ]);
  });

  test("a reader reads and does not write; a contributor writes and assigns no roles", async () => {
    await azure.assign(stranger, roles.reader, group);
    expect((await azure.ask("GET", group, undefined, stranger)).status).toBe(200);
    expect((await azure.ask("PUT", machine, { location }, stranger)).status).toBe(403);
    await azure.assign(stranger, roles.contributor, group);
    expect((await azure.ask("PUT", machine, { location }, stranger)).status).toBe(201);
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/22222222-2222-4222-8222-222222222222`;
    expect((await azure.ask("PUT", assignment, {}, stranger)).body.error.code).toBe("AuthorizationFailed");
    expect((await azure.ask("GET", azure.subscription, undefined, stranger)).status).toBe(403);
  });
});

test("the subscription, its tenant, regions and namespaces can be looked up", async () => {
  const { subscriptionId, tenantId } = azure.tenant;
  expect((await azure.ask("GET", "/subscriptions")).body.value).toMatchObject([{ subscriptionId, tenantId }]);
  expect((await azure.ask("GET", "/tenants")).body.value).toMatchObject([{ tenantId }]);
  const regions = (await azure.ask("GET", `${azure.subscription}/locations`)).body.value;
  expect(regions).toContainEqual(expect.objectContaining({ name: "westeurope", displayName: "West Europe" }));
  const { body } = await azure.ask("GET", `${azure.subscription}/providers`);
  expect(body.value.map(({ namespace }: { namespace: string }) => namespace)).toEqual([
    "Microsoft.Authorization",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.PolicyInsights",
    "Microsoft.Resources",
    "Microsoft.Storage",
    "Microsoft.Test",
  ]);
});
