import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as engineService from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { secret } from "../../../infra/provider/envelope";
import { version } from "../../../infra/provider/own-package";
import { ChannelStandIn } from "./channel-stand-in";

// The provider as Pulumi's engine meets it: the executable of the checkout, started on its own, spoken to over gRPC.

const folder = path.resolve(__dirname, "../../../infra/provider");
const nodes = path.resolve(__dirname, "../../../node_modules/.bin");
type Properties = Record<string, unknown>;

const connection = {
  connectionName: "mail",
  clientId: "client",
  serviceProviderId: "provider",
  scopes: "User.Read",
  parameters: { tenantId: "t" },
  settingId: "setting",
};
const channel = new ChannelStandIn("DirectLineChannel");
let tell: (warning: { urn: string; message: string }) => void;
/** The first warning that reaches the engine. */
const warned = new Promise((told) => (tell = told));
let azure: Server;
let engine: grpc.Server;
let plugin: ChildProcess;
let client: ResourceProviderClient;

/** ARM for one channel and a managed identity's endpoint, on loopback; the proxy's part is the plugin's own. */
async function startAzure(): Promise<string> {
  azure = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.setHeader("content-type", "application/json");
    const url = new URL(request.url!, "http://stand-in");
    if (url.pathname === "/identity") {
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
      const resource = url.searchParams.get("resource");
      response.end(JSON.stringify({ access_token: "token", expires_on, resource, token_type: "Bearer" }));
      return;
    }
    if (url.pathname.endsWith("/connections/mail")) {
      const parameters = [{ key: "tenantId", value: "t" }];
      response.end(JSON.stringify({ properties: { ...connection, parameters } }));
      return;
    }
    const known = url.pathname.endsWith("/channels/DirectLineChannel");
    response.statusCode = known ? 200 : 404;
    response.end(known ? await channel.answer(request.method!, body).text() : '{"error":{"code":"ResourceNotFound"}}');
  });
  azure.listen(0, "127.0.0.1");
  await once(azure, "listening");
  return `http://127.0.0.1:${(azure.address() as AddressInfo).port}`;
}

/** The engine's side: what a plugin tells the person in front of `pulumi up`. */
async function startEngine(): Promise<number> {
  engine = new grpc.Server();
  const { EngineService } = engineService as unknown as { EngineService: grpc.ServiceDefinition };
  engine.addService(EngineService, {
    log(call: { request: LogRequest }, callback: (error: null, answer: Empty) => void) {
      tell({ urn: call.request.getUrn(), message: call.request.getMessage() });
      callback(null, new Empty());
    },
  });
  return new Promise((bound, failed) => {
    engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? failed(error) : bound(port),
    );
  });
}

beforeAll(async () => {
  const url = await startAzure();
  plugin = spawn(path.join(folder, "pulumi-resource-bot-sign-in"), [`127.0.0.1:${await startEngine()}`], {
    env: {
      PATH: `${nodes}${path.delimiter}${process.env.PATH}`,
      ARM_USE_MSI: "true",
      IDENTITY_ENDPOINT: `${url}/identity`,
      IDENTITY_HEADER: "header",
      STAND_IN: url,
      NODE_OPTIONS: `--require=${path.join(__dirname, "to-stand-in.cjs")}`,
    },
    // The SDK's server writes each refusal to standard error, too.
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [first] = (await once(plugin.stdout!, "data")) as [Buffer];
  client = new ResourceProviderClient(`127.0.0.1:${Number(first.toString())}`, grpc.credentials.createInsecure());
});
afterAll(() => {
  client?.close();
  engine?.forceShutdown();
  azure?.close();
  plugin?.kill();
});

const urnOf = (type: string): string => `urn:pulumi:dev::p::bot-sign-in:infra:X$bot-sign-in:index:${type}::one`;
const struct = (properties: Properties): Struct => Struct.fromJavaScript(properties as never);

/** Calls a method of the protocol. */
function call<Answer>(method: string, request: unknown): Promise<Answer> {
  return new Promise((done, failed) => {
    const methods = client as unknown as Record<string, (request: unknown, answer: unknown) => void>;
    methods[method]!.call(client, request, (error: Error | null, answer: Answer) =>
      error ? failed(error) : done(answer),
    );
  });
}

async function check(type: string, news: Properties): Promise<Record<string, string>> {
  const request = new messages.CheckRequest();
  request.setUrn(urnOf(type));
  request.setOlds(struct({}));
  request.setNews(struct(news));
  const answer = await call<messages.CheckResponse>("check", request);
  return Object.fromEntries(answer.getFailuresList().map((one) => [one.getProperty(), one.getReason()]));
}

async function create(type: string, inputs: Properties): Promise<{ id: string; outs: Properties }> {
  const request = new messages.CreateRequest();
  request.setUrn(urnOf(type));
  request.setProperties(struct(inputs));
  const answer = await call<messages.CreateResponse>("create", request);
  return { id: answer.getId(), outs: answer.getProperties()!.toJavaScript() as Properties };
}

async function read(
  type: string,
  id: string,
  props?: Properties,
): Promise<{ id: string; props: Properties; inputs?: Properties }> {
  const request = new messages.ReadRequest();
  request.setId(id);
  request.setUrn(urnOf(type));
  if (props) request.setProperties(struct(props));
  const answer = await call<messages.ReadResponse>("read", request);
  const inputs = answer.getInputs()?.toJavaScript() as Properties | undefined;
  return {
    id: answer.getId(),
    props: answer.getProperties()!.toJavaScript() as Properties,
    ...(inputs && { inputs }),
  };
}

async function update(type: string, id: string, olds: Properties, news: Properties): Promise<Properties> {
  const request = new messages.UpdateRequest();
  request.setId(id);
  request.setUrn(urnOf(type));
  request.setOlds(struct(olds));
  request.setNews(struct(news));
  return (await call<messages.UpdateResponse>("update", request)).getProperties()!.toJavaScript() as Properties;
}

async function remove(type: string, id: string, props: Properties): Promise<void> {
  const request = new messages.DeleteRequest();
  request.setId(id);
  request.setUrn(urnOf(type));
  request.setProperties(struct(props));
  await call("delete", request);
}

const inputs = {
  subscriptionId: "sub",
  resourceGroupName: "group",
  botName: "bot",
  siteName: "chat",
  trustedOrigins: ["https://a.example"],
};
const id =
  "/subscriptions/sub/resourceGroups/group/providers/Microsoft.BotService/botServices/bot/channels/DirectLineChannel/sites/chat";

test("a site lives its whole life through the protocol: checked, made, read, imported, changed, deleted", async () => {
  expect(await check("DirectLineSite", inputs)).toEqual({});
  const { outs, ...made } = await create("DirectLineSite", inputs);
  expect(made).toEqual({ id });
  const siteId = channel.sites.find(({ siteName }) => siteName === "chat")!.siteId;
  const secured = { enhancedAuthentication: true, defaultSiteDisabled: true, uploads: "blocked" };
  expect(outs).toEqual({ ...inputs, siteId, ...secured });
  expect(await read("DirectLineSite", id, outs)).toEqual({ id, props: outs });
  expect(await read("DirectLineSite", id)).toEqual({ id, props: outs, inputs });
  const news = { ...inputs, trustedOrigins: ["https://b.example"] };
  expect(await update("DirectLineSite", id, outs, news)).toEqual({ ...outs, ...news });
  await remove("DirectLineSite", id, outs);
  expect(channel.sites.map(({ siteName }) => siteName)).toEqual(["Default Site"]);
  expect(await read("DirectLineSite", id, outs)).toEqual({ id: "", props: {} });
});

test("inputs that are missing, of another type or unknown are refused by name, before anything is written", async () => {
  const { botName: _, ...others } = inputs;
  expect(await check("DirectLineSite", { ...others, siteName: true, trustedOrigin: "https://a.example" })).toEqual({
    botName: "botName is required",
    siteName: "siteName has to be a text",
    trustedOrigin:
      "there is no input of this name: subscriptionId, resourceGroupName, botName, siteName, trustedOrigins",
  });
});

test("an input that is a secret comes to the provider open and stays a secret in the outputs", async () => {
  const { id, outs } = await create("Protection", { protect: false, what: secret("a name") });
  expect({ id, outs }).toEqual({ id: "protection", outs: { protect: false, what: secret("a name") } });
});

test("what Azure refuses reaches the person with resource, reason and fix", async () => {
  const push = { zipPath: "/nowhere.zip", hash: "h", healthUrl: "https://my-app.example/healthz" };
  await expect(
    create("DeployedCode", { subscriptionId: "sub", resourceGroupName: "group", webAppName: "my-app", ...push }),
  ).rejects.toThrow(
    "group/providers/Microsoft.Web/sites/my-app: ARM answered 404 [ResourceNotFound] Check that the resource still exists; " +
      "if it was deleted by hand, run pulumi refresh and deploy again.",
  );
  await expect(remove("Protection", "protection", { protect: true, what: "The bot" })).rejects.toThrow(
    /^.*The bot is protected.* pulumi config set protect false --stack dev, pulumi up --stack dev, then destroy\.$/s,
  );
});

test("what a provider has to say about a resource that is well reaches the person through the engine", async () => {
  const { subscriptionId, resourceGroupName, botName } = inputs;
  const asked = { subscriptionId, resourceGroupName, botName, ...connection };
  await update("ConnectionCheck", "id", { ...asked, settingId: "another", differences: [] }, asked);
  expect(await warned).toEqual({
    urn: urnOf("ConnectionCheck"),
    message:
      "The connection mail was made anew, because Bot Service keeps an existing one's parameters: " +
      "everybody who uses it is asked to sign in again.",
  });
});

test("an id that cannot be imported, and a resource of another version, are refused in a sentence", async () => {
  await expect(read("Protection", "protection")).rejects.toThrow(
    "Protection is nothing in Azure, so there is nothing to import: pulumi up makes it.",
  );
  await expect(create("Telepathy", {})).rejects.toThrow(
    `The provider bot-sign-in ${version} has no resource bot-sign-in:index:Telepathy: update the checkout it runs from.`,
  );
});

test("the schema describes every resource, each input and output in words", async () => {
  const answer = await call<messages.GetSchemaResponse>("getSchema", new messages.GetSchemaRequest());
  const schema = JSON.parse(answer.getSchema()) as {
    name: string;
    version: string;
    resources: Record<string, { isComponent?: boolean; properties: Record<string, { description: string }> }>;
  };
  expect([schema.name, schema.version]).toEqual(["bot-sign-in", version]);
  const own = Object.entries(schema.resources).filter(([, { isComponent }]) => !isComponent);
  expect(own.map(([type]) => type.replace("bot-sign-in:index:", ""))).toEqual([
    "BotHealth",
    "BroughtCode",
    "ConnectionCheck",
    "DeployedCode",
    "DirectLineKey",
    "DirectLineSite",
    "FixedSettingsCheck",
    "PasswordProof",
    "Preconditions",
    "Protection",
    "RotationDate",
    "TeamsAgreement",
    "VaultCertificate",
    "WebChatDefaultSite",
  ]);
  for (const [type, { properties }] of own) {
    for (const [name, { description }] of Object.entries(properties)) {
      expect(`${type}.${name}: ${description}`).toMatch(/: \S.{10,}\.$/);
    }
  }
});

test("it loads no more of Pulumi's SDK than it needs: each command waits for its start", () => {
  const script = `require("tsx/cjs"); require("./serve"); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded.some((file) => file.endsWith("@pulumi/pulumi/provider/server.js"))).toBe(true);
  expect(
    loaded.filter((file) => /node_modules\/(typescript|@npmcli|@azure)\/|pulumi\/automation\//.test(file)),
  ).toEqual([]);
});
