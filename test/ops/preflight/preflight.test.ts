import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientSecretCredential } from "@azure/identity";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownName } from "../../../infra/facts/names";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { badAnswers, meeting } from "../../support/bad-answers";
import { deployerAccess } from "../../../infra/azure/access";
import { type Finding, report } from "../../../ops/preflight/finding";
import { gitHubsIssuer } from "../../../ops/git-hub/federated-credential";
import { preflight } from "../../../ops/preflight/preflight";
import { stackSettings } from "../../../ops/pulumi/stack-settings";
import { connectThisProcess, root } from "../../support/deployed";
import { newApplication, post, type ApplicationOfTenant } from "../../support/directory";

const roles = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
};

let azure: LocalAzure;
let disconnect: () => void;
let credential: ClientSecretCredential;
let resources: ResourceManagementClient;
let authorization: AuthorizationManagementClient;
let subscription: string;

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  disconnect = await connectThisProcess(azure, "client");
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  resources = new ResourceManagementClient(credential, subscriptionId);
  authorization = new AuthorizationManagementClient(credential, subscriptionId);
  subscription = `/subscriptions/${subscriptionId}`;
});
afterAll(async () => {
  disconnect?.();
  await azure?.close();
});

/** The environment of the tenant's own deployer, or of another application. */
function environmentOf(application?: ApplicationOfTenant): Record<string, string> {
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  return {
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ARM_CLIENT_ID: application?.clientId ?? deployer.clientId,
    ARM_CLIENT_SECRET: application?.secret ?? deployer.clientSecret,
  };
}

async function applicationWith(role: keyof typeof roles, scope = subscription): Promise<ApplicationOfTenant> {
  const application = await newApplication(credential, `preflight ${role}`);
  await authorization.roleAssignments.create(scope, randomUUID(), {
    principalId: application.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
  });
  return application;
}

/** Of a project that does not come from GitHub: what is at GitHub has tests of its own. */
const look = (stack: string, environment: Record<string, string>): Promise<Finding[]> =>
  preflight(root, stack, environment, {
    repository: async () => undefined,
    subjectPrefix: async () => undefined,
    clientId: async () => undefined,
  });

const missing = (findings: readonly Finding[]): Finding[] => findings.filter(({ state }) => state === "missing");

test("whoever has every right is told so, and by what", async () => {
  const findings = await look("dev", environmentOf());
  expect(missing(findings)).toEqual([]);
  expect(findings).toHaveLength(23);
  expect(findings[0]).toEqual({ what: "Azure: make the resource group", state: "held", because: "Owner" });
  expect(report("dev", findings)).toMatch(/dev: nothing is missing\. Next: pulumi up --stack dev$/);
  expect(report("pr-42", findings)).toMatch(/pr-42: nothing is missing\. Next: npm run preview -- up 42$/);
});

describe("where a service does not answer properly", () => {
  const through = (
    environment: Record<string, string>,
    bad: (typeof badAnswers)[number],
    isMet: (url: URL) => boolean,
  ) => {
    const access = meeting(deployerAccess(environment), bad, (_method, url) => isMet(url));
    const elsewhere = {
      repository: async () => undefined,
      subjectPrefix: async () => undefined,
      clientId: async () => undefined,
    };
    return preflight(root, "dev", environment, elsewhere, access);
  };
  const isArm = ({ host }: URL): boolean => host === "management.azure.com";
  const isOfRights = ({ pathname }: URL): boolean =>
    /\/(roleAssignments|roleDefinitions)|\/resourceGroups\/[^/]+$/i.test(pathname);

  test.each(badAnswers.map((bad) => [bad.what, bad] as const))(
    "%s of Microsoft Graph, or of ARM besides the rights, is told as unsure and nothing is called missing",
    async (_what, bad) => {
      for (const isMet of [
        ({ host }: URL) => host === "graph.microsoft.com",
        (url: URL) => isArm(url) && !isOfRights(url),
      ]) {
        const findings = await through(environmentOf(), bad, isMet);
        expect(missing(findings)).toEqual([]);
        const unread = findings.filter(({ because = "" }) => bad.words.test(because));
        expect(unread).not.toEqual([]);
        expect(unread.map(({ state }) => state)).toEqual(unread.map(() => "unsure"));
      }
    },
  );

  test.each(badAnswers.map((bad) => [bad.what, bad] as const))(
    "%s of ARM for the rights themselves ends it with one sentence",
    async (_what, bad) => {
      await expect(through(environmentOf(), bad, isArm)).rejects.toMatchObject({
        name: "AzureCallError",
        message: expect.stringMatching(bad.words) as string,
      });
    },
  );
});

test("a Reader learns every role that he lacks and the command that gives it, before anything is created", async () => {
  const reader = await applicationWith("reader");
  const lacking = missing(await look("dev", environmentOf(reader)));
  expect(lacking.map(({ what }) => what)).toEqual([
    "Azure: make the resource group",
    "Azure: make the bot, its connections and channels",
    "Azure: make the web app",
    "Azure: make the vault and its secrets",
    "Azure: make the managed identity and give it to the web app",
    "Azure: make the storage of the turn state",
    "Azure: collect the logs",
    "Azure: give the managed identity its roles",
    "Entra: register the two applications",
  ]);
  const assign = `az role assignment create --assignee-object-id ${reader.principalId} --assignee-principal-type ServicePrincipal`;
  expect(lacking[0]!.fix).toBe(`${assign} --role "Contributor" --scope ${subscription}`);
  expect(lacking[7]!.fix).toBe(`${assign} --role "Role Based Access Control Administrator" --scope ${subscription}`);
});

test("a Contributor lacks the right to give roles, which Azure would say only minutes later", async () => {
  const contributor = await applicationWith("contributor");
  const lacking = missing(await look("dev", environmentOf(contributor)));
  expect(lacking.filter(({ what }) => what.startsWith("Azure"))).toMatchObject([
    {
      what: "Azure: give the managed identity its roles",
      because: "Microsoft.Authorization/roleAssignments/write",
    },
  ]);
});

test("whoever holds no role at all is told what is missing, not that he may not ask", async () => {
  const stranger = await newApplication(credential, "preflight stranger");
  const findings = await look("dev", environmentOf(stranger));
  expect(missing(findings).filter(({ what }) => what.startsWith("Azure"))).toHaveLength(8);
  expect(findings.filter(({ what }) => what.startsWith("Subscription")).map(({ state }) => state)).toEqual(
    Array.from({ length: 8 }, () => "unsure"),
  );
});

test("an Owner without a right in Entra is told which permission to add", async () => {
  const owner = await applicationWith("owner");
  expect(missing(await look("dev", environmentOf(owner)))).toEqual([
    {
      what: "Entra: register the two applications",
      state: "missing",
      because: "Application.ReadWrite.OwnedBy",
      fix:
        `az ad app permission add --id ${owner.clientId} --api 00000003-0000-0000-c000-000000000000 ` +
        `--api-permissions 18a4783c-866b-4cc7-a460-3d5e5662c884=Role && az ad app permission admin-consent --id ${owner.clientId}`,
    },
  ]);
});

test("rights at the stack's own resource group are enough once it is there", async () => {
  const name = ownName("bot-sign-in", "staging");
  await resources.resourceGroups.createOrUpdate(name, {
    location: "westeurope",
    tags: { project: "bot-sign-in", stack: "staging" },
  });
  const owner = await applicationWith("owner", `${subscription}/resourceGroups/${name}`);
  const inGroup = missing(await look("staging", environmentOf(owner)));
  expect(inGroup.map(({ what }) => what)).toEqual(["Entra: register the two applications"]);
  const elsewhere = missing(await look("dev", environmentOf(owner)));
  expect(elsewhere.filter(({ what }) => what.startsWith("Azure"))).toHaveLength(8);
});

test("a resource provider that is not registered is named with the command that registers it", async () => {
  await resources.providers.unregister("Microsoft.BotService");
  try {
    expect(missing(await look("dev", environmentOf()))).toEqual([
      {
        what: "Subscription: Microsoft.BotService is registered",
        state: "missing",
        because: "NotRegistered",
        fix: "az provider register --namespace Microsoft.BotService --wait",
      },
    ]);
  } finally {
    await resources.providers.register("Microsoft.BotService");
  }
});

test.each([
  [
    "another tenant",
    { ARM_TENANT_ID: "9188040d-6c67-4c5b-b112-36a304b66dad" },
    "wrong-tenant",
    /^There is no tenant 9188040d/,
  ],
  [
    "a wrong or ended secret",
    { ARM_CLIENT_SECRET: "old" },
    "login-expired",
    /is wrong: its id .* \(AADSTS7000215\)\. Put/,
  ],
  [
    "an application of another tenant",
    { ARM_CLIENT_ID: randomUUID() },
    "wrong-tenant",
    /\(AADSTS700016\)\. Correct ARM_CLIENT_ID/,
  ],
  ["no subscription", { ARM_SUBSCRIPTION_ID: "" }, "subscription-unknown", /az account show/],
  ["a foreign subscription", { ARM_SUBSCRIPTION_ID: randomUUID() }, "subscription-unknown", /az account list/],
])("%s is one clear sentence with the fix", async (_what, change, code, message) => {
  const failed = look("dev", { ...environmentOf(), ...change });
  await expect(failed).rejects.toMatchObject({ name: "OpsError", code, message: expect.stringMatching(message) });
  await failed.catch((error: Error) => expect(error.message).not.toContain("\n"));
});

test("a job whose OIDC token the application does not trust is told what the token says, and the command that trusts it", async () => {
  const { ARM_CLIENT_SECRET: _none, ...environment } = environmentOf(await newApplication(credential, "preflight job"));
  const subject = "repo:contoso@9919/mail-bot@1296269:environment:prod";
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: gitHubsIssuer, sub: subject, aud: "api://AzureADTokenExchange" };
  const token = `${part({ alg: "RS256" })}.${part(claims)}.c2ln`;
  const failed = look("dev", { ...environment, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: token });
  const { ARM_CLIENT_ID } = environment;
  await expect(failed).rejects.toMatchObject({
    code: "subject-not-trusted",
    message:
      `The application ${ARM_CLIENT_ID} does not trust the token of ${gitHubsIssuer} for ${subject} (AADSTS70025): ` +
      `az ad app federated-credential create --id ${ARM_CLIENT_ID} --parameters '{"name":"github-prod",` +
      `"issuer":"${gitHubsIssuer}","subject":"${subject}","audiences":["api://AzureADTokenExchange"]}'`,
  });
  await failed.catch((error: Error) => expect(error.message).not.toContain(token));
});

test("whoever looks from a laptop sees, of each environment of the stack, whether its application trusts its jobs", async () => {
  const [plan, deploys] = await Promise.all(["plan", "deploys"].map((name) => newApplication(credential, name)));
  const trust = (id: string, subject: string): Promise<unknown> =>
    post(credential, `applications/${id}/federatedIdentityCredentials`, {
      name: "github",
      issuer: gitHubsIssuer,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
  await trust(plan!.id, "repo:contoso@9919/mail-bot@1296269:environment:dev-plan");
  // As the runbook of a repository from before July 2026 said.
  await trust(deploys!.id, "repo:contoso/mail-bot:environment:dev");
  const ids: Record<string, string> = { "dev-plan": plan!.clientId, dev: deploys!.clientId };
  const findings = await preflight(root, "dev", environmentOf(), {
    repository: async () => "contoso/mail-bot",
    subjectPrefix: async () => "repo:contoso@9919/mail-bot@1296269",
    clientId: async (_repository, environment) => ids[environment],
  });
  expect(findings.filter(({ what }) => what.startsWith("GitHub"))).toEqual([
    {
      what: "GitHub: jobs of the environment dev-plan sign in as repo:contoso@9919/mail-bot@1296269:environment:dev-plan",
      state: "held",
      because: "github",
    },
    {
      what: "GitHub: jobs of the environment dev sign in as repo:contoso@9919/mail-bot@1296269:environment:dev",
      state: "missing",
      because: `github of the application ${deploys!.clientId} trusts the subject repo:contoso/mail-bot:environment:dev; GitHub's token is refused with AADSTS700213`,
      fix: expect.stringMatching(
        /^az ad app federated-credential update --id \S+ --federated-credential-id github --parameters '\{"name":"github",.*"subject":"repo:contoso@9919\/mail-bot@1296269:environment:dev",/,
      ) as string,
    },
  ]);
});

test("a preview that was never brought up here has the settings that all previews share", async () => {
  expect(await stackSettings(root, "pr-42", environmentOf())).toMatchObject({
    environment: "preview",
    displayName: "Mail bot",
    secretLifetimeDays: 30,
  });
});

test("a project made from this one has a name of its own, and its settings are read under that", async () => {
  const folder = await mkdtemp(join(tmpdir(), "preflight-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: mail-bot\n");
  const config = (await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).replace(
    "displayName: Mail",
    "mail-bot:displayName: Post",
  );
  await writeFile(join(folder, "Pulumi.dev.yaml"), config);
  await expect(stackSettings(folder, "dev", environmentOf())).resolves.toMatchObject({
    project: "mail-bot",
    location: "westeurope",
    displayName: "Post bot",
  });
  await rm(join(folder, "Pulumi.yaml"));
  await expect(stackSettings(folder, "dev", environmentOf())).rejects.toMatchObject({ code: "project-missing" });
  await rm(folder, { recursive: true });
});

test("of settings with an encrypted part no text is read, and they count as secret", async () => {
  const folder = await mkdtemp(join(tmpdir(), "preflight-"));
  await cp(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const own = "  appSettings:\n    FEATURE: on\n    API_KEY:\n      secure: AAABAGxRx1qW\n";
  await writeFile(join(folder, "Pulumi.dev.yaml"), (await readFile(join(root, "Pulumi.dev.yaml"), "utf8")) + own);
  const { appSettings, secretAppSettings } = await stackSettings(folder, "dev", environmentOf());
  expect([appSettings, secretAppSettings]).toEqual([undefined, { FEATURE: "on", API_KEY: "(encrypted)" }]);
  await rm(folder, { recursive: true });
});

test("the settings that all previews share are no stack's", async () => {
  await expect(stackSettings(root, "preview", environmentOf())).rejects.toMatchObject({
    problems: [{ code: "environment-differs", setting: "environment" }],
  });
});

test("an unknown stack is named with those that there are", async () => {
  await expect(look("dve", environmentOf())).rejects.toMatchObject({
    code: "stack-unknown",
    message:
      "There is no file Pulumi.dve.yaml; this project has the stacks dev, no-secret, prod, staging, teams, three-services. " +
      "Did you mean dev?",
  });
  await expect(look("customer-7", environmentOf())).rejects.toMatchObject({ fix: "pulumi stack init customer-7" });
});

describe("what is there already", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "preflight-"));
    await cp(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Findings of the stack dev with more settings. */
  async function lookWith(settings: string, environment = environmentOf()): Promise<Finding[]> {
    const dev = await readFile(join(root, "Pulumi.dev.yaml"), "utf8");
    await writeFile(join(folder, "Pulumi.dev.yaml"), dev + settings);
    return preflight(folder, "dev", environment, {
      repository: async () => undefined,
      subjectPrefix: async () => undefined,
      clientId: async () => undefined,
    });
  }

  test("is named where it is missing, taken or of another kind, before anything is created", async () => {
    const group = `${subscription}/resourceGroups/preflight-shared`;
    await resources.resourceGroups.createOrUpdate("preflight-shared", { location: "westeurope" });
    await resources.resources.beginCreateOrUpdateByIdAndWait(
      `${group}/providers/Microsoft.Web/serverfarms/windows`,
      "2024-04-01",
      { location: "westeurope", sku: { name: "B1", tier: "Basic", capacity: 1 }, properties: { reserved: false } },
    );
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/nowhere`;
    const clientId = randomUUID();
    const findings = await lookWith(
      `  existing:\n    resourceGroup: preflight-shared\n    vault: ${vault}\n` +
        `    plan: ${group}/providers/Microsoft.Web/serverfarms/windows\n    signInApp: ${clientId}\n`,
    );
    expect(findings.filter(({ what }) => what.startsWith("Existing"))).toEqual([
      { what: "Existing: the resource group preflight-shared can be used", state: "held" },
      expect.objectContaining({
        what: "Existing: the vault nowhere can be used",
        state: "missing",
        because: "is not there",
      }),
      expect.objectContaining({
        what: "Existing: the plan windows can be used",
        because: "is one for Windows, and the bot runs on Linux",
      }),
      expect.objectContaining({ what: `Existing: the application ${clientId} can be used`, state: "missing" }),
    ]);
    expect(findings.map(({ what }) => what)).not.toContain("Azure: make the resource group");
  });

  test("needs rights of its own: to take secrets out of a vault again, to use a plan, to give an application a password", async () => {
    const name = "preflight-things";
    const group = `${subscription}/resourceGroups/${name}`;
    await resources.resourceGroups.createOrUpdate(name, { location: "westeurope" });
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/preflight-vault`;
    await resources.resources.beginCreateOrUpdateByIdAndWait(vault, "2023-07-01", {
      location: "westeurope",
      properties: {
        tenantId: azure.tenant.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    const shared = await newApplication(credential, "preflight shared");
    const owner = await applicationWith("owner");
    const settings = `  existing:\n    vault: ${vault}\n    signInApp: ${shared.clientId}\n`;
    const lacking = missing(await lookWith(settings, environmentOf(owner)));
    expect(lacking.map(({ what }) => what)).toEqual([
      "Azure: take the bot's secrets out of the vault again (preflight-vault)",
      "Entra: register the two applications",
      `Entra: give the application ${shared.clientId} a password`,
    ]);
    expect(lacking[0]!.fix).toBe(
      `az role assignment create --assignee-object-id ${owner.principalId} --assignee-principal-type ServicePrincipal ` +
        `--role "Key Vault Secrets Officer" --scope ${vault}`,
    );
    await authorization.roleAssignments.create(vault, randomUUID(), {
      principalId: owner.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7`,
    });
    const held = (await lookWith(settings, environmentOf(owner))).find(({ what }) => what.includes("out of the vault"));
    expect(held).toMatchObject({ state: "held", because: "Key Vault Secrets Officer" });
  });

  test("a group of the stack's name that is not the stack's is named with the way to use it", async () => {
    const name = ownName("bot-sign-in", "dev");
    await resources.resourceGroups.createOrUpdate(name, { location: "westeurope" });
    try {
      expect(missing(await lookWith(""))).toEqual([
        {
          what: `Name: the resource group ${name} is free, or this stack's own`,
          state: "missing",
          because: "is there already, and by its tags it is not of this stack",
          fix: `Delete or rename it; or let the program use it as it is: pulumi config set --path existing.resourceGroup ${name}`,
        },
      ]);
    } finally {
      await resources.resourceGroups.beginDeleteAndWait(name);
    }
  });

  test("a bot's handle that somebody else in the world has is named", async () => {
    const other = `${subscription}/resourceGroups/preflight-other`;
    await resources.resourceGroups.createOrUpdate("preflight-other", { location: "westeurope" });
    const { clientId } = await newApplication(credential, "preflight bot");
    await resources.resources.beginCreateOrUpdateByIdAndWait(
      `${other}/providers/Microsoft.BotService/botServices/preflight-taken`,
      "2022-09-15",
      {
        location: "global",
        kind: "azurebot",
        sku: { name: "F0" },
        properties: {
          displayName: "Taken",
          endpoint: "https://taken.example/api/messages",
          msaAppId: clientId,
          msaAppType: "SingleTenant",
          msaAppTenantId: azure.tenant.tenantId,
        },
      },
    );
    expect(missing(await lookWith("  botHandle: preflight-taken\n"))).toMatchObject([
      {
        what: "Name: the bot preflight-taken is free, or this stack's own",
        fix: expect.stringContaining("botHandle") as string,
      },
    ]);
  });

  test("an Azure CLI that is set to another cloud is refused with a sentence", async () => {
    await writeFile(join(folder, "az"), "#!/bin/sh\necho AzureUSGovernment\n", { mode: 0o755 });
    const { ARM_TENANT_ID, ARM_SUBSCRIPTION_ID } = environmentOf() as Record<string, string>;
    const environment = { ARM_TENANT_ID: ARM_TENANT_ID!, ARM_SUBSCRIPTION_ID: ARM_SUBSCRIPTION_ID!, PATH: folder };
    await expect(lookWith("", environment)).rejects.toMatchObject({
      code: "other-cloud",
      message: expect.stringMatching(
        /^The Azure CLI is set to AzureUSGovernment\. Only the public cloud .*: az cloud set --name AzureCloud$/,
      ) as string,
    });
  });
});

describe("npm run preflight", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "preflight-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(environment: Record<string, string>): Promise<{ code: number | null; out: string; err: string }> {
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) await cp(join(root, file), join(folder, file));
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const child = spawn(process.execPath, [tsx, join(root, "ops/preflight.ts"), "dev"], {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...(await azure.deployerEnvironment()), ...environment },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const code = await new Promise<number | null>((done) => child.once("close", done));
    return { code, out, err };
  }
  test("ends with 0 where nothing is missing, so that a workflow goes on", async () => {
    const { code, out, err } = await run({});
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^dev is a dev environment, by its name: bot F0, web app B1; not protected; [^]*nothing is missing/,
    );
  });

  test("ends with 2 where something is, so that a workflow stops, and shows no secret", async () => {
    const reader = await applicationWith("reader");
    const { code, out, err } = await run(environmentOf(reader));
    expect([code, err]).toEqual([2, ""]);
    expect(out).toMatch(/MISSING {2}Azure: make the web app \(Microsoft\.Web\/serverfarms\/write, /);
    expect(out).toMatch(/dev: 9 of 23 missing; nothing was created\./);
    expect(out).not.toContain(reader.secret);
  });
});
