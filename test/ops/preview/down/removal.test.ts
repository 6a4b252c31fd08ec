import { ownName } from "../../../../infra/facts/names";
import { AzureCalls } from "../../../../ops/azure/azure-calls";
import { othersResources, refuseOthers, refuseUnseen } from "../../../../ops/preview/others-resources";
import { everythingIn, softDeleted } from "../../../engine/support/portal";
import { project, Remains } from "../remains";

let remains: Remains;
let empty: string[];
beforeEach(async () => {
  remains = await Remains.open();
  empty = everythingIn(remains.azure);
});
afterEach(() => remains.close());

const arm = "management.azure.com";
const graph = "graph.microsoft.com";
const refusal = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Promise<Response> => Promise.resolve(Response.json({ error: { code, message } }, { status, headers }));

/** What the local Azure itself says of what is left: nothing but records that nobody can delete. */
async function expectNothing(): Promise<void> {
  expect(everythingIn(remains.azure)).toEqual(empty);
  const { sites: _sites, accounts: _accounts, ...others } = await softDeleted(remains.azure);
  expect(others).toEqual({ vaults: [], workspaces: [], applications: [], principals: [] });
}

test("a preview is found by its tags and names alone, with everything that it left, and removed", async () => {
  await remains.make("pr-7");
  const found = await remains.inventory("pr-7").ask();
  const kinds = found.items.map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(
    ["resource group", "resource", "resource", "resource", "application", "service principal", "grant"].toSorted(),
  );
  expect(found.untold).toEqual([]);
  expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
  await expectNothing();
});

test("nothing of another preview, of another project or of a developer is touched", async () => {
  await remains.make("pr-8");
  await remains.make("dev");
  await remains.application("pr-7", { project: "other", stack: "pr-7" });
  const before = everythingIn(remains.azure);
  await remains.make("pr-7");
  expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
  expect(everythingIn(remains.azure)).toEqual(before);
});

test("what an earlier life left in the bins is emptied: vault, workspace, application and principal", async () => {
  const { group, application } = await remains.make("pr-7");
  await remains.portal.arm("DELETE", group);
  await remains.portal.graph("DELETE", `/applications/${application}`);
  expect(await softDeleted(remains.azure)).toMatchObject({
    vaults: ["vault-pr7"],
    workspaces: ["logs-pr7"],
    accounts: ["statepr7"],
    applications: ["Mail bot (pr-7)"],
    principals: ["Mail bot (pr-7)"],
  });
  expect((await remains.inventory("pr-7").ask()).items.map(({ kind }) => kind).sort()).toEqual([
    "deleted application",
    "deleted service principal",
    "deleted storage account",
    "deleted vault",
    "deleted workspace",
  ]);
  expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
  await expectNothing();
});

test("a bin of many pages is read to its end", async () => {
  const { application } = await remains.make("pr-7");
  const page = async (): Promise<string> => {
    const { id } = await remains.portal.graph<{ id: string }>("POST", "/applications", { displayName: "other" });
    await remains.portal.graph("DELETE", `/applications/${id}`);
    return id;
  };
  for (let count = 0; count < 5; count += 1) await page();
  await remains.portal.graph("DELETE", `/applications/${application}`);
  // Graph gives as many to a page as it likes.
  remains.answer(graph, (request, through) => {
    const url = new URL(request.url);
    if (!url.pathname.includes("deletedItems") || !url.searchParams.has("$top")) return undefined;
    if (url.searchParams.get("$top") === "2") return through();
    url.searchParams.set("$top", "2");
    return remains.azure.call("Microsoft Graph", url.href, { headers: request.headers });
  });
  expect((await remains.inventory("pr-7").ask()).items.map(({ kind }) => kind)).toContain("deleted application");
});

test("role assignments of its identity and records of deployments outside its group are found and removed", async () => {
  const { group } = await remains.make("pr-7");
  const identity = await remains.portal.arm<{ properties: { principalId: string } }>(
    "PUT",
    `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bot`,
    { location: "westeurope" },
  );
  const elsewhere = `${remains.subscription}/resourceGroups/shared`;
  await remains.portal.arm("PUT", elsewhere, { location: "westeurope" });
  const reader = `${remains.subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
  const { principalId } = identity.properties;
  const role = "/providers/Microsoft.Authorization/roleAssignments/6d2b5c1e-0000-4000-8000-000000000001";
  const properties = { roleDefinitionId: reader, principalId, principalType: "ServicePrincipal" };
  await remains.portal.arm("PUT", elsewhere + role, { properties });
  const record = (name: string, ids: string[]): void => {
    const type = "Microsoft.Resources/deployments";
    const outputResources = ids.map((id) => ({ id }));
    remains.azure.resources.set({
      id: `${remains.subscription}/providers/${type}/${name}`,
      name,
      type,
      properties: { outputResources },
    });
  };
  record("policy-ours", [`${group}/providers/Microsoft.Insights/x/y`]);
  record("policy-shared", [
    `${group}/providers/Microsoft.Insights/x/y`,
    `${elsewhere}/providers/Microsoft.Insights/x/y`,
  ]);
  const found = (await remains.inventory("pr-7").ask()).items.map(({ kind, name }) => `${kind} ${name}`);
  expect(found).toEqual(expect.arrayContaining([`role assignment ${elsewhere}`, "deployment policy-ours"]));
  expect(found).not.toContain("deployment policy-shared");
  // Without a state, an untagged identity would be somebody else's.
  await remains.portal.arm("PATCH", `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bot`, {
    tags: { project, stack: "pr-7" },
  });
  expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
  const now = everythingIn(remains.azure).filter((id) => !empty.includes(id));
  expect(now).toEqual(
    [elsewhere, `${remains.subscription}/providers/Microsoft.Resources/deployments/policy-shared`].sort(),
  );
});

describe("a faulty Azure", () => {
  test.each<[what: string, status: number, code: string]>([
    ["conflict", 409, "AnotherOperationInProgress"],
    ["throttling", 429, "TooManyRequests"],
    ["fault of its own", 500, "InternalServerError"],
  ])("that answers each deletion first with a %s ends with nothing left", async (_what, status, code) => {
    await remains.make("pr-7");
    const met = new Set<string>();
    for (const host of [arm, graph]) {
      remains.answer(host, (request) => {
        const { pathname } = new URL(request.url);
        const deletes = request.method === "DELETE" || pathname.endsWith("/purge");
        if (!deletes || met.has(pathname)) return undefined;
        met.add(pathname);
        return refusal(status, code, "Try again.", { "retry-after": "0" });
      });
    }
    expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
    expect(met.size).toBeGreaterThanOrEqual(6);
    await expectNothing();
  });

  test("that refuses for good is quoted, and what it holds counts as left", async () => {
    await remains.make("pr-7");
    remains.answer(arm, ({ method, url }) => {
      if (method !== "DELETE" || !/\/resourceGroups\/[^/]+$/i.test(new URL(url).pathname)) return undefined;
      return refusal(409, "ScopeLocked", "The scope cannot perform delete operation because it is locked.");
    });
    remains.answer(graph, ({ method, url }) =>
      method === "DELETE" && url.includes("deletedItems")
        ? refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        : undefined,
    );
    const { left, reasons } = await remains.remove("pr-7", { inAll: 100, first: 20 });
    expect(left).toEqual(
      [
        "deleted application Mail bot (pr-7)",
        "deleted service principal Mail bot (pr-7)",
        `resource group ${ownName(project, "pr-7")}`,
        "resource statepr7",
        "resource vault-pr7",
      ].sort(),
    );
    expect([...new Set(reasons.values())].sort()).toEqual([
      "Authorization_RequestDenied: Insufficient privileges to complete the operation. Give the deploying identity the " +
        "permission that is missing in Entra: npm run preflight -- <stack> prints the command.",
      "ScopeLocked: The scope cannot perform delete operation because it is locked. Ask whoever set the lock (az lock list " +
        "--resource-group <group> shows it, with its notes), have it taken away (az lock delete --ids <id>), and set it again afterwards.",
    ]);
  });

  test("that says deleted and still has it is not believed", async () => {
    await remains.make("pr-7");
    remains.answer(graph, ({ method, url }) =>
      method === "DELETE" && url.includes("/applications/")
        ? Promise.resolve(new Response(null, { status: 204 }))
        : undefined,
    );
    const { left, reasons } = await remains.remove("pr-7", { inAll: 100, first: 20 });
    expect(left).toEqual([
      "application Mail bot (pr-7)",
      expect.stringMatching(/^grant/),
      "service principal Mail bot (pr-7)",
    ]);
    expect([...reasons.values()]).toEqual([]);
  });

  test("that still shows for a while what is gone is asked again", async () => {
    const { group } = await remains.make("pr-7");
    let shown = 0;
    remains.answer(arm, (request, through) => {
      if (request.method !== "GET" || new URL(request.url).pathname.toLowerCase() !== group.toLowerCase())
        return undefined;
      return through().then((answer) => {
        if (answer.ok || shown === 3) return answer;
        shown += 1;
        const tags = { project, stack: "pr-7" };
        return Response.json({
          id: group,
          name: group.split("/").at(-1),
          type: "Microsoft.Resources/resourceGroups",
          tags,
        });
      });
    });
    expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
    expect(shown).toBe(3);
  });

  test("that does not tell a kind is never taken for clean, and the missing permission is named", async () => {
    remains.answer(arm, ({ url }) =>
      url.includes("deletedVaults") ? refusal(403, "AuthorizationFailed", "You may not read.") : undefined,
    );
    remains.answer(graph, ({ url }) =>
      url.includes("deletedItems")
        ? refusal(403, "Authorization_RequestDenied", "Insufficient privileges.")
        : undefined,
    );
    expect(await remains.remove("pr-7")).toMatchObject({
      left: ["deleted application not told", "deleted service principal not told", "deleted vault not told"],
    });
    expect((await remains.inventory("pr-7").ask()).untold).toContainEqual({
      kind: "deleted application",
      why:
        "Authorization_RequestDenied: Insufficient privileges. Give the deploying identity the permission that is missing in " +
        "Entra: npm run preflight -- <stack> prints the command. It is Application.Read.All.",
    });
  });

  test("that does not tell what the group holds is a reason to delete nothing", async () => {
    await remains.make("pr-7");
    remains.answer(arm, ({ url }) =>
      new URL(url).pathname.endsWith("/resources")
        ? refusal(403, "AuthorizationFailed", "You may not read.")
        : undefined,
    );
    const inventory = remains.inventory("pr-7");
    const found = await inventory.ask();
    expect(() => refuseUnseen(found)).toThrow(/does not tell what bot-sign-in-pr-7-\w+ holds: Auth.*Nothing was/);
  });

  test("that cannot be reached is one sentence", async () => {
    const calls = new AzureCalls({
      token: () => Promise.resolve("x"),
      fetch: () => Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") })),
      wait: () => Promise.resolve(),
      now: () => Date.now(),
    });
    await expect(calls.find(remains.subscription, "2021-04-01")).rejects.toMatchObject({
      code: "azure-refused",
      message: expect.stringMatching(
        /^https:\/\/management\.azure\.com cannot be reached: .*Check the network/,
      ) as string,
    });
  });
});

test("a workspace in the bin is taken out of it without touching a group that is somebody else's by now", async () => {
  const { group } = await remains.make("pr-7");
  await remains.portal.arm("DELETE", group);
  await remains.portal.arm("PUT", group, { location: "westeurope" });
  await remains.storage(group, "theirs");
  const { left } = await remains.remove("pr-7", { inAll: 100, first: 20 });
  expect(left).toEqual([expect.stringMatching(/^resource group/), "resource theirs"]);
  expect((await softDeleted(remains.azure)).workspaces).toEqual([]);
});

test("a group that gets somebody else's resource meanwhile is not deleted", async () => {
  const { group } = await remains.make("pr-7");
  let first = true;
  // The first deletion fails; before the second somebody is at work.
  remains.answer(arm, ({ method, url }) => {
    if (!first || method !== "DELETE" || new URL(url).pathname.toLowerCase() !== group.toLowerCase()) return undefined;
    first = false;
    return remains
      .storage(group, "theirs")
      .then(() => refusal(409, "AnotherOperationInProgress", "Try again.", { "retry-after": "0" }));
  });
  const { left, reasons } = await remains.remove("pr-7", { inAll: 200, first: 20 });
  expect(left).toContain("resource theirs");
  expect(reasons.get(group.toLowerCase())).toBe("the group holds what is not the preview's: theirs");
  const { items } = await remains.inventory("pr-7").ask();
  expect(othersResources({ items }, { project, stack: "pr-7" }, undefined).map(({ name }) => name)).toEqual(["theirs"]);
});

const at = (group: string, type: string, name: string): string => `${group}/providers/${type}/${name}`;
const marksOfPost = { project, stack: "pr-7", component: "post", expires: "2026-01-01T00:00:00Z" };

test("two components of a stack are found and removed, each with its own group; of another stack's nothing is", async () => {
  await remains.make("pr-8", { component: "post" });
  const before = everythingIn(remains.azure);
  await remains.make("pr-7");
  await remains.make("pr-7", { component: "post" }, "post");
  const { items } = await remains.inventory("pr-7").ask();
  expect(items.flatMap(({ kind, name }) => (kind === "resource group" ? [name] : [])).sort()).toEqual(
    [ownName(project, "pr-7"), ownName(`${project}/post`, "pr-7")].sort(),
  );
  expect(items.filter(({ kind }) => kind === "resource")).toHaveLength(6);
  expect(items.filter(({ kind }) => kind === "application")).toHaveLength(2);
  expect(await remains.remove("pr-7")).toMatchObject({ left: [] });
  expect(everythingIn(remains.azure)).toEqual(before);
  const { sites: _sites, accounts: _accounts, ...others } = await softDeleted(remains.azure);
  expect(others).toEqual({ vaults: [], workspaces: [], applications: [], principals: [] });
});

test("a component's group whose tags somebody took away is known by the tags of its applications, and nothing of it deleted", async () => {
  const { group } = await remains.make("pr-7", { component: "post" });
  await remains.portal.arm("PATCH", group, { tags: {} });
  const { left } = await remains.remove("pr-7", { inAll: 100, first: 20 });
  expect(left).toContain(`resource group ${ownName(`${project}/post`, "pr-7")}`);
});

test("somebody else's resource in one component's group keeps that group alone", async () => {
  await remains.make("pr-7");
  const { group } = await remains.make("pr-7", { component: "post" }, "post");
  await remains.storage(group, "theirs");
  const { left } = await remains.remove("pr-7", { inAll: 100, first: 20 });
  expect(left).toContain(`resource group ${ownName(`${project}/post`, "pr-7")}`);
  expect(left).not.toContain(`resource group ${ownName(project, "pr-7")}`);
});

describe("in a resource group of others", () => {
  let shared: string;
  let theirs: string[];
  beforeEach(async () => {
    shared = `${remains.subscription}/resourceGroups/shared`;
    await remains.portal.arm("PUT", shared, { location: "westeurope", tags: { owner: "kim" } });
    await remains.storage(shared, "theirs");
    // A copy of somebody's that took the tags along.
    await remains.storage(shared, "copied", marksOfPost);
    await remains.vault(shared, "keys");
    theirs = everythingIn(remains.azure);
  });

  /** What a component that was handed the group leaves in it, and a role and a secret in the vault of others. */
  async function leave(): Promise<void> {
    const here = "bot-sign-in-post-pr-7-abcd1234";
    await remains.storage(shared, "botsigninpostpr7abcd1234", marksOfPost);
    await remains.vault(shared, "bot-sign-in-pos-abcd1234", marksOfPost);
    const logs = at(shared, "Microsoft.OperationalInsights/workspaces", here);
    await remains.portal.arm("PUT", logs, { location: "westeurope", tags: marksOfPost });
    const plan = at(shared, "Microsoft.Web/serverfarms", here);
    await remains.portal.arm("PUT", plan, {
      location: "westeurope",
      tags: marksOfPost,
      kind: "linux",
      sku: { name: "B1", tier: "Basic" },
      properties: { reserved: true },
    });
    await remains.portal.arm("PUT", at(shared, "Microsoft.Web/sites", here), {
      location: "westeurope",
      tags: marksOfPost,
      kind: "app,linux",
      properties: { serverFarmId: plan },
    });
    const identity = await remains.portal.arm<{ properties: { principalId: string } }>(
      "PUT",
      at(shared, "Microsoft.ManagedIdentity/userAssignedIdentities", here),
      { location: "westeurope", tags: marksOfPost },
    );
    const vault = at(shared, "Microsoft.KeyVault/vaults", "keys");
    const role = at(vault, "Microsoft.Authorization/roleAssignments", "6d2b5c1e-0000-4000-8000-000000000001");
    const secretsUser = `${remains.subscription}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`;
    await remains.portal.arm("PUT", role, {
      properties: {
        roleDefinitionId: secretsUser,
        principalId: identity.properties.principalId,
        principalType: "ServicePrincipal",
      },
    });
    for (const [name, tags] of [
      ["post-password", marksOfPost],
      ["their-password", {}],
    ] as const) {
      await remains.portal.arm("PUT", `${vault}/secrets/${name}`, { tags, properties: { value: "x" } });
    }
  }

  test("what a component left is removed one by one, and what is theirs stays as it was, a copy with our tags too", async () => {
    await leave();
    const { left, reasons } = await remains.remove("pr-7");
    expect(left).toEqual(["resource elsewhere copied", expect.stringMatching(/^secret elsewhere .*post-password$/)]);
    const secret = `${at(shared, "Microsoft.KeyVault/vaults", "keys")}/secrets/post-password`.toLowerCase();
    expect(reasons.get(secret)).toMatch(
      /^ForbiddenByRbac: Caller is not authorized[^]* Give it: az role assignment create --role "Key Vault Secrets Officer" --assignee \S+ --scope \S+\/vaults\/keys, and run it again some minutes later\.$/i,
    );
    expect(reasons.get(at(shared, "Microsoft.Storage/storageAccounts", "copied").toLowerCase())).toBe(
      "it is in a group that is not the preview's, so a person has to judge",
    );
    expect(everythingIn(remains.azure).filter((id) => !/\/secrets\//.test(id))).toEqual(theirs);
    const { vaults, workspaces } = await softDeleted(remains.azure);
    expect({ vaults, workspaces }).toEqual({ vaults: [], workspaces: [] });
  });

  test("its secret in a vault of others goes, where whoever removes it has a role there, and theirs stays", async () => {
    await leave();
    const vault = at(shared, "Microsoft.KeyVault/vaults", "keys");
    const officer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    await remains.portal.arm(
      "PUT",
      at(vault, "Microsoft.Authorization/roleAssignments", "6d2b5c1e-0000-4000-8000-000000000002"),
      {
        properties: {
          roleDefinitionId: `${remains.subscription}/providers/Microsoft.Authorization/roleDefinitions/${officer}`,
          principalId: remains.azure.tenant.deployer.objectId,
          principalType: "ServicePrincipal",
        },
      },
    );
    expect(await remains.remove("pr-7")).toMatchObject({ left: ["resource elsewhere copied"] });
    const secrets = everythingIn(remains.azure).filter((id) => /\/secrets\//.test(id));
    expect(secrets).toEqual([`${vault}/secrets/their-password`]);
    const bin = await remains.portal.data("GET", "https://keys.vault.azure.net/deletedsecrets?api-version=7.4");
    expect(JSON.parse(bin)).toMatchObject({ value: [] });
  });

  test("its passwords at an application of others go, and theirs stays", async () => {
    await leave();
    await remains.make("pr-7", { component: "post" }, "post");
    const { id } = await remains.portal.graph<{ id: string }>("POST", "/applications", { displayName: "Company" });
    const [of7, of8] = [ownName(`${project}/post`, "pr-7"), ownName(`${project}/post`, "pr-8")];
    for (const displayName of [of7, `${of7} 2`, of8, `${of8} 2`, "theirs"]) {
      await remains.portal.graph("POST", `/applications/${id}/addPassword`, { passwordCredential: { displayName } });
    }
    await remains.remove("pr-7");
    const { passwordCredentials } = await remains.portal.graph<{ passwordCredentials: { displayName: string }[] }>(
      "GET",
      `/applications/${id}`,
    );
    expect(passwordCredentials.map(({ displayName }) => displayName)).toEqual([of8, `${of8} 2`, "theirs"]);
  });

  test("what Azure keeps of it for a while is on the receipt, and what it keeps of theirs is not", async () => {
    await leave();
    await remains.portal.arm("DELETE", at(shared, "Microsoft.Storage/storageAccounts", "theirs"));
    const inventory = remains.inventory("pr-7");
    const before = await inventory.ask();
    await remains.remove("pr-7");
    const kept = (await inventory.ask(before)).items.filter((item) => item.kept);
    expect(kept.map(({ name }) => name).sort()).toEqual(["bot-sign-in-post-pr-7-abcd1234", "botsigninpostpr7abcd1234"]);
  });
});

test("the commands about what others have are typed as they stand: names in brackets, and tags beside those that are there", () => {
  const id = "/subscriptions/s/resourceGroups/bot(1)";
  const group = { kind: "resource group", id, name: "bot(1)", tags: {} } as const;
  const database = {
    kind: "resource",
    id: `${id}/providers/A.B/c/d`,
    name: "d",
    type: "A.B/c",
    group: "bot(1)",
    tags: {},
  } as const;
  const refused =
    (...others: Parameters<typeof refuseOthers>[2]): (() => void) =>
    () =>
      refuseOthers("7", { project, stack: "pr-7" }, others);
  expect(refused(group)).toThrow(
    `az tag update --operation Merge --resource-id '${id}' --tags project=${project} stack=pr-7`,
  );
  expect(refused(database)).toThrow(`az resource delete --ids '${id}/providers/A.B/c/d'`);
});
