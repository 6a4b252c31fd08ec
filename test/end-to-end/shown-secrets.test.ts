import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientSecretCredential } from "@azure/identity";
import { strToU8, zipSync } from "fflate";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownSecrets } from "../../local/azure/secrets";
import { ownPages } from "../../local/page";
import { Terminal } from "../../local/terminal";
import { Chat, hasCard, signInAddress } from "../support/chat";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";
import { pageToken } from "../support/page-token";
import { Person } from "../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";
import { logged } from "../support/soon";

let folder: string;
let deployed: Deployed;
let disconnect: () => void;
let credential: ClientSecretCredential;
/** Secrets that this test itself made up, or was told. */
const own = new Map<string, string>();
/** All that people can look at: the trace as the page gets it, the page, the picture, the terminal. */
let shown: string;
/** What the state keeps, by its path. */
const kept: { path: string; text: string }[] = [];

const awkward = `pä"ss\\w&rd <${randomUUID()}> 100%`;

async function arm(method: string, id: string, version: string, body?: unknown): Promise<Record<string, unknown>> {
  const { token } = await credential.getToken("https://management.azure.com/.default");
  const answer = await fetch(`https://management.azure.com${id}?api-version=${version}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect([method, id, answer.ok, answer.status]).toEqual([method, id, true, answer.status]);
  return (await answer.json().catch(() => ({}))) as Record<string, unknown>;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shown-secrets-"));
  deployed = await deploy({ data: folder, ownPages: (own) => ownPages(own, () => undefined) });
  const { azure, outputs } = deployed;
  disconnect = await connectThisProcess(azure, "browser");
  const { tenantId, deployer } = azure.tenant;
  credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  await talk(String(outputs.chatAddress));
  await manage();
  await print();
  shown = await everythingShown();
  await azure.save();
  collect(JSON.parse(await readFile(join(folder, "state.json"), "utf8")), "");
});
afterAll(async () => {
  disconnect?.();
  await deployed?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A person signs in and reads mail. */
async function talk(chatAddress: string): Promise<void> {
  const { azure, outputs } = deployed;
  await consentForEveryone(new Person(), azure, String(outputs.signInAppId));
  const kim = new Person();
  const token = await openChatPage(kim, chatAddress);
  const chat = new Chat(token);
  await chat.opened();
  const card = await chat.ask("mail", hasCard);
  const address = await boundTo(kim, token, chatAddress, signInAddress(card) ?? "");
  await signIn(kim, azure, address, azure.tenant.people[2]!.mail);
  await chat.answer(({ text }) => /newest message/.test(text ?? ""), 30_000);
  chat.end();
}

/** An administrator looks at every key there is, renews some, and writes secrets. */
async function manage(): Promise<void> {
  const { azure } = deployed;
  const one = (type: string): string => azure.resources.list(type)[0]!.id;
  const bot = one("Microsoft.BotService/botServices");
  const version = "2022-09-15";
  const channel = `${bot}/channels/DirectLineChannel`;
  await arm("GET", channel, version);
  const { properties } = (await arm("POST", `${channel}/listChannelWithKeys`, version)) as {
    properties: { properties: { sites: { siteName: string; key: string; key2: string }[]; extensionKey1: string } };
  };
  own.set("extension key", properties.properties.extensionKey1);
  for (const { siteName, key, key2 } of properties.properties.sites) {
    own.set(`key of ${siteName}`, key).set(`key 2 of ${siteName}`, key2);
    await arm("POST", `${channel}/regenerateKeys`, version, { siteName, key: "key2" });
  }
  await arm("POST", `${bot}/connections/GraphConnection/listWithSecrets`, version);
  const { keys } = (await arm("POST", `${one("Microsoft.Storage/storageAccounts")}/listKeys`, "2024-01-01")) as {
    keys: { keyName: string; value: string }[];
  };
  for (const { keyName, value } of keys) own.set(`storage ${keyName}`, value);
  const workspace = `${one("Microsoft.OperationalInsights/workspaces")}/sharedKeys`;
  own.set("workspace key", String((await arm("POST", workspace, "2023-09-01")).primarySharedKey));
  const connection = { serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c", clientId: "x", scopes: "User.Read" };
  await arm("PUT", `${bot}/connections/second`, version, {
    location: "global",
    properties: {
      ...connection,
      clientSecret: own.set("connection's secret", `cs~${randomUUID()}`).get("connection's secret"),
    },
  });
  await arm("PUT", `${one("Microsoft.KeyVault/vaults")}/secrets/by-hand`, "2024-11-01", {
    properties: { value: awkward },
  });
  own.set("vault secret", awkward).set("deployer's secret", azure.tenant.deployer.clientSecret);
}

/** A careless app writes its whole environment to the terminal, in several forms. */
async function print(): Promise<void> {
  const { azure } = deployed;
  const sites = new WebSiteManagementClient(credential, azure.tenant.subscriptionId);
  const group = String(deployed.outputs.resourceGroup);
  const [plan] = azure.resources.list("Microsoft.Web/serverfarms");
  const name = `printer-${randomUUID().slice(0, 8)}`;
  own.set("app setting", `sk-${randomUUID()}`).set("connection string", `Server=x;Password=${randomUUID()}`);
  const site = await sites.webApps
    .createOrUpdate(group, name, {
      location: plan!.location!,
      serverFarmId: plan!.id,
      identity: { type: "SystemAssigned" },
      siteConfig: {
        linuxFxVersion: "NODE|24-lts",
        appCommandLine: "node index.js",
        appSettings: [{ name: "MY_API_KEY", value: own.get("app setting") }],
        connectionStrings: [{ name: "db", connectionString: own.get("connection string"), type: "Custom" }],
      },
    })
    .pollUntilDone();
  const code = `
    const text = JSON.stringify(process.env);
    for (const form of [text, Buffer.from(text).toString("base64"), encodeURIComponent(text)]) console.log(form);
    for (let at = 0; at < text.length; at += 50) console.log(text.slice(at, at + 50));
    console.log("all is printed");
    require("node:http").createServer((_, answer) => answer.end(text)).listen(process.env.PORT);`;
  const { token } = await credential.getToken("https://appservice.azure.com/.default");
  await fetch(`https://${name}.scm.azurewebsites.net/api/publish?type=zip`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
    body: zipSync({ "index.js": strToU8(code) }) as Uint8Array<ArrayBuffer>,
  });
  const environment = (await (await fetch(`https://${site.defaultHostName}/`)).json()) as Record<string, string>;
  own.set("identity header", environment.IDENTITY_HEADER ?? "");
  expect(await logged(deployed.log, "all is printed")).toBe(true);
}

async function everythingShown(): Promise<string> {
  const { azure, log } = deployed;
  const headers = { "page-token": await pageToken(azure) };
  const page = async (path: string): Promise<string> =>
    (await fetch(azure.browserOrigin + path, { headers: headers["page-token"] ? headers : {} })).text();
  const parts = [...log];
  for (const { number } of azure.trace.exchanges()) parts.push(await page(`/exchange?number=${number}`));
  parts.push(await page("/picture.json"), await page("/picture.mmd"), await page("/faults"));
  const written: string[] = [];
  const terminal = new Terminal({ write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream);
  for (const secret of own.values()) terminal.line(`failed: {"body":${JSON.stringify(secret)}}`);
  return [...parts, ...written].join("\n");
}

function collect(value: unknown, path: string): void {
  if (typeof value === "string") kept.push({ path, text: value });
  else if (typeof value === "object" && value !== null) {
    for (const [name, entry] of Object.entries(value)) {
      collect(entry, Array.isArray(value) ? path : `${path}.${name}`.replace(/\.\$\w+/, ""));
    }
  }
}

/** The forms in which a secret would give itself away. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1),
  Buffer.from(` ${secret}`).toString("base64").slice(2, -4),
  Buffer.from(`  ${secret}`).toString("base64").slice(3, -4),
];
const readable = (secret: string): boolean => formsOf(secret).some((form) => shown.includes(form));

test("the run showed something: requests, their bodies, what the apps wrote", () => {
  expect(deployed.azure.trace.exchanges().length).toBeGreaterThan(150);
  expect(shown).toContain("newest message");
  expect(shown).toContain("all is printed");
  expect(shown).toContain("extensionKey1");
});

test("no secret that was made up, handed out or typed in can be read anywhere", () => {
  expect(own.size).toBeGreaterThan(10);
  for (const value of own.values()) expect(value.length).toBeGreaterThan(10);
  expect([...own].filter(([, value]) => readable(value)).map(([name]) => name)).toEqual([]);
});

test("no secret that the local Azure knows can be read anywhere", () => {
  const all = knownSecrets.all.filter((secret) => secret.length >= 8);
  expect(all.length).toBeGreaterThan(60);
  expect(all.filter(readable)).toEqual([]);
});

/** Where the state keeps random texts that are no secrets: ids, and sums of what is public. */
const harmless = [
  /\.mailboxes\.id$/,
  /\.resources\..*\b(id|\w+Id|scope|keyVaultReferenceIdentity)$/,
  /\.blobs\.md5$/,
].concat(/\.activity log\.resourceId$/, /\.service principals\.alternativeNames$/, /\.code deployments$/);

test("whatever random text the state keeps is either an id of those listed here, or nobody can read it", () => {
  const random = kept.filter(({ text }) => looksRandom(text));
  expect(random.length).toBeGreaterThan(20);
  const visible = random.filter(({ text, path }) => readable(text) && !harmless.some((known) => known.test(path)));
  expect([...new Set(visible.map(({ path }) => path))]).toEqual([]);
});

/** Twenty characters and more of a kind that only chance makes: letters of both cases and digits, no words. */
function looksRandom(text: string): boolean {
  return /^[\w+/=.~-]{20,}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}
