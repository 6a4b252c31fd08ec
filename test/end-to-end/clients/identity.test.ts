import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential } from "@azure/identity";
import { ConfidentialClientApplication, CryptoProvider } from "@azure/msal-node";
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials";
import {
  AuthenticationConfiguration,
  BotFrameworkAuthenticationFactory,
  ClaimsIdentity,
  MicrosoftAppCredentials,
  PasswordServiceClientCredentialFactory,
  TokenApiClient,
  type UserTokenClient,
} from "botframework-connector";
import { strToU8, zipSync } from "fflate";
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connectThisProcess, deploy, type Deployed } from "../../support/deployed";
import { newApplication, post, type ApplicationOfTenant } from "../../support/directory";
import { Person, type Page } from "../../support/person";
import { consentForEveryone, signIn } from "../../support/sign-in";
import { throttleNext } from "../../support/throttling";

const graphScope = "https://graph.microsoft.com/.default";
const location = "westeurope";

let deployed: Deployed;
let disconnect: () => void;
let deployer: ClientSecretCredential;
let landing: Server;
let redirectUri: string;
let web: ApplicationOfTenant;
let tenantId: string;
let authority: string;

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
const mailOf = (givenName: string): string =>
  deployed.azure.tenant.people.find((person) => person.givenName === givenName)?.mail ?? "";
const objectIdOf = (servicePrincipals: { value?: { id: string }[] }): string => servicePrincipals.value?.[0]?.id ?? "";

beforeAll(async () => {
  deployed = await deploy();
  disconnect = await connectThisProcess(deployed.azure, "client");
  const { tenant } = deployed.azure;
  tenantId = tenant.tenantId;
  authority = `https://login.microsoftonline.com/${tenantId}`;
  deployer = new ClientSecretCredential(tenantId, tenant.deployer.clientId, tenant.deployer.clientSecret);
  landing = createServer((_request, response) => response.end("signed in"));
  await new Promise<void>((listening) => landing.listen(0, "127.0.0.1", listening));
  redirectUri = `http://localhost:${(landing.address() as AddressInfo).port}/signed-in`;
  web = await newApplication(deployer, "web", { web: { redirectUris: ["http://localhost/signed-in"] } });
});
afterAll(async () => {
  landing?.close();
  disconnect?.();
  await deployed?.close();
});

const graph = (credential: { getToken(scopes: string | string[]): Promise<{ token: string } | null> }): Client =>
  Client.initWithMiddleware({
    authProvider: new TokenCredentialAuthenticationProvider(credential as never, { scopes: [graphScope] }),
  });

/** Allows an application delegated permissions of Graph or of another application, for everyone. */
async function allow(client: ApplicationOfTenant, resourceAppId: string, scope: string): Promise<void> {
  const resource = objectIdOf(
    (await graph(deployer).api("/servicePrincipals").filter(`appId eq '${resourceAppId}'`).get()) as never,
  );
  await post(deployer, "oauth2PermissionGrants", {
    clientId: client.principalId,
    consentType: "AllPrincipals",
    resourceId: resource,
    scope,
  });
}

describe("@azure/identity", () => {
  let environment: Record<string, string>;
  let principalId: string | undefined;

  beforeAll(async () => {
    const { subscriptionId } = deployed.azure.tenant;
    const resources = new ResourceManagementClient(deployer, subscriptionId);
    await resources.resourceGroups.createOrUpdate("identities", { location });
    const sites = new WebSiteManagementClient(deployer, subscriptionId);
    const plan = await sites.appServicePlans
      .createOrUpdate("identities", "plan", { location, kind: "linux", reserved: true, sku: { name: "B1" } })
      .pollUntilDone();
    const name = `identity-${randomUUID().slice(0, 8)}`;
    const site = await sites.webApps
      .createOrUpdate("identities", name, {
        location,
        serverFarmId: plan.id,
        identity: { type: "SystemAssigned" },
        siteConfig: { linuxFxVersion: "NODE|24-lts", appCommandLine: "node index.js" },
      })
      .pollUntilDone();
    const app = `const { IDENTITY_ENDPOINT, IDENTITY_HEADER, PORT } = process.env;
      require("node:http").createServer((_, answer) => answer.end(JSON.stringify({ IDENTITY_ENDPOINT, IDENTITY_HEADER })))
        .listen(PORT);`;
    const { token } = await deployer.getToken("https://appservice.azure.com/.default");
    const pushed = await fetch(`https://${name}.scm.azurewebsites.net/api/publish?type=zip`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
      body: zipSync({ "index.js": strToU8(app) }) as Uint8Array<ArrayBuffer>,
    });
    expect(pushed.status).toBe(200);
    environment = (await (await fetch(`https://${site.defaultHostName}/`)).json()) as Record<string, string>;
    principalId = site.identity?.principalId;
    Object.assign(process.env, environment);
  });
  afterAll(() => {
    for (const variable of Object.keys(environment ?? {})) delete process.env[variable];
  });

  test("a web app's managed identity gives a token by the identity endpoint that App Service gives its apps", async () => {
    const answer = await new ManagedIdentityCredential().getToken("https://vault.azure.net/.default");
    expect(claimsOf(answer.token)).toMatchObject({ aud: "https://vault.azure.net", oid: principalId, tid: tenantId });
    await expect(
      new ManagedIdentityCredential({ clientId: randomUUID() }).getToken("https://vault.azure.net/.default"),
    ).rejects.toThrow(/No User Assigned or Delegated Managed Identity found/);
  });

  test("a managed identity's token stands in for a secret where a federated credential trusts its subject", async () => {
    const workload = await newApplication(deployer, "workload");
    const assertion = async (): Promise<string> =>
      (await new ManagedIdentityCredential().getToken("api://AzureADTokenExchange/.default")).token;
    const federated = new ClientAssertionCredential(tenantId, workload.clientId, assertion);
    await expect(federated.getToken(graphScope)).rejects.toThrow(
      /AADSTS70025: .*no configured federated identity credentials/,
    );
    await post(deployer, `applications/${workload.id}/federatedIdentityCredentials`, {
      name: "trusted",
      issuer: `${authority}/v2.0`,
      subject: principalId,
      audiences: ["api://AzureADTokenExchange"],
    });
    const { token } = await new ClientAssertionCredential(tenantId, workload.clientId, assertion).getToken(graphScope);
    expect(claimsOf(token)).toMatchObject({ appid: workload.clientId, aud: "https://graph.microsoft.com" });
  });
});

describe("MSAL", () => {
  const pkce = new CryptoProvider();
  const clientOf = (application: ApplicationOfTenant): ConfidentialClientApplication =>
    new ConfidentialClientApplication({
      auth: { clientId: application.clientId, clientSecret: application.secret, authority },
    });

  async function signInWith(
    client: ConfidentialClientApplication,
    scopes: string[],
  ): Promise<NonNullable<Awaited<ReturnType<ConfidentialClientApplication["acquireTokenByCode"]>>>> {
    const { verifier, challenge } = await pkce.generatePkceCodes();
    const address = await client.getAuthCodeUrl({
      scopes,
      redirectUri,
      state: "kept",
      codeChallenge: challenge,
      codeChallengeMethod: "S256",
    });
    const kim = new Person();
    let page: Page = await signIn(kim, deployed.azure, address, mailOf("Kim"));
    if (page.text.includes('name="decision"')) page = await kim.submit(page, { decision: "accept" });
    expect(page.text).toBe("signed in");
    const query = new URL(page.url).searchParams;
    expect(query.get("state")).toBe("kept");
    const code = query.get("code") ?? "";
    const result = await client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier });
    await expect(client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier })).rejects.toThrow(
      /AADSTS54005/,
    );
    return result;
  }

  test("client credentials, and the refusal's own text where the secret is wrong", async () => {
    const result = await clientOf(web).acquireTokenByClientCredential({ scopes: [graphScope] });
    expect(claimsOf(result?.accessToken ?? "")).toMatchObject({ appid: web.clientId, idtyp: "app" });
    const wrong = clientOf({ ...web, secret: "wrong" });
    await expect(wrong.acquireTokenByClientCredential({ scopes: [graphScope] })).rejects.toMatchObject({
      errorCode: "invalid_client",
      errorMessage: expect.stringContaining("AADSTS7000215") as string,
    });
  });

  test("a code with PKCE, the account it names, and a new token by the refresh token", async () => {
    const client = clientOf(web);
    const first = await signInWith(client, ["User.Read", "Mail.Send"]);
    expect(first.account).toMatchObject({ username: mailOf("Kim"), tenantId });
    expect(first.scopes).toEqual(expect.arrayContaining(["User.Read", "Mail.Send"]));
    const again = await client.acquireTokenSilent({
      account: first.account as NonNullable<typeof first.account>,
      scopes: ["User.Read"],
      forceRefresh: true,
    });
    expect(again.fromCache).toBe(false);
    expect(claimsOf(again.accessToken)).toMatchObject({ upn: mailOf("Kim"), appid: web.clientId });
  });

  test("on behalf of a user: refused until somebody consents, then a token for Graph with the user's name", async () => {
    const scopeId = randomUUID();
    const api = await newApplication(deployer, "api", {
      api: {
        oauth2PermissionScopes: [
          {
            id: scopeId,
            value: "access_as_user",
            type: "User",
            isEnabled: true,
            adminConsentDisplayName: "Use the API",
            adminConsentDescription: "Use the API",
          },
        ],
      },
    });
    await graph(deployer)
      .api(`/applications/${api.id}`)
      .patch({ identifierUris: [`api://${api.clientId}`] });
    const user = await signInWith(clientOf(web), [`api://${api.clientId}/access_as_user`]);
    const onBehalf = { oboAssertion: user.accessToken, scopes: ["https://graph.microsoft.com/User.Read"] };
    await expect(clientOf(api).acquireTokenOnBehalfOf(onBehalf)).rejects.toMatchObject({
      errorMessage: expect.stringContaining("AADSTS65001") as string,
    });
    await allow(api, "00000003-0000-0000-c000-000000000000", "User.Read");
    const result = await clientOf(api).acquireTokenOnBehalfOf(onBehalf);
    expect(claimsOf(result?.accessToken ?? "")).toMatchObject({ upn: mailOf("Kim"), appid: api.clientId });
  });
});

describe("Microsoft Graph's client", () => {
  test("reads a user's mail page by page, waits where Graph says 429, and is refused what was not consented to", async () => {
    await allow(web, "00000003-0000-0000-c000-000000000000", "Mail.Read User.Read");
    const client = new ConfidentialClientApplication({
      auth: { clientId: web.clientId, clientSecret: web.secret, authority },
    });
    const address = await client.getAuthCodeUrl({ scopes: ["Mail.Read"], redirectUri });
    const page = await signIn(new Person(), deployed.azure, address, mailOf("Sam"));
    const code = new URL(page.url).searchParams.get("code") ?? "";
    const { accessToken } = await client.acquireTokenByCode({ code, scopes: ["Mail.Read"], redirectUri });
    const me = graph({ getToken: () => Promise.resolve({ token: accessToken }) });

    const subjects: string[] = [];
    const first = (await me.api("/me/messages").select("subject").top(3).get()) as never;
    await new PageIterator(me, first, ({ subject }: { subject: string }) => {
      subjects.push(subject);
      return true;
    }).iterate();
    expect(subjects.length).toBeGreaterThanOrEqual(4);
    expect(new Set(subjects)).toContain("Fabrikam renewal");

    const undo = throttleNext(deployed.azure, "graph.microsoft.com", 1);
    expect(await me.api("/me").get()).toMatchObject({ mail: mailOf("Sam") });
    undo();
    await expect(me.api("/applications").get()).rejects.toMatchObject({
      statusCode: 403,
      code: "Authorization_RequestDenied",
    });
  });

  test("a deleted application lies in the bin with its principal; it is restored, and purged", async () => {
    const client = graph(deployer);
    const gone = await newApplication(deployer, "gone");
    await client.api(`/applications/${gone.id}`).delete();
    const bin = async (kind: string): Promise<string[]> => {
      const found = (await client.api(`/directory/deletedItems/microsoft.graph.${kind}`).get()) as {
        value: { id: string }[];
      };
      return found.value.map(({ id }) => id);
    };
    expect(await bin("application")).toContain(gone.id);
    expect(await bin("servicePrincipal")).toContain(gone.principalId);
    await client.api(`/directory/deletedItems/${gone.id}/restore`).post({});
    expect(await client.api(`/applications/${gone.id}`).get()).toMatchObject({ displayName: "gone" });
    await client.api(`/applications/${gone.id}`).delete();
    await client.api(`/directory/deletedItems/${gone.id}`).delete();
    expect(await bin("application")).not.toContain(gone.id);
  });
});

describe("botframework-connector", () => {
  const userId = "dl_client";
  const channelId = "directline";
  const connection = "GraphConnection";
  let botAppId: string;
  let password: string;

  beforeAll(async () => {
    botAppId = String(deployed.outputs.botAppId);
    const apps = (await graph(deployer).api("/applications").filter(`appId eq '${botAppId}'`).get()) as never;
    ({ secretText: password } = await post<{ secretText: string }>(
      deployer,
      `applications/${objectIdOf(apps)}/addPassword`,
      { passwordCredential: { displayName: "client" } },
    ));
    await consentForEveryone(new Person(), deployed.azure, String(deployed.outputs.signInAppId));
  });

  const state = (): string =>
    Buffer.from(
      JSON.stringify({
        ConnectionName: connection,
        Conversation: { channelId, user: { id: userId }, bot: { id: "bot" }, conversation: { id: "none" } },
        MsAppId: botAppId,
      }),
    ).toString("base64");

  test("TokenApiClient: a sign-in address, the code that the page shows, the token, its status, and signing out", async () => {
    const credentials = new MicrosoftAppCredentials(botAppId, password, tenantId);
    const client = new TokenApiClient(credentials, { baseUri: "https://api.botframework.com" });
    const before = await client.userToken.getTokenStatus(userId, { channelId });
    expect(before.map(({ connectionName, hasToken }) => [connectionName, hasToken])).toEqual([[connection, false]]);

    const { _response } = await client.botSignIn.getSignInUrl(state());
    const page = await signIn(new Person(), deployed.azure, _response.bodyAsText, mailOf("Kim"));
    const code = /id="code"[^>]*>\s*(\d{6})/.exec(page.text)?.[1];
    const token = await client.userToken.getToken(userId, connection, { channelId, code });
    expect(claimsOf(token.token)).toMatchObject({ upn: mailOf("Kim"), aud: "https://graph.microsoft.com" });
    const [status] = await client.userToken.getTokenStatus(userId, { channelId });
    expect(status?.hasToken).toBe(true);
    await client.userToken.signOut(userId, { channelId, connectionName: connection });
    const gone = await client.userToken.getToken(userId, connection, { channelId });
    expect(gone._response.status).toBe(404);
  });

  test("UserTokenClient, as a bot makes it from its settings: the same steps by another door", async () => {
    const authentication = BotFrameworkAuthenticationFactory.create(
      ...(["", true, authority, "https://api.botframework.com", "", "https://api.botframework.com"] as const),
      ...(["", "", "", new PasswordServiceClientCredentialFactory(botAppId, password, tenantId)] as const),
      new AuthenticationConfiguration(),
    );
    const identity = new ClaimsIdentity([{ type: "aud", value: botAppId }], true);
    const client: UserTokenClient = await authentication.createUserTokenClient(identity);
    const activity = {
      type: "message",
      channelId,
      serviceUrl: "https://directline.botframework.com/",
      from: { id: "dl_other" },
      recipient: { id: "bot" },
      conversation: { id: "none" },
    };
    const { signInLink } = await client.getSignInResource(connection, activity as never, "");
    const page = await signIn(new Person(), deployed.azure, String(signInLink), mailOf("Ada"));
    const code = /id="code"[^>]*>\s*(\d{6})/.exec(page.text)?.[1] ?? "";
    const token = await client.getUserToken("dl_other", connection, channelId, code);
    expect(claimsOf(token.token)).toMatchObject({ upn: mailOf("Ada") });
    const forGraph = await client.getAadTokens("dl_other", connection, ["https://graph.microsoft.com"], channelId);
    expect(claimsOf(forGraph["https://graph.microsoft.com"]?.token ?? "")).toMatchObject({ upn: mailOf("Ada") });
    await client.signOutUser("dl_other", connection, channelId);
    expect((await client.getTokenStatus("dl_other", channelId, connection))[0]?.hasToken).toBe(false);
  });
});
