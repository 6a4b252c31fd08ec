import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { ChannelStandIn } from "./channel-stand-in";

const root = path.resolve(__dirname, "../../..");
const secret = "a-client-secret-that-must-not-travel";

/** Bot Service and a managed identity's endpoint on loopback. */
async function azure(
  channels: ChannelStandIn[],
): Promise<{ server: Server; url: string; authorizations: Set<string> }> {
  const authorizations = new Set<string>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url!, "http://stand-in");
    response.setHeader("content-type", "application/json");
    if (url.pathname === "/identity") {
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
      const resource = url.searchParams.get("resource");
      response.end(
        JSON.stringify({ access_token: `token for ${resource}`, expires_on, resource, token_type: "Bearer" }),
      );
      return;
    }
    authorizations.add(request.headers.authorization ?? "none");
    const channel = channels.find(({ channelName }) => url.pathname.endsWith(`/channels/${channelName}`));
    response.statusCode = channel ? 200 : 404;
    response.end(
      channel ? await channel.answer(request.method!, body).text() : '{"error":{"code":"ResourceNotFound"}}',
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations };
}

function run(args: string[], environment: NodeJS.ProcessEnv, input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env: environment });
    let out = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    child.on("close", (status) => (status === 0 ? resolve(out) : reject(new Error(`exit ${status}: ${errors}`))));
    child.stdin.end(input);
  });
}

const names = ["direct-line-site", "web-chat-site", "connection-check", "deployed-code"] as const;
let texts: Readonly<Record<(typeof names)[number], string>>;

/** The providers' texts, made under ts-node as Pulumi loads the program, with a secret in reach of whatever captures. */
beforeAll(async () => {
  const script = path.join(__dirname, "serialise-provider.ts");
  const environment = { ...process.env, ARM_CLIENT_SECRET: secret, TS_NODE_PROJECT: path.join(root, "tsconfig.json") };
  texts = JSON.parse(await run(["-r", "ts-node/register/transpile-only", script, ...names], environment));
}, 30_000);

/** What methods of providers' texts give in a plugin process of their own. */
async function inPlugin(url: string, calls: unknown[][]): Promise<unknown[]> {
  const environment = {
    PATH: process.env.PATH,
    STAND_IN: url,
    ARM_USE_MSI: "true",
    IDENTITY_ENDPOINT: `${url}/identity`,
    IDENTITY_HEADER: "header",
  };
  const answers = await run([path.join(__dirname, "plugin-process.mjs")], environment, JSON.stringify(calls));
  return JSON.parse(answers) as unknown[];
}

const bot = { subscriptionId: "sub", resourceGroupName: "group", botName: "my-bot" };
const olderSites = [{ isEnabled: true }];

test("pulumi's own engine can run the Direct Line provider from the state: create, read, diff, update, delete", async () => {
  const channel = new ChannelStandIn("DirectLineChannel", olderSites);
  const { server, url, authorizations } = await azure([channel]);
  try {
    const text = texts["direct-line-site"];
    const inputs = { ...bot, siteName: "chat", trustedOrigins: ["https://a.example"] };
    const news = { ...inputs, trustedOrigins: ["https://b.example"] };
    const outs = {
      ...inputs,
      siteId: "site-8",
      enhancedAuthentication: true,
      defaultSiteDisabled: true,
      uploads: "blocked",
    };
    const id =
      "/subscriptions/sub/resourceGroups/group/providers/Microsoft.BotService/botServices/my-bot/channels/DirectLineChannel/sites/chat";
    expect(
      await inPlugin(url, [
        [text, "check", {}, inputs],
        [text, "create", inputs],
        [text, "read", id, outs],
        [text, "diff", id, outs, news],
        [text, "update", id, outs, news],
        [text, "delete", id, { ...outs, ...news }],
        [text, "read", id, outs],
      ]),
    ).toEqual([
      { inputs, failures: [] },
      { id, outs },
      { id, props: outs },
      { changes: true, replaces: [] },
      { outs: { ...outs, ...news } },
      null,
      { id: "" },
    ]);
    expect(channel.sites.map(({ siteName }) => siteName)).toEqual(["Default Site"]);
    expect([...authorizations]).toEqual(["Bearer token for https://management.azure.com"]);
  } finally {
    server.close();
  }
}, 30_000);

test.each(names)("the text of %s that lies in the state holds no secret and no path of this machine", (name) => {
  expect(texts[name]).not.toContain(secret);
  expect(texts[name]).not.toContain(root);
  // The state keeps a copy for every resource.
  expect(texts[name].length).toBeLessThan(30_000);
});

test("every provider loads in plain Node", async () => {
  const calls = names.map((name) => [texts[name], "read", "id", undefined]);
  expect(await inPlugin("http://127.0.0.1:9", calls)).toEqual(names.map(() => ({ id: "" })));
}, 30_000);

test("what Azure refuses reaches the person with resource, reason and cure", async () => {
  const { server, url } = await azure([]);
  try {
    const inputs = {
      subscriptionId: "sub",
      resourceGroupName: "group",
      webAppName: "my-app",
      zipPath: "/nowhere.zip",
      hash: "h",
      healthUrl: "https://my-app.example/healthz",
    };
    expect(await inPlugin(url, [[texts["deployed-code"], "create", inputs]])).toEqual([
      {
        error:
          "AzureCallError: group/providers/Microsoft.Web/sites/my-app: ARM answered 404 [ResourceNotFound] Check that the resource still exists; " +
          "if it was deleted by hand, run pulumi refresh and deploy again.",
      },
    ]);
  } finally {
    server.close();
  }
}, 30_000);
