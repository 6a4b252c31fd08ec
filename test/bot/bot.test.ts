import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createBot } from "../../bot/bot";
import { createHost } from "../../bot/host/host";
import { createLog } from "../../bot/log";
import { sentences } from "../../bot/sign-in/sentences";
import type { BlobStorage } from "../../bot/storage";
import { type FakeAzure, managedIdentity, settings, signInResource, startAzure } from "./support/azure";
import { activityOf, type Channel, createChannel } from "./support/channel";
import { MemoryStorage } from "./support/memory-storage";

let channel: Channel;
let azure: FakeAzure;
let server: Server;
let address: string;
let folder: string;
let logged: string;

beforeAll(async () => {
  channel = await createChannel();
  folder = mkdtempSync(join(tmpdir(), "bot-"));
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public", "index.html"), "<title>{{title}}</title>");
});

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  azure = startAzure();
  logged = "";
  const log = createLog(
    new Writable({
      write(chunk, _, done) {
        logged += String(chunk);
        done();
      },
    }),
  );
  const storage = new MemoryStorage() as unknown as BlobStorage;
  const build = { version: "1.2.3", hash: "abc" };
  const routes = createBot({ settings, build, folder, keys: channel.keys, credential: managedIdentity, storage, log });
  server = createHost(routes, log);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  azure.restore();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function deliver(fields: Record<string, unknown>): Promise<{ status: number; body: string; said: unknown[] }> {
  const before = azure.sent.length;
  const answer = await fetch(`${address}/api/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await channel.token()}` },
    body: JSON.stringify(activityOf(fields)),
  });
  const body = await answer.text();
  const said = azure.sent
    .slice(before)
    .map((sent) => sent.text ?? (sent.attachments as { contentType: string }[])[0]?.contentType);
  return { status: answer.status, body, said };
}

const say = async (text: string): Promise<unknown[]> => (await deliver({ text })).said;
const invoke = (name: string, value: object): ReturnType<typeof deliver> => deliver({ type: "invoke", name, value });

const card = "application/vnd.microsoft.card.oauth";
const mail = "Your newest message:\n\n- **Lunch?**, Bob, 2026-11-20 10:00 UTC  \n  At noon";

test("a user who asks for mail gets a card, signs in, and then sees the mail without asking again", async () => {
  expect(await say("mail")).toEqual([card]);
  expect((azure.sent[0]?.attachments as { content: object }[])[0]?.content).toEqual({
    buttons: [{ type: "signin", title: "Sign in", value: signInResource.signInLink }],
    connectionName: "GraphConnection",
    text: "Please sign in. If the page shows you a six-digit code, type it here; if it shows an error, type its number (AADSTS...).",
    tokenExchangeResource: signInResource.tokenExchangeResource,
    tokenPostResource: signInResource.tokenPostResource,
  });
  azure.userToken = "user-token-1";
  const { status, said } = await deliver({
    type: "event",
    name: "tokens/response",
    value: { connectionName: "GraphConnection" },
  });
  expect([status, said]).toEqual([200, [mail]]);
});

test("the answer to a sign-in is shown at once: it answers no activity that Web Chat would wait five seconds for", async () => {
  azure.userToken = "user-token-1";
  await deliver({ type: "event", name: "tokens/response", value: { connectionName: "GraphConnection" } });
  const calls = azure.calls.filter(({ url }) => url.hostname === "directline.botframework.com");
  expect(calls.map(({ url }) => url.pathname)).toEqual(["/v3/conversations/conversation-1/activities"]);
});

test("the bot answers where the activity came from, as itself, in the conversation it is asked in", async () => {
  await say("help");
  const call = azure.calls.find(({ url }) => url.hostname === "directline.botframework.com");
  expect(call?.url.pathname).toMatch(/^\/v3\/conversations\/conversation-1\/activities\/activity-\d+$/);
  expect(call?.authorization).toBe("Bearer bot-token");
});

test("the Token Service of the residency is asked, not the global one", async () => {
  await say("mail");
  const call = azure.calls.find(({ url }) => url.pathname.startsWith("/api/usertoken/"));
  expect(call?.url.hostname).toBe("europe.api.botframework.com");
  expect(Object.fromEntries(call?.url.searchParams ?? [])).toMatchObject({
    userId: "dl_ada",
    connectionName: "GraphConnection",
    channelId: "directline",
  });
});

test("a right code typed into the chat completes the sign-in, blanks around it or not", async () => {
  await say("send sam@contoso.com Hello");
  azure.code = "123456";
  expect(await say("  123456 ")).toEqual(["Sent to sam@contoso.com: Hello"]);
  const sent = azure.calls.find(({ url }) => url.pathname === "/v1.0/me/sendMail");
  expect(sent?.authorization).toBe("Bearer user-token-1");
  expect(sent?.json()).toEqual({
    message: {
      subject: "Hello",
      body: { contentType: "Text", content: "Hello" },
      toRecipients: [{ emailAddress: { address: "sam@contoso.com" } }],
    },
    saveToSentItems: true,
  });
});

test("Web Chat gets an answer to every invoke of a sign-in: 200 where it worked, 412 where it did not", async () => {
  await say("mail");
  const value = { id: "exchange-1", connectionName: "GraphConnection", token: "sso-token" };
  azure.exchangeRefusal = 400;
  const refused = await invoke("signin/tokenExchange", value);
  expect([refused.status, JSON.parse(refused.body)]).toEqual([
    412,
    {
      id: "exchange-1",
      connectionName: "GraphConnection",
      failureDetail: "The token could not be exchanged: the user has to sign in with the card.",
    },
  ]);
  azure.exchangeRefusal = undefined;
  const worked = await invoke("signin/tokenExchange", { ...value, id: "exchange-2" });
  expect([worked.status, JSON.parse(worked.body), worked.said]).toEqual([
    200,
    { id: "exchange-2", connectionName: "GraphConnection" },
    [mail],
  ]);
  expect((await invoke("signin/failure", { code: "resourcematchfailed", message: "no" })).status).toBe(200);
  expect((await invoke("signin/verifyState", { state: "CancelledByUser" })).status).toBe(200);
});

test("an invoke that the bot does not know is refused with 501", async () => {
  expect((await invoke("adaptiveCard/action", {})).status).toBe(501);
});

test("an expired token at Microsoft Graph signs the user out and asks again", async () => {
  azure.userToken = "expired-token";
  expect(await say("mail")).toEqual(["Your sign-in has expired, so I signed you out. Please sign in again.", card]);
  expect(azure.userToken).toBeUndefined();
});

test("after a sign-out the next request asks again", async () => {
  azure.userToken = "user-token-1";
  expect(await say("mail")).toEqual([mail]);
  expect(await say("sign out")).toEqual([
    "You are signed out. Your browser may still be signed in: where others use it, [sign out at Microsoft](https://login.microsoftonline.com/99999999-8888-7777-6666-555555555555/oauth2/v2.0/logout), too.",
  ]);
  expect(await say("mail")).toEqual([card]);
});

test.each([
  [204, "You are signed out."],
  [404, "You are signed out."],
  [403, sentences.notSignedOut],
])("a sign-out that the Token Service answers with %i is told as what it is", async (status, told) => {
  azure.tokenService = ({ method }) => (method === "DELETE" ? new Response(null, { status }) : undefined);
  expect(await say("sign out")).toEqual([expect.stringContaining(told)]);
});

test("sign out ends the session of the chat page, too: whoever holds its cookie is somebody else from then on", async () => {
  const open = async (cookie = ""): Promise<{ cookie: string; userId: string }> => {
    const headers = { "sec-fetch-site": "same-origin", cookie };
    const answer = await fetch(`${address}/api/token`, { method: "POST", headers });
    const asked = azure.calls.filter(({ url }) => url.pathname.endsWith("/tokens/generate")).at(-1);
    const { user } = asked?.json() as { user: { id: string } };
    return { cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "", userId: user.id };
  };
  const { cookie, userId } = await open();
  expect(await open(cookie)).toEqual({ cookie: "", userId });
  // Another channel's user of this name is somebody else.
  await deliver({ text: "sign out", channelId: "msteams", from: { id: userId } });
  expect((await open(cookie)).userId).toBe(userId);
  expect((await deliver({ text: "sign out", from: { id: userId } })).said).toEqual([
    expect.stringMatching(/^You are signed out\./),
  ]);
  const after = await open(cookie);
  expect(after.userId).toMatch(/^dl_/);
  expect(after.userId).not.toBe(userId);
});

test("a turn that fails is answered with a sentence, and its cause is in the log alone", async () => {
  azure.graph = () => {
    throw new Error("boom");
  };
  azure.userToken = "user-token-1";
  expect(await say("mail")).toEqual(["Microsoft Graph is not available right now. Please try again in a moment."]);
  expect(logged).toContain("boom");
});

test("no token, code or password gets into the log", async () => {
  await say("mail");
  azure.code = "123456";
  await say("123456");
  await invoke("signin/tokenExchange", { id: "x", connectionName: "GraphConnection", token: "sso-token" });
  await fetch(`${address}/api/token`, { method: "POST", headers: { "sec-fetch-site": "same-origin" } });
  for (const secret of [
    "bot-token",
    "user-token-1",
    "sso-token",
    "123456",
    "the-bot-password",
    "site.secret",
    "direct-line-token",
  ]) {
    expect(logged).not.toContain(secret);
  }
});

test("a newcomer is greeted, the bot itself is not", async () => {
  const bot = { id: "bot@handle" };
  expect((await deliver({ type: "conversationUpdate", membersAdded: [bot] })).said).toEqual([]);
  const { said } = await deliver({ type: "conversationUpdate", membersAdded: [bot, { id: "dl_ada" }] });
  expect(said).toEqual([expect.stringContaining("Say **mail**")]);
});

test("the health page is well when token, state, connections and the chat's secret are there, and names what is not", async () => {
  const health = async (): Promise<unknown> => (await fetch(`${address}/healthz`)).json();
  expect(await health()).toEqual({
    status: "well",
    build: { version: "1.2.3", hash: "abc" },
    secrets: { rotation: 0, ends: "2099-01-01T00:00:00Z", password: "newest" },
    quietFor: expect.any(Number) as number,
    checks: ["settings", "bot token", "state", "connections", "chat page"].map((name) => ({ name, ok: true })),
    connections: ["GraphConnection"],
  });
});

test("the health page says which connection the registration lacks while it stays up", async () => {
  azure.connectionNames = ["graphconnection"];
  const answer = await fetch(`${address}/healthz`);
  const { status, checks } = (await answer.json()) as {
    status: string;
    checks: { name: string; ok: boolean; fix?: string }[];
  };
  expect([answer.status, status]).toEqual([200, "unwell"]);
  expect(checks.filter(({ ok }) => !ok)).toEqual([
    {
      name: "connections",
      ok: false,
      fix: "Create every connection that OAUTH_CONNECTIONS names on the bot registration, and check that TOKEN_SERVICE_ENDPOINT is that of its residency: npm run drift, then pulumi up sets both.",
    },
  ]);
});

test("a rotated Direct Line secret is read again from the vault without a restart", async () => {
  const token = async (): Promise<Response> =>
    fetch(`${address}/api/token`, { method: "POST", headers: { "sec-fetch-site": "same-origin" } });
  expect((await token()).status).toBe(200);
  azure.directLineSecret = azure.vaultSecret = "site.rotated";
  expect((await token()).status).toBe(200);
  const reads = azure.calls.filter(({ url }) => url.hostname === "the-vault.vault.azure.net");
  expect(reads.map(({ url, authorization }) => [url.pathname, authorization])).toEqual([
    ["/secrets/direct-line-secret", "Bearer identity for https://vault.azure.net/.default"],
    ["/secrets/direct-line-secret", "Bearer identity for https://vault.azure.net/.default"],
  ]);
});
