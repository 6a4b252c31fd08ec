import { WebSiteManagementClient } from "@azure/arm-appservice";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { AzureBotService } from "@azure/arm-botservice";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { BlobServiceClient } from "@azure/storage-blob";
import { randomUUID } from "node:crypto";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { connectThisProcess } from "../../support/deployed";
import { newApplication, type ApplicationOfTenant } from "../../support/directory";
import { throttleNext } from "../../support/throttling";

const group = "clients";
const location = "westeurope";
const roles = {
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
};

let azure: LocalAzure;
let disconnect: () => void;
let credential: ClientSecretCredential;
let stranger: ApplicationOfTenant;
let resources: ResourceManagementClient;
let authorization: AuthorizationManagementClient;
let scope: string;

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  disconnect = await connectThisProcess(azure, "client");
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  resources = new ResourceManagementClient(credential, subscriptionId);
  authorization = new AuthorizationManagementClient(credential, subscriptionId);
  scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  stranger = await newApplication(credential, "stranger");
  await resources.resourceGroups.createOrUpdate(group, { location, tags: { made: "by a client" } });
});
afterAll(async () => {
  disconnect?.();
  await azure?.close();
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of list) found.push(item);
  return found;
}

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<{ status: unknown; code: unknown; message: string }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason as Error & { statusCode?: number; code?: string },
  );
  return { status: error?.statusCode, code: error?.code, message: error?.message ?? "" };
}

test("@azure/arm-resources: groups, and a list that comes in pages is read to its end", async () => {
  expect(await resources.resourceGroups.checkExistence(group)).toMatchObject({ body: true });
  for (const name of ["page-a", "page-b", "page-c"]) {
    await resources.resourceGroups.createOrUpdate(name, { location, tags: { pages: "yes" } });
  }
  const sizes: number[] = [];
  const names: unknown[] = [];
  const filter = "tagName eq 'pages' and tagValue eq 'yes'";
  for await (const page of resources.resourceGroups.list({ top: 2, filter }).byPage()) {
    sizes.push(page.length);
    names.push(...page.map(({ name }) => name));
  }
  expect(sizes).toEqual([2, 1]);
  expect(names).toEqual(["page-a", "page-b", "page-c"]);
  for (const name of names) await resources.resourceGroups.delete(String(name)).pollUntilDone();
  expect(await refusal(resources.resourceGroups.get("page-a"))).toMatchObject({
    status: 404,
    code: "ResourceGroupNotFound",
  });
});

test("@azure/arm-resources: tags are merged, replaced and taken away at any resource's address", async () => {
  const tags = async (): Promise<unknown> => (await resources.resourceGroups.get(group)).tags;
  await resources.tagsOperations
    .updateAtScope(scope, { operation: "Merge", properties: { tags: { stage: "test" } } })
    .pollUntilDone();
  expect(await tags()).toEqual({ made: "by a client", stage: "test" });
  await resources.tagsOperations
    .updateAtScope(scope, { operation: "Delete", properties: { tags: { stage: "test" } } })
    .pollUntilDone();
  expect(await tags()).toEqual({ made: "by a client" });
  await resources.tagsOperations
    .createOrUpdateAtScope(scope, { properties: { tags: { only: "this" } } })
    .pollUntilDone();
  expect((await resources.tagsOperations.getAtScope(scope)).properties).toEqual({ tags: { only: "this" } });
});

test("@azure/arm-botservice: 409 while the namespace is not registered; registered, the same call goes through", async () => {
  const bots = new AzureBotService(credential, azure.tenant.subscriptionId);
  const { clientId } = await newApplication(credential, "bot");
  const bot = {
    location: "global",
    kind: "azurebot",
    sku: { name: "F0" as const },
    properties: {
      displayName: "A bot",
      endpoint: "https://bot.example/api/messages",
      msaAppId: clientId,
      msaAppType: "SingleTenant" as const,
      msaAppTenantId: azure.tenant.tenantId,
    },
  };
  await resources.providers.unregister("Microsoft.BotService");
  expect(await refusal(bots.bots.create(group, "client-bot", bot))).toMatchObject({
    status: 409,
    code: "MissingSubscriptionRegistration",
  });
  expect((await resources.providers.register("Microsoft.BotService")).registrationState).toBe("Registered");
  expect(await bots.bots.create(group, "client-bot", bot)).toMatchObject({ name: "client-bot", location: "global" });

  const connection = await bots.botConnection.create(group, "client-bot", "Graph", {
    location: "global",
    properties: {
      serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
      clientId,
      clientSecret: "a-secret",
      scopes: "openid profile User.Read",
      parameters: [{ key: "tenantID", value: azure.tenant.tenantId }],
    },
  });
  expect(connection.properties?.clientSecret).toBe("a-secret");
  expect((await bots.botConnection.get(group, "client-bot", "Graph")).properties?.clientSecret).toBeFalsy();
  expect((await all(bots.botConnection.listByBotService(group, "client-bot"))).map(({ name }) => name)).toEqual([
    "client-bot/Graph",
  ]);

  const { setting } = await bots.channels.listWithKeys(group, "client-bot", "DirectLineChannel");
  expect(setting?.sites?.[0]).toMatchObject({ siteName: "Default Site", isEnabled: true });
  expect(setting?.sites?.[0]?.key).toMatch(/^[\w-]{11}\.[\w-]{43}$/);
  expect((await all(bots.bots.listByResourceGroup(group))).map(({ name }) => name)).toEqual(["client-bot"]);
  await bots.bots.delete(group, "client-bot");
  expect(await refusal(bots.bots.get(group, "client-bot"))).toMatchObject({ status: 404, code: "ResourceNotFound" });
});

test("@azure/arm-appservice: a plan and a site are polled to their end; settings are listed by POST only", async () => {
  const web = new WebSiteManagementClient(credential, azure.tenant.subscriptionId);
  const plan = await web.appServicePlans
    .createOrUpdate(group, "plan", { location, kind: "linux", reserved: true, sku: { name: "B1" } })
    .pollUntilDone();
  expect(plan).toMatchObject({ name: "plan", kind: "linux" });
  const name = `client-${randomUUID().slice(0, 8)}`;
  const site = await web.webApps
    .createOrUpdate(group, name, {
      location,
      serverFarmId: plan.id,
      httpsOnly: true,
      siteConfig: { linuxFxVersion: "NODE|24-lts", appSettings: [{ name: "GREETING", value: "hello" }] },
    })
    .pollUntilDone();
  expect(site.defaultHostName).toBe(`${name}.azurewebsites.net`);
  expect((await web.webApps.listApplicationSettings(group, name)).properties).toMatchObject({ GREETING: "hello" });
  expect((await all(web.webApps.listByResourceGroup(group))).map((one) => one.name)).toEqual([name]);
  await web.webApps.delete(group, name);
  expect((await all(web.deletedWebApps.list())).map(({ deletedSiteName }) => deletedSiteName)).toContain(name);
});

test("@azure/arm-authorization with @azure/keyvault-secrets: refused without the role, served with it, the bin and its purge", async () => {
  const name = `vault-${randomUUID().slice(0, 8)}`;
  await resources.resources
    .createOrUpdateById(`${scope}/providers/Microsoft.KeyVault/vaults/${name}`, "2024-11-01", {
      location,
      properties: {
        tenantId: azure.tenant.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        accessPolicies: [],
      },
    })
    .pollUntilDone();
  const own = new ClientSecretCredential(azure.tenant.tenantId, stranger.clientId, stranger.secret);
  const secrets = new SecretClient(`https://${name}.vault.azure.net`, own);
  expect(await refusal(secrets.setSecret("password", "one"))).toMatchObject({ status: 403, code: "Forbidden" });

  const assigned = await authorization.roleAssignments.create(scope, randomUUID(), {
    principalId: stranger.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles.secretsOfficer}`,
  });
  expect(assigned).toMatchObject({ principalId: stranger.principalId, scope });
  expect((await all(authorization.roleAssignments.listForScope(scope))).map(({ id }) => id)).toContain(assigned.id);

  for (const value of ["one", "two"]) await secrets.setSecret("password", value);
  for (const other of ["b", "c", "d"]) await secrets.setSecret(other, other);
  expect((await secrets.getSecret("password")).value).toBe("two");
  expect(await all(secrets.listPropertiesOfSecretVersions("password"))).toHaveLength(2);
  const pages: number[] = [];
  for await (const page of secrets.listPropertiesOfSecrets().byPage({ maxPageSize: 3 })) pages.push(page.length);
  expect(pages).toEqual([3, 1]);

  const deletion = await secrets.beginDeleteSecret("b", { intervalInMs: 10 });
  await deletion.pollUntilDone();
  expect((await all(secrets.listDeletedSecrets())).map((secret) => secret.name)).toEqual(["b"]);
  const recovery = await secrets.beginRecoverDeletedSecret("b", { intervalInMs: 10 });
  expect((await recovery.pollUntilDone()).name).toBe("b");
  await (await secrets.beginDeleteSecret("c", { intervalInMs: 10 })).pollUntilDone();
  await secrets.purgeDeletedSecret("c");
  expect(await refusal(secrets.getDeletedSecret("c"))).toMatchObject({ status: 404, code: "SecretNotFound" });
  await authorization.roleAssignments.deleteById(String(assigned.id));
  expect(await refusal(secrets.getSecret("password"))).toMatchObject({ status: 403, code: "Forbidden" });
});

test("@azure/storage-blob: refused without the role, served with it, and lists in pages", async () => {
  const name = `clients${randomUUID().slice(0, 8)}`;
  const account = `${scope}/providers/Microsoft.Storage/storageAccounts/${name}`;
  await resources.resources
    .createOrUpdateById(account, "2024-01-01", {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { allowSharedKeyAccess: false, minimumTlsVersion: "TLS1_2" },
    })
    .pollUntilDone();
  const own = new ClientSecretCredential(azure.tenant.tenantId, stranger.clientId, stranger.secret);
  const container = new BlobServiceClient(`https://${name}.blob.core.windows.net`, own).getContainerClient("state");
  expect(await refusal(container.create())).toMatchObject({ status: 403, code: "AuthorizationPermissionMismatch" });
  await authorization.roleAssignments.create(account, randomUUID(), {
    principalId: stranger.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles.blobContributor}`,
  });
  await container.create();
  for (const blob of ["a", "b", "c"]) await container.getBlockBlobClient(blob).upload(blob, 1);
  expect((await container.getBlobClient("b").downloadToBuffer()).toString()).toBe("b");
  const pages: (string | undefined)[][] = [];
  for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 2 })) {
    pages.push(page.segment.blobItems.map((blob) => blob.name));
  }
  expect(pages).toEqual([["a", "b"], ["c"]]);
  const condition = { conditions: { ifNoneMatch: "*" } };
  expect(await refusal(container.getBlockBlobClient("a").upload("x", 1, condition))).toMatchObject({
    status: 409,
    code: "BlobAlreadyExists",
  });
});

test("@azure/arm-authorization: a role goes to whom the directory knows; an unknown principal is refused by name", async () => {
  const reader = `/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
  const assign = (principalId: string): Promise<unknown> =>
    authorization.roleAssignments.create(scope, randomUUID(), { principalId, roleDefinitionId: reader });
  expect(await assign(stranger.principalId)).toMatchObject({ principalId: stranger.principalId });
  expect(await refusal(assign(randomUUID()))).toMatchObject({ status: 400, code: "PrincipalNotFound" });
});

test("429 with Retry-After: the clients wait and ask again, and the caller sees nothing of it", async () => {
  const undo = throttleNext(azure, "management.azure.com", 2);
  const before = azure.trace.exchanges().at(-1)?.number ?? 0;
  expect(await resources.resourceGroups.get(group)).toMatchObject({ name: group });
  undo();
  const statuses = azure.trace.exchanges(before).filter(({ url }) => url.includes("management.azure.com"));
  expect(statuses.map(({ status }) => status)).toEqual([429, 429, 200]);
});

test("another tenant, a wrong secret and a wrong audience are refused in Entra's and ARM's own words", async () => {
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  const wrong = new ClientSecretCredential(tenantId, deployer.clientId, "not-the-secret");
  expect((await refusal(wrong.getToken("https://management.azure.com/.default"))).message).toContain("AADSTS7000215");
  const elsewhere = new ClientSecretCredential(randomUUID(), deployer.clientId, deployer.clientSecret);
  expect((await refusal(elsewhere.getToken("https://management.azure.com/.default"))).message).toContain("AADSTS90002");
  const forGraph = { getToken: () => credential.getToken("https://graph.microsoft.com/.default") };
  const misled = new ResourceManagementClient(forGraph, subscriptionId);
  expect(await refusal(misled.resourceGroups.get(group))).toMatchObject({
    status: 401,
    code: "InvalidAuthenticationTokenAudience",
  });
});
