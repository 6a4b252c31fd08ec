import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Health } from "../../contract/app-settings";
import type { BroughtCode } from "../../infra/deployment/code";
import { readCode } from "../../infra/settings/code";
import { healthProofs, sdkNames } from "../../infra/facts/sdks";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { runProgram } from "../../local/embedded";
import { deployedBot, ownPages } from "../../local/page";
import { redeployOnChange } from "../../local/redeploy";
import { findBrowser, launchBrowser } from "../support/browser";
import { Chat, type ChatToken, hasCard, signInAddress } from "../support/chat";
import { connectThisProcess } from "../support/deployed";
import { Person } from "../support/person";
import { consentForEveryone, signIn } from "../support/sign-in";
import { chatIn, say } from "../support/signed-in-page";

const root = join(__dirname, "../..");
const text = readFileSync(join(root, "docs/your-own-bot.md"), "utf8");
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text)![1]!;
const settings = parse(block("yaml")) as { code: BroughtCode; connections: object[] };

let azure: LocalAzure;
let folder: string;
let outputs: Record<string, unknown>;
let disconnect: () => void;
const warnings: string[] = [];

// Followed step by step: the document's own files and settings, in a folder from which the bot's package is found.
beforeAll(async () => {
  folder = await mkdtemp(join(root, "node_modules/.cache/my-bot-"));
  await writeFile(join(folder, "package.json"), block("json"));
  await writeFile(join(folder, "index.mjs"), block("js"));
  azure = await startLocalAzure({ port: 0, ownPages: (own) => ownPages(own, () => deployedBot(own)) });
  const { code, connections } = settings;
  ({ outputs } = await runProgram({
    root,
    stack: "dev",
    environment: await azure.deployerEnvironment(),
    config: { code: JSON.stringify({ ...code, folder }), connections: JSON.stringify(connections) },
    onEvent: ({ kind, message }) => void (kind === "warning" && warnings.push(message ?? "")),
  }));
  disconnect = await connectThisProcess(azure, "client");
}, 180_000);
afterAll(async () => {
  disconnect?.();
  await azure?.close();
  await rm(folder, { recursive: true });
});

test("the document's folder is the one that it makes, and its settings hold", () => {
  expect(settings.code.folder).toBe("my-bot");
  expect(readCode(settings.code, false).problems).toEqual([]);
  expect(warnings.filter((line) => line.startsWith("Setting "))).toEqual([]);
});

test("the document's bot runs, and a health page that it does not have reports its code", async () => {
  const { origin } = new URL(String(outputs["endpoint"]));
  const health = await azure.call("client", `${origin}/healthz`);
  expect(await health.json()).toMatchObject({ status: "well", build: { version: "1.0.0", hash: outputs["codeHash"] } });
  expect((await azure.call("client", `${origin}/`)).status).toBe(404);
});

test("the document's bot refuses a stranger", async () => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"type":"message"}' };
  expect((await azure.call("client", String(outputs["endpoint"]), init)).status).toBe(401);
});

describe("the page", () => {
  const chatAt = (path: string): string =>
    `${azure.browserOrigin}/chat/${new URL(String(outputs["endpoint"])).host}${path}`;
  const post = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(chatAt(path), { method: "POST", headers: { "sec-fetch-site": "same-origin", ...headers } });

  test("shows a chat of its own, because the bot has none", async () => {
    const page = await (await fetch(`${azure.browserOrigin}/`)).text();
    expect(page).toContain(`<iframe id="chat" title="The bot's chat page" src="${new URL(chatAt("/")).pathname}">`);
    const chat = await fetch(chatAt("/"));
    expect(chat.headers.get("content-security-policy")).toContain(azure.browserOrigin.replace("http:", "ws:"));
    expect(await chat.text()).toContain("./webchat.js");
    expect((await fetch(chatAt("/webchat.js"))).headers.get("content-type")).toContain("javascript");
  });

  test("gives a token to itself alone, and the same browser stays the same user", async () => {
    expect((await post("/api/token", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    const first = await post("/api/token");
    const [cookie = ""] = first.headers.getSetCookie();
    expect(cookie).toMatch(/^own-chat=dl_[\w-]{22}; HttpOnly; SameSite=Strict; Path=\/chat$/);
    const again = await post("/api/token", { cookie: cookie.split(";")[0]! });
    expect(again.headers.getSetCookie()).toEqual([cookie]);
    const { domain } = (await again.json()) as ChatToken;
    expect(domain).toBe(`${azure.browserOrigin}/directline.botframework.com/v3/directline`);
  });

  test("may tie a sign-in to its browser, as a page at the bot's own address might", async () => {
    const { token, domain } = (await (await post("/api/token")).json()) as ChatToken;
    const asked = await fetch(`${domain}/session/getsessionid`, {
      headers: { authorization: `Bearer ${token}`, referer: chatAt("/"), origin: azure.browserOrigin },
    });
    expect(asked.status).toBe(200);
  });
});

const chromium = findBrowser();
(chromium ? test : test.skip)(
  "a person chats with the document's bot on that page, whose own policy lets it",
  async () => {
    const browser = await launchBrowser(chromium!);
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy/.test(message.text()))
          complaints.push(message.text());
      });
      await page.goto(`${azure.browserOrigin}/`);
      await say(page, "who am i");
      await chatIn(page).getByRole("button", { name: "Sign-in" }).last().waitFor({ timeout: 15_000 });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);

test("a person says what the document says, signs in, and is told who she is", async () => {
  const host = new URL(String(outputs["endpoint"])).host;
  const answer = await fetch(`${azure.browserOrigin}/chat/${host}/api/token`, {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
  });
  const { token } = (await answer.json()) as ChatToken;
  const chat = new Chat({ token, domain: "https://directline.botframework.com/v3/directline" });
  try {
    await chat.opened();
    await consentForEveryone(new Person(), azure, String(outputs["signInAppId"]));
    await chat.say("who am i");
    const card = await chat.answer(hasCard, 15_000);
    const ada = azure.tenant.people.find(({ administrator }) => administrator)!;
    const page = await signIn(new Person(), azure, signInAddress(card)!, ada.mail);
    const [code] = /\b\d{6}\b/.exec(page.text.replace(/<style[\s\S]*?<\/style>/g, ""))!;
    await chat.say(code);
    expect((await chat.answer(() => true, 15_000)).text).toBe(`You are ${ada.name}.`);
  } finally {
    chat.end();
  }
});

test("a saved file of the bot is deployed again, once: what its build writes is no change of its own", async () => {
  const said: string[] = [];
  const deployed = {
    root,
    outputs,
    environment: await azure.deployerEnvironment(),
    code: { ...settings.code, folder },
  };
  const stop = redeployOnChange(deployed, (line) => said.push(line));
  try {
    // Until the watch has begun, nobody hears of a change.
    for (let at = 0; said.length === 0 && at < 50; at += 1) {
      await writeFile(join(folder, "index.mjs"), `${block("js")}\n// ${at}\n`);
      await new Promise((done) => setTimeout(done, 600));
    }
    for (let at = 0; said.length < 2 && at < 300; at += 1) await new Promise((done) => setTimeout(done, 100));
    await new Promise((done) => setTimeout(done, 2_500));
    expect(said).toEqual([
      expect.stringMatching(/^Changed: .*index\.mjs\. Deploying the bot again\.$/),
      expect.stringMatching(/^Deployed [0-9a-f]{12} in /),
    ]);
    const health = await azure.call("client", `${new URL(String(outputs["endpoint"])).origin}/healthz`);
    expect(((await health.json()) as Health).build.hash).toMatch(new RegExp(`^${said[1]!.split(" ")[1]}`));
  } finally {
    await stop();
  }
});

test("the tables name every SDK and every proof", () => {
  for (const name of [...sdkNames, ...healthProofs]) expect(text).toContain(`\`${name}\``);
});
