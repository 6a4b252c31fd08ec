import { createPlugins } from "../../../local/plugins";
import type { Properties } from "../../../infra/provider/envelope";
import { Recorder } from "./recorder";

const v1 = "graph.microsoft.com/v1.0";
const object = "33333333-3333-4333-8333-333333333333";
const appId = "22222222-2222-4222-8222-222222222222";
const app = {
  id: object,
  appId,
  displayName: "Shared",
  signInAudience: "AzureADMyOrg",
  publisherDomain: "contoso.example",
  identifierUris: [],
  tags: ["HideApp"],
  isFallbackPublicClient: null,
  api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ id: "s", value: "read", isEnabled: true }] },
  web: { redirectUris: ["https://t/r"], implicitGrantSettings: { enableIdTokenIssuance: false } },
  requiredResourceAccess: [{ resourceAppId: "g", resourceAccess: [{ id: "r", type: "Scope" }] }],
};
const byClientId = `GET ${v1}/applications?${new URLSearchParams({ $filter: `appId eq '${appId}'` })}`;
const beta = `GET graph.microsoft.com/beta/applications/${object}?$select=oauth2RequirePostResponse`;
const owners = `GET ${v1}/applications/${object}/owners`;

async function look(recorder: Recorder, inputs: Properties): Promise<Properties> {
  const azuread = createPlugins(recorder.session).azuread!;
  const { outputs } = await azuread.invoke("azuread:index/getApplication:getApplication", inputs);
  return outputs as Properties;
}

test("an application is found by its client id, with the calls of the real provider and its lists of one", async () => {
  const recorder = new Recorder()
    .on(byClientId, { value: [app] })
    .on(beta, { oauth2RequirePostResponse: false })
    .on(owners, { value: [{ id: "someone" }] });
  expect(await look(recorder, { clientId: appId })).toMatchObject({
    id: `/applications/${object}`,
    objectId: object,
    clientId: appId,
    displayName: "Shared",
    signInAudience: "AzureADMyOrg",
    webs: [
      {
        homepageUrl: "",
        logoutUrl: "",
        redirectUris: ["https://t/r"],
        implicitGrants: [{ idTokenIssuanceEnabled: false }],
      },
    ],
    apis: [{ requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ id: "s", value: "read", enabled: true }] }],
    requiredResourceAccesses: [{ resourceAppId: "g", resourceAccesses: [{ id: "r", type: "Scope" }] }],
    oauth2PermissionScopeIds: { read: "s" },
    owners: ["someone"],
    fallbackPublicClientEnabled: false,
    singlePageApplications: [],
    tags: ["HideApp"],
  });
  expect(recorder.lines).toEqual([byClientId, beta, owners]);
});

test("by its object id it has an address of its own", async () => {
  const recorder = new Recorder().on(`GET ${v1}/applications/${object}`, app).on(beta, {}).on(owners, { value: [] });
  expect(await look(recorder, { objectId: object })).toMatchObject({ clientId: appId, owners: [] });
});

test.each([
  ["none", [], `Application not found: no applications found matching filter: "appId eq '${appId}'"`],
  ["two", [app, app], "Multiple applications found: "],
])("where Graph has %s, the program is told", async (_how, value, words) => {
  await expect(look(new Recorder().on(byClientId, { value }), { clientId: appId })).rejects.toThrow(words);
});

test("which one is meant has to be said in one way", async () => {
  await expect(look(new Recorder(), {})).rejects.toThrow(
    "one of clientId, displayName, objectId, identifierUri is needed",
  );
  await expect(look(new Recorder(), { clientId: appId, displayName: "Shared" })).rejects.toThrow(
    "clientId and displayName are given",
  );
  await expect(look(new Recorder(), { objectId: object })).rejects.toThrow(
    `Application with object ID "${object}" was not found`,
  );
});
