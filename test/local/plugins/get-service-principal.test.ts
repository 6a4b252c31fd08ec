import { createPlugins } from "../../../local/plugins";
import type { Properties } from "../../../infra/provider/envelope";
import { Recorder } from "./recorder";

const v1 = "graph.microsoft.com/v1.0/servicePrincipals";
const object = "33333333-3333-4333-8333-333333333333";
const appId = "22222222-2222-4222-8222-222222222222";
const principal = {
  id: object,
  appId,
  displayName: "Orders",
  accountEnabled: true,
  servicePrincipalNames: [appId, "https://orders.contoso.com"],
  servicePrincipalType: "Application",
  oauth2PermissionScopes: [{ id: "s", value: "Orders.Read", type: "Admin", isEnabled: true }],
  appRoles: [{ id: "r", value: "Orders.All", isEnabled: true, origin: "Application" }],
};
const by = (filter: string): string => `GET ${v1}?${new URLSearchParams({ $filter: filter })}`;
const beta = `GET graph.microsoft.com/beta/servicePrincipals/${object}?$select=samlMetadataUrl`;
const select =
  "accountEnabled,appId,appOwnerOrganizationId,appRoleAssignmentRequired,displayName,id,preferredSingleSignOnMode," +
  "servicePrincipalNames,servicePrincipalType,signInAudience,tags";

async function look(recorder: Recorder, name: string, inputs: Properties): Promise<Properties> {
  const azuread = createPlugins(recorder.session).azuread!;
  const { outputs } = await azuread.invoke(`azuread:index/${name}:${name}`, inputs);
  return outputs as Properties;
}

test.each([
  ["client id", { clientId: appId }, by(`appId eq '${appId}'`)],
  ["name", { displayName: "Bob's orders" }, by("displayName eq 'Bob''s orders'")],
])(
  "an API is found by its %s with the permissions that it publishes, by the calls of the real provider",
  async (_by, inputs, call) => {
    const recorder = new Recorder().on(call, { value: [principal] }).on(beta, { samlMetadataUrl: null });
    expect(await look(recorder, "getServicePrincipal", inputs)).toMatchObject({
      id: `/servicePrincipals/${object}`,
      objectId: object,
      clientId: appId,
      displayName: "Orders",
      accountEnabled: true,
      type: "Application",
      servicePrincipalNames: ["https://orders.contoso.com"],
      oauth2PermissionScopes: [{ id: "s", value: "Orders.Read", type: "Admin", enabled: true }],
      oauth2PermissionScopeIds: { "Orders.Read": "s" },
      appRoleIds: { "Orders.All": "r" },
      samlMetadataUrl: "",
    });
    expect(recorder.lines).toEqual([call, beta]);
  },
);

const denied = {
  status: 403,
  body: {
    error: { code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation." },
  },
};

test.each([
  ["no such client id", { clientId: appId }, { value: [] }, "No service principal found: no service principal found"],
  ["no such name", { displayName: "Orders" }, { value: [] }, "no service principals found matching filter"],
  [
    "two of the name",
    { displayName: "Orders" },
    { value: [principal, principal] },
    "Multiple service principals found",
  ],
  [
    "no right to look",
    { clientId: appId },
    denied,
    "unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied",
  ],
])("where there is %s, the program reads the provider's words", async (_what, inputs, answer, words) => {
  const recorder = new Recorder().on(by(`appId eq '${appId}'`), answer).on(by("displayName eq 'Orders'"), answer);
  await expect(look(recorder, "getServicePrincipal", inputs)).rejects.toThrow(words);
});

test("which one is meant has to be said in one way", async () => {
  await expect(look(new Recorder(), "getServicePrincipal", {})).rejects.toThrow("none is given");
  await expect(look(new Recorder(), "getServicePrincipal", { clientId: appId, displayName: "x" })).rejects.toThrow(
    "clientId and displayName are given",
  );
});

test("all of a tenant are read page after page, as the provider reads them", async () => {
  const first = `GET ${v1}?${new URLSearchParams({ $select: select })}`;
  const second = `GET ${v1}?$skiptoken=2`;
  const recorder = new Recorder()
    .on(first, { value: [principal], "@odata.nextLink": `https://${v1}?$skiptoken=2` })
    .on(second, { value: [{ ...principal, id: "other", appId: "other", servicePrincipalNames: ["other"] }] })
    .on(beta, {});
  const { clientIds, servicePrincipals } = await look(recorder, "getServicePrincipals", { returnAll: true });
  expect(clientIds).toEqual([appId, "other"]);
  expect((servicePrincipals as Properties[]).map((one) => one.servicePrincipalNames)).toEqual([
    ["https://orders.contoso.com"],
    [],
  ]);
  expect(recorder.lines.filter((line) => line.includes("/v1.0/"))).toEqual([first, second]);
});
