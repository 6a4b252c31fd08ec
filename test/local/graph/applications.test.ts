import { randomUUID } from "node:crypto";
import { post } from "../entra/local-entra";
import { localGraph, refusal, type Answer, type LocalGraph } from "./local-graph";

let graph: LocalGraph;
beforeAll(async () => {
  graph = await localGraph();
});

const create = async (given: Record<string, unknown> = {}): Promise<{ id: string; appId: string }> =>
  (await graph.call("POST", "/applications", { displayName: "bot", signInAudience: "AzureADMyOrg", ...given })).body;

test("an application is made, named twice, read and listed as the azuread provider does it", async () => {
  const caller = graph.entra.azure.tenant.deployer.objectId;
  const made = await graph.call("POST", "/applications", {
    "@odata.type": "#microsoft.graph.application",
    "owners@odata.bind": [`https://graph.microsoft.com/v1.0/directoryObjects/${caller}`],
    displayName: "contoso-bot",
    signInAudience: "AzureADMyOrg",
    api: { "@odata.type": "#microsoft.graph.apiApplication", requestedAccessTokenVersion: 2 },
    web: { redirectUris: ["https://token.botframework.com/.auth/web/redirect"] },
    tags: ["pulumi"],
  });
  expect(made).toMatchObject({ status: 201, body: { displayName: "contoso-bot", passwordCredentials: [] } });
  const { id, appId } = made.body;
  expect(await graph.call("PATCH", `/applications/${id}`, { displayName: `TERRAFORM_UPDATE_${randomUUID()}` })).toEqual(
    {
      status: 204,
      body: undefined,
    },
  );
  await graph.call("PATCH", `/applications/${id}`, { displayName: "contoso-bot" });
  expect(await graph.call("GET", `/applications/${id}/owners`)).toMatchObject({ body: { value: [{ id: caller }] } });
  expect((await graph.call("DELETE", `/applications/${id}/owners/${caller}/$ref`)).status).toBe(204);
  expect((await graph.call("GET", `/applications/${id}/owners`)).body.value).toEqual([]);
  const beta = `https://graph.microsoft.com/beta/applications/${id}?$select=oauth2RequirePostResponse`;
  expect((await graph.call("GET", beta)).body.oauth2RequirePostResponse).toBe(false);
  for (const path of [
    `/applications(appId='${appId}')`,
    `/applications(appId=%27${appId}%27)`,
    `/applications/${id}`,
  ]) {
    expect((await graph.call("GET", path)).body).toMatchObject({ id, appId, displayName: "contoso-bot" });
  }
  for (const filter of [
    `appId+eq+'${appId}'`,
    "displayName eq 'Contoso-Bot'",
    "tags/any(t:t eq 'pulumi')",
    "startswith(displayName,'contoso-') and signInAudience eq 'AzureADMyOrg'",
  ]) {
    const { body } = await graph.call("GET", `/applications?$filter=${filter}&$select=id`);
    expect(body.value).toEqual([{ id }]);
  }
});

test("a long list comes in pages, so that a sweep sees every application", async () => {
  const own = await localGraph();
  for (const displayName of ["a", "b", "c"]) await own.call("POST", "/applications", { displayName });
  const seen: string[] = [];
  let next: string | undefined = "/applications?$top=2&$select=displayName";
  while (next) {
    const { body } = (await own.call("GET", next)) as {
      body: { value: { displayName: string }[]; [name: string]: unknown };
    };
    seen.push(...body.value.map(({ displayName }) => displayName));
    next = body["@odata.nextLink"] as string | undefined;
  }
  expect(seen).toEqual(["deployer", "mail reader", "a", "b", "c"]);
});

test("a secret is shown once, works at the token endpoint, and works no more once removed", async () => {
  const { id, appId } = await create();
  await graph.call("POST", "/servicePrincipals", { appId });
  const { body: made } = await graph.call("POST", `/applications/${id}/addPassword`, {
    passwordCredential: { displayName: "bot", endDateTime: "2090-01-01T00:00:00Z" },
  });
  expect(made).toMatchObject({
    displayName: "bot",
    endDateTime: "2090-01-01T00:00:00Z",
    hint: made.secretText.slice(0, 3),
  });
  const { body: read } = await graph.call("GET", `/applications/${id}`);
  expect(read.passwordCredentials).toMatchObject([{ keyId: made.keyId, secretText: null }]);
  expect(JSON.stringify(read)).not.toContain(made.secretText);
  const ask = async (): Promise<number> =>
    (
      await post(graph.entra, graph.entra.tokenAddress, {
        grant_type: "client_credentials",
        client_id: appId,
        client_secret: made.secretText,
        scope: "https://api.botframework.com/.default",
      })
    ).status;
  expect(await ask()).toBe(200);
  expect((await graph.call("POST", `/applications/${id}/removePassword`, { keyId: made.keyId })).status).toBe(204);
  expect(await ask()).toBe(401);
});

test("a change of one nested property leaves the others, as identifier URI and scope are written one by one", async () => {
  const scope = { id: randomUUID(), value: "access_as_user", type: "User", isEnabled: true };
  const { id } = await create({ api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [scope] } });
  const teams = { appId: "1fec8e78-bce4-4aaf-ab1b-5451cc387264", delegatedPermissionIds: [scope.id] };
  expect(
    (await graph.call("PATCH", `/applications/${id}`, { api: { preAuthorizedApplications: [teams] } })).status,
  ).toBe(204);
  expect((await graph.call("GET", `/applications/${id}`)).body.api).toMatchObject({
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [scope],
    preAuthorizedApplications: [teams],
  });
});

describe("a write that Graph refuses is refused here", () => {
  const refused = async (id: string, change: unknown): Promise<[number, string, string]> =>
    refusal(await graph.call("PATCH", `/applications/${id}`, change));

  test("an unknown property, at any depth", async () => {
    const { id } = await create();
    expect(await refused(id, { replyUrls: [] })).toEqual([400, "Request_BadRequest", "Invalid property 'replyUrls'."]);
    expect(await refused(id, { web: { redirectUrls: [] } })).toEqual([
      400,
      "Request_BadRequest",
      "Invalid property 'redirectUrls'.",
    ]);
  });

  test("a missing name, and an audience that does not exist", async () => {
    expect(refusal(await graph.call("POST", "/applications", {}))).toEqual([
      400,
      "Request_BadRequest",
      "A value is required for property 'displayName' of resource 'Application'.",
    ]);
    const { id } = await create();
    expect((await refused(id, { signInAudience: "MultiTenant" }))[2]).toBe(
      "Invalid value specified for property 'signInAudience' of resource 'Application'.",
    );
  });

  test("an identifier URI before the application takes v2 tokens (known mistake 6), but not after", async () => {
    const { id, appId } = await create();
    const change = { identifierUris: [`api://botid-${randomUUID()}`] };
    expect((await refused(id, change)).slice(0, 2)).toEqual([400, "HostNameNotOnVerifiedDomain"]);
    expect((await refused(id, { identifierUris: ["https://fabrikam.example/bot"] }))[1]).toBe(
      "HostNameNotOnVerifiedDomain",
    );
    expect((await graph.call("PATCH", `/applications/${id}`, { identifierUris: [`api://${appId}`] })).status).toBe(204);
    await graph.call("PATCH", `/applications/${id}`, { api: { requestedAccessTokenVersion: 2 } });
    expect((await graph.call("PATCH", `/applications/${id}`, change)).status).toBe(204);
    const other = await create({ api: { requestedAccessTokenVersion: 2 } });
    expect((await refused(other.id, change))[1]).toBe("ObjectConflict");
  });

  test("taking away an enabled scope, which pre-authorised clients still point at", async () => {
    const scope = { id: randomUUID(), value: "access_as_user", type: "User", isEnabled: true };
    const { id } = await create({ api: { oauth2PermissionScopes: [scope] } });
    expect(await refused(id, { api: { oauth2PermissionScopes: [] } })).toEqual([
      400,
      "CannotDeleteOrUpdateEnabledEntitlement",
      "Permission (scope or role) cannot be deleted or updated unless disabled first.",
    ]);
    const disabled = { api: { oauth2PermissionScopes: [{ ...scope, isEnabled: false }] } };
    expect((await graph.call("PATCH", `/applications/${id}`, disabled)).status).toBe(204);
    expect((await graph.call("PATCH", `/applications/${id}`, { api: { oauth2PermissionScopes: [] } })).status).toBe(
      204,
    );
  });

  test("pre-authorising a scope that does not exist yet (known mistake 7)", async () => {
    const { id } = await create();
    const api = { preAuthorizedApplications: [{ appId: randomUUID(), delegatedPermissionIds: [randomUUID()] }] };
    expect((await refused(id, { api })).slice(0, 2)).toEqual([400, "InvalidValue"]);
  });

  test.each(["http://bot.example/redirect", "bot.example", "https://bot.example/#x", "https://*.bot.example/"])(
    "the redirect address %s",
    async (address) => {
      const { id } = await create();
      expect((await refused(id, { web: { redirectUris: [address] } }))[2]).toContain("'redirectUris'");
    },
  );

  test("a secret that ends before it begins", async () => {
    const { id } = await create();
    const answer = await graph.call("POST", `/applications/${id}/addPassword`, {
      passwordCredential: { endDateTime: "2020-01-01T00:00:00Z" },
    });
    expect(refusal(answer)[0]).toBe(400);
  });

  test("an object that is not there", async () => {
    expect(refusal(await graph.call("GET", "/applications/4c1c0a0e-0000-4000-8000-000000000000"))).toEqual([
      404,
      "Request_ResourceNotFound",
      "Resource '4c1c0a0e-0000-4000-8000-000000000000' does not exist or one of its queried reference-property objects are not present.",
    ]);
  });

  test("a path or a method that is missing here is refused in the local Azure's own name: Graph may well have it", async () => {
    expect(refusal(await graph.call("GET", "/me/events?$top=1"))).toEqual([
      400,
      "NotServedByLocalAzure",
      "The local Azure does not serve GET graph.microsoft.com/v1.0/me/events; Microsoft Graph may. docs/local-azure.md lists what it serves.",
    ]);
    expect(refusal(await graph.call("DELETE", "/applications"))[2]).toContain(
      "DELETE graph.microsoft.com/v1.0/applications;",
    );
  });

  test("a version and a query that Graph does not have", async () => {
    expect(refusal(await graph.call("GET", "https://graph.microsoft.com/v2.0/me"))[2]).toBe("Invalid version: v2.0.");
    expect(refusal(await graph.call("GET", "/applications?$expand=owners"))[0]).toBe(400);
    expect(refusal(await graph.call("GET", "/applications?$filter=appId has 'x'"))[1]).toBe("Request_UnsupportedQuery");
    expect(refusal(await graph.call("GET", "/applications?$select=replyUrls"))[2]).toContain("'replyUrls'");
  });
});

test("a deleted application goes to the bin with its service principal, can be restored, and is purged for good", async () => {
  const { id, appId } = await create();
  const { body: principal } = await graph.call("POST", "/servicePrincipals", { appId });
  expect((await graph.call("DELETE", `/applications/${id}`)).status).toBe(204);
  expect((await graph.call("GET", `/applications/${id}`)).status).toBe(404);
  expect((await graph.call("GET", `/servicePrincipals/${principal.id}`)).status).toBe(404);
  const bin = (kind: string): Promise<{ body: { value: { id: string }[] } }> =>
    graph.call("GET", `/directory/deletedItems/microsoft.graph.${kind}?$select=id`);
  expect((await bin("application")).body.value).toContainEqual({ id });
  expect((await bin("servicePrincipal")).body.value).toContainEqual({ id: principal.id });
  expect((await graph.call("POST", `/directory/deletedItems/${id}/restore`)).status).toBe(200);
  expect((await graph.call("POST", `/directory/deletedItems/${principal.id}/restore`)).status).toBe(200);
  expect((await graph.call("GET", `/servicePrincipals(appId='${appId}')`)).body.id).toBe(principal.id);
  await graph.call("DELETE", `/applications/${id}`);
  expect((await graph.call("DELETE", `/directory/deletedItems/${id}`)).status).toBe(204);
  expect((await graph.call("DELETE", `/directory/deletedItems/${principal.id}`)).status).toBe(204);
  expect((await bin("application")).body.value).not.toContainEqual({ id });
  expect((await graph.call("GET", `/directory/deletedItems/${id}`)).status).toBe(404);
});

describe("a batch", () => {
  const batch = (requests: unknown[], token?: string): Promise<Answer> =>
    graph.call("POST", "/$batch", { requests }, token);

  test("answers up to 20 requests at once, each by itself", async () => {
    const { id } = await create();
    const { status, body } = await batch([
      { id: "made", method: "GET", url: `/applications/${id}?$select=id` },
      { id: "none", method: "DELETE", url: `applications/${id.replace(/^./, "x")}` },
      {
        id: "named",
        method: "PATCH",
        url: `/applications/${id}`,
        body: { displayName: "batched" },
        headers: { "Content-Type": "application/json" },
      },
    ]);
    const answers = Object.fromEntries(body.responses.map((one: { id: string }) => [one.id, one]));
    expect([status, answers.made.status, answers.made.body.id, answers.none.status]).toEqual([200, 200, id, 404]);
    expect(answers.none.body.error.code).toBe("Request_ResourceNotFound");
    expect(answers.named).toEqual({ id: "named", status: 204, headers: {}, body: null });
    expect((await graph.call("GET", `/applications/${id}`)).body.displayName).toBe("batched");
  });

  test.each([
    ["more than 20 requests", Array.from({ length: 21 }, (_, at) => ({ id: `${at}`, method: "GET", url: "/users" }))],
    ["the same id twice", ["a", "A"].map((id) => ({ id, method: "GET", url: "/users" }))],
    ["a body without its type", [{ id: "1", method: "PATCH", url: "/applications/x", body: {} }]],
    ["no requests", []],
    ["an order that is not served", [{ id: "1", method: "GET", url: "/users", dependsOn: ["2"] }]],
  ])("is refused with %s", async (_what, requests) => {
    expect((await batch(requests)).status).toBe(400);
  });
});

test("federated credentials are kept one by one, unique by issuer and subject", async () => {
  const { id } = await create();
  const path = `/applications/${id}/federatedIdentityCredentials`;
  const given = {
    name: "ci",
    issuer: "https://ci.example",
    subject: "repo:a",
    audiences: ["api://AzureADTokenExchange"],
  };
  const { status, body } = await graph.call("POST", path, given);
  expect([status, body.subject]).toEqual([201, "repo:a"]);
  const twice = [
    400,
    "InvalidFederatedIdentityCredentialValue",
    "The combination of issuer and subject must be unique for the application. Issuer https://ci.example and Subject: repo:a already exist. " +
      "paramName: FederatedIdentityCredential.Subject, paramValue: repo:a, objectType: Microsoft.Online.DirectoryServices.Application",
  ];
  expect(refusal(await graph.call("POST", path, { ...given, name: "ci-two" }))).toEqual(twice);
  expect(refusal(await graph.call("POST", path, { ...given, subject: "repo:c" })).slice(0, 2)).toEqual([
    409,
    "Request_MultipleObjectsWithSameKeyValue",
  ]);
  const other = (await graph.call("POST", path, { ...given, name: "ci-two", subject: "repo:c" })).body;
  expect(refusal(await graph.call("PATCH", `${path}/${other.id}`, { subject: "repo:a" }))).toEqual(twice);
  expect((await graph.call("DELETE", `${path}/${other.id}`)).status).toBe(204);
  expect((await graph.call("PATCH", `${path}/${body.id}`, { subject: "repo:b" })).status).toBe(204);
  expect((await graph.call("GET", `${path}/${body.id}`)).body.subject).toBe("repo:b");
  expect((await graph.call("DELETE", `${path}/${body.id}`)).status).toBe(204);
  expect((await graph.call("GET", path)).body.value).toEqual([]);
});

describe("the policies for applications", () => {
  const forbidden = { passwordCredentials: [{ restrictionType: "passwordAddition" }] };
  const password = (id: string, days = 30): Promise<Answer> =>
    graph.call("POST", `/applications/${id}/addPassword`, {
      passwordCredential: { endDateTime: new Date(Date.now() + days * 86_400_000).toISOString() },
    });

  test("a new tenant restricts nothing, and says so to whoever may read policies", async () => {
    const { body } = await graph.call("GET", "/policies/defaultAppManagementPolicy");
    expect(body).toMatchObject({ isEnabled: false, applicationRestrictions: { passwordCredentials: [] } });
    const { defaultUserRolePermissions } = (await graph.call("GET", "/policies/authorizationPolicy")).body;
    expect(defaultUserRolePermissions.permissionGrantPoliciesAssigned).toEqual([
      "ManagePermissionGrantsForSelf.microsoft-user-default-recommended",
    ]);
    const nobody = await graph.tokenOf("Sam", "User.Read");
    expect((await graph.call("GET", "/policies/authorizationPolicy", undefined, nobody)).status).toBe(403);
    expect((await graph.call("PATCH", "/policies/defaultAppManagementPolicy", { isEnabled: true })).status).toBe(403);
  });

  test("an administrator forbids passwords, for new applications at once; one with a policy of its own is free of it", async () => {
    const admin = await graph.tokenOf("Ada", "Policy.ReadWrite.ApplicationConfiguration Application.ReadWrite.All");
    const [one, other] = [await create(), await create()];
    const own = await graph.call(
      "POST",
      "/policies/appManagementPolicies",
      { displayName: "free", isEnabled: true },
      admin,
    );
    const reference = { "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${own.body.id}` };
    expect(
      (await graph.call("POST", `/applications/${other.id}/appManagementPolicies/$ref`, reference, admin)).status,
    ).toBe(204);
    const listed = await graph.call("GET", `/applications/${other.id}/appManagementPolicies`);
    expect(listed.body.value).toMatchObject([{ id: own.body.id, isEnabled: true }]);

    const change = { isEnabled: true, applicationRestrictions: forbidden };
    expect((await graph.call("PATCH", "/policies/defaultAppManagementPolicy", change, admin)).status).toBe(204);
    const id = "00000000-0000-0000-0000-000000000000";
    const words = `Credential type not allowed as per assigned policy '${id}'.`;
    expect(refusal(await password(one.id))).toEqual([400, "CredentialTypeNotAllowedAsPerAppPolicy", words]);
    expect((await password(other.id)).status).toBe(200);
    const withSecret = { displayName: "bot", passwordCredentials: [{ displayName: "first" }] };
    expect((await graph.call("POST", "/applications", withSecret)).body.error.code).toBe(
      "CredentialTypeNotAllowedAsPerAppPolicy",
    );

    await graph.call("PATCH", "/policies/defaultAppManagementPolicy", { isEnabled: false }, admin);
    expect((await password(one.id)).status).toBe(200);
  });

  test("users without a role register applications until an administrator takes that from them", async () => {
    const admin = await graph.tokenOf("Ada", "Policy.ReadWrite.Authorization Application.ReadWrite.All");
    const sam = await graph.tokenOf("Sam", "Application.ReadWrite.All");
    const register = async (token: string): Promise<number> =>
      (await graph.call("POST", "/applications", { displayName: "his" }, token)).status;
    expect(await register(sam)).toBe(201);
    const change = (allowedToCreateApps: boolean): Promise<Answer> => {
      const body = { defaultUserRolePermissions: { allowedToCreateApps } };
      return graph.call("PATCH", "/policies/authorizationPolicy", body, admin);
    };
    expect((await change(false)).status).toBe(204);
    expect(await Promise.all([register(sam), register(admin)])).toEqual([403, 201]);
    expect((await change(true)).status).toBe(204);
  });
});
