import { createPlugins } from "../../../local/plugins";
import { secret, type Properties } from "../../../infra/provider/envelope";
import { PartlyMade } from "../../../local/plugins/error";
import { Recorder, urn } from "./recorder";

const v1 = "graph.microsoft.com/v1.0";
const beta = "graph.microsoft.com/beta";
const appId = "22222222-2222-4222-8222-222222222222";
const object = "33333333-3333-4333-8333-333333333333";
const app = `${v1}/applications/${object}`;
const applicationId = `/applications/${object}`;

const of = (recorder: Recorder) => createPlugins(recorder.session).azuread!;
const type = (name: string): string => urn(`azuread:index/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`);

describe("azuread.Application", () => {
  const inputs = {
    displayName: "Mail bot",
    owners: ["someone"],
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{ id: "s", value: "access_as_user", type: "User", enabled: true }],
    },
    web: { redirectUris: ["https://t/r"], implicitGrant: { idTokenIssuanceEnabled: false } },
    requiredResourceAccesses: [{ resourceAppId: "g", resourceAccesses: [{ id: "r", type: "Scope" }] }],
    optionalClaims: { idTokens: [{ name: "upn" }] },
  };
  const graphApp = {
    id: object,
    appId,
    displayName: "Mail bot",
    signInAudience: "AzureADMyOrg",
    publisherDomain: "contoso.example",
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{ id: "s", value: "access_as_user", type: "User", isEnabled: true }],
    },
    web: { redirectUris: ["https://t/r"], implicitGrantSettings: { enableIdTokenIssuance: false } },
    requiredResourceAccess: [{ resourceAppId: "g", resourceAccess: [{ id: "r", type: "Scope" }] }],
    optionalClaims: { idToken: [{ name: "upn" }] },
  };
  const scripted = () =>
    new Recorder()
      .on(`POST ${v1}/applications`, { status: 201, body: graphApp })
      .on(`PATCH ${app}`, { status: 204 })
      .on(`DELETE ${app}/owners/deployer-object/$ref`, { status: 204 })
      .on(`GET ${app}`, graphApp)
      .on(`GET ${app}/owners`, { value: [{ id: "someone" }] });

  test("is made with the calls of the real provider, in their order", async () => {
    const recorder = scripted();
    const { id, outs } = await of(recorder).create(type("Application"), inputs);
    expect(id).toBe(applicationId);
    expect(recorder.lines).toEqual([
      `POST ${v1}/applications`,
      `PATCH ${app}`,
      `PATCH ${app}`,
      `DELETE ${app}/owners/deployer-object/$ref`,
      `GET ${app}`,
      `GET ${beta}/applications/${object}?$select=oauth2RequirePostResponse`,
      `GET ${app}/owners`,
    ]);
    const { id: _id, appId: _appId, publisherDomain: _domain, ...body } = graphApp;
    expect(recorder.body("POST")).toEqual({
      ...body,
      "owners@odata.bind": [`https://${v1}/directoryObjects/deployer-object`, `https://${v1}/directoryObjects/someone`],
    });
    expect(recorder.sent[1]?.body).toEqual({ displayName: expect.stringMatching(/^TERRAFORM_UPDATE_/) as string });
    expect(recorder.sent[2]?.body).toEqual({ displayName: "Mail bot" });
    expect(outs).toEqual({
      ...inputs,
      signInAudience: "AzureADMyOrg",
      objectId: object,
      clientId: appId,
      publisherDomain: "contoso.example",
      oauth2PermissionScopeIds: { access_as_user: "s" },
      appRoleIds: {},
      __inputs: inputs,
    });
  });

  test("keeps the deployer as owner where the program names it", async () => {
    const recorder = scripted();
    await of(recorder).create(type("Application"), { ...inputs, owners: ["deployer-object"] });
    expect(recorder.lines.filter((line) => line.startsWith("DELETE"))).toEqual([]);
  });

  test("an update patches, and brings the owners to the wanted ones", async () => {
    const recorder = scripted()
      .on(`GET ${app}/owners`, { value: [{ id: "someone" }, { id: "old" }] })
      .on(`POST ${app}/owners/$ref`, { status: 204 })
      .on(`DELETE ${app}/owners/old/$ref`, { status: 204 });
    const news = { displayName: "New", owners: ["someone", "new"] };
    await of(recorder).update(applicationId, type("Application"), {}, news);
    expect(recorder.body("PATCH")).toEqual({
      displayName: "New",
      signInAudience: "AzureADMyOrg",
      api: { requestedAccessTokenVersion: 1 },
    });
    expect(recorder.body("POST")).toEqual({ "@odata.id": `https://${v1}/directoryObjects/new` });
    expect(recorder.lines).toContain(`DELETE ${app}/owners/old/$ref`);
  });

  test("an input that Graph would not get is refused, not lost", async () => {
    const recorder = new Recorder();
    await expect(of(recorder).create(type("Application"), { displayName: "x", logoImage: "AAAA" })).rejects.toThrow(
      "input logoImage is not mapped to Graph: add it to local/plugins/azuread/",
    );
    expect(recorder.lines).toEqual([]);
  });

  test("a refusal by Graph reads as the real provider's", async () => {
    const error = { code: "Authorization_RequestDenied", message: "Insufficient privileges." };
    const recorder = new Recorder().on(`POST ${v1}/applications`, { status: 403, body: { error } });
    await expect(of(recorder).create(type("Application"), inputs)).rejects.toThrow(
      "Could not create application: unexpected status 403 (403 Forbidden) with error: " +
        "Authorization_RequestDenied: Insufficient privileges.",
    );
  });

  test("a 404 and a 409 right after it was made are waited out, because Entra spreads a new application slowly", async () => {
    const conflict = { error: { code: "Error_MsaAppDoesNotExist", message: "The corresponding MSA application ..." } };
    const recorder = scripted().on(
      `PATCH ${app}`,
      { status: 404 },
      { status: 409, body: conflict },
      { status: 404 },
      { status: 204 },
    );
    expect((await of(recorder).create(type("Application"), inputs)).id).toBe(applicationId);
    expect(recorder.slept).toEqual([1_000, 2_000, 4_000]);
  });

  test("one that is made and then refused is kept, so that the next up goes on with it", async () => {
    const error = { code: "Authorization_RequestDenied", message: "Insufficient privileges." };
    const recorder = scripted().on(`PATCH ${app}`, { status: 403, body: { error } });
    const refused = await of(recorder)
      .create(type("Application"), { ...inputs, notes: secret("hush") })
      .catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(PartlyMade);
    expect(refused).toMatchObject({
      id: applicationId,
      message: expect.stringContaining("Authorization_RequestDenied") as string,
      properties: { displayName: "Mail bot", notes: secret("hush") },
    });
  });

  test("429 is repeated after the time that the answer names, and 424 after growing waits", async () => {
    const recorder = scripted().on(
      `POST ${v1}/applications`,
      { status: 429, headers: { "retry-after": "7" } },
      { status: 424 },
      { status: 424 },
      { status: 201, body: graphApp },
    );
    await of(recorder).create(type("Application"), inputs);
    expect(recorder.slept).toEqual([7_000, 2_000, 4_000]);
  });

  test("preventDuplicateNames refuses a second application of that name", async () => {
    const filter = new URLSearchParams({ $filter: "displayName eq 'Mail bot'" });
    const recorder = new Recorder().on(`GET ${v1}/applications?${filter}`, { value: [graphApp] });
    const create = of(recorder).create(type("Application"), { ...inputs, preventDuplicateNames: true });
    await expect(create).rejects.toThrow('an application named "Mail bot" exists, and preventDuplicateNames is set');
  });

  test("a refresh sees what is gone; a deletion takes it for deleted", async () => {
    expect((await of(new Recorder()).read(applicationId, type("Application"), {})).id).toBe("");
    await of(new Recorder()).delete(applicationId, type("Application"), {});
  });
});

describe("azuread.ServicePrincipal", () => {
  const list = `GET ${v1}/servicePrincipals?${new URLSearchParams({ $filter: `appId eq '${appId}'` })}`;
  const principal = { id: object, appId, displayName: "Mail bot", servicePrincipalType: "Application" };
  const path = `${v1}/servicePrincipals/${object}`;

  test("is made with the calls of the real provider", async () => {
    const recorder = new Recorder()
      .on(list, { value: [] })
      .on(`POST ${v1}/servicePrincipals`, { status: 201, body: principal })
      .on(`PATCH ${path}`, { status: 204 })
      .on(`DELETE ${path}/owners/deployer-object/$ref`, { status: 204 })
      .on(`GET ${path}`, principal)
      .on(`GET ${path}/owners`, { value: [] });
    const { id, outs } = await of(recorder).create(type("ServicePrincipal"), { clientId: appId });
    expect(id).toBe(`/servicePrincipals/${object}`);
    expect(outs).toMatchObject({ objectId: object, clientId: appId, displayName: "Mail bot", type: "Application" });
    expect(recorder.body("POST")).toEqual({
      appId,
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      description: expect.stringMatching(/^TERRAFORM_UPDATE_/) as string,
      "owners@odata.bind": [`https://${v1}/directoryObjects/deployer-object`],
    });
    expect(recorder.body("PATCH")).toEqual({ description: null });
    expect(recorder.lines.slice(0, 4)).toEqual([
      list,
      `POST ${v1}/servicePrincipals`,
      `PATCH ${path}`,
      `DELETE ${path}/owners/deployer-object/$ref`,
    ]);
  });

  test("its POST waits for the application to spread, its PATCH does not: it is kept", async () => {
    const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    const recorder = new Recorder()
      .on(list, { value: [] })
      .on(
        `POST ${v1}/servicePrincipals`,
        { status: 400, body: { error: { code: "Request_BadRequest", message } } },
        { status: 201, body: principal },
      )
      .on(`PATCH ${path}`, { status: 404 });
    const create = of(recorder).create(type("ServicePrincipal"), { clientId: appId });
    await expect(create).rejects.toMatchObject({ id: `/servicePrincipals/${object}`, status: 404 });
    expect(recorder.slept).toEqual([1_000]);
  });

  test("an existing one is taken only where the program says so, and left in place afterwards", async () => {
    const recorder = new Recorder().on(list, { value: [principal] }).on(`GET ${path}`, principal);
    await expect(of(recorder).create(type("ServicePrincipal"), { clientId: appId })).rejects.toThrow(
      `a service principal for client id ${appId} exists (${object}): set useExisting to take it`,
    );
    const made = await of(recorder).create(type("ServicePrincipal"), { clientId: appId, useExisting: true });
    expect(made.id).toBe(`/servicePrincipals/${object}`);
    await of(recorder).delete(made.id, type("ServicePrincipal"), made.outs);
    expect(recorder.lines.filter((line) => !line.startsWith("GET"))).toEqual([]);
  });
});

describe("azuread.ApplicationPassword", () => {
  const made = { keyId: "k1", displayName: "p", endDateTime: "2027-01-01T00:00:00Z", secretText: "hush" };
  const urnOf = type("ApplicationPassword");

  test("is made, found on its application, and its value is secret", async () => {
    const recorder = new Recorder()
      .on(`GET ${app}`, { id: object, passwordCredentials: [{ ...made, secretText: null }] })
      .on(`POST ${app}/addPassword`, made);
    const inputs = { applicationId, displayName: "p", endDate: "2027-01-01T00:00:00Z", rotateWhenChanged: { n: "1" } };
    const { id, outs } = await of(recorder).create(urnOf, inputs);
    expect(id).toBe(`${object}/password/k1`);
    expect(recorder.lines).toEqual([`GET ${app}`, `POST ${app}/addPassword`, `GET ${app}`]);
    expect(recorder.body("POST")).toEqual({
      passwordCredential: { displayName: "p", endDateTime: "2027-01-01T00:00:00Z" },
    });
    expect(outs).toEqual({ ...inputs, keyId: "k1", value: secret("hush"), __inputs: inputs });

    const read = await of(recorder).read(id, urnOf, outs);
    expect(read.props).toMatchObject({ value: secret("hush"), keyId: "k1" });
    expect(await of(recorder).diff(id, urnOf, outs, { ...inputs, rotateWhenChanged: { n: "2" } })).toEqual({
      changes: undefined,
      replaces: ["rotateWhenChanged"],
      deleteBeforeReplace: false,
    });
    recorder.on(`POST ${app}/removePassword`, { status: 204 });
    await of(recorder).delete(id, urnOf, outs);
    expect(recorder.sent.at(-1)).toMatchObject({ address: `${app}/removePassword`, body: { keyId: "k1" } });
  });

  test("a 404 on an application that has not spread stands at once, as with the real provider", async () => {
    const recorder = new Recorder().on(`GET ${app}`, { id: object }).on(`POST ${app}/addPassword`, { status: 404 });
    await expect(of(recorder).create(urnOf, { applicationId })).rejects.toMatchObject({ status: 404 });
    expect(recorder.slept).toEqual([]);
  });

  test("a client id in the place of the application's id is refused", async () => {
    await expect(of(new Recorder()).create(urnOf, { applicationId: appId })).rejects.toThrow(
      `applicationId is "${appId}": an application's id is needed, /applications/<object id>`,
    );
  });
});

describe("parts of an application", () => {
  const cases: [
    name: string,
    inputs: Properties,
    before: Properties,
    patch: Properties,
    id: string,
    removal: Properties,
  ][] = [
    [
      "ApplicationPermissionScope",
      { applicationId, scopeId: "s2", value: "access_as_user", adminConsentDisplayName: "a" },
      { api: { oauth2PermissionScopes: [{ id: "s1", isEnabled: true }] } },
      {
        api: {
          oauth2PermissionScopes: [
            { id: "s1", isEnabled: true },
            { id: "s2", isEnabled: true, type: "User", value: "access_as_user", adminConsentDisplayName: "a" },
          ],
        },
      },
      `${applicationId}/permissionScopes/s2`,
      { api: { oauth2PermissionScopes: [{ id: "s1", isEnabled: true }] } },
    ],
    [
      "ApplicationPreAuthorized",
      { applicationId, authorizedClientId: "teams", permissionIds: ["s1"] },
      {},
      { api: { preAuthorizedApplications: [{ appId: "teams", delegatedPermissionIds: ["s1"] }] } },
      `${applicationId}/preAuthorizedApplications/teams`,
      { api: { preAuthorizedApplications: [] } },
    ],
    [
      "ApplicationIdentifierUri",
      { applicationId, identifierUri: "api://botid-1" },
      { identifierUris: ["api://other"] },
      { identifierUris: ["api://other", "api://botid-1"] },
      `${applicationId}/identifierUris/${Buffer.from("api://botid-1").toString("base64")}`,
      { identifierUris: ["api://other"] },
    ],
  ];

  test.each(cases)("%s joins its siblings and goes alone", async (name, inputs, before, patch, id, removal) => {
    const recorder = new Recorder()
      .on(`GET ${app}`, { id: object, ...before }, { id: object, ...patch })
      .on(`PATCH ${app}`, { status: 204 });
    const made = await of(recorder).create(type(name), inputs);
    expect(made.id).toBe(id);
    expect(recorder.lines).toEqual([`GET ${app}`, `PATCH ${app}`]);
    expect(recorder.body("PATCH")).toEqual(patch);
    expect((await of(recorder).read(id, type(name), made.outs)).props).toMatchObject(inputs);
    await of(recorder).delete(id, type(name), made.outs);
    expect(recorder.sent.at(-1)?.body).toEqual(removal);
  });

  test("a scope is disabled before it is removed, because Entra refuses otherwise", async () => {
    const scope = { id: "s2", isEnabled: true };
    const recorder = new Recorder()
      .on(`GET ${app}`, { id: object, api: { oauth2PermissionScopes: [scope] } })
      .on(`PATCH ${app}`, { status: 204 });
    await of(recorder).delete(`${applicationId}/permissionScopes/s2`, type("ApplicationPermissionScope"), {});
    expect(recorder.sent.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([
      { api: { oauth2PermissionScopes: [{ ...scope, isEnabled: false }] } },
      { api: { oauth2PermissionScopes: [] } },
    ]);
  });

  test("two parts of one application do not undo each other", async () => {
    let uris: string[] = [];
    const recorder = new Recorder();
    const fetch = recorder.session.fetch.bind(recorder.session);
    recorder.session.fetch = async (url, init) => {
      recorder.on(`GET ${app}`, { id: object, identifierUris: uris }).on(`PATCH ${app}`, { status: 204 });
      const answer = await fetch(url, init);
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (init?.method === "PATCH")
        uris = (JSON.parse(String(init.body)) as { identifierUris: string[] }).identifierUris;
      return answer;
    };
    const create = (identifierUri: string) =>
      of(recorder).create(type("ApplicationIdentifierUri"), { applicationId, identifierUri });
    await Promise.all([create("api://one"), create("api://two")]);
    expect(uris).toEqual(["api://one", "api://two"]);
  });

  test("ApplicationFederatedIdentityCredential lives below its application", async () => {
    const credentials = `${app}/federatedIdentityCredentials`;
    const fic = { name: "tok", issuer: "i", subject: "s", audiences: ["a"] };
    const recorder = new Recorder()
      .on(`GET ${app}`, { id: object })
      .on(`POST ${credentials}`, { status: 201, body: { id: "f1", ...fic } })
      .on(`GET ${credentials}/f1`, { id: "f1", ...fic })
      .on(`PATCH ${credentials}/f1`, { status: 204 })
      .on(`DELETE ${credentials}/f1`, { status: 204 });
    const urnOf = type("ApplicationFederatedIdentityCredential");
    const inputs = { applicationId, displayName: "tok", issuer: "i", subject: "s", audiences: ["a"] };
    const { id, outs } = await of(recorder).create(urnOf, inputs);
    expect(id).toBe(`${object}/federatedIdentityCredential/f1`);
    expect(recorder.body("POST")).toEqual(fic);
    expect(outs).toMatchObject({ ...inputs, credentialId: "f1" });
    await of(recorder).update(id, urnOf, outs, { ...inputs, subject: "s2" });
    expect(recorder.body("PATCH")).toEqual({ issuer: "i", subject: "s2", audiences: ["a"] });
    expect((await of(recorder).read(id, urnOf, outs)).inputs).toEqual(inputs);
    await of(recorder).delete(id, urnOf, outs);
    expect(recorder.lines.at(-1)).toBe(`DELETE ${credentials}/f1`);
  });
});

test("ApplicationCertificate is written with those that are there, as PEM, and taken out again alone", async () => {
  const there = { keyId: "k1", type: "AsymmetricX509Cert", usage: "Verify", key: null };
  const dates = { startDateTime: "2026-11-22T03:04:05Z", endDateTime: "2027-05-21T03:04:05Z" };
  const made = { keyId: "k2", type: "AsymmetricX509Cert", usage: "Verify", ...dates };
  const recorder = new Recorder()
    .on(`GET ${app}`, { id: object, keyCredentials: [there] }, { id: object, keyCredentials: [there, made] })
    .on(`PATCH ${app}`, { status: 204 });
  const urnOf = type("ApplicationCertificate");
  const inputs = {
    applicationId,
    type: "AsymmetricX509Cert",
    encoding: "base64",
    value: "Y2VydGlmaWNhdGU=",
    keyId: "k2",
    startDate: dates.startDateTime,
    endDate: dates.endDateTime,
  };
  const { id, outs } = await of(recorder).create(urnOf, inputs);
  expect(id).toBe(`${object}/certificate/k2`);
  const pem = "-----BEGIN CERTIFICATE-----\nY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
  expect(recorder.body("PATCH")).toEqual({
    keyCredentials: [there, { ...made, key: Buffer.from(pem).toString("base64") }],
  });
  expect(outs).toMatchObject({ value: secret("Y2VydGlmaWNhdGU="), keyId: "k2" });
  expect((await of(recorder).read(id, urnOf, outs)).props).toMatchObject({ keyId: "k2", endDate: dates.endDateTime });
  await of(recorder).delete(id, urnOf, outs);
  expect(recorder.sent.at(-1)).toMatchObject({ method: "PATCH", body: { keyCredentials: [there] } });
});

describe("consent and functions of azuread", () => {
  test.each([
    ["everyone", {}, { consentType: "AllPrincipals" }],
    ["one user", { userObjectId: "u" }, { consentType: "Principal", principalId: "u" }],
  ])("a grant for %s", async (_for, more, body) => {
    const grants = `${v1}/oauth2PermissionGrants`;
    const inputs = {
      servicePrincipalObjectId: "sp",
      resourceServicePrincipalObjectId: "graph",
      claimValues: ["openid", "Mail.Read"],
      ...more,
    };
    const sent = { clientId: "sp", resourceId: "graph", scope: "openid Mail.Read", ...body };
    const recorder = new Recorder()
      // The application's service principal may not have spread.
      .on(`POST ${grants}`, { status: 404 }, { status: 201, body: { id: "g1", ...sent } })
      .on(`GET ${grants}/g1`, { id: "g1", ...sent })
      .on(`PATCH ${grants}/g1`, { status: 204 });
    const urnOf = type("ServicePrincipalDelegatedPermissionGrant");
    const { id, outs } = await of(recorder).create(urnOf, inputs);
    expect(id).toBe("g1");
    expect(recorder.body("POST")).toEqual(sent);
    expect((await of(recorder).read(id, urnOf, outs)).inputs).toEqual(inputs);
    await of(recorder).update(id, urnOf, outs, { ...inputs, claimValues: ["openid"] });
    expect(recorder.body("PATCH")).toEqual({ scope: "openid" });
    await of(recorder).delete(id, urnOf, outs);
  });

  test("say who deploys and which client id Microsoft Graph has", async () => {
    const azuread = of(new Recorder());
    expect(await azuread.invoke("azuread:index/getClientConfig:getClientConfig", {})).toMatchObject({
      outputs: { tenantId: "tenant", clientId: "client", objectId: "deployer-object" },
    });
    const ids = await azuread.invoke("azuread:index/getApplicationPublishedAppIds:getApplicationPublishedAppIds", {});
    expect(ids).toMatchObject({ outputs: { result: { MicrosoftGraph: "00000003-0000-0000-c000-000000000000" } } });
  });
});
