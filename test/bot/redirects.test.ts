import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ManagedIdentityCredential } from "@azure/identity";
import { AnonymousCredential, ContainerClient } from "@azure/storage-blob";
import { remoteChannelKeys } from "../../bot/host/keys";
import { BlobStorage } from "../../bot/storage";
import { settings } from "./support/azure";
import { type Channel, createChannel } from "./support/channel";
import { type FrontDoor, openFrontDoor } from "./support/front-door";

const statuses = [301, 302, 303, 307, 308];

/** The services that the bot talks to. Each of them can be made to redirect. */
const hosts = {
  entra: "login.microsoftonline.com",
  "Token Service": "europe.api.botframework.com",
  connector: "directline.botframework.com",
  Graph: "graph.microsoft.com",
  vault: "the-vault.vault.azure.net",
  "Direct Line": "europe.directline.botframework.com",
} as const;
type Service = keyof typeof hosts;

/** What each service answers where it does not redirect. */
const answers: Record<Service, object> = {
  entra: { token_type: "Bearer", expires_in: 3600, access_token: "bot-token" },
  "Token Service": { tokenResponse: { token: "user-token" }, token: "user-token" },
  connector: { id: "answer-1" },
  Graph: { value: [] },
  vault: { value: "site.secret" },
  "Direct Line": { conversationId: "c", token: "direct-line-token", expires_in: 1800 },
};

let channel: Channel;
let azure: Server;
let attacker: Server;
let bot: FrontDoor | undefined;
/** The service that redirects, and with what status. */
let redirecting: Service | "everything" | undefined;
let status: number;
let asked: string[];
let stolen: string[];
const { fetch } = globalThis;

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function listen(handle: (request: IncomingMessage) => [number, Record<string, string>, string]): Promise<Server> {
  const server = createServer((request, response) => {
    const [code, headers, content] = handle(request);
    request.resume().on("end", () => response.writeHead(code, headers).end(content));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

beforeAll(async () => {
  channel = await createChannel();
  attacker = await listen(({ method, url }) => {
    stolen.push(`${method} ${url}`);
    return [200, { "content-type": "application/json" }, JSON.stringify({ ...answers.entra, ...answers.vault })];
  });
  azure = await listen(({ url = "" }) => {
    const service = (Object.keys(hosts) as Service[]).find((name) => url.startsWith(`/${hosts[name]}/`));
    asked.push(service ?? url);
    if (redirecting === "everything" || service === redirecting) {
      return [status, { location: `${addressOf(attacker)}/stolen`, "content-length": "0" }, ""];
    }
    return [200, { "content-type": "application/json" }, JSON.stringify(answers[service as Service])];
  });
});

beforeEach(() => {
  asked = [];
  stolen = [];
  // Real requests and real redirects: only the names of Azure's hosts lead to the server here.
  globalThis.fetch = (input, init) =>
    fetch(String(input).replace(/^https:\/\/([^/]+)/, `${addressOf(azure)}/$1`), init);
});

afterEach(async () => {
  globalThis.fetch = fetch;
  await bot?.close();
  bot = undefined;
});

afterAll(() => {
  for (const server of [azure, attacker]) {
    server.closeAllConnections();
    server.close();
  }
});

const services = (Object.keys(hosts) as Service[]).flatMap((service) =>
  [302, 307].map((code): [Service, number] => [service, code]),
);

test.each(services)(
  "what the bot sends to %s goes nowhere else, whatever a redirect of %i says",
  async (service, code) => {
    [redirecting, status] = [service, code];
    bot = await openFrontDoor(channel);
    await bot.deliver({ text: "send sam@contoso.com Secret" });
    await bot.deliver({ text: "mail" });
    const headers = { "sec-fetch-site": "same-origin" };
    await fetch(`${bot.address}/api/token`, { method: "POST", headers });
    expect(asked).toContain(service);
    expect(stolen).toEqual([]);
  },
);

test("where nothing redirects the same requests arrive", async () => {
  redirecting = undefined;
  bot = await openFrontDoor(channel);
  await bot.deliver({ text: "mail" });
  const answer = await fetch(`${bot.address}/api/token`, {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect([answer.status, ((await answer.json()) as { domain: string }).domain]).toEqual([
    200,
    `${settings.directLineEndpoint}/v3/directline`,
  ]);
  // Entra's answer is kept by the SDK from one bot to the next.
  expect(new Set([...asked, "entra"])).toEqual(new Set(Object.keys(hosts)));
});

test.each(statuses)("keys of a channel are not taken from where a redirect of %i leads", async (code) => {
  [redirecting, status] = ["everything", code];
  bot = await openFrontDoor(channel);
  await expect(remoteChannelKeys().key({ alg: "RS256", kid: "x" }, {} as never)).rejects.toThrow();
  expect([asked.length, stolen]).toEqual([1, []]);
});

test.each(statuses)("state is neither read from nor written to where a redirect of %i leads", async (code) => {
  [redirecting, status] = ["everything", code];
  const retryOptions = { maxTries: 1 };
  const storage = new BlobStorage(
    new ContainerClient(`${addressOf(azure)}/state`, new AnonymousCredential(), { retryOptions }),
  );
  await expect(storage.read(["sign-in/a"])).rejects.toThrow();
  await expect(storage.write({ "sign-in/a": { request: "send sam@contoso.com Secret" } })).rejects.toThrow();
  expect([asked.length, stolen]).toEqual([2, []]);
});

test.each(statuses)("the managed identity's header goes nowhere else on a redirect of %i", async (code) => {
  [redirecting, status] = ["everything", code];
  const env = { IDENTITY_ENDPOINT: `${addressOf(azure)}/msi/token`, IDENTITY_HEADER: "the-header" };
  Object.assign(process.env, env);
  try {
    const credential = new ManagedIdentityCredential({ clientId: settings.managedIdentityClientId });
    await expect(credential.getToken("https://vault.azure.net/.default")).rejects.toThrow();
    expect([asked.length > 0, stolen]).toEqual([true, []]);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
});
