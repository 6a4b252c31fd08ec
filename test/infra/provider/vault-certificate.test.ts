import { createHash, X509Certificate } from "node:crypto";
import type { Access } from "../../../infra/azure/access";
import { vaultCertificate } from "../../../infra/provider/vault-certificate";
import { roleDefinitions } from "../../../local/azure/arm/role-definitions";
import { fakeAzure, type FakeAzure } from "../../local/arm/fake-azure";

// Against the vault of the local Azure itself, over its data plane.

let azure: FakeAzure;
let vault: string;
let asked: string[];

const inputs = {
  vaultUri: "https://bot-vault.vault.azure.net/",
  certificateName: "bot-certificate",
  subject: "mail-bot",
  startedAt: "2026-11-22T03:04:05Z",
  validityMonths: 7,
};

const access = (): Access => ({
  async fetch(input, init) {
    const request = new Request(String(input), init);
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return azure.keyVault.handle(request);
  },
  token: async () => azure.bearer(azure.tenant.deployer.objectId, "https://vault.azure.net").replace("Bearer ", ""),
  wait: async () => undefined,
  now: () => Date.now(),
});
const provider = vaultCertificate(access);
const role = (name: string): string => roleDefinitions.find((one) => one.name === name)!.id;

beforeEach(async () => {
  asked = [];
  azure = fakeAzure();
  const group = `${azure.subscription}/resourceGroups/bots`;
  vault = `${group}/providers/Microsoft.KeyVault/vaults/bot-vault`;
  await azure.ask("PUT", group, { location: "westeurope" });
  await azure.ask("PUT", vault, {
    location: "westeurope",
    properties: {
      tenantId: azure.tenant.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  });
});
const asOfficer = (): Promise<void> =>
  azure.assign(azure.tenant.deployer.objectId, role("Key Vault Certificates Officer"), vault);

test("without the role it fails with the one command that gives it", async () => {
  const failure: unknown = await provider.create(inputs).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: "AzureCallError",
    code: "ForbiddenByRbac",
    status: 403,
    resource: "bot-vault.vault.azure.net/certificates/bot-certificate",
    fix: expect.stringMatching(
      new RegExp(
        `--role "Key Vault Certificates Officer" --assignee ${azure.tenant.deployer.objectId} --scope ${vault.toLowerCase()}, `,
      ),
    ) as string,
  });
});

test("one that is good for a month is made: its owner is told of its end no earlier than the vault takes", async () => {
  await asOfficer();
  const { outs } = await provider.create({ ...inputs, validityMonths: 1 });
  expect(outs.keyUri).toMatch(/\/keys\/bot-certificate\/[0-9a-f]{32}$/);
});

test("what it gives is the public part alone: the certificate, its thumbprint, and where its key is", async () => {
  await asOfficer();
  const { id, outs } = await provider.create(inputs);
  expect(id).toBe("https://bot-vault.vault.azure.net/certificates/bot-certificate");
  const { raw, subject } = new X509Certificate(Buffer.from(outs.certificate, "base64"));
  expect([subject, outs.thumbprint]).toEqual(["CN=mail-bot", createHash("sha256").update(raw).digest("base64url")]);
  expect(outs.keyUri).toMatch(/\/keys\/bot-certificate\/[0-9a-f]{32}$/);
  expect(Object.keys(outs).sort()).toEqual(
    [...Object.keys(inputs), "certificate", "keyUri", "madeAt", "thumbprint"].sort(),
  );
});

test("a run that was killed after the vault made it takes what is there; another moment makes a new version", async () => {
  await asOfficer();
  const first = (await provider.create(inputs)).outs;
  asked = [];
  expect((await provider.create(inputs)).outs).toEqual(first);
  expect(asked).toEqual(["GET /certificates/bot-certificate"]);
  const next = { ...inputs, startedAt: "2027-05-01T00:00:00Z" };
  expect(await provider.diff("id", first, next)).toEqual({ changes: true, replaces: [] });
  const { outs } = await provider.update("id", first, next);
  expect(outs.keyUri).not.toBe(first.keyUri);
  expect(outs.thumbprint).not.toBe(first.thumbprint);
  expect(await provider.diff("id", outs, { ...next, subject: "other", validityMonths: 2 })).toMatchObject({
    changes: false,
  });
});

test("one in the vault's bin is brought back, and gets a version of its own", async () => {
  await asOfficer();
  const { outs } = await provider.create(inputs);
  await provider.delete("id", outs);
  await provider.delete("id", outs);
  const again = await provider.create({ ...inputs, startedAt: "2027-05-01T00:00:00Z" });
  expect(again.outs.keyUri).not.toBe(outs.keyUri);
  expect(asked).toContain("POST /deletedcertificates/bot-certificate/recover");
});

test("who has no role in the vault sees no drift there; what is gone is gone", async () => {
  await asOfficer();
  const { outs } = await provider.create(inputs);
  const reader = vaultCertificate(() => ({ ...access(), token: async () => "somebody|https://vault.azure.net" }));
  expect(await reader.read("id", outs)).toEqual({ id: "id", props: outs });
  await provider.delete("id", outs);
  expect(await provider.read("id", outs)).toBeUndefined();
});
