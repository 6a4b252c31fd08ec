import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python3 } from "../../local/azure/app-service/runtimes";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { type ProgramError, runProgram } from "../../local/embedded";
import { root } from "../support/deployed";

const connections = [{ name: "GraphConnection", scopes: ["openid", "offline_access", "User.Read"], readAs: "graph" }];

let azure: LocalAzure;
let folder: string;
const log: string[] = [];
const made: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "another-bot-"));
  log.length = made.length = 0;
  azure = await startLocalAzure({ port: 0, onLog: (line) => log.push(line), onAppLog: ({ text }) => log.push(text) });
});
afterEach(async () => {
  await azure.close();
  await rm(folder, { recursive: true });
});

const write = (files: Readonly<Record<string, string>>): Promise<unknown> =>
  Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));

async function deploy(code: object): Promise<Record<string, unknown>> {
  const { outputs } = await runProgram({
    root,
    stack: "dev",
    environment: await azure.deployerEnvironment(),
    config: { code: JSON.stringify({ folder, ...code }), connections: JSON.stringify(connections) },
    onEvent: ({ kind, type, message }) => {
      if (kind === "created") made.push(type ?? "");
      if (kind === "note") log.push(message ?? "");
    },
  });
  return outputs;
}

const site = () => azure.resources.list("Microsoft.Web/sites")[0]!;

test("a bot that answers a stranger is stopped, and no bot is registered that would send anybody to it", async () => {
  await write({
    "package.json": '{ "main": "index.js" }',
    "index.js": 'require("http").createServer((_, response) => response.writeHead(202).end()).listen(process.env.PORT)',
  });
  const failed = (await deploy({ sdk: "agents-js" }).catch((error: unknown) => error)) as ProgramError;
  expect(failed.message).toMatch(/the bot answered 202 to an activity without a token.* \[open-bot\]/);
  expect(site().properties["state"]).toBe("Stopped");
  const answer = await azure.call("stranger", `https://${String(site().properties["defaultHostName"])}/api/messages`);
  expect(answer.status).toBe(403);
  expect(azure.resources.list("Microsoft.BotService/botServices")).toEqual([]);
});

// Listens where everybody in the network would reach it, as an app in App Service must.
const bot = `
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

names = [name for name in os.environ if name.startswith(("CONNECTIONS__", "AGENTAPPLICATION__"))]
print(json.dumps({"settings": sorted(names), "ca": os.environ["SSL_CERT_FILE"] == os.environ["REQUESTS_CA_BUNDLE"]}))

class Bot(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(401)
        self.end_headers()
    do_GET = do_POST

HTTPServer(("0.0.0.0", int(os.environ["PORT"])), Bot).serve_forever()
`;

(python3() ? test : test.skip)(
  "a bot of Python has its packages installed where it runs, and is proved by what lies there, since nothing in it reports",
  async () => {
    await write({ "main.py": bot, "requirements.txt": "# nothing\n" });
    const outputs = await deploy({ sdk: "agents-python", start: "python main.py" });
    expect(made.filter((type) => /BroughtCode|BotHealth|DeployedCode/.test(type))).toEqual([
      "bot-sign-in:index:BroughtCode",
    ]);
    expect(JSON.parse(log.find((line) => line.startsWith('{"settings"'))!)).toEqual({
      settings: [
        "AGENTAPPLICATION__USERAUTHORIZATION__HANDLERS__GRAPH__SETTINGS__AZUREBOTOAUTHCONNECTIONNAME",
        "CONNECTIONS__SERVICE_CONNECTION__SETTINGS__CLIENTID",
        "CONNECTIONS__SERVICE_CONNECTION__SETTINGS__CLIENTSECRET",
        "CONNECTIONS__SERVICE_CONNECTION__SETTINGS__TENANTID",
      ],
      ca: true,
    });
    const settings = azure.resources.get(`${site().id}/config/appsettings`)!.properties;
    expect(settings["CONNECTIONS__SERVICE_CONNECTION__SETTINGS__CLIENTSECRET"]).toMatch(/^@Microsoft\.KeyVault\(/);
    expect(settings["SCM_DO_BUILD_DURING_DEPLOYMENT"]).toBe("true");
    expect(azure.resources.get(`${site().id}/config/web`)!.properties).toMatchObject({
      linuxFxVersion: "PYTHON|3.12",
      appCommandLine: "exec python main.py",
    });
    expect(log.join("\n")).toContain(
      "The proof that the bot's code runs: the deployment service says so, and the app's folder holds the code's hash",
    );
    // It still runs: nobody in the network reaches it, whatever address it asked for.
    expect((await azure.call("stranger", String(outputs["endpoint"]), { method: "POST" })).status).toBe(401);
    expect(log.filter((line) => /is stopped/.test(line))).toEqual([]);
    expect(azure.resources.list("Microsoft.BotService/botServices")).toHaveLength(1);
  },
);
