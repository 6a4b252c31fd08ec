import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { parse, stringify } from "yaml";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { applyPolicy, seededPolicies } from "../../../local/azure/seeded-policies";
import type { Finding } from "../../../ops/preflight/finding";
import { judgePolicy } from "../../../ops/preflight/azure-policy";
import { judgeLocks } from "../../../ops/preflight/locks";
import { preflight } from "../../../ops/preflight/preflight";
import { judgeQuota, type Usage } from "../../../ops/preflight/quota";
import { daysIn, type Judged, judgeTenant, type TenantPolicy } from "../../../ops/preflight/tenant-policy";
import { connectThisProcess, root } from "../../support/deployed";
import { deployerToken } from "../../support/deployer-token";

let azure: LocalAzure;
let disconnect: () => void;
let folder: string;

/** What preflight finds of the stack dev with some settings changed: all but rights, names and registrations. */
async function look(settings: Record<string, unknown> = {}): Promise<Finding[]> {
  const file = join(folder, "Pulumi.dev.yaml");
  const { config } = parse(await readFile(file, "utf8")) as { config: object };
  await writeFile(file, stringify({ config: { ...config, ...settings } }));
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  const findings = await preflight(
    folder,
    "dev",
    {
      ARM_TENANT_ID: tenantId,
      ARM_SUBSCRIPTION_ID: subscriptionId,
      ARM_CLIENT_ID: deployer.clientId,
      ARM_CLIENT_SECRET: deployer.clientSecret,
    },
    { repository: async () => undefined, subjectPrefix: async () => undefined, clientId: async () => undefined },
  );
  return findings.filter(({ what }) => /^(Tenant|Azure Policy|Azure: no lock|Subscription: its quota)/.test(what));
}

/** Asks as the deployer; gives the answer's status and the error's code and words. */
async function ask(url: string, method: string, body: unknown): Promise<{ status: number; told: string; body: Whole }> {
  const audience = new URL(url).origin;
  const answer = await azure.call("deployer", url, {
    method,
    headers: { authorization: `Bearer ${await deployerToken(azure, audience)}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const whole = (text ? JSON.parse(text) : {}) as Whole;
  const { code = whole.Code, message = whole.Message } = whole.error ?? {};
  return { status: answer.status, told: `${code}: ${message}`, body: whole };
}

interface Whole {
  readonly id?: string;
  readonly appId?: string;
  readonly Code?: string;
  readonly Message?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

const graph = "https://graph.microsoft.com/v1.0";
const arm = (id: string, version: string): string =>
  `https://management.azure.com/subscriptions/${azure.tenant.subscriptionId}${id}?api-version=${version}`;

async function application(): Promise<string> {
  const { body } = await ask(`${graph}/applications`, "POST", {
    displayName: "bot",
    api: { requestedAccessTokenVersion: 2 },
  });
  return body.id!;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const password = async (days: number): Promise<{ status: number; told: string }> =>
  ask(`${graph}/applications/${await application()}/addPassword`, "POST", {
    passwordCredential: { displayName: "p", endDateTime: inDays(days) },
  });
/** A certificate of an application, signed by itself. */
async function certificate(days: number): Promise<{ status: number; told: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=bot",
      notBefore: new Date(),
      notAfter: new Date(inDays(days)),
      signingAlgorithm: algorithm,
      keys: await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]),
    },
    crypto,
  );
  const key = Buffer.from(made.rawData).toString("base64");
  return ask(`${graph}/applications/${await application()}`, "PATCH", {
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }],
  });
}
const put = async (id: string, version: string, body: object): Promise<{ status: number; told: string }> => {
  await ask(arm("/resourceGroups/g", "2024-03-01"), "PUT", { location: "northeurope" });
  return ask(arm(`/resourceGroups/g/providers/${id}`, version), "PUT", body);
};

/** A policy by its name; what preflight says of it; the settings that fit; and a write that Azure refuses. */
const met: [
  name: string,
  missing: readonly (readonly [state: Finding["state"], because: RegExp, fix: RegExp])[],
  settings: readonly [offending: Record<string, unknown>, fitting: Record<string, unknown> | undefined],
  refused: (() => Promise<{ status: number; told: string }>) | undefined,
  words: RegExp,
][] = [
  [
    "no-passwords",
    [
      [
        "missing",
        /forbids new ones \(passwordAddition\)/,
        /^pulumi config set identity managed --stack dev; or for a bot that has users .* identity certificate --stack dev$/,
      ],
      ["missing", /forbids new ones/, /^pulumi config set secretless true --stack dev$/],
    ],
    [{}, { identity: "managed", secretless: true }],
    () => password(30),
    /^CredentialTypeNotAllowedAsPerAppPolicy: Credential type not allowed as per assigned policy '[0-9a-f-]+'\.$/,
  ],
  [
    "short-passwords",
    [
      [
        "missing",
        /allows 90 \(passwordLifetime\)/,
        /^pulumi config set secretLifetimeDays 90 --stack dev; or do without/,
      ],
      ["missing", /allows 90/, /secretLifetimeDays 90/],
    ],
    [{}, { secretLifetimeDays: 90 }],
    () => password(91),
    /^CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds the max value allowed as per assigned policy/,
  ],
  [
    "short-certificates",
    [
      [
        "missing",
        /allows 90 \(asymmetricKeyLifetime\)/,
        /^pulumi config set secretLifetimeDays 90 --stack dev; or do without: pulumi config set identity managed/,
      ],
    ],
    [{ identity: "certificate" }, { identity: "certificate", secretLifetimeDays: 90 }],
    () => certificate(91),
    /^CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds the max value allowed as per assigned policy/,
  ],
  [
    "plain-identifier-uris",
    [["missing", /nonDefaultUriAddition/, /^pulumi config set singleSignOn false --stack dev/]],
    [{ singleSignOn: true }, { singleSignOn: false }],
    async () => {
      const id = await application();
      return ask(`${graph}/applications/${id}`, "PATCH", { identifierUris: [`api://botid-${randomUUID()}`] });
    },
    /^HostNameNotOnVerifiedDomain: Failed to add identifier URI api:\/\/botid-/,
  ],
  [
    "no-user-consent",
    [["unsure", /nobody but an administrator consents/, /^pulumi config set adminConsent true --stack dev/]],
    [{}, { adminConsent: true }],
    undefined,
    /./,
  ],
  [
    "no-basic-plans",
    [["missing", /none of the tier Basic there/, /^pulumi config set hostingSize S1 --stack dev; or ask for more/]],
    [{}, { hostingSize: "S1" }],
    () =>
      put("Microsoft.Web/serverfarms/p", "2025-05-01", {
        location: "northeurope",
        sku: { name: "B1" },
        properties: { reserved: true },
      }),
    /^Unauthorized: SubscriptionIsOverQuotaForSku: .*Current Limit \(Basic VMs\): 0 Current Usage: 0/,
  ],
  [
    "allowed-locations",
    [
      [
        "missing",
        /"Regions of this company" denies the resource group, the vault, .*the managed identity$/,
        /^pulumi config set location northeurope --stack dev; what it wants: az policy assignment show --name regions --scope \/subscriptions\//,
      ],
    ],
    [{}, { location: "northeurope" }],
    () => put("Microsoft.ManagedIdentity/userAssignedIdentities/identity", "2023-01-31", { location: "westeurope" }),
    /^RequestDisallowedByPolicy: Resource 'identity' was disallowed by policy\. Policy identifiers: '\[\{"policyAssignment":/,
  ],
  [
    "read-only-lock",
    [["missing", /is ReadOnly, "Nothing is changed before the audit\."/, /^az lock delete --ids \/subscriptions\//]],
    [{}, undefined],
    () => ask(arm("/resourceGroups/g", "2024-03-01"), "PUT", { location: "northeurope" }),
    /^ScopeLocked: The scope .* cannot perform write operation/,
  ],
];

test("every policy that can be set up is met here", () => {
  expect(met.map(([name]) => name)).toEqual(seededPolicies.map(({ name }) => name));
});

describe("in a local Azure", () => {
  beforeEach(async () => {
    azure = await startLocalAzure({ port: 0 });
    disconnect = await connectThisProcess(azure, "client");
    folder = await mkdtemp(join(tmpdir(), "restrictions-"));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) await cp(join(root, file), join(folder, file));
  });
  afterEach(async () => {
    disconnect?.();
    await azure?.close();
    await rm(folder, { recursive: true });
  });

  test("a tenant without policies of its own has nothing against the stack", async () => {
    expect((await look()).map(({ state }) => state)).toEqual(["held", "held", "held", "held"]);
  });

  test.each(met)(
    "%s: preflight says it first, with the setting that fits; Azure refuses what offends",
    async (...row) => {
      const [name, expected, [offending, fitting], refused, words] = row;
      applyPolicy(azure, name);
      const told = (await look(offending)).filter(({ state }) => state !== "held");
      expect(told.map(({ state }) => state)).toEqual(expected.map(([state]) => state));
      for (const [at, [, because, fix]] of expected.entries()) {
        expect(told[at]!.because).toMatch(because);
        expect(told[at]!.fix).toMatch(fix);
      }
      if (fitting) expect((await look(fitting)).filter(({ state }) => state !== "held")).toEqual([]);
      if (!refused) return;
      const { status, told: said } = await refused();
      expect(status).toBeGreaterThanOrEqual(400);
      expect(said).toMatch(words);
    },
  );
});

test("assignments of management groups are said to be not asked, with the command that lists them", () => {
  const judged = (fromAbove: string[]): Finding[] => judgePolicy({ denied: [], fromAbove }, "westeurope", "dev");
  expect(judged([]).map(({ state }) => state)).toEqual(["held"]);
  expect(judged(["Corp baseline"])).toEqual([
    expect.objectContaining({
      state: "unsure",
      because: expect.stringMatching(/not asked, .* management groups: Corp baseline$/) as string,
      fix: expect.stringContaining("az policy assignment list --disable-scope-strict-match") as string,
    }),
  ]);
});

describe("of the tenant's policies", () => {
  const now = new Date("2026-11-29T12:00:00Z");
  const stack: Judged = {
    identity: "secret",
    secretless: false,
    secretLifetimeDays: 180,
    singleSignOn: true,
    adminConsent: false,
    connections: [{ name: "Graph", provider: "entra", scopes: ["openid"] }],
  };
  const policy = (restrictions: TenantPolicy["ofNewApps"], more: Partial<TenantPolicy> = {}): TenantPolicy => ({
    ofNewApps: restrictions,
    ofSignInApp: restrictions,
    userConsent: ["ManagePermissionGrantsForSelf.microsoft-user-default-recommended"],
    everybodyRegisters: true,
    ...more,
  });
  const told = (tenant: TenantPolicy | undefined, changes: Partial<Judged> = {}): string[] =>
    judgeTenant(tenant, { ...stack, ...changes }, "prod", now).map(({ state, what }) => `${state}: ${what}`);
  const allowed = ["held: Tenant: its policies allow this stack's passwords, addresses and consent"];
  const forbidden = { passwordCredentials: [{ restrictionType: "passwordAddition" }] };
  const uris = (rule: object) => ({ identifierUris: { nonDefaultUriAddition: rule } });

  test.each([
    ["none at all", policy(undefined), {}, allowed],
    [
      "one that begins later",
      policy({
        passwordCredentials: [
          { restrictionType: "passwordAddition", restrictForAppsCreatedAfterDateTime: "2027-01-01T00:00:00Z" },
        ],
      }),
      {},
      allowed,
    ],
    [
      "one that is switched off",
      policy({ passwordCredentials: [{ restrictionType: "passwordAddition", state: "disabled" }] }),
      {},
      allowed,
    ],
    [
      "a bot that is a managed identity",
      policy(forbidden),
      { identity: "managed" as const },
      ["missing: Tenant: the sign-in application may have a password"],
    ],
    [
      "a connection with an application of others",
      policy(forbidden),
      { identity: "managed" as const, connections: [{ name: "G", provider: "github", scopes: [] }] },
      allowed,
    ],
    [
      "a sign-in application with a policy of its own",
      policy(forbidden, { ofSignInApp: undefined }),
      { identity: "managed" as const, existing: { signInApp: "x" } },
      allowed,
    ],
    [
      "a bot with a certificate, where passwords are forbidden",
      policy(forbidden),
      { identity: "certificate" as const, secretless: true },
      allowed,
    ],
    [
      "a certificate that would live too long",
      policy({ keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P90D" }] }),
      { identity: "certificate" as const, secretless: true },
      ["missing: Tenant: the bot's certificate may live 180 days"],
    ],
    [
      "a certificate of no authority, where some alone are trusted",
      policy({ keyCredentials: [{ restrictionType: "trustedCertificateAuthority" }] }),
      { identity: "certificate" as const, secretless: true },
      ["missing: Tenant: the bot's application may have a certificate that is signed by itself"],
    ],
    [
      "restrictions of certificates, where the bot has none",
      policy({ keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P1D" }] }),
      {},
      allowed,
    ],
    ["an address while v2 tokens are free", policy(uris({ excludeAppsReceivingV2Tokens: true })), {}, allowed],
    [
      "an address while nothing is free",
      policy(uris({})),
      {},
      ["missing: Tenant: the sign-in application may have the address of single sign-on, api://botid-<bot>"],
    ],
    ["an address without single sign-on", policy(uris({})), { singleSignOn: false }, allowed],
    [
      "nobody's consent",
      policy(undefined, { userConsent: [] }),
      {},
      ["unsure: Tenant: users may consent to what the connections ask for"],
    ],
    [
      "consent to low permissions alone",
      policy(undefined, { userConsent: ["ManagePermissionGrantsForSelf.microsoft-user-default-low"] }),
      {},
      ["unsure: Tenant: users may consent to what the connections ask for"],
    ],
    [
      "consent for owned resources alone",
      policy(undefined, { userConsent: ["ManagePermissionGrantsForOwnedResource.x"] }),
      { adminConsent: true },
      allowed,
    ],
    [
      "policies that may not be read",
      undefined,
      {},
      ["unsure: Tenant: its policies allow this stack's passwords, addresses and consent"],
    ],
  ])("%s", (_what, tenant, changes, expected) => {
    expect(told(tenant, changes)).toEqual(expected);
  });

  test.each([
    ["P90D", 90],
    ["P1Y", 365],
    ["P6M", 180],
    ["P2W", 14],
    ["P4DT12H30M5S", 4],
    [undefined, Number.POSITIVE_INFINITY],
    ["forever", Number.POSITIVE_INFINITY],
  ])("the life %s is %s days", (duration, days) => {
    expect(daysIn(duration)).toBe(days);
  });
});

describe("of quota and locks", () => {
  const usage = (tier: string, limit: number, currentValue = 0): Usage => ({
    limit,
    currentValue,
    name: { value: tier, localizedValue: tier },
  });
  const size = { hostingSize: "B1", location: "westeurope" } as const;

  test.each([
    ["unlimited", [usage("Basic", -1)], "held", undefined],
    ["room for one more", [usage("Basic", 3, 2)], "held", undefined],
    ["all in use", [usage("Basic", 3, 3)], "unsure", /^ask for more/],
    ["none anywhere", [usage("Basic", 0), usage("Standard", 0)], "missing", /^ask for more/],
    [
      "none here, and some of the next",
      [usage("Basic", 0), usage("Standard", 0), usage("PremiumV3", 10)],
      "missing",
      /hostingSize P0v3/,
    ],
    ["not told", [], "unsure", undefined],
  ])("a plan where the quota is %s", (_what, usages, state, fix) => {
    const [finding] = judgeQuota(usages, size, "dev");
    expect(finding).toMatchObject({ state });
    if (fix) expect(finding!.fix).toMatch(fix);
  });

  test("a plan that is handed in needs no quota", () => {
    expect(judgeQuota([usage("Basic", 0)], { ...size, existing: { plan: "/x" } }, "dev")).toEqual([]);
  });

  const lock = (at: string, level: string) => ({
    id: `${at}/providers/Microsoft.Authorization/locks/l`,
    name: "l",
    properties: { level },
  });
  test.each([
    ["ReadOnly above", lock("/subscriptions/s", "ReadOnly"), ["missing"]],
    ["ReadOnly in another group", lock("/subscriptions/s/resourceGroups/other", "ReadOnly"), ["held"]],
    [
      "ReadOnly in the stack's group",
      lock("/subscriptions/s/resourceGroups/g/providers/x/y/z", "ReadOnly"),
      ["missing"],
    ],
    ["CanNotDelete at the stack's group", lock("/subscriptions/s/resourceGroups/g", "CanNotDelete"), ["unsure"]],
    ["ReadOnly at what is handed in", lock("/subscriptions/s/resourceGroups/v", "ReadOnly"), ["missing"]],
  ])("a lock %s", (_what, one, states) => {
    const group = "/subscriptions/s/resourceGroups/g";
    const vault = "/subscriptions/s/resourceGroups/v/providers/Microsoft.KeyVault/vaults/v";
    expect(judgeLocks([one], group, [vault]).map(({ state }) => state)).toEqual(states);
  });
});
