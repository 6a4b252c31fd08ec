import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { fakeAzure, type FakeAzure } from "../arm/fake-azure";
import { roleDefinitions } from "../../../local/azure/arm/role-definitions";

const worker = "11111111-1111-4111-8111-111111111111";
let azure: FakeAzure;
let vault: string;

beforeEach(async () => {
  azure = fakeAzure();
  const group = `${azure.subscription}/resourceGroups/state`;
  vault = `${group}/providers/Microsoft.KeyVault/vaults/state-vault`;
  await azure.ask("PUT", group, { location: "westeurope" });
  await azure.ask("PUT", vault, {
    location: "westeurope",
    properties: {
      tenantId: azure.tenant.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  });
  await give("Key Vault Crypto Officer", azure.tenant.deployer.objectId, vault);
});

const give = (role: string, who: string, scope: string): Promise<unknown> =>
  azure.assign(who, roleDefinitions.find(({ name }) => name === role)!.id, scope);

interface Answer {
  readonly status: number;
  readonly body: {
    readonly key?: Record<string, unknown>;
    readonly kid?: string;
    readonly value?: string;
    readonly error?: {
      readonly code: string;
      readonly message: string;
      readonly innererror?: { readonly code: string };
    };
  };
}

async function ask(path: string, body?: unknown, who = azure.tenant.deployer.objectId): Promise<Answer> {
  const answer = await azure.keyVault.handle(
    new Request(`https://state-vault.vault.azure.net${path}?api-version=7.4`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: azure.bearer(who, "https://vault.azure.net"), "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  return { status: answer.status, body: (await answer.json()) as Answer["body"] };
}

const make = (more: object = {}): Promise<Answer> => ask("/keys/team/create", { kty: "RSA", key_size: 2048, ...more });
const alg = "RSA-OAEP-256";
const plain = Buffer.from("the key of a state").toString("base64url");

test("what is encrypted with a key is decrypted with it, by name alone, with an empty version and with the version", async () => {
  const { body } = await make();
  const version = String(body.key!["kid"]).split("/").at(-1)!;
  for (const at of ["", "/", `/${version}`]) {
    const encrypted = await ask(`/keys/team${at}/encrypt`, { alg, value: plain });
    expect([encrypted.status, encrypted.body.kid]).toEqual([200, body.key!["kid"]]);
    expect((await ask(`/keys/team${at}/decrypt`, { alg, value: encrypted.body.value })).body.value).toBe(plain);
  }
});

test("the public part that a key shows is its own: what anybody encrypts with it is decrypted in the vault", async () => {
  const { n, e } = (await make()).body.key as { n: string; e: string };
  const key = createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const value = publicEncrypt({ key, padding, oaepHash: "sha256" }, Buffer.from("hello")).toString("base64url");
  const decrypted = await ask("/keys/team/decrypt", { alg, value });
  expect(Buffer.from(decrypted.body.value!, "base64url").toString()).toBe("hello");
});

test("a new version encrypts, and the old one still decrypts what it encrypted", async () => {
  const [, version] = /keys\/team\/(\w+)$/.exec(String((await make()).body.key!["kid"]))!;
  const { value } = (await ask("/keys/team/encrypt", { alg, value: plain })).body;
  await make();
  expect(await ask("/keys/team/decrypt", { alg, value })).toMatchObject({ status: 400 });
  expect((await ask(`/keys/team/${version}/decrypt`, { alg, value })).body.value).toBe(plain);
});

test("a key is used only by whoever holds a role at it, and made only by an officer", async () => {
  await make();
  const refused = await ask("/keys/team/encrypt", { alg, value: plain }, worker);
  expect([refused.status, refused.body.error?.innererror?.code]).toEqual([403, "ForbiddenByRbac"]);
  expect(refused.body.error?.message).toContain("Action: 'Microsoft.KeyVault/vaults/keys/encrypt/action'");
  await give("Key Vault Crypto User", worker, `${vault}/keys/team`);
  expect(await ask("/keys/team/encrypt", { alg, value: plain }, worker)).toMatchObject({ status: 200 });
  expect(await ask("/keys/team", undefined, worker)).toMatchObject({ status: 200 });
  expect(await ask("/keys/other/create", { kty: "RSA" }, worker)).toMatchObject({ status: 403 });
  await ask("/keys/other/create", { kty: "RSA" });
  expect(await ask("/keys/other/encrypt", { alg, value: plain }, worker)).toMatchObject({ status: 403 });
});

test("what a key is not made for, a disabled one, an unknown one and an unknown algorithm are refused", async () => {
  await make({ key_ops: ["encrypt"] });
  const code = async (path: string, body: unknown): Promise<unknown[]> => {
    const { status, body: answer } = await ask(path, body);
    return [status, answer.error?.code, answer.error?.innererror?.code];
  };
  expect(await code("/keys/team/decrypt", { alg, value: plain })).toEqual([403, "Forbidden", "KeyOperationForbidden"]);
  expect(await code("/keys/team/encrypt", { alg: "A256GCM", value: plain })).toEqual([400, "BadParameter", undefined]);
  expect(await code("/keys/team/encrypt", { alg, value: "no base64url!" })).toEqual([400, "BadParameter", undefined]);
  expect(await code("/keys/none/encrypt", { alg, value: plain })).toEqual([404, "KeyNotFound", undefined]);
  await make({ attributes: { enabled: false } });
  expect(await code("/keys/team/encrypt", { alg, value: plain })).toEqual([403, "Forbidden", "KeyDisabled"]);
  expect(await code("/keys/team/create", { kty: "EC" })).toEqual([400, "BadParameter", undefined]);
});

test("ARM shows a key, makes one that is not there, and leaves one that is", async () => {
  const { body } = await make();
  const shown = await azure.ask("GET", `${vault}/keys/team`);
  expect(shown).toMatchObject({
    status: 200,
    body: { properties: { kty: "RSA", keySize: 2048, keyUriWithVersion: body.key!["kid"] } },
  });
  const properties = { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] };
  expect((await azure.ask("PUT", `${vault}/keys/team`, { properties })).body.properties).toMatchObject({
    keyUriWithVersion: body.key!["kid"],
  });
  expect((await azure.ask("PUT", `${vault}/keys/new`, { properties })).body.properties).toMatchObject({
    keySize: 3072,
    keyOps: ["encrypt", "decrypt"],
    keyUri: "https://state-vault.vault.azure.net/keys/new",
  });
  expect(await ask("/keys/new/encrypt", { alg, value: plain })).toMatchObject({ status: 200 });
});
