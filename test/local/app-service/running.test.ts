import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { archiveOf, createCloud, echoApp, readerOf, siteBody, type Cloud } from "./cloud";

const home = "https://echo-bot.azurewebsites.net";
const reference = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/password)";

let cloud: Cloud;
beforeEach(async () => {
  cloud = await createCloud();
});
afterEach(() => cloud.close());

const deploy = async (settings: Record<string, string> = {}, source = echoApp): Promise<void> => {
  expect((await cloud.arm("PUT", cloud.siteId, siteBody(cloud, settings))).status).toBe(200);
  expect((await cloud.push(archiveOf({ "index.js": source }))).status).toBe(200);
};
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("before the first push the site answers App Service's waiting page, not an error", async () => {
  await cloud.arm("PUT", cloud.siteId, siteBody(cloud));
  const answer = await cloud.ask(home);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("waiting for your content");
  expect((await cloud.ask("https://nobody.azurewebsites.net")).status).toBe(404);
});

test("a pushed app runs with App Service's environment and nothing of the developer's", async () => {
  process.env.DEVELOPERS_OWN = "leak";
  await deploy({ GREETING: "hello", "DOTTED.NAME": "x" });
  const { env } = await cloud.askApp();
  delete process.env.DEVELOPERS_OWN;
  expect(env).toMatchObject({
    GREETING: "hello",
    APPSETTING_GREETING: "hello",
    DOTTED_NAME: "x",
    WEBSITE_SITE_NAME: "echo-bot",
    WEBSITE_HOSTNAME: "echo-bot.azurewebsites.net",
    WEBSITE_RESOURCE_GROUP: "rg",
    WEBSITE_OWNER_NAME: `${cloud.azure.tenant.subscriptionId}+rg-westeuropewebspace-Linux`,
    REGION_NAME: "westeurope",
    HTTPS_PROXY: "http://127.0.0.1:9",
  });
  expect(env.IDENTITY_ENDPOINT).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/msi\/token$/);
  expect(env.HOME).toMatch(/\/home$/);
  expect(env).not.toHaveProperty("DEVELOPERS_OWN");
  expect(env).not.toHaveProperty("NODE_ENV");
});

test("requests reach the app with method, body and the real host name, and its cookies come back apart", async () => {
  await deploy();
  const body = "x".repeat(300_000);
  const answer = await cloud.ask(`${home}/api/messages?a=b%20c`, { method: "POST", body, headers: { "x-own": "1" } });
  expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(await answer.json()).toMatchObject({
    method: "POST",
    url: "/api/messages?a=b%20c",
    body,
    headers: { host: "echo-bot.azurewebsites.net", "x-own": "1", "x-forwarded-proto": "https" },
  });
});

test("a Key Vault reference becomes the secret only where the identity may read it; else the literal stays", async () => {
  cloud.secrets.set("https://kv.vault.azure.net/secrets/password", "s3cret");
  const named = "@Microsoft.KeyVault(VaultName=kv;SecretName=absent)";
  await deploy({ PASSWORD: reference, ABSENT: named, BROKEN: "@Microsoft.KeyVault(nonsense)", PLAIN: "p" });
  expect((await cloud.askApp()).env).toMatchObject({ PASSWORD: reference, ABSENT: named, PLAIN: "p" });
  const list = `${cloud.siteId}/config/configreferences/appsettings`;
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await cloud.arm("GET", list)).body.value.map((entry: { name: string; properties: { status: string } }) => [
        entry.name,
        entry.properties.status,
      ]),
    );
  const denied = { PASSWORD: "AccessToKeyVaultDenied", ABSENT: "AccessToKeyVaultDenied", BROKEN: "InvalidSyntax" };
  expect(await states()).toEqual(denied);

  cloud.readers.add((await readerOf(cloud)).principalId);
  await cloud.arm("POST", `${cloud.siteId}/restart`);
  expect(await states()).toEqual(denied);

  const refreshed = await cloud.arm("POST", `${list}/refresh`);
  expect(JSON.stringify(refreshed.body)).not.toContain("s3cret");
  expect(await states()).toEqual({ PASSWORD: "Resolved", ABSENT: "SecretNotFound", BROKEN: "InvalidSyntax" });
  await until(async () => (await cloud.askApp()).env.PASSWORD === "s3cret");
  expect((await cloud.askApp()).env.APPSETTING_PASSWORD).toBe("s3cret");
});

test("without an identity for references every reference says MSINotEnabled", async () => {
  const body = siteBody(cloud, { PASSWORD: reference }, { properties: { keyVaultReferenceIdentity: undefined } });
  await cloud.arm("PUT", cloud.siteId, body);
  const { body: one } = await cloud.arm("GET", `${cloud.siteId}/config/configreferences/appsettings/PASSWORD`);
  expect(one.properties).toMatchObject({ status: "MSINotEnabled", vaultName: "kv", secretName: "password" });
});

test("a settings write restarts the app with the new settings while the old one answers, and stops it by SIGTERM", async () => {
  await deploy({ COLOUR: "red" });
  const old = await cloud.askApp();
  const written = await cloud.arm("PUT", `${cloud.siteId}/config/appsettings`, { properties: { COLOUR: "blue" } });
  expect(written.body.properties).toEqual({ COLOUR: "blue" });
  // A request that the old one takes in the moment of its end is cut off, as in Azure.
  const colour = async (): Promise<unknown> => (await cloud.askApp().catch(() => undefined))?.env.COLOUR;
  await until(async () => (await colour()) === "blue");
  await cloud.logged("stopping");
  await until(() => Promise.resolve(!alive(old.pid)));
  expect(cloud.log.filter((line) => line === "stopping")).toHaveLength(1);
});

test("without exec the start script's shell hides SIGTERM from the app", async () => {
  const body = siteBody(
    cloud,
    { WEBSITES_CONTAINER_STOP_TIME_LIMIT: "1" },
    { siteConfig: { appCommandLine: "node index.js" } },
  );
  await cloud.arm("PUT", cloud.siteId, body);
  await cloud.push(archiveOf({ "index.js": echoApp }));
  const { pid } = await cloud.askApp();
  await cloud.arm("POST", `${cloud.siteId}/stop`);
  await until(() => Promise.resolve(!alive(pid)));
  expect(cloud.log).not.toContain("stopping");
  expect((await cloud.ask(home)).status).toBe(403);
});

test("every line of a crash is in the log, and the app is started again", async () => {
  await deploy();
  const { pid } = await cloud.askApp();
  expect((await cloud.ask(`${home}/crash`)).status).toBe(502);
  await cloud.logged("Node.js v");
  expect(cloud.log).toContain("Error: crashed on purpose");
  expect(cloud.log).toContain('{"level":30,"msg":"listening"}');
  await until(() => Promise.resolve(cloud.platformLog.length > 0));
  const again = await cloud.askApp();
  expect(again.pid).not.toBe(pid);
  expect(cloud.platformLog).toEqual(["App Service: echo-bot ended by itself (exit code 1); next start in 1 s"]);
});

test("an app that does not start answers Application Error at once, and its last words are logged", async () => {
  await deploy({}, 'console.error("cannot start: MicrosoftAppId is missing"); process.exit(3);');
  const began = Date.now();
  const answer = await cloud.ask(home);
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining("Application Error")]);
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(cloud.log).toContain("cannot start: MicrosoftAppId is missing");
});

test("close leaves no process and no file behind", async () => {
  const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("app-service-"));
  const before = folders();
  await deploy();
  const { pid } = await cloud.askApp();
  await cloud.close();
  expect(alive(pid)).toBe(false);
  expect(folders().filter((name) => !before.includes(name))).toEqual([]);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come true within 5 s");
}
