import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import type { TeamsSettings } from "../../infra/settings/teams";
import { deployerAccess } from "../../infra/azure/access";
import { stackSettings } from "../../ops/pulumi/stack-settings";
import { disagreementText } from "../../infra/deployment/teams-agreement";
import { disagreements } from "../../ops/teams/agreement";
import type { TeamsManifest } from "../../ops/teams/manifest";
import { botOfStack } from "../../ops/azure/stack-bot";
import { manifestOfStack } from "../../ops/teams/manifest";
import { Portal } from "../engine/support/portal";
import { Person } from "../support/person";
import { signIn } from "../support/sign-in";
import { connectThisProcess, deploy, type Deployed, root } from "../support/deployed";

/** `npm run teams:package` against a bot with single sign-on, as a person types it. */
let deployed: Deployed;
let portal: Portal;
let disconnect: () => void;
let folder: string;
let file: string;

beforeAll(async () => {
  deployed = await deploy({ stack: "no-secret" });
  portal = new Portal(deployed.azure);
  disconnect = await connectThisProcess(deployed.azure, "deployer");
  folder = await mkdtemp(join(tmpdir(), "teams-"));
  file = join(folder, "teams.zip");
});
afterAll(async () => {
  disconnect?.();
  await deployed?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const teamsPackage = (...args: string[]): Promise<Run> => command("ops/teams.ts", args);

/** @param heard is told all that it has said so far, whenever it says something; what it gives ends the command */
async function command(
  file: string,
  args: readonly string[],
  heard?: (said: Omit<Run, "code">, type: (line: string) => void) => NodeJS.Signals | undefined,
): Promise<Run> {
  const env = { ...process.env, ...(await deployed.azure.toolEnvironment()) };
  const command = ["--import", "tsx", resolve(root, file), ...args];
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ["pipe", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  for (const name of ["out", "err"] as const) {
    child[`std${name}`].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
      const signal = heard?.(said, (line) => void child.stdin.write(`${line}\n`));
      if (signal) child.kill(signal);
    });
  }
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, ...said };
}

const manifest = async (): Promise<TeamsManifest> =>
  JSON.parse(strFromU8(unzipSync(await readFile(file))["manifest.json"]!)) as TeamsManifest;

test("the package of a deployed bot has its ids and hosts, and says in its name which stack it is of", async () => {
  expect(await teamsPackage("no-secret", "--output", file)).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringContaining("teams.zip: Mail bot without a (no-secret), version ") as string,
  });
  const { botAppId, signInAppId, endpoint } = deployed.outputs;
  expect(await manifest()).toMatchObject({
    bots: [{ botId: botAppId }],
    webApplicationInfo: { id: signInAppId, resource: `api://botid-${String(botAppId)}` },
    validDomains: ["token.botframework.com", new URL(String(endpoint)).host],
  });
  expect(await teamsPackage("no-secret", "--check", file)).toMatchObject({ code: 0, err: "" });
});

test("npm run consent names the address that the browser here opens, and waits until an administrator has consented", async () => {
  const { azure, outputs } = deployed;
  const { tenantId } = azure.tenant;
  const address = `${azure.browserOrigin}/login.microsoftonline.com/${tenantId}/adminconsent?client_id=${String(outputs.signInAppId)}`;
  let given: Promise<unknown> | undefined;
  const { code, out, err } = await command(
    "ops/consent.ts",
    ["no-secret", "--wait", "--minutes", "1", "--json"],
    (said) => {
      if (said.err.includes("Waiting")) given ??= consent();
      return undefined;
    },
  );
  await given;
  expect(err).toBe(
    `An administrator consents at ${address}\n  not given yet: ${wanted.map((one) => `Microsoft Graph ${one}`).join(", ")}\n` +
      "Waiting until it was given, at most 1 min.\n",
  );
  expect([code, JSON.parse(out)]).toEqual([
    0,
    { stack: "no-secret", given: true, consents: [{ clientId: outputs.signInAppId, address, missing: [] }] },
  ]);
});

const wanted = ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"];

/** What the page does when an administrator accepts. */
async function consent(): Promise<void> {
  const principal = async (appId: unknown): Promise<string> => {
    const path = `/servicePrincipals?$filter=appId eq '${String(appId)}'`;
    return (await portal.graph<{ value: { id: string }[] }>("GET", path)).value[0]!.id;
  };
  await portal.graph("POST", "/oauth2PermissionGrants", {
    clientId: await principal(deployed.outputs.signInAppId),
    consentType: "AllPrincipals",
    resourceId: await principal("00000003-0000-0000-c000-000000000000"),
    scope: wanted.join(" "),
  });
}

const doctor = (...args: string[]): Promise<Run> => command("ops/doctor.ts", args);

test("npm run doctor finds nothing wrong, and says what it could not look at, and by what right it could", async () => {
  const { code, out, err } = await doctor("no-secret", "--json");
  expect([code, err]).toEqual([0, ""]);
  expect(JSON.parse(out)).toEqual({
    stack: "no-secret",
    bot: expect.stringMatching(/\/botServices\/bot-sign-in-no-secret-/) as string,
    findings: [],
    notChecked: [
      {
        what: "the value of the secret direct-line-secret",
        where: expect.stringMatching(/\/vaults\/.*\/secrets\/direct-line-secret$/) as string,
        because: expect.stringMatching(/ForbiddenByRbac.* the role Key Vault Secrets User at the vault /) as string,
      },
    ],
  });
});

test("npm run doctor names each of two things that were broken by hand, in the grouped table, and nothing that follows", async () => {
  const { signInAppId } = deployed.outputs;
  const application = `/applications(appId='${String(signInAppId)}')`;
  const redirect = "https://token.botframework.com/.auth/web/redirect";
  const elsewhere = "https://europe.token.botframework.com/.auth/web/redirect";
  const principal = `/servicePrincipals(appId='${String(deployed.outputs.botAppId)}')`;
  await portal.graph("PATCH", application, { web: { redirectUris: [elsewhere] } });
  await portal.graph("PATCH", principal, { accountEnabled: false });
  const { code, out, err } = await doctor("no-secret");
  await portal.graph("PATCH", application, { web: { redirectUris: [redirect] } });
  await portal.graph("PATCH", principal, { accountEnabled: true });
  expect([code, err]).toEqual([2, ""]);
  expect(out.replace(/^Not checked[^]*?\n\n/m, "")).toBe(
    "Bot's identity\n" +
      "  bot-service-principal-disabled  The bot's application is switched off: it gets no token (AADSTS7000112).\n" +
      `      where:    service principal of ${String(deployed.outputs.botAppId)}\n` +
      "      evidence: accountEnabled is false, expected true\n" +
      "      fix:      npm run drift -- no-secret, then pulumi up --stack no-secret (pulumi up mends it)\n\n" +
      "Connections\n" +
      "  redirect-residency  The connection's application has the Token Service's redirect address of another residency: AADSTS50011.\n" +
      `      where:    application ${String(signInAppId)}\n` +
      `      evidence: it has ${elsewhere}, expected ${redirect}\n` +
      "      fix:      npm run drift -- no-secret, then pulumi up --stack no-secret (pulumi up mends it)\n\n" +
      "no-secret: 2 things are wrong; 1 not checked.\n",
  );
});

test("npm run doctor -- --sign-in shows where to sign in, takes the page's code, and shows the bot's answer", async () => {
  const { azure } = deployed;
  let signedIn: Promise<void> | undefined;
  const { code, out } = await command(
    "ops/doctor.ts",
    ["no-secret", "--sign-in", "--minutes", "1", "--json"],
    (said, type) => {
      const [, address] = /Sign in at (\S+)/.exec(said.err) ?? [];
      if (address)
        signedIn ??= signIn(new Person(), azure, address, azure.tenant.people[0]!.mail).then((page) =>
          type(/\b\d{6}\b/.exec(page.text.replace(/<[^>]+>/g, " "))?.[0] ?? "no code"),
        );
      return undefined;
    },
  );
  await signedIn;
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ findings: [], signedIn: ["Your 3 newest messages: ..."] }),
  ]);
});

test("npm run logs shows what the bot writes from now on, and ends well with Ctrl-C", async () => {
  const { resourceGroup } = deployed.outputs;
  const sites = `/subscriptions/${deployed.azure.tenant.subscriptionId}/resourceGroups/${String(resourceGroup)}/providers/Microsoft.Web/sites`;
  const { value } = await portal.arm<{ value: { id: string; name: string }[] }>("GET", sites);
  const { id, name } = value[0]!;
  let restarted: Promise<unknown> | undefined;
  const { code, out, err } = await command("ops/logs.ts", ["no-secret"], (said) => {
    if (said.out.includes("log-streaming service")) restarted ??= portal.arm("POST", `${id}/restart`);
    return /^\S+Z \S/m.test(said.out) ? "SIGINT" : undefined;
  });
  await restarted;
  expect([code, err]).toEqual([0, `Following ${name}; Ctrl-C ends it.\n`]);
  expect(out).toMatch(/log-streaming service\.\n\S+Z \S/);
});

test("npm run logs --since gives what the bot wrote before, as lines and as one document; what is followed has no document", async () => {
  const { code, out, err } = await command("ops/logs.ts", ["no-secret", "--since", "1h", "--json"]);
  expect([code, err]).toEqual([0, ""]);
  const { lines, ...told } = JSON.parse(out) as { lines: { time: string; level: string; text: string }[] };
  expect(told).toEqual({
    stack: "no-secret",
    webApp: expect.any(String),
    workspace: expect.stringMatching(/Microsoft\.OperationalInsights\/workspaces\//),
    whole: true,
  });
  expect(lines.length).toBeGreaterThan(0);
  const { out: text } = await command("ops/logs.ts", ["no-secret", "--since", "1h"]);
  expect(text).toContain(`${lines[0]!.time} ${lines[0]!.text}\n`);
  const endless = await command("ops/logs.ts", ["no-secret", "--json"]);
  expect([endless.code, JSON.parse(endless.out)]).toEqual([
    1,
    { error: { code: "wrong-value", message: expect.any(String) } },
  ]);
  expect(endless.err).toContain("what is followed has no end: add --since 1h. Help: npm run logs -- --help");
});

test("npm run logs says where no log is kept because the setting was taken away, and what makes it again", async () => {
  const { resourceGroup } = deployed.outputs;
  const sites = `/subscriptions/${deployed.azure.tenant.subscriptionId}/resourceGroups/${String(resourceGroup)}/providers/Microsoft.Web/sites`;
  const { value } = await portal.arm<{ value: { id: string }[] }>("GET", sites);
  const setting = deployed.azure.resources.get(`${value[0]!.id}/providers/Microsoft.Insights/diagnosticSettings/logs`)!;
  deployed.azure.resources.remove(setting.id);
  const { code, err } = await command("ops/logs.ts", ["no-secret", "--since", "1h"]);
  deployed.azure.resources.set(setting);
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/^No diagnostic setting sends .*: pulumi up --stack no-secret makes it again/s),
  ]);
});

/** What the command finds wrong with a manifest; one process for each look would take seconds. */
async function wrongWith(given: TeamsManifest, teams: TeamsSettings = {}): Promise<string[]> {
  const environment = await deployed.azure.deployerEnvironment();
  const settings = await stackSettings(root, "no-secret", environment);
  const bot = await botOfStack(deployerAccess(environment), settings, "no-secret");
  const wanted = manifestOfStack(bot, { ...settings, teams }, "no-secret", "1.0.0");
  return disagreements(bot, given, "no-secret", wanted).map(disagreementText);
}

test.each<[what: string, spoil: (manifest: TeamsManifest) => void]>([
  ["bots[0].botId of the package", ({ bots }) => (bots![0]!.botId = "00000000-0000-4000-8000-000000000000")],
  ["validDomains of the package", ({ validDomains }) => validDomains!.shift()],
  [
    "webApplicationInfo.id of the package",
    ({ webApplicationInfo, bots }) => (webApplicationInfo!.id = bots![0]!.botId),
  ],
  [
    "webApplicationInfo.resource of the package",
    ({ webApplicationInfo }) => (webApplicationInfo!.resource = "api://other"),
  ],
])("an old package with another %s is named, with what people would meet", async (what, spoil) => {
  const spoilt = await manifest();
  spoil(spoilt);
  expect(await wrongWith(spoilt)).toEqual([expect.stringContaining(`${what}: `)]);
});

test("a package from before people were answered in groups is named for each scope that it lacks, and for what Teams is to allow", async () => {
  expect(await wrongWith(await manifest(), { groups: "targeted" })).toEqual([
    expect.stringMatching(/^bots\[0\]\.scopes of the package: personal, where groupChat is expected/),
    expect.stringMatching(/^bots\[0\]\.scopes of the package: personal, where team is expected/),
    expect.stringMatching(/^bots\[0\]\.supportsTargetedMessages of the package: nothing, where true is expected/),
  ]);
});

describe("what was changed by hand stops the package, by name", () => {
  let application: { id: string; identifierUris: string[]; api: Record<string, unknown> };
  let bot: string;
  beforeAll(async () => {
    const { signInAppId, resourceGroup, bot: name } = deployed.outputs;
    const found = await portal.graph<{ value: (typeof application)[] }>(
      "GET",
      `/applications?$filter=appId eq '${String(signInAppId)}'`,
    );
    application = found.value[0]!;
    const group = `/subscriptions/${deployed.azure.tenant.subscriptionId}/resourceGroups/${String(resourceGroup)}`;
    bot = `${group}/providers/Microsoft.BotService/botServices/${String(name)}`;
  });
  const patch = (body: object): Promise<unknown> => portal.graph("PATCH", `/applications/${application.id}`, body);

  const named = async (what: string): Promise<void> =>
    expect(await wrongWith(await manifest())).toEqual([expect.stringContaining(what)]);

  test("the identifier URI of the sign-in application", async () => {
    await patch({ identifierUris: [] });
    await named("the identifier URI of the sign-in application: nothing, where api://botid-");
    await patch({ identifierUris: application.identifierUris });
  });

  test("a client of Teams that must ask for consent", async () => {
    const clients = application.api["preAuthorizedApplications"] as object[];
    await patch({ api: { preAuthorizedApplications: clients.slice(1) } });
    await named("the clients that the sign-in application lets in without asking: ");
    await patch({ api: { preAuthorizedApplications: clients } });
  });

  test("the version of the application's tokens", async () => {
    await patch({ api: { requestedAccessTokenVersion: 1 } });
    await named("the token version of the sign-in application: 1, where 2 is expected");
    await patch({ api: { requestedAccessTokenVersion: 2 } });
  });

  test("the connection's token exchange URL", async () => {
    const path = `${bot}/connections/GraphConnection`;
    type Kept = { location: string; properties: { parameters: { key: string; value: string }[] } };
    const { location, properties } = await portal.arm<Kept>("GET", path);
    const parameters = properties.parameters.map(({ key, value }) => ({
      key,
      value: key === "TokenExchangeUrl" ? "api://other" : value,
    }));
    await portal.arm("DELETE", path);
    await portal.arm("PUT", path, { location, properties: { ...properties, parameters } });
    await named("tokenExchangeUrl of the connection: api://other, where api://botid-");
    await portal.arm("DELETE", path);
    await portal.arm("PUT", path, { location, properties });
  });

  test("the channel, and nothing is written then", async () => {
    await portal.arm("DELETE", `${bot}/channels/MsTeamsChannel`);
    await named("the channel Microsoft Teams of the bot: off, where on is expected");
    const never = join(folder, "never.zip");
    const { code, err } = await teamsPackage("no-secret", "--output", never);
    expect([code, err]).toEqual([2, expect.stringContaining("no-secret: 1 value does not agree.")]);
    await expect(readFile(never)).rejects.toThrow("ENOENT");
  });
});

test("a stack without a bot says so, and how to deploy it", async () => {
  expect(await teamsPackage("dev")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^The stack dev has no bot in bot-sign-in-dev-\w+: pulumi up --stack dev/) as string,
  });
});
