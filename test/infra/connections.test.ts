import { parseConnections } from "../../contract/app-settings";
import { BotSignIn } from "../../infra/bot-sign-in";
import { azureAnswers, tenantId } from "../support/azure-answers";
import { madeBy } from "../support/bot-sign-in";
import type { Properties, Recording } from "../support/recorder";
import { deploy, project } from "./program";

const secret = "client-secret-of-another-provider";
const orders = "0de45000-0000-4000-8000-000000000001";
const graph = {
  name: "Graph",
  scopes: ["openid", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
  skill: "mail",
};
const gitHub = { name: "GitHub", provider: "github", clientId: "Ov23li", clientSecret: secret, scopes: ["repo"] };
const company = {
  name: "Orders",
  provider: "oauth2generic",
  clientId: "bot",
  clientSecret: secret,
  skill: "orders",
  scopes: ["openid", "orders.read"],
  api: "https://orders.contoso.com",
  authorizationUrlTemplate: "https://id.contoso.com/auth",
  tokenUrlTemplate: "https://id.contoso.com/token",
  refreshUrlTemplate: "https://id.contoso.com/token",
};
const encrypted = [`${project}:connections`];
const page = { enabled: false };

const connectionOf = (recording: Recording, name: string): Properties =>
  recording.one("azure-native:botservice:BotConnection", `connections-${name}`).inputs["properties"] as Properties;
const namesOf = (recording: Recording, type: string): string[] =>
  recording.resources.filter((one) => one.type.endsWith(type)).map(({ name }) => name);

describe("three services in one bot", () => {
  let three: Recording;
  beforeAll(async () => {
    three = await deploy(
      {
        connections: [
          graph,
          { ...gitHub, skill: "github" },
          company,
          { name: "Approve", scopes: [`${orders}/Orders.Approve`] },
        ],
      },
      { encrypted },
    );
  });

  test("each is at Bot Service what its provider asks for, with its secret as a secret", () => {
    expect(connectionOf(three, "GitHub")).toEqual({
      serviceProviderId: "d05eaacf-1593-4603-9c6c-d4d8fffa46cb",
      serviceProviderDisplayName: "GitHub",
      clientId: "Ov23li",
      clientSecret: secret,
      scopes: "repo",
      parameters: [],
    });
    expect(connectionOf(three, "Orders")).toEqual({
      serviceProviderId: "8379c6d2-b262-4d4f-b89b-68dc5b5f5482",
      serviceProviderDisplayName: "Oauth 2 Generic Provider",
      clientId: "bot",
      clientSecret: secret,
      scopes: "openid orders.read",
      parameters: [
        {
          key: "AuthorizationUrlQueryStringTemplate",
          value: "?client_id={ClientId}&response_type=code&redirect_uri={RedirectUrl}&scope={Scopes}&state={State}",
        },
        { key: "AuthorizationUrlTemplate", value: "https://id.contoso.com/auth" },
        {
          key: "RefreshBodyTemplate",
          value:
            "refresh_token={RefreshToken}&grant_type=refresh_token&client_id={ClientId}&client_secret={ClientSecret}",
        },
        { key: "RefreshUrlQueryStringTemplate", value: "" },
        { key: "RefreshUrlTemplate", value: "https://id.contoso.com/token" },
        { key: "ScopeListDelimiter", value: " " },
        {
          key: "TokenBodyTemplate",
          value:
            "code={Code}&grant_type=authorization_code&redirect_uri={RedirectUrl}&client_id={ClientId}&client_secret={ClientSecret}",
        },
        { key: "TokenUrlQueryStringTemplate", value: "" },
        { key: "TokenUrlTemplate", value: "https://id.contoso.com/token" },
      ],
    });
    for (const name of ["Graph", "GitHub", "Orders"]) {
      const { secretInputs } = three.one("azure-native:botservice:BotConnection", `connections-${name}`);
      // Pulumi keeps the whole of it encrypted, because a part is.
      expect(secretInputs).toEqual(["properties"]);
    }
  });

  test("each is read back after it was made, without its secret", () => {
    expect(namesOf(three, ":ConnectionCheck").sort()).toEqual([
      "connections-Approve",
      "connections-GitHub",
      "connections-Graph",
      "connections-Orders",
    ]);
    const { inputs } = three.one("bot-sign-in:index:ConnectionCheck", "connections-GitHub");
    expect(inputs).toMatchObject({ clientId: "Ov23li", scopes: "repo", parameters: {} });
    expect(JSON.stringify(inputs)).not.toContain(secret);
  });

  test("the sign-in app declares what goes through it, of each API, by the tenant's ids", () => {
    const { requiredResourceAccesses } = three.one("azuread:index/application:Application", "sign-in").inputs;
    expect(requiredResourceAccesses).toEqual([
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [
          { id: "37f7f235-527c-4136-accd-4a02d197296e", type: "Scope" },
          { id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", type: "Scope" },
          { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" },
          { id: "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", type: "Scope" },
          { id: "e383f46e-2787-4529-855e-0e479a3ffac0", type: "Scope" },
        ],
      },
      { resourceAppId: orders, resourceAccesses: [{ id: "0de45000-0000-4000-8000-0000000000bb", type: "Scope" }] },
    ]);
  });

  test("the bot is told name, provider, scopes, skill and service of each, and no secret", () => {
    const { appSettings } = three.one("azure-native:web:WebApp").inputs["siteConfig"] as {
      appSettings: { name: string; value: string }[];
    };
    const { value } = appSettings.find(({ name }) => name === "OAUTH_CONNECTIONS")!;
    expect(parseConnections(value)).toEqual([
      { ...graph, provider: "entra" },
      { name: "GitHub", provider: "github", scopes: ["repo"], skill: "github" },
      {
        name: "Orders",
        provider: "oauth2generic",
        scopes: ["openid", "orders.read"],
        skill: "orders",
        api: "https://orders.contoso.com",
      },
      { name: "Approve", provider: "entra", scopes: [`${orders}/Orders.Approve`] },
    ]);
    expect(JSON.stringify(appSettings)).not.toContain(secret);
  });

  test("the address to register at the other providers is an output and in the log, the other warnings are said", () => {
    const address = "https://token.botframework.com/.auth/web/redirect";
    expect(three.outputs["redirectAddress"]).toBe(address);
    expect(three.infos).toContainEqual(
      expect.stringContaining(`Register ${address} as redirect address of the application of GitHub at GitHub`),
    );
    expect(three.infos).toContainEqual(expect.stringContaining("of Orders at Oauth 2 Generic Provider"));
    expect(three.warnings).toEqual([
      expect.stringMatching(/^Setting connections\[3\]\.scopes .*\[no-offline-access\]/),
      expect.stringMatching(/^Setting connections\[3\]\.skill .*\[unused-connection\]/),
      expect.stringMatching(/users cannot consent to Mail\.Read, Orders\.Approve /),
    ]);
  });
});

test("where every connection brings its own application none is made, and nothing says that there is one", async () => {
  const alone = await deploy(
    { connections: [{ ...gitHub, skill: "github" }], chatPage: page, singleSignOn: true, adminConsent: true },
    { encrypted },
  );
  expect(namesOf(alone, ":Application")).toEqual(["bot"]);
  expect(namesOf(alone, ":ServicePrincipalDelegatedPermissionGrant")).toEqual([]);
  expect(alone.outputs).not.toHaveProperty("signInAppId");
  expect(alone.outputs["secretsExpire"]).not.toHaveProperty("sign-in-app-password");
  expect(alone.invokes.map(({ token }) => token)).not.toContain(
    "azuread:index/getServicePrincipal:getServicePrincipal",
  );
});

test("an application of another team signs people in with its own id, in the tenant of the deployment", async () => {
  const theirs = await deploy(
    {
      connections: [
        { name: "Theirs", clientId: orders, clientSecret: secret, scopes: ["User.Read", "offline_access"] },
      ],
      chatPage: page,
    },
    { encrypted },
  );
  expect(connectionOf(theirs, "Theirs")).toMatchObject({
    clientId: orders,
    clientSecret: secret,
    parameters: [{ key: "tenantId", value: tenantId }],
  });
});

const stopped: string[] = [];
jest.mock("../../infra/stop", () => ({
  stopWith: (message: string) => {
    stopped.push(message);
    return new Promise(() => {});
  },
}));

test("a scope that the tenant's API does not have stops everything before anything is made", async () => {
  stopped.length = 0;
  const connections = [{ ...graph, skill: "mail" as const, scopes: [...graph.scopes, "Mail.Reed"] }];
  const args = { environment: "dev", location: "westeurope", tenantId, connections } as const;
  const made = jest.spyOn(azureAnswers, "resource");
  // Never ends: whatever is made of the answer waits for it.
  void madeBy(() => new BotSignIn("mail", args));
  while (stopped.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(made.mock.calls.map(([type]) => type).filter((type) => /^(azure-native|azuread):/.test(type))).toEqual([]);
  expect(stopped).toEqual([
    'Setting connections[0].scopes[5] is "Mail.Reed" [unknown-scope]. Did you mean Mail.Read? Only an administrator may ' +
      "consent to it. Allowed: a delegated permission of Microsoft Graph: Mail.Read, Mail.Send, Family.Read, Chat.Read, " +
      "Files.Read, Tasks.Read and 588 others. Example: scopes: [Mail.Read]\nNothing was created.",
  ]);
});
