import { fakeAzure, roles } from "./fake-azure";

const version = "api-version=2015-04-01";
const query = (filter: string): string => `${version}&$filter=${encodeURIComponent(filter)}`;
const recently = (): string => `eventTimestamp ge '${new Date(Date.now() - 60_000).toISOString()}'`;

test("the activity log says who wrote what and how it ended, refusals included, and nothing of reads", async () => {
  const azure = fakeAzure();
  const group = `${azure.subscription}/resourceGroups/logged`;
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one-identity`;
  const stranger = "00000000-0000-0000-0000-0000000000aa";
  await azure.ask("PUT", group, { location: "westeurope" });
  await azure.ask("GET", group);
  await azure.ask("PUT", identity, { location: "westeurope" });
  await azure.ask("DELETE", identity, undefined, stranger);
  await azure.ask("DELETE", identity);

  const path = `${azure.subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
  const { status, body } = await azure.ask(
    "GET",
    `${path}?${query(`${recently()} and resourceGroupName eq 'LOGGED'`)}`,
  );
  expect(status).toBe(200);
  const { deployer } = azure.tenant;
  expect(
    body.value.map((event: Record<string, Record<string, unknown>>) => [
      event.operationName?.value,
      event.caller,
      event.status?.value,
      event.subStatus?.value,
    ]),
  ).toEqual([
    [
      "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
      deployer.objectId,
      "Succeeded",
      "OK (HTTP Status Code: 200)",
    ],
    [
      "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
      stranger,
      "Failed",
      "Forbidden (HTTP Status Code: 403)",
    ],
    [
      "Microsoft.ManagedIdentity/userAssignedIdentities/write",
      deployer.objectId,
      "Succeeded",
      "Created (HTTP Status Code: 201)",
    ],
    [
      "Microsoft.Resources/subscriptions/resourceGroups/write",
      deployer.objectId,
      "Succeeded",
      "Created (HTTP Status Code: 201)",
    ],
  ]);
  expect(body.value[2]).toMatchObject({
    resourceId: identity,
    httpRequest: { method: "PUT" },
    resourceGroupName: "logged",
  });

  const failed = await azure.ask("GET", `${path}?${query(`${recently()} and status eq 'Failed'`)}&$top=1`);
  expect(failed.body.value).toHaveLength(1);
});

test("a filter without a time, and one that the log does not know, are refused", async () => {
  const azure = fakeAzure();
  const path = `${azure.subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
  for (const filter of ["caller eq 'x'", `${recently()} and colour eq 'red'`, ""]) {
    expect(await azure.ask("GET", `${path}?${query(filter)}`)).toMatchObject({
      status: 400,
      body: { error: { code: "BadRequest" } },
    });
  }
});

test("who may only tag changes tags, and nothing else", async () => {
  const azure = fakeAzure();
  const group = `${azure.subscription}/resourceGroups/tagged`;
  const tagger = "00000000-0000-0000-0000-0000000000bb";
  await azure.ask("PUT", group, { location: "westeurope", tags: { a: "1" } });
  const tags = `${group}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`;
  const change = { operation: "Merge", properties: { tags: { b: "2" } } };
  expect((await azure.ask("PATCH", tags, change, tagger)).status).toBe(403);
  await azure.assign(tagger, roles.contributor, group);
  expect((await azure.ask("PATCH", tags, change, tagger)).body.properties).toEqual({ tags: { a: "1", b: "2" } });
  const wrong = { operation: "Paint", properties: { tags: {} } };
  expect((await azure.ask("PATCH", tags, wrong)).status).toBe(400);
  expect((await azure.ask("DELETE", tags)).status).toBe(200);
  expect((await azure.ask("GET", group)).body.tags).toEqual({});

  const ofSubscription = `${azure.subscription}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`;
  await azure.ask("PUT", ofSubscription, { properties: { tags: { paid: "by us" } } });
  expect((await azure.ask("GET", azure.subscription)).body.tags).toEqual({ paid: "by us" });
});
