import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync, strToU8 } from "fflate";
import type { Health } from "../../../contract/app-settings";
import { pushCode } from "../../../infra/code/push";
import type { LocalAzure } from "../../../local/azure/azure";
import { newApplication } from "../../support/directory";
import { ByHand, errorOf, versions } from "./by-hand";
import { soon } from "../../support/soon";
import { mistake } from "./mistake";
import { SetUp } from "./set-up";

// Mistakes that take from a running bot what it needs: its health page names the fix after the next start.

let setUp: SetUp;
let settings: Record<string, string>;
const inAzure = (): LocalAzure => setUp.azure;

beforeAll(async () => {
  setUp = await SetUp.deploy();
  settings = await setUp.appSettings();
});
afterAll(() => setUp?.close());

const application = (): string => `applications(appId='${setUp.text("botAppId")}')`;

/** The role assignments of the managed identity at a scope, which this takes away; the function gives them back. */
async function withoutRoles(scope: string): Promise<() => Promise<void>> {
  const roles = setUp.azure.resources
    .list("Microsoft.Authorization/roleAssignments")
    .filter(({ id }) => id.toLowerCase().startsWith(scope.toLowerCase()))
    .map(({ id, properties }) => ({ id, properties: structuredClone(properties) }));
  expect(roles).toHaveLength(1);
  for (const { id } of roles) await setUp.hand.call("DELETE", id, versions.roles);
  return async () => {
    for (const { id, properties } of roles) {
      const { principalId, principalType, roleDefinitionId } = properties;
      const own = { principalId, principalType, roleDefinitionId };
      await setUp.hand.call("PUT", id, versions.roles, { properties: own });
    }
  };
}

const vault = (): string => setUp.resource("Microsoft.KeyVault/vaults");

mistake(34, inAzure, async () => {
  const giveBack = await withoutRoles(vault());
  await setUp.restart();
  const said = await setUp.unwell("chat page", "Key Vault Secrets User");
  await giveBack();
  return said;
});

mistake(36, inAzure, async () => {
  const giveBack = await withoutRoles(setUp.resource("Microsoft.Storage/storageAccounts"));
  await setUp.restart();
  const said = await setUp.unwell("state", "Storage Blob Data Contributor");
  await giveBack();
  return said;
});

mistake(40, inAzure, async () => {
  const elsewhere = "https://europe.directline.botframework.com";
  await setUp.writeAppSettings({ ...settings, DIRECT_LINE_ENDPOINT: elsewhere });
  return setUp.unwell("chat page", "DIRECT_LINE_ENDPOINT");
});

mistake(39, inAzure, async () => {
  await setUp.writeAppSettings({ ...settings, MicrosoftAppTenantId: randomUUID() });
  return setUp.unwell("bot token", "MicrosoftAppTenantId must be");
});

mistake(41, inAzure, async () => {
  await setUp.writeAppSettings({ CHAT_TITLE: "A better title" });
  return setUp.unwell("settings", "MicrosoftAppPassword");
});

mistake(13, inAzure, async () => {
  const giveBack = await withoutRoles(vault());
  await setUp.writeAppSettings(settings);
  await setUp.hand.call("GET", `${setUp.webApp}/config/configreferences/appsettings`, versions.web);
  const said = await setUp.unwell("settings", "is a Key Vault reference");
  await giveBack();
  await setUp.hand.call("POST", `${setUp.webApp}/config/configreferences/appsettings/refresh`, "2022-03-01");
  return said;
});

mistake(14, inAzure, async () => {
  const halfAYear = 181 * 24 * 3_600_000;
  await setUp.azure.moveClock(halfAYear);
  const said = await setUp.unwell("bot token", "expired");
  await setUp.azure.moveClock(-halfAYear);
  return said;
});

mistake(2, inAzure, async () => {
  await setUp.hand.graph("DELETE", `servicePrincipals(appId='${setUp.text("botAppId")}')`);
  await setUp.restart();
  const said = await setUp.unwell("bot token", "az ad sp create");
  await setUp.hand.graph("POST", "servicePrincipals", { appId: setUp.text("botAppId") });
  return said;
});

test("a newest password that Entra does not take makes no bot silent: it goes on with the one before, and its page says so", async () => {
  type Credentials = { id: string; passwordCredentials: { keyId: string; displayName: string }[] };
  const { id, passwordCredentials } = await setUp.hand.graph<Credentials>("GET", application());
  expect(passwordCredentials.map(({ displayName }) => displayName).sort()).toEqual(["bot", "bot 2"]);
  const { keyId } = passwordCredentials.find(({ displayName }) => displayName === "bot")!;
  await setUp.hand.graph("POST", `applications/${id}/removePassword`, { keyId });
  await setUp.restart();
  const health = await soon(async () => {
    const answer = await fetch(new URL("healthz", setUp.text("chatAddress")));
    const seen = (await answer.json().catch(() => ({}))) as Partial<Health>;
    return seen.secrets?.password === "before" ? seen : undefined;
  }, 15_000);
  expect(health).toMatchObject({ status: "well", secrets: { rotation: 0, password: "before" } });
  expect(health?.secrets).not.toHaveProperty("warning");
});

mistake(37, inAzure, async () => {
  type Credentials = { id: string; passwordCredentials: { keyId: string }[] };
  const { id, passwordCredentials } = await setUp.hand.graph<Credentials>("GET", application());
  for (const { keyId } of passwordCredentials) {
    await setUp.hand.graph("POST", `applications/${id}/removePassword`, { keyId });
  }
  await setUp.restart();
  return setUp.unwell("bot token", "none of the application's");
});

mistake(38, inAzure, async () => {
  await setUp.hand.graph("DELETE", application());
  await setUp.restart();
  return setUp.unwell("bot token", "Deleted applications");
});

mistake(35, inAzure, async () => {
  // The vault's own roles are needed to delete in it: Owner of the subscription is none of them.
  await giveDeployerSecretsOfficer();
  const token = await setUp.hand.access.token("https://vault.azure.net/.default");
  const secret = `${new URL(settings.DIRECT_LINE_SECRET_URI ?? "").href}?api-version=7.4`;
  const answer = await fetch(secret, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await setUp.restart();
  return setUp.unwell("chat page", "Check that the secret exists");
});

async function giveDeployerSecretsOfficer(): Promise<void> {
  const { subscriptionId, deployer } = setUp.azure.tenant;
  const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7`;
  const properties = { principalId: deployer.objectId, principalType: "ServicePrincipal", roleDefinitionId };
  const id = `${vault()}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  await setUp.hand.call("PUT", id, versions.roles, { properties });
}

describe("code that is pushed by hand", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pushed-by-hand-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Pushes a tiny app whose files all have the same time, and gives what the program says of it. */
  async function push(hash: string, by: ByHand): Promise<string> {
    const zipPath = join(folder, `${hash}.zip`);
    const page = { status: "well", build: { version: "0", hash }, checks: [], connections: [] };
    const listen = `createServer((_, answer) => answer.end(${JSON.stringify(JSON.stringify(page))})).listen(process.env.PORT)`;
    const files = { "index.js": strToU8(`require("node:http").${listen}`) };
    await writeFile(zipPath, zipSync(files, { mtime: new Date("2026-01-01T00:00:00Z") }));
    const address = {
      subscriptionId: setUp.azure.tenant.subscriptionId,
      resourceGroupName: setUp.text("resourceGroup"),
    };
    const healthUrl = new URL("healthz", setUp.text("chatAddress")).href;
    const health = pushCode({ ...address, webAppName: setUp.text("webApp"), zipPath, hash, healthUrl }, by.access);
    return errorOf(health);
  }

  mistake(42, inAzure, async () => {
    const getToken = async (scope: string) => ({ token: await setUp.hand.access.token(scope), expiresOnTimestamp: 0 });
    const { clientId, secret, principalId } = await newApplication({ getToken }, "reads, and does not publish");
    const { subscriptionId } = setUp.azure.tenant;
    const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${reader}`;
    const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId };
    const id = `${setUp.webApp}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    await setUp.hand.call("PUT", id, versions.roles, { properties });
    return push("0".repeat(64), await ByHand.in(setUp.azure, { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: secret }));
  });

  mistake(17, inAzure, async () => {
    expect(await push("1".repeat(64), setUp.hand)).toContain("nothing was refused");
    return push("2".repeat(64), setUp.hand);
  });
});
