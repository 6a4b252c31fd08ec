import { graphAppId } from "../../../local/azure/entra/graph-permissions";
import { localGraph, refusal, type LocalGraph } from "./local-graph";

let graph: LocalGraph;
beforeAll(async () => {
  graph = await localGraph();
});

const application = async (): Promise<{ id: string; appId: string }> =>
  (await graph.call("POST", "/applications", { displayName: "bot" })).body;
const principalOf = async (appId: string): Promise<{ id: string }> =>
  (await graph.call("POST", "/servicePrincipals", { appId })).body;

test("Microsoft Graph itself is there with its published permissions, for grants to point at", async () => {
  const { body } = await graph.call("GET", `/servicePrincipals?$filter=appId eq '${graphAppId}'`);
  expect(body.value).toHaveLength(1);
  expect(body.value[0].displayName).toBe("Microsoft Graph");
  const ids = Object.fromEntries(
    body.value[0].oauth2PermissionScopes.map(({ value, id }: { value: string; id: string }) => [value, id]),
  );
  expect(ids).toMatchObject({
    "Mail.Read": "570282fd-fa5c-430d-a7fd-fc8dc98a9dca",
    "Mail.Send": "e383f46e-2787-4529-855e-0e479a3ffac0",
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    openid: "37f7f235-527c-4136-accd-4a02d197296e",
    profile: "14dad69e-099b-42c9-810b-d002981feec1",
    offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  });
});

test("a service principal is made for an application of the tenant, once", async () => {
  const { appId } = await application();
  expect((await graph.call("GET", `/servicePrincipals?$filter=appId+eq+'${appId}'`)).body.value).toEqual([]);
  const made = await graph.call("POST", "/servicePrincipals", {
    appId,
    accountEnabled: true,
    description: "x",
    tags: ["t"],
  });
  expect(made).toMatchObject({ status: 201, body: { appId, appDisplayName: "bot", servicePrincipalNames: [appId] } });
  expect((await graph.call("PATCH", `/servicePrincipals/${made.body.id}`, { description: null })).status).toBe(204);
  expect((await graph.call("GET", `/servicePrincipals/${made.body.id}`)).body).toMatchObject({
    description: null,
    tags: ["t"],
  });
  expect(refusal(await graph.call("POST", "/servicePrincipals", { appId })).slice(0, 2)).toEqual([
    409,
    "Request_MultipleObjectsWithSameKeyValue",
  ]);
});

test("the azuread provider finds samlMetadataUrl below /beta, where alone Graph tells it", async () => {
  const { id } = await principalOf((await application()).appId);
  const beta = `https://graph.microsoft.com/beta/servicePrincipals/${id}?$select=samlMetadataUrl`;
  expect((await graph.call("GET", beta)).body.samlMetadataUrl).toBeNull();
  expect((await graph.call("GET", `/servicePrincipals/${id}`)).body).not.toHaveProperty("samlMetadataUrl");
});

test("a service principal of an application that is not there is refused in words the provider waits on", async () => {
  const appId = "4c1c0a0e-0000-4000-8000-000000000000";
  const { status, body } = await graph.call("POST", "/servicePrincipals", { appId });
  expect([status, body.error.code, body.error.message, body.error.details[0].code]).toEqual([
    400,
    "Request_BadRequest",
    `The appId '${appId}' of the service principal does not reference a valid application object.`,
    "NoBackingApplicationObject",
  ]);
});

test("a grant for everyone is made once, widened, found by its client, and goes with the client", async () => {
  const { appId } = await application();
  const client = await principalOf(appId);
  const resource = (await graph.call("GET", `/servicePrincipals(appId='${graphAppId}')`)).body;
  const given = { clientId: client.id, consentType: "AllPrincipals", resourceId: resource.id, scope: "Mail.Read" };
  const made = await graph.call("POST", "/oauth2PermissionGrants", given);
  expect(made).toMatchObject({ status: 201, body: { ...given, principalId: null } });
  expect(refusal(await graph.call("POST", "/oauth2PermissionGrants", given))).toEqual([
    409,
    "Request_MultipleObjectsWithSameKeyValue",
    "Permission entry already exists.",
  ]);
  const path = `/oauth2PermissionGrants/${made.body.id}`;
  expect((await graph.call("PATCH", path, { scope: "Mail.Read Mail.Send" })).status).toBe(204);
  const found = await graph.call("GET", `/oauth2PermissionGrants?$filter=clientId eq '${client.id}'`);
  expect(found.body.value).toMatchObject([{ scope: "Mail.Read Mail.Send" }]);
  await graph.call("DELETE", `/servicePrincipals/${client.id}`);
  expect((await graph.call("GET", path)).status).toBe(404);
});

describe("a caller does only what its token lets it", () => {
  test.each(["Mail.Read", "Application.Read.All"])("%s makes no application", async (scopes) => {
    const token = await graph.tokenOf("Ada", scopes);
    expect(refusal(await graph.call("POST", "/applications", { displayName: "x" }, token))).toEqual([
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    ]);
  });

  test("an application without permissions of its own reads nothing", async () => {
    const { appId } = await application();
    await principalOf(appId);
    const token = await graph.entra.directory.managedIdentityToken(
      graph.entra.directory.addManagedIdentity("bot", "/subscriptions/x").clientId,
      "https://graph.microsoft.com",
    );
    expect((await graph.call("GET", "/applications", undefined, token?.accessToken)).status).toBe(403);
  });

  test("a deployer cut down to its own applications changes those and no others", async () => {
    const own = await localGraph();
    const { directory, azure } = own.entra;
    const other = (await own.call("POST", "/applications", { displayName: "other" })).body;
    const roles = directory.servicePrincipalByAppId(graphAppId)?.appRoles ?? [];
    directory.appRoleAssignments.clear();
    directory.appRoleAssignments.set("one", {
      id: "one",
      principalId: azure.tenant.deployer.objectId,
      resourceId: directory.servicePrincipalByAppId(graphAppId)?.id as string,
      appRoleId: roles.find(({ value }) => value === "Application.ReadWrite.OwnedBy")?.id as string,
      createdDateTime: "2026-01-01T00:00:00Z",
    });
    const response = await own.entra.handle(
      new Request(own.entra.tokenAddress, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: azure.tenant.deployer.clientId,
          client_secret: azure.tenant.deployer.clientSecret,
          scope: "https://graph.microsoft.com/.default",
        }),
      }),
    );
    const { access_token: token } = (await response.json()) as { access_token: string };
    const mine = (await own.call("POST", "/applications", { displayName: "mine" }, token)).body;
    expect((await own.call("PATCH", `/applications/${mine.id}`, { notes: "x" }, token)).status).toBe(204);
    expect((await own.call("PATCH", `/applications/${other.id}`, { notes: "x" }, token)).status).toBe(403);
    expect((await own.call("POST", "/oauth2PermissionGrants", {}, token)).status).toBe(403);
    expect((await own.call("DELETE", `/applications/${mine.id}`, undefined, token)).status).toBe(204);
    const bin = "/directory/deletedItems/microsoft.graph.application";
    expect((await own.call("GET", bin, undefined, token)).status).toBe(403);
    expect((await own.call("DELETE", `/directory/deletedItems/${mine.id}`, undefined, token)).status).toBe(204);
  });
});

test("a managed identity has a service principal from its creation to its removal", async () => {
  const { directory } = graph.entra;
  const { clientId, principalId } = directory.addManagedIdentity("bot-identity", "/subscriptions/s/x");
  expect((await graph.call("GET", `/servicePrincipals/${principalId}`)).body).toMatchObject({
    appId: clientId,
    servicePrincipalType: "ManagedIdentity",
    alternativeNames: ["isExplicit=True", "/subscriptions/s/x"],
  });
  expect(directory.hasServicePrincipal(clientId)).toBe(true);
  directory.removeManagedIdentity(principalId);
  expect(directory.hasServicePrincipal(clientId)).toBe(false);
  await expect(directory.managedIdentityToken(clientId, "https://vault.azure.net")).resolves.toBeUndefined();
});
