import type { AccessToken, TokenCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { fakeAzure, roles, type Answer, type FakeAzure } from "../arm/fake-azure";
import { through } from "../arm/sdk";

const location = "westeurope";
const reader = "11111111-1111-4111-8111-111111111111";
let azure: FakeAzure;
let group: string;
let vault: string;

beforeEach(async () => {
  azure = fakeAzure();
  group = `${azure.subscription}/resourceGroups/bots`;
  vault = `${group}/providers/Microsoft.KeyVault/vaults/bot-vault`;
  await azure.ask("PUT", group, { location });
});

const make = (properties: object = {}, path = vault): Promise<Answer> =>
  azure.ask("PUT", path, {
    location,
    properties: {
      tenantId: azure.tenant.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      ...properties,
    },
  });

/** A client of Microsoft's for a principal. */
function client(oid: string): SecretClient {
  const credential: TokenCredential = {
    async getToken(scopes): Promise<AccessToken> {
      const audience = [scopes].flat()[0]!.replace("/.default", "");
      return { token: `${oid}|${audience}`, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  return new SecretClient("https://bot-vault.vault.azure.net", credential, {
    httpClient: through(azure.keyVault),
    retryOptions: { maxRetries: 0 },
  });
}

async function refused(promise: Promise<unknown>): Promise<{ statusCode: number; code: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { statusCode: number; code: string; message: string };
  }
  throw new Error("was not refused");
}

describe("vaults", () => {
  test("a vault has its address, soft delete for 90 days and no purge protection", async () => {
    expect((await make()).status).toBe(200);
    const { body } = await azure.ask("GET", vault);
    expect(body.properties).toMatchObject({
      vaultUri: "https://bot-vault.vault.azure.net/",
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
      provisioningState: "Succeeded",
    });
    expect(body.properties).not.toHaveProperty("enablePurgeProtection");
  });

  test.each([
    ["purge protection is switched off in words", { enablePurgeProtection: false }, "BadRequest"],
    ["soft delete is switched off", { enableSoftDelete: false }, "BadRequest"],
    ["the retention is too short", { softDeleteRetentionInDays: 5 }, "BadRequest"],
    ["neither roles nor policies say who may", { enableRbacAuthorization: false }, "BadRequest"],
    ["a property does not exist", { rbac: true }, "InvalidRequestContent"],
  ])("a vault is refused when %s", async (_why, properties, code) => {
    const { status, body } = await make(properties);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  test("the retention is set once", async () => {
    await make({ softDeleteRetentionInDays: 7 });
    expect((await make({ softDeleteRetentionInDays: 8 })).body.error.message).toBe(
      'The property "softDeleteRetentionInDays" has already been set and it can\'t be modified.',
    );
    expect((await make()).body.properties.softDeleteRetentionInDays).toBe(7);
  });

  test("a vault's name is free nowhere else, and stays taken after its deletion until it is purged", async () => {
    await make({ softDeleteRetentionInDays: 7 });
    const elsewhere = vault.replace("/bots/", "/other/");
    await azure.ask("PUT", `${azure.subscription}/resourceGroups/other`, { location });
    expect((await make({}, elsewhere)).body.error.code).toBe("VaultAlreadyExists");
    await azure.ask("DELETE", vault);
    expect((await make()).body.error.code).toBe("ConflictError");
    const deleted = `${azure.subscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/bot-vault`;
    expect((await azure.ask("GET", deleted)).body.properties.vaultId).toBe(vault);
    expect((await azure.ask("POST", `${deleted}/purge`)).status).toBe(202);
    expect((await azure.ask("GET", deleted)).body.error.code).toBe("DeletedVaultNotFound");
    expect((await make()).status).toBe(200);
  });

  test("a deleted vault is recovered with its secrets, purged only without protection, and gone after its time", async () => {
    await make({ softDeleteRetentionInDays: 7, enablePurgeProtection: true });
    await azure.ask("PUT", `${vault}/secrets/key`, { properties: { value: "v" } });
    await azure.ask("DELETE", vault);
    const bin = `${azure.subscription}/providers/Microsoft.KeyVault/deletedVaults`;
    const deleted = bin.replace("deletedVaults", "locations/westeurope/deletedVaults/bot-vault");
    expect((await azure.ask("POST", `${deleted}/purge`)).body.error.code).toBe("MethodNotAllowed");
    expect((await make({ createMode: "recover" })).status).toBe(200);
    expect((await azure.ask("GET", `${vault}/secrets`)).body.value).toMatchObject([{ name: "key" }]);
    await azure.ask("DELETE", vault);
    azure.clock.advance(8 * 24 * 3_600_000);
    expect((await azure.ask("GET", bin)).body.value).toEqual([]);
  });
});

describe("secrets through ARM", () => {
  test("a secret's value never comes back, its addresses and expiry do", async () => {
    await make();
    const made = await azure.ask("PUT", `${vault}/secrets/bot-app-password`, {
      properties: { value: "hush", contentType: "text/plain", attributes: { exp: 2_000_000_000 } },
    });
    expect(made.status).toBe(201);
    expect(JSON.stringify(made.body)).not.toContain("hush");
    expect(made.body.properties).toMatchObject({
      contentType: "text/plain",
      attributes: { enabled: true, exp: 2_000_000_000 },
      secretUri: "https://bot-vault.vault.azure.net/secrets/bot-app-password",
      secretUriWithVersion: expect.stringMatching(
        /^https:\/\/bot-vault\.vault\.azure\.net\/secrets\/bot-app-password\/[0-9a-f]{32}$/,
      ),
    });
    const again = await azure.ask("PUT", `${vault}/secrets/bot-app-password`, { properties: { value: "hush" } });
    expect(again.status).toBe(200);
    expect(again.body.properties.secretUriWithVersion).not.toBe(made.body.properties.secretUriWithVersion);
    expect((await azure.ask("DELETE", `${vault}/secrets/bot-app-password`)).status).toBe(405);
  });
});

describe("Microsoft's client over the data plane", () => {
  beforeEach(async () => {
    await make();
    await azure.assign(reader, roles.secretsUser, vault);
    await azure.assign(azure.tenant.deployer.objectId, roles.secretsOfficer, vault);
  });

  test("a secret is written, versioned, read and listed", async () => {
    const owner = client(azure.tenant.deployer.objectId);
    const first = await owner.setSecret("key", "one", { tags: { a: "b" }, expiresOn: new Date(2_000_000_000_000) });
    await owner.setSecret("key", "two");
    expect((await client(reader).getSecret("key")).value).toBe("two");
    const old = await client(reader).getSecret("key", { version: first.properties.version });
    expect([old.value, old.properties.tags, old.properties.recoveryLevel]).toEqual([
      "one",
      { a: "b" },
      "Recoverable+Purgeable",
    ]);
    const names: string[] = [];
    for await (const { name } of owner.listPropertiesOfSecrets()) names.push(name);
    expect(names).toEqual(["key"]);
    let versions = 0;
    for await (const _ of owner.listPropertiesOfSecretVersions("key")) versions++;
    expect(versions).toBe(2);
    expect((await azure.ask("GET", `${vault}/secrets/key`)).body.properties.secretUri).toBe(
      "https://bot-vault.vault.azure.net/secrets/key",
    );
  });

  test("a deleted secret blocks its name, is recovered, and is gone once purged", async () => {
    const owner = client(azure.tenant.deployer.objectId);
    await owner.setSecret("key", "one");
    await (await owner.beginDeleteSecret("key", { intervalInMs: 1 })).pollUntilDone();
    expect((await refused(owner.getSecret("key"))).code).toBe("SecretNotFound");
    expect((await azure.ask("GET", `${vault}/secrets/key`)).status).toBe(404);
    expect(await refused(owner.setSecret("key", "two"))).toMatchObject({ statusCode: 409, code: "Conflict" });
    const put = await azure.ask("PUT", `${vault}/secrets/key`, { properties: { value: "two" } });
    expect([put.status, put.body.error.code]).toEqual([409, "ConflictError"]);
    await (await owner.beginRecoverDeletedSecret("key", { intervalInMs: 1 })).pollUntilDone();
    expect((await owner.getSecret("key")).value).toBe("one");
    await (await owner.beginDeleteSecret("key", { intervalInMs: 1 })).pollUntilDone();
    await owner.purgeDeletedSecret("key");
    expect((await owner.setSecret("key", "new")).value).toBe("new");
  });

  test("a vault that is protected purges its deleted secrets by itself alone, at the end of its retention", async () => {
    await make({ enablePurgeProtection: true });
    const owner = client(azure.tenant.deployer.objectId);
    await owner.setSecret("key", "one");
    await (await owner.beginDeleteSecret("key", { intervalInMs: 1 })).pollUntilDone();
    const { statusCode, message } = await refused(owner.purgeDeletedSecret("key"));
    expect([statusCode, message]).toEqual([
      403,
      'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will ' +
        "automatically purge it after the retention period has passed.\r\nVault: bot-vault;location=westeurope",
    ]);
    azure.clock.advance(89 * 24 * 3_600_000);
    expect((await owner.getDeletedSecret("key")).name).toBe("key");
    azure.clock.advance(2 * 24 * 3_600_000);
    expect((await refused(owner.getDeletedSecret("key"))).code).toBe("SecretNotFound");
    expect((await owner.setSecret("key", "new")).value).toBe("new");
  });

  test("a disabled secret is not read; an expired one is, as in Azure", async () => {
    const owner = client(azure.tenant.deployer.objectId);
    const { properties } = await owner.setSecret("key", "one", { expiresOn: new Date(1_000_000_000_000) });
    expect((await owner.getSecret("key")).value).toBe("one");
    await owner.updateSecretProperties("key", properties.version!, { enabled: false });
    expect(await refused(owner.getSecret("key"))).toMatchObject({
      statusCode: 403,
      code: "Forbidden",
      message: expect.stringContaining("Operation get is not allowed on a disabled secret."),
    });
  });

  test("a reader of secrets writes none, and a stranger reads none", async () => {
    await client(azure.tenant.deployer.objectId).setSecret("key", "one");
    expect((await refused(client(reader).setSecret("key", "two"))).message).toContain(
      "Action: 'Microsoft.KeyVault/vaults/secrets/setSecret/action'",
    );
    const stranger = await refused(client("22222222-2222-4222-8222-222222222222").getSecret("key"));
    expect([stranger.statusCode, stranger.code]).toEqual([403, "Forbidden"]);
  });

  test("without a token the answer says where to get one", async () => {
    const answer = await azure.keyVault.handle(
      new Request("https://bot-vault.vault.azure.net/secrets/key/?api%2Dversion=2025-07-01"),
    );
    expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([
      401,
      `Bearer authorization="https://login.microsoftonline.com/${azure.tenant.tenantId}", resource="https://vault.azure.net"`,
    ]);
  });
});

test("a request that cannot be read is refused, never an error of the service", async () => {
  await make();
  const owner = azure.tenant.deployer.objectId;
  await azure.assign(owner, roles.secretsOfficer, vault);
  const ask = async (path: string, body?: string): Promise<[number, string]> => {
    const answer = await azure.keyVault.handle(
      new Request(`https://bot-vault.vault.azure.net${path}`, {
        method: body === undefined ? "GET" : "PUT",
        headers: { Authorization: azure.bearer(owner, "https://vault.azure.net") },
        ...(body === undefined ? {} : { body }),
      }),
    );
    return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
  };
  const bad = [400, "BadParameter"];
  expect(await ask("/secrets/key")).toEqual(bad);
  expect(await ask("/secrets/key?api-version=6.0")).toEqual(bad);
  expect(await ask("/secrets/%E0%A4?api-version=7.6")).toEqual(bad);
  expect(await ask("/doors?api-version=7.6")).toEqual(bad);
  expect(await ask("/storage?api-version=7.6")).toEqual([400, "NotServedByLocalAzure"]);
  expect(await ask("/secrets/key?api-version=7.6", "{")).toEqual(bad);
  expect(await ask("/secrets/key?api-version=7.6", "{}")).toEqual(bad);
  expect(await ask("/secrets/key?api-version=7.6", '{"value":"v","attributes":{"enabled":"no"}}')).toEqual(bad);
  expect(await ask("/secrets/a_b?api-version=7.6", '{"value":"v"}')).toEqual(bad);
});

test("access policies count where the vault does not use roles", async () => {
  await make({
    enableRbacAuthorization: false,
    accessPolicies: [{ tenantId: azure.tenant.tenantId, objectId: reader, permissions: { secrets: ["Get"] } }],
  });
  await azure.ask("PUT", `${vault}/secrets/key`, { properties: { value: "v" } });
  expect((await client(reader).getSecret("key")).value).toBe("v");
  expect((await refused(client(azure.tenant.deployer.objectId).getSecret("key"))).message).toContain(
    "does not have secrets get permission on key vault 'bot-vault;location=westeurope'",
  );
});

describe("references of App Service", () => {
  const uri = "https://bot-vault.vault.azure.net/secrets/key";
  const read = (address: string, who = reader): string => {
    const answer = azure.vaults.read(address, who);
    return "value" in answer ? answer.value : answer.status;
  };

  test("a reference resolves with the role only, and every failure has App Service's status", async () => {
    expect(read(uri)).toBe("VaultNotFound");
    await make();
    expect(read(uri)).toBe("AccessToKeyVaultDenied");
    await azure.assign(reader, roles.secretsUser, vault);
    expect(read(uri)).toBe("SecretNotFound");
    const { uriWithVersion } = azure.vaults.setSecret("bot-vault", "key", "one");
    azure.vaults.setSecret("bot-vault", "key", "two");
    expect([read(uri), read(`${uri}/`), read(uriWithVersion)]).toEqual(["two", "two", "one"]);
    expect(read(`${uri}/${"0".repeat(32)}`)).toBe("SecretVersionNotFound");
    expect(read("https://example.com/secrets/key")).toBe("InvalidSyntax");
    azure.vaults.setSecret("bot-vault", "key", "three", { enabled: false });
    expect(read(uri)).toBe("AccessToKeyVaultDenied");
  });
});
