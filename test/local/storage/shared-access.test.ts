import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  AnonymousCredential,
  BlobServiceClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
  type RestError,
  type SASQueryParameters,
} from "@azure/storage-blob";
import { fakeAzure, roles, type FakeAzure } from "../arm/fake-azure";
import { throughOlder } from "../arm/sdk";

const origin = "https://botstate.blob.core.windows.net";
let azure: FakeAzure;
let account: string;
let credential: StorageSharedKeyCredential;
let owner: BlobServiceClient;

beforeEach(async () => {
  azure = fakeAzure();
  const group = `${azure.subscription}/resourceGroups/bots`;
  account = `${group}/providers/Microsoft.Storage/storageAccounts/botstate`;
  await azure.ask("PUT", group, { location: "westeurope" });
  await azure.ask("PUT", account, { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } });
  const { body } = await azure.ask("POST", `${account}/listKeys`);
  credential = new StorageSharedKeyCredential("botstate", body.keys[0].value);
  owner = new BlobServiceClient(origin, credential, options());
  await owner.getContainerClient("state").create();
  await owner.getContainerClient("state").getBlockBlobClient("a folder/ü").upload("state", 5);
});

const options = (): object => ({ httpClient: throughOlder(azure.storage), retryOptions: { maxTries: 1 } });
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

/** Whoever has nothing but a signature. */
const having = (signature: SASQueryParameters): BlobServiceClient =>
  new BlobServiceClient(`${origin}?${signature.toString()}`, new AnonymousCredential(), options());

const ofContainer = (permissions: string, more: object = {}): SASQueryParameters =>
  generateBlobSASQueryParameters(
    {
      containerName: "state",
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: inAnHour(),
      ...more,
    },
    credential,
  );

const ofAccount = (permissions: string, types: string, services = "b"): SASQueryParameters =>
  generateAccountSASQueryParameters(
    {
      permissions: AccountSASPermissions.parse(permissions),
      resourceTypes: AccountSASResourceTypes.parse(types).toString(),
      services: AccountSASServices.parse(services).toString(),
      expiresOn: inAnHour(),
    },
    credential,
  );

async function refused(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (error) {
    const { code, details } = error as RestError;
    return (details as { errorCode?: string })?.errorCode ?? code;
  }
  throw new Error("was not refused");
}

async function namesIn(service: BlobServiceClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of service.getContainerClient("state").listBlobsFlat()) names.push(name);
  return names;
}

describe("a container's signature", () => {
  test.each([undefined, "2018-11-09", "2020-10-02"])("opens what its letters say, in version %s", async (version) => {
    const reader = having(ofContainer("rl", { version, protocol: "https" })).getContainerClient("state");
    expect(await namesIn(having(ofContainer("rl", { version })))).toEqual(["a folder/ü"]);
    expect((await reader.getBlobClient("a folder/ü").downloadToBuffer()).toString()).toBe("state");
    expect(await refused(reader.getBlobClient("a folder/ü").delete())).toBe("AuthorizationPermissionMismatch");
    expect(await refused(reader.getBlockBlobClient("new").upload("x", 1))).toBe("AuthorizationPermissionMismatch");
    expect(await refused(namesIn(having(ofContainer("r"))))).toBe("AuthorizationPermissionMismatch");
  });

  test("with leave to create does not overwrite, and stages no blocks", async () => {
    const maker = having(ofContainer("c")).getContainerClient("state");
    await maker.getBlockBlobClient("new").upload("x", 1);
    expect(await refused(maker.getBlockBlobClient("new").upload("y", 1))).toBe("AuthorizationPermissionMismatch");
    expect(await refused(maker.getBlockBlobClient("b").stageBlock("AAAA", "y", 1))).toBe(
      "AuthorizationPermissionMismatch",
    );
    const writer = having(ofContainer("wd")).getContainerClient("state").getBlockBlobClient("new");
    await writer.stageBlock("AAAA", "y", 1);
    await writer.commitBlockList(["AAAA"]);
    await writer.delete();
  });

  test("allows nothing of the container itself, nor of another one", async () => {
    const holder = having(ofContainer("racwdl"));
    expect(await refused(holder.getContainerClient("state").getProperties())).toBe("AuthorizationFailure");
    expect(await refused(holder.getContainerClient("state").delete())).toBe("AuthorizationFailure");
    expect(await refused(holder.getContainerClient("other").getBlobClient("x").download())).toBe(
      "AuthenticationFailed",
    );
  });

  test("says what an answer tells of its content", async () => {
    const reader = having(ofContainer("r", { contentType: "text/plain", contentDisposition: "attachment" }));
    const { contentType, contentDisposition } = await reader
      .getContainerClient("state")
      .getBlobClient("a folder/ü")
      .getProperties();
    expect([contentType, contentDisposition]).toEqual(["text/plain", "attachment"]);
  });
});

test("a blob's signature opens that blob alone", async () => {
  const reader = having(ofContainer("r", { blobName: "a folder/ü" })).getContainerClient("state");
  expect((await reader.getBlobClient("a folder/ü").downloadToBuffer()).toString()).toBe("state");
  expect(await refused(reader.getBlobClient("other").download())).toBe("AuthenticationFailed");
});

describe("an account's signature", () => {
  test("opens the kinds of things that it names", async () => {
    const all = having(ofAccount("rwdlc", "sco"));
    await all.getContainerClient("more").create();
    const names: string[] = [];
    for await (const { name } of all.listContainers()) names.push(name);
    expect(names).toEqual(["more", "state"]);
    await all.getContainerClient("more").delete();
    expect(await namesIn(having(ofAccount("l", "c")))).toEqual(["a folder/ü"]);
    expect(await refused(namesIn(having(ofAccount("l", "o"))))).toBe("AuthorizationResourceTypeMismatch");
    expect(await refused(namesIn(having(ofAccount("l", "c", "q"))))).toBe("AuthorizationServiceMismatch");
    expect(await refused(namesIn(having(ofAccount("r", "c"))))).toBe("AuthorizationPermissionMismatch");
  });
});

describe("a signature", () => {
  const asked = async (query: string): Promise<[number, string]> => {
    const answer = await azure.storage.handle(new Request(`${origin}/state/${encodeURI("a folder/ü")}?${query}`));
    return [answer.status, await answer.text()];
  };

  test("ends at its time, and with its key", async () => {
    const late = await asked(ofContainer("r", { expiresOn: new Date(Date.now() - 60_000) }).toString());
    expect(late[0]).toBe(403);
    expect(late[1]).toMatch(/<AuthenticationErrorDetail>Signature not valid in the specified time frame: Start \[\]/);
    expect((await asked(ofContainer("r", { startsOn: inAnHour() }).toString()))[1]).toContain("time frame");
    const good = ofContainer("r").toString();
    expect((await asked(good))[0]).toBe(200);
    expect((await asked(good.replace("sp=r", "sp=rw")))[1]).toContain("Signature did not match");
    await azure.ask("POST", `${account}/regenerateKey`, { keyName: "key1" });
    expect((await asked(good))[1]).toContain("<Code>AuthenticationFailed</Code>");
  });

  test("opens nothing where the account takes no keys", async () => {
    const good = ofContainer("r").toString();
    await azure.ask("PATCH", account, { properties: { allowSharedKeyAccess: false } });
    expect((await asked(good))[1]).toContain("<Code>KeyBasedAuthenticationNotPermitted</Code>");
  });

  test("of a kind that is not served is refused by name", async () => {
    for (const query of ["sduoid=1&skoid=1", "srh=x&skoid=1", "si=policy", "sip=10.0.0.1", "sr=d"]) {
      const [status, text] = await asked(`sv=2024-05-04&se=2030-01-01&sp=r&sig=abc&${query}`);
      expect([status, text]).toEqual([400, expect.stringContaining("<Code>NotServedByLocalAzure</Code>")]);
    }
    expect((await asked("sv=2024-05-04&sr=c&sig=abc"))[1]).toContain("Signature fields not well formed.");
  });
});

describe("what ARM signs", () => {
  const reads = async (token: string): Promise<Buffer> =>
    new BlobServiceClient(`${origin}?${token}`, new AnonymousCredential(), options())
      .getContainerClient("state")
      .getBlobClient("a folder/ü")
      .downloadToBuffer();

  test("for an account opens it", async () => {
    const { body } = await azure.ask("POST", `${account}/listAccountSas`, {
      signedServices: "b",
      signedResourceTypes: "o",
      signedPermission: "r",
      signedProtocol: "https,http",
      signedStart: "2017-05-24T10:42:03.1567373Z",
      signedExpiry: inAnHour().toISOString(),
      keyToSign: "key2",
    });
    expect(body.accountSasToken).toMatch(/^sv=2015-04-05&ss=b&srt=o&sp=r&st=2017-05-24T10%3A42%3A03Z&se=/);
    expect((await reads(body.accountSasToken)).toString()).toBe("state");
  });

  test("for a container opens it", async () => {
    const { body } = await azure.ask("POST", `${account}/listServiceSas`, {
      canonicalizedResource: "/blob/botstate/state",
      signedResource: "c",
      signedPermission: "r",
      signedExpiry: inAnHour().toISOString(),
    });
    expect(body.serviceSasToken).toMatch(/^sv=2015-04-05&sr=c&se=/);
    expect((await reads(body.serviceSasToken)).toString()).toBe("state");
  });

  test("says which value is missing", async () => {
    const { status, body } = await azure.ask("POST", `${account}/listAccountSas`, { signedServices: "b" });
    expect([status, body.error.code]).toEqual([400, "InvalidValuesForRequestParameters"]);
  });
});

describe("a key that the account delegates", () => {
  const person = "11111111-1111-4111-8111-111111111111";
  const known = (oid: string): BlobServiceClient =>
    new BlobServiceClient(
      origin,
      {
        getToken: async () => ({
          token: `${oid}|https://storage.azure.com`,
          expiresOnTimestamp: Date.now() + 3_600_000,
        }),
      },
      options(),
    );
  const assign = (): Promise<unknown> => azure.assign(person, roles.blobReader, account);
  const signed = async (permissions: string, version?: string): Promise<BlobServiceClient> => {
    const key = await known(person).getUserDelegationKey(new Date(Date.now() - 60_000), inAnHour());
    const values = {
      containerName: "state",
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: inAnHour(),
      version,
    };
    return having(generateBlobSASQueryParameters(values, key, "botstate"));
  };

  test.each([undefined, "2018-11-09", "2020-02-10", "2020-12-06", "2025-07-05"])(
    "signs what who has it may do, also where the account takes no keys, in version %s",
    async (version) => {
      await assign();
      await azure.ask("PATCH", account, { properties: { allowSharedKeyAccess: false } });
      const reader = await signed("rlw", version);
      expect(await namesIn(reader)).toEqual(["a folder/ü"]);
      const blob = reader.getContainerClient("state").getBlockBlobClient("a folder/ü");
      expect((await blob.downloadToBuffer()).toString()).toBe("state");
      // The signature says so, but its maker has no right to it.
      expect(await refused(blob.upload("x", 1))).toBe("AuthorizationPermissionMismatch");
    },
  );

  test("ends when the account revokes it, and is given to nobody without the right", async () => {
    expect(await refused(signed("r"))).toBe("AuthorizationPermissionMismatch");
    await assign();
    const reader = await signed("l");
    await namesIn(reader);
    await azure.ask("POST", `${account}/revokeUserDelegationKeys`);
    expect(await refused(namesIn(reader))).toBe("AuthenticationFailed");
    expect(await refused(owner.getUserDelegationKey(new Date(), inAnHour()))).toBe("AuthenticationFailed");
    const late = known(person).getUserDelegationKey(new Date(), new Date(Date.now() + 8 * 24 * 3_600_000));
    expect(await refused(late)).toBe("InvalidXmlNodeValue");
  });
});

test("a copy reads its source by the source's own signature", async () => {
  const target = having(ofContainer("c")).getContainerClient("state");
  const source = `${origin}/state/${encodeURI("a folder/ü")}`;
  expect(await refused(target.getBlobClient("copy").beginCopyFromURL(source))).toBe("CannotVerifyCopySource");
  await target.getBlobClient("copy").beginCopyFromURL(`${source}?${ofContainer("r").toString()}`);
  expect(await namesIn(owner)).toEqual(["a folder/ü", "copy"]);
});
