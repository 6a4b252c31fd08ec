import { constants, createHash, verify, X509Certificate } from "node:crypto";
import { fakeAzure, type FakeAzure } from "../arm/fake-azure";
import { roleDefinitions } from "../../../local/azure/arm/role-definitions";

let azure: FakeAzure;
let vault: string;

beforeAll(async () => {
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

const bot = "11111111-1111-4111-8111-111111111111";
const give = (role: string, who: string, scope: string): Promise<unknown> =>
  azure.assign(who, roleDefinitions.find(({ name }) => name === role)!.id, scope);

async function ask(
  method: string,
  path: string,
  body?: unknown,
  who = azure.tenant.deployer.objectId,
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const answer = await azure.keyVault.handle(
    new Request(`https://bot-vault.vault.azure.net${path}?api-version=7.4`, {
      method,
      headers: { Authorization: azure.bearer(who, "https://vault.azure.net"), "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text || "{}") as Record<string, unknown> };
}

const policy = (more: object = {}): object => ({
  policy: {
    key_props: { exportable: false, kty: "RSA", key_size: 2048, reuse_key: false, ...more },
    x509_props: { subject: "CN=mail bot", key_usage: ["digitalSignature"], ekus: [], validity_months: 3 },
    issuer: { name: "Self" },
  },
});
const codeOf = ({ body }: { body: Record<string, unknown> }): unknown => {
  const { code, innererror } = body["error"] as { code: string; innererror?: { code: string } };
  return innererror?.code ?? code;
};

test("not even the subscription's owner makes a certificate without a role in the vault", async () => {
  const answer = await ask("POST", "/certificates/bot/create", policy());
  expect([answer.status, codeOf(answer)]).toEqual([403, "ForbiddenByRbac"]);
});

test("a certificate signed by itself is there after some looks, and a role at its key lets the bot sign with it alone", async () => {
  await give("Key Vault Certificates Officer", azure.tenant.deployer.objectId, vault);
  const made = await ask("POST", "/certificates/bot/create", policy());
  expect([made.status, made.body["status"]]).toEqual([202, "inProgress"]);
  expect(made.headers.get("location")).toMatch(
    /\/certificates\/bot\/pending\?api-version=7\.4&request_id=[0-9a-f]{32}$/,
  );
  expect(codeOf(await ask("GET", "/certificates/bot"))).toBe("CertificateNotFound");
  const looks = [await ask("GET", "/certificates/bot/pending"), await ask("GET", "/certificates/bot/pending")];
  expect(looks.map(({ body }) => body["status"])).toEqual(["inProgress", "completed"]);

  const { body } = await ask("GET", "/certificates/bot");
  const der = Buffer.from(String(body["cer"]), "base64");
  const certificate = new X509Certificate(der);
  expect([certificate.subject, certificate.verify(certificate.publicKey), body["x5t"]]).toEqual([
    "CN=mail bot",
    true,
    createHash("sha1").update(der).digest("base64url"),
  ]);
  const months = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (30 * 86_400_000);
  expect(Math.round(months)).toBe(3);

  await give("Key Vault Crypto User", bot, `${vault}/keys/bot`);
  const path = new URL(String(body["kid"])).pathname;
  const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");
  for (const [alg, padding] of [
    ["PS256", constants.RSA_PKCS1_PSS_PADDING],
    ["RS256", constants.RSA_PKCS1_PADDING],
  ] as const) {
    const { body: signed } = await ask("POST", `${path}/sign`, { alg, value: digest("who I am") }, bot);
    const signature = Buffer.from(String(signed["value"]), "base64url");
    const holds = (text: string): boolean =>
      verify("sha256", Buffer.from(text), { key: certificate.publicKey, padding, saltLength: 32 }, signature);
    expect([holds("who I am"), holds("who I am not")]).toEqual([true, false]);
  }
  const officer = await ask("POST", `${path}/sign`, { alg: "PS256", value: digest("x") });
  expect([officer.status, codeOf(officer)]).toEqual([403, "ForbiddenByRbac"]);
});

test("nobody is told of a certificate's end earlier than 27 days for each month of its life", async () => {
  const told = (days: number): object => ({
    policy: {
      ...(policy() as { policy: object }).policy,
      lifetime_actions: [{ trigger: { days_before_expiry: days }, action: { action_type: "EmailContacts" } }],
    },
  });
  const early = await ask("POST", "/certificates/told/create", told(82));
  expect([early.status, codeOf(early)]).toEqual([400, "BadParameter"]);
  expect((await ask("POST", "/certificates/told/create", told(81))).status).toBe(202);
});

test("a certificate that is switched off signs nothing: its key is switched off with it", async () => {
  const { body } = await ask("GET", "/certificates/bot");
  const sign = async (): Promise<unknown[]> => {
    const value = createHash("sha256").update("who I am").digest("base64url");
    const answer = await ask("POST", `${new URL(String(body["kid"])).pathname}/sign`, { alg: "PS256", value }, bot);
    return [answer.status, answer.status === 200 || codeOf(answer)];
  };
  // az leaves the version's place empty: https://learn.microsoft.com/rest/api/keyvault/certificates/update-certificate
  const off = await ask("PATCH", "/certificates/bot/", { attributes: { enabled: false } });
  expect([off.status, off.body["attributes"]]).toEqual([200, expect.objectContaining({ enabled: false })]);
  expect(await sign()).toEqual([403, "KeyDisabled"]);
  await ask("PATCH", "/certificates/bot", { attributes: { enabled: true } });
  expect(await sign()).toEqual([200, true]);
});

test("a certificate goes with its key, keeps its name in the bin, and comes back", async () => {
  expect((await ask("DELETE", "/certificates/bot")).status).toBe(200);
  const again = await ask("POST", "/certificates/bot/create", policy());
  expect([again.status, codeOf(again)]).toEqual([409, "ObjectIsDeletedButRecoverable"]);
  expect((await ask("POST", "/deletedcertificates/bot/recover")).status).toBe(200);
  expect((await ask("GET", "/certificates/bot")).status).toBe(200);
});

test("what is not served says so in the local Azure's own name", async () => {
  const { status, body } = await ask("POST", "/certificates/other/create", policy({ exportable: true }));
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining("The local Azure does not serve")]);
});
