import { randomBytes } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import { BlobServiceClient, StorageSharedKeyCredential, type RestError } from "@azure/storage-blob";
import { fakeAzure, roles, type Answer, type FakeAzure } from "../arm/fake-azure";
import { throughOlder } from "../arm/sdk";

const location = "westeurope";
const bot = "11111111-1111-4111-8111-111111111111";
const guest = "22222222-2222-4222-8222-222222222222";
let azure: FakeAzure;
let group: string;
let account: string;

beforeEach(async () => {
  azure = fakeAzure();
  group = `${azure.subscription}/resourceGroups/bots`;
  account = `${group}/providers/Microsoft.Storage/storageAccounts/botstate`;
  await azure.ask("PUT", group, { location });
});

const make = (properties: object = {}, path = account): Promise<Answer> =>
  azure.ask("PUT", path, { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, properties });

/** A client of Microsoft's for a principal. */
function client(oid: string, name = "botstate"): BlobServiceClient {
  const credential: TokenCredential = {
    getToken: async (scopes) => ({
      token: `${oid}|${[scopes].flat()[0]!.replace("/.default", "")}`,
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  };
  return new BlobServiceClient(`https://${name}.blob.core.windows.net`, credential, {
    httpClient: throughOlder(azure.storage),
    retryOptions: { maxTries: 1 },
  });
}

async function refused(promise: Promise<unknown>): Promise<[status: number | undefined, code: string | undefined]> {
  try {
    await promise;
  } catch (error) {
    const { statusCode, code, details } = error as RestError;
    return [statusCode, (details as { errorCode?: string })?.errorCode ?? code];
  }
  throw new Error("was not refused");
}

describe("accounts", () => {
  test("an account is made by a polled operation and shows its addresses", async () => {
    const made = await make({ allowSharedKeyAccess: false });
    expect([made.status, made.body]).toEqual([202, undefined]);
    const done = await azure.ask("GET", made.headers.get("Location")!);
    expect(done).toMatchObject({
      status: 200,
      body: {
        id: account,
        sku: { name: "Standard_LRS", tier: "Standard" },
        properties: {
          provisioningState: "Succeeded",
          allowSharedKeyAccess: false,
          primaryEndpoints: { blob: "https://botstate.blob.core.windows.net/" },
        },
      },
    });
    expect((await make()).status).toBe(200);
    expect((await azure.ask("GET", `${account}/blobServices/default`)).body.name).toBe("default");
  });

  test("names, tiers and kinds that cannot be are refused", async () => {
    const code = async (answer: Promise<Answer>): Promise<[number, string]> => {
      const { status, body } = await answer;
      return [status, body.error.code];
    };
    expect(await code(make({}, account.replace("botstate", "Bot-State")))).toEqual([400, "AccountNameInvalid"]);
    expect(await code(make({ httpsOnly: true }))).toEqual([400, "InvalidRequestContent"]);
    await make();
    const sku = { location, kind: "StorageV2", sku: { name: "Golden" } };
    expect(await code(azure.ask("PUT", account, sku))).toEqual([400, "InvalidAccountSku"]);
    const kind = { location, kind: "BlobStorage", sku: { name: "Standard_LRS" } };
    expect(await code(azure.ask("PUT", account, kind))).toEqual([409, "AccountPropertyCannotBeUpdated"]);
    await azure.ask("PUT", `${azure.subscription}/resourceGroups/other`, { location });
    expect(await code(make({}, account.replace("/bots/", "/other/")))).toEqual([409, "StorageAccountAlreadyTaken"]);
  });

  test("a deleted account is told of for 14 days, or until its name is taken again", async () => {
    const bin = async (): Promise<unknown[]> =>
      (await azure.ask("GET", `${azure.subscription}/providers/Microsoft.Storage/deletedAccounts`)).body.value.map(
        ({ name, tags, properties }: { name: string; tags?: unknown; properties: Record<string, unknown> }) => [
          name,
          tags,
          properties["storageAccountResourceId"],
        ],
      );
    await make();
    await azure.ask("DELETE", account);
    expect(await bin()).toEqual([["botstate", undefined, account]]);
    await make();
    expect(await bin()).toEqual([]);
    await azure.ask("DELETE", account);
    azure.clock.advance(13 * 24 * 3_600_000);
    expect(await bin()).toHaveLength(1);
    azure.clock.advance(24 * 3_600_000);
    expect(await bin()).toEqual([]);
  });

  test("keys are handed out and renewed one at a time", async () => {
    await make();
    const keys = (await azure.ask("POST", `${account}/listKeys`)).body.keys;
    expect(keys.map(({ keyName }: { keyName: string }) => keyName)).toEqual(["key1", "key2"]);
    const renewed = (await azure.ask("POST", `${account}/regenerateKey`, { keyName: "key1" })).body.keys;
    expect([renewed[0].value === keys[0].value, renewed[1].value === keys[1].value]).toEqual([false, true]);
  });
});

describe("containers", () => {
  const container = (name = "state"): string => `${account}/blobServices/default/containers/${name}`;

  test("a container made through ARM is there for Microsoft's client, and the other way round", async () => {
    await make();
    expect((await azure.ask("PUT", container(), { properties: {} })).status).toBe(201);
    await azure.assign(bot, roles.blobContributor, account);
    expect(await client(bot).getContainerClient("state").exists()).toBe(true);
    await client(bot).createContainer("made-here");
    expect((await azure.ask("GET", container("made-here"))).body.properties.publicAccess).toBe("None");
    expect(await refused(client(bot).createContainer("state"))).toEqual([409, "ContainerAlreadyExists"]);
    await client(bot).deleteContainer("made-here");
    expect((await azure.ask("GET", container("made-here"))).status).toBe(404);
    const names: string[] = [];
    for await (const { name } of client(bot).listContainers()) names.push(name);
    expect(names).toEqual(["state"]);
  });

  test("a name that cannot be, and public access that the account forbids, are refused", async () => {
    await make();
    expect((await azure.ask("PUT", container("Bad_Name"), {})).body.error.code).toBe("ContainerNameInvalid");
    const open = await azure.ask("PUT", container(), { properties: { publicAccess: "Blob" } });
    expect([open.status, open.body.error.code]).toEqual([409, "PublicAccessNotPermitted"]);
  });
});

describe("a lifecycle policy", () => {
  const hour = 3_600_000;
  const rule = { name: "forgotten", type: "Lifecycle", enabled: true };
  const deletion = (days: number): object => ({ baseBlob: { delete: { daysAfterModificationGreaterThan: days } } });
  const put = (rules: object[], name = "default"): Promise<Answer> =>
    azure.ask("PUT", `${account}/managementPolicies/${name}`, { properties: { policy: { rules } } });
  const definition = {
    filters: { blobTypes: ["blockBlob"], prefixMatch: ["turns/sign-in/"] },
    actions: deletion(1),
  };
  const names = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { name } of client(bot).getContainerClient("turns").listBlobsFlat()) found.push(name);
    return found;
  };
  const write = (name: string): Promise<unknown> =>
    client(bot).getContainerClient("turns").getBlockBlobClient(name).upload("{}", 2);

  beforeEach(async () => {
    await make();
    await azure.assign(bot, roles.blobContributor, account);
    await azure.ask("PUT", `${account}/blobServices/default/containers/turns`, {});
  });

  test("deletes what nobody wrote for its days, by the folder's name, and keeps what was written since", async () => {
    for (const name of ["sign-in/forgotten", "sign-in/answered", "health/host"]) await write(name);
    expect((await put([{ ...rule, definition }])).status).toBe(200);
    azure.clock.advance(23 * hour);
    await write("sign-in/answered");
    expect(await names()).toEqual(["health/host", "sign-in/answered", "sign-in/forgotten"]);
    azure.clock.advance(2 * hour);
    expect(await names()).toEqual(["health/host", "sign-in/answered"]);
    // Azure looks once a day, whatever has grown old meanwhile.
    azure.clock.advance(23 * hour);
    expect(await names()).toEqual(["health/host", "sign-in/answered"]);
    azure.clock.advance(2 * hour);
    expect(await names()).toEqual(["health/host"]);
  });

  test.each([
    ["is switched off", { ...rule, enabled: false, definition }],
    [
      "is about another container",
      { ...rule, definition: { ...definition, filters: { ...definition.filters, prefixMatch: ["turn/"] } } },
    ],
    [
      "only moves blobs to another tier",
      {
        ...rule,
        definition: { ...definition, actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 1 } } } },
      },
    ],
    [
      "asks for index tags",
      {
        ...rule,
        definition: {
          ...definition,
          filters: { ...definition.filters, blobIndexMatch: [{ name: "a", op: "==", value: "b" }] },
        },
      },
    ],
  ])("that %s deletes nothing", async (_what, given) => {
    await write("sign-in/one");
    expect((await put([given])).status).toBe(200);
    azure.clock.advance(72 * hour);
    expect(await names()).toEqual(["sign-in/one"]);
  });

  test.each([
    ["another name than default", () => put([{ ...rule, definition }], "lifecycle"), "HttpResourceNotFound"],
    ["no rule", () => put([]), "InvalidRequestContent"],
    ["a type that is none", () => put([{ ...rule, type: "Retention", definition }]), "InvalidRequestContent"],
    [
      "half a day",
      () => put([{ ...rule, definition: { ...definition, actions: deletion(0.5) } }]),
      "InvalidRequestContent",
    ],
    ["two rules of one name", () => put([1, 2].map(() => ({ ...rule, definition }))), "InvalidRequestPropertyValue"],
  ])("with %s is refused", async (_what, write, code) => {
    expect((await write()).body.error.code).toBe(code);
  });
});

describe("Microsoft's client over the data plane", () => {
  beforeEach(async () => {
    await make();
    await azure.ask("PUT", `${account}/blobServices/default/containers/state`, {});
    await azure.assign(bot, roles.blobContributor, `${account}/blobServices/default/containers/state`);
    await azure.assign(guest, roles.blobReader, account);
  });

  const blob = (name = "users/a b.json", who = bot): ReturnType<ReturnType<typeof container>["getBlockBlobClient"]> =>
    container(who).getBlockBlobClient(name);
  const container = (who = bot): ReturnType<BlobServiceClient["getContainerClient"]> =>
    client(who).getContainerClient("state");

  test("a blob is written, read, described and deleted", async () => {
    await blob().upload("{}", 2, { blobHTTPHeaders: { blobContentType: "application/json" }, metadata: { by: "bot" } });
    expect((await blob().downloadToBuffer()).toString()).toBe("{}");
    const properties = await blob().getProperties();
    expect([properties.contentType, properties.contentLength, properties.metadata]).toEqual([
      "application/json",
      2,
      { by: "bot" },
    ]);
    expect((await blob().download(1, 1)).contentLength).toBe(1);
    await blob().delete();
    expect(await blob().exists()).toBe(false);
    expect(await refused(blob().download())).toEqual([404, "BlobNotFound"]);
    expect((await refused(blob().delete()))[0]).toBe(404);
  });

  test("two writers do not overwrite each other", async () => {
    const { etag } = await blob().upload("1", 1, { conditions: { ifNoneMatch: "*" } });
    expect(await refused(blob().upload("2", 1, { conditions: { ifNoneMatch: "*" } }))).toEqual([
      409,
      "BlobAlreadyExists",
    ]);
    await blob().upload("3", 1, { conditions: { ifMatch: etag } });
    expect(await refused(blob().upload("4", 1, { conditions: { ifMatch: etag } }))).toEqual([412, "ConditionNotMet"]);
    expect(await refused(blob().delete({ conditions: { ifMatch: etag } }))).toEqual([412, "ConditionNotMet"]);
    expect((await blob().downloadToBuffer()).toString()).toBe("3");
    const { etag: newest } = await blob().getProperties();
    expect((await refused(blob().download(0, undefined, { conditions: { ifNoneMatch: newest } })))[0]).toBe(304);
  });

  test("a blob is copied within its account, with what describes it, by whoever may read the one and write the other", async () => {
    await blob("from").upload("{}", 2, {
      blobHTTPHeaders: { blobContentType: "application/json" },
      metadata: { by: "bot" },
    });
    const poller = await blob("to/copy").beginCopyFromURL(blob("from").url);
    expect((await poller.pollUntilDone()).copyStatus).toBe("success");
    expect((await blob("to/copy").downloadToBuffer()).toString()).toBe("{}");
    expect(await blob("to/copy").getProperties()).toMatchObject({
      contentType: "application/json",
      metadata: { by: "bot" },
      copySource: blob("from").url,
      copyStatus: "success",
      copyProgress: "2/2",
    });
    // The next write is no copy any more.
    await blob("to/copy").upload("2", 1);
    expect((await blob("to/copy").getProperties()).copyStatus).toBeUndefined();

    expect(await refused(blob("to/copy").beginCopyFromURL(blob("none").url))).toEqual([404, "CannotVerifyCopySource"]);
    const elsewhere = "https://other.blob.core.windows.net/state/from";
    expect(await refused(blob("to/copy").beginCopyFromURL(elsewhere))).toEqual([400, "NotServedByLocalAzure"]);
    expect(await refused(blob("to/copy", guest).beginCopyFromURL(blob("from").url))).toEqual([
      403,
      "AuthorizationPermissionMismatch",
    ]);
    await azure.ask("PUT", `${account}/blobServices/default/containers/private`, {});
    const hidden = blob("from").url.replace("/state/", "/private/");
    expect(await refused(blob("to/copy").beginCopyFromURL(hidden))).toEqual([403, "AuthorizationPermissionMismatch"]);
  });

  test("large data goes up in blocks and comes down whole", async () => {
    const data = randomBytes(3 * 1024 * 1024 + 7);
    await blob("big").uploadData(data, { blockSize: 1024 * 1024, maxSingleShotSize: 1024 });
    expect((await blob("big").downloadToBuffer()).equals(data)).toBe(true);
    expect(await refused(blob("big").commitBlockList([Buffer.from("none").toString("base64")]))).toEqual([
      400,
      "InvalidBlockList",
    ]);
  });

  test("blobs are listed by name, by folder and in pages", async () => {
    for (const name of ["b/2", "a&b", "b/1", "c"]) await blob(name).upload("x", 1);
    const flat: string[] = [];
    for await (const page of container().listBlobsFlat().byPage({ maxPageSize: 3 })) {
      flat.push(...page.segment.blobItems.map(({ name }) => name), "|");
    }
    expect(flat).toEqual(["a&b", "b/1", "b/2", "|", "c", "|"]);
    const folders: string[] = [];
    for await (const item of container().listBlobsByHierarchy("/")) folders.push(`${item.kind} ${item.name}`);
    expect(folders.sort()).toEqual(["blob a&b", "blob c", "prefix b/"]);
  });

  test("a reader writes nothing, a stranger reads nothing, and a missing container is told to who may know", async () => {
    await blob().upload("1", 1);
    expect((await blob(undefined, guest).downloadToBuffer()).toString()).toBe("1");
    expect(await refused(blob(undefined, guest).upload("2", 1))).toEqual([403, "AuthorizationPermissionMismatch"]);
    const owner = azure.tenant.deployer.objectId;
    expect(await refused(blob(undefined, owner).download())).toEqual([403, "AuthorizationPermissionMismatch"]);
    const missing = client(guest).getContainerClient("none").getBlobClient("x");
    expect(await refused(missing.download())).toEqual([404, "ContainerNotFound"]);
    expect(await refused(client(guest, "nobody").getContainerClient("state").getProperties())).toEqual([
      404,
      "ResourceNotFound",
    ]);
  });

  test("an account's key opens everything, until it is renewed or the account takes no keys", async () => {
    const keyed = (key: string): BlobServiceClient =>
      new BlobServiceClient("https://botstate.blob.core.windows.net", new StorageSharedKeyCredential("botstate", key), {
        httpClient: throughOlder(azure.storage),
        retryOptions: { maxTries: 1 },
      });
    const ask = (key: string): Promise<unknown> => keyed(key).getContainerClient("state").getProperties();
    const { body } = await azure.ask("POST", `${account}/listKeys`);
    const key = body.keys[0].value as string;
    expect(await refused(ask(Buffer.from("another").toString("base64")))).toEqual([403, "AuthenticationFailed"]);
    const container = keyed(key).getContainerClient("state");
    await container.getBlockBlobClient("a folder/ü").upload("state", 5, { metadata: { of: "bot" } });
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: "a folder/" })) names.push(name);
    expect(names).toEqual(["a folder/ü"]);
    expect((await container.getBlobClient("a folder/ü").downloadToBuffer(1, 3)).toString()).toBe("tat");

    expect((await azure.ask("POST", `${account}/regenerateKey`, { keyName: "key3" })).status).toBe(400);
    await azure.ask("POST", `${account}/regenerateKey`, { keyName: "key1" });
    expect(await refused(ask(key))).toEqual([403, "AuthenticationFailed"]);
    const other = body.keys[1].value as string;
    await ask(other);
    await make({ allowSharedKeyAccess: false });
    expect(await refused(ask(other))).toEqual([403, "KeyBasedAuthenticationNotPermitted"]);
  });

  test("what is not served is refused, never an error of the service", async () => {
    const ask = async (path: string, method = "GET", headers: Record<string, string> = {}): Promise<string> => {
      const authorization = azure.bearer(bot, "https://storage.azure.com");
      const { status, headers: answered } = await azure.storage.handle(
        new Request(`https://botstate.blob.core.windows.net${path}`, {
          method,
          headers: { authorization, ...headers },
        }),
      );
      return `${status} ${answered.get("x-ms-error-code")}`;
    };
    expect(await ask("/state/%E0%A4")).toBe("400 InvalidUri");
    expect(await ask("/state/x", "PUT")).toBe("400 MissingRequiredHeader");
    expect(await ask("/state/x", "PUT", { "x-ms-blob-type": "PageBlob" })).toBe("400 NotServedByLocalAzure");
    expect(await ask("/state/x", "PUT", { "x-ms-blob-type": "RoundBlob" })).toBe("400 InvalidHeaderValue");
    expect(await ask("/state/x?comp=lease", "PUT")).toBe("400 NotServedByLocalAzure");
    expect(await ask("/state/x?comp=wheels", "PUT")).toBe("400 InvalidQueryParameterValue");
    expect(await ask("/state/x", "PATCH")).toBe("405 UnsupportedHttpVerb");
    expect(await ask("/state")).toBe("400 InvalidQueryParameterValue");
  });

  test("without a token the answer says where to get one, in XML", async () => {
    const answer = await azure.storage.handle(new Request("https://botstate.blob.core.windows.net/state/x"));
    expect([answer.status, answer.headers.get("WWW-Authenticate"), answer.headers.get("x-ms-error-code")]).toEqual([
      401,
      `Bearer authorization_uri=https://login.microsoftonline.com/${azure.tenant.tenantId}/oauth2/authorize ` +
        "resource_id=https://storage.azure.com",
      "NoAuthenticationInformation",
    ]);
    expect(await answer.text()).toContain("<Code>NoAuthenticationInformation</Code>");
  });
});
