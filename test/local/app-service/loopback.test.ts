import { spawn, type ChildProcess } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { exposedListeners } from "../../../local/azure/app-service/exposed";
import { archiveOf, createCloud, echoApp, siteBody, type Cloud } from "./cloud";

const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

/** Every way in which a Node.js program listens. Each prints `<form> <port> <address>`. */
const forms = `
const [cluster, dgram, http, http2, https, net, os] = ["cluster", "dgram", "http", "http2", "https", "net", "os"].map(require);
const { fork, spawn } = require("child_process");
const { Worker, isMainThread } = require("worker_threads");
const told = (form, server) => () => {
  const { port, address } = server.address();
  console.log([form, port, address].join(" "));
};
const tell = (form, server, ...args) => server.listen(...args, told(form, server));
const own = os.hostname();
const hasIPv6 = ${hasIPv6};
if (cluster.isWorker) tell("a cluster's worker", http.createServer(), 0);
else if (!isMainThread) tell("a worker thread", http.createServer(), 0);
else if (process.argv[2] === "child") tell("a child process", http.createServer(), 0);
else {
  tell("port", http.createServer(), 0);
  tell("port as text", http.createServer(), "0");
  tell("nothing at all", http.createServer());
  tell("undefined", http.createServer(), undefined);
  tell("null", http.createServer(), null);
  tell("port and backlog", http.createServer(), 0, 5);
  tell("port, no host, backlog", http.createServer(), 0, undefined, 5);
  tell("0.0.0.0", http.createServer(), 0, "0.0.0.0");
  tell("::", http.createServer(), 0, "::");
  tell("the host's own name", http.createServer(), 0, own);
  tell("a spelling of 0.0.0.0", http.createServer(), 0, "0x0");
  tell("host and backlog", http.createServer(), 0, "0.0.0.0", 5);
  tell("options", http.createServer(), { port: 0 });
  tell("options without a port", net.createServer(), { host: "0.0.0.0", port: undefined });
  tell("options with a host", net.createServer(), { port: 0, host: "::", exclusive: true });
  if (hasIPv6) tell("options for IPv6 only", net.createServer(), { port: 0, host: "::", ipv6Only: true });
  tell("options with port and path", net.createServer(), { port: 0, path: "/nowhere" });
  tell("https", https.createServer(), 0);
  tell("http2", http2.createServer(), { port: 0, host: "0.0.0.0" });
  tell("localhost", net.createServer(), 0, "localhost");
  const six = dgram.createSocket("udp6");
  for (const [form, ...args] of [["udp"], ["udp with a port", 0], ["udp with an address", 0, "0.0.0.0"],
    ["udp with options", { port: 0, address: "0.0.0.0" }]]) {
    const socket = dgram.createSocket("udp4");
    socket.bind(...args, told(form, socket));
  }
  if (hasIPv6) six.bind(0, told("udp6", six));
  const sending = dgram.createSocket("udp4");
  sending.send("x", 9, "127.0.0.1", told("udp bound by its first message", sending));
  cluster.fork();
  new Worker(__filename);
  fork(__filename, ["child"]);
  const child = spawn(process.execPath, [__filename, "child"], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.on("data", (data) => console.log(String(data).trim().replace("a child", "a spawned")));
}
process.on("disconnect", () => process.exit());
`;
/** Their names, as the program above prints them. */
const allForms = [
  ...forms.matchAll(/tell\("([^"]+)"/g),
  ...forms.matchAll(/\["(udp[^"]*)"/g),
  ...forms.matchAll(/told\("([^"]+)"/g),
]
  .map(([, form]) => form!)
  .filter((form) => hasIPv6 || !/IPv6 only|udp6/.test(form!))
  .concat("a spawned process");

const preload = resolve(__dirname, "../../../local/azure/app-service/loopback.cjs");
/** Addresses of this machine that others reach; on Linux also one of loopback that only a wildcard listens on. */
const others = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, scopeid }) => !internal && !scopeid)
  .map(({ address }) => address)
  .concat(process.platform === "linux" ? ["127.0.0.2"] : []);

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (reached: boolean): void => {
      socket.destroy();
      done(reached);
    };
    socket.once("connect", () => end(true));
    for (const event of ["timeout", "error"]) socket.once(event, () => end(false));
  });
}

describe("however a program listens, nobody but this machine reaches it", () => {
  const listening = new Map<string, { port: number; address: string }>();
  let folder: string;
  let app: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "forms of listening "));
    await writeFile(join(folder, "app.js"), forms);
    // The path of a preload may hold spaces, as a checkout's may.
    await copyFile(preload, join(folder, "loopback.cjs"));
    app = spawn(process.execPath, ["app.js"], {
      cwd: folder,
      env: { PATH: process.env.PATH, NODE_OPTIONS: `--require ${JSON.stringify(join(folder, "loopback.cjs"))}` },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    const lines = createInterface({ input: app.stdout! });
    for await (const line of lines) {
      const [, form = "", port, address = ""] = /^(.+) (\d+) (\S+)$/.exec(line) ?? [];
      listening.set(form, { port: Number(port), address });
      if (listening.size === allForms.length) break;
    }
  });
  afterAll(async () => {
    if (app.pid) process.kill(-app.pid, "SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  test.each(allForms)("%s", async (form) => {
    const { port, address } = listening.get(form)!;
    if (form === "localhost") expect(["127.0.0.1", "::1"]).toContain(address);
    else expect(address).toBe(/IPv6 only|udp6/.test(form) ? "::1" : "127.0.0.1");
    if (form.startsWith("udp")) return;
    expect(await reaches(address, port)).toBe(true);
    expect(await Promise.all(others.map(async (host) => [host, await reaches(host, port)]))).toEqual(
      others.map((host) => [host, false]),
    );
  });

  test("the whole group has no listener that other machines reach", async () => {
    expect(await exposedListeners(app.pid!)).toEqual([]);
  });
});

describe("App Service", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await createCloud({ healthCheckInterval: 100 });
  });
  afterEach(() => cloud.close());

  const exposing = (line: string): string => `${echoApp}\n${line}`;
  const deploy = async (source: string, siteConfig = {}): Promise<void> => {
    await cloud.arm("PUT", cloud.siteId, siteBody(cloud, {}, { siteConfig }));
    await cloud.push(archiveOf({ "index.js": source }));
  };
  const said = async (): Promise<string> => {
    for (let tries = 0; tries < 200 && cloud.platformLog.length === 0; tries++) await pause(25);
    return cloud.platformLog[0] ?? "";
  };

  test("an app with settings of its own for Node.js still listens on loopback, and keeps them", async () => {
    await cloud.arm("PUT", cloud.siteId, siteBody(cloud, { NODE_OPTIONS: "--max-old-space-size=123" }));
    await cloud.push(archiveOf({ "index.js": echoApp }));
    const { env } = (await cloud.askApp()) as { env: Record<string, string> };
    expect(env.NODE_OPTIONS).toMatch(/^--require ".*loopback\.cjs" --max-old-space-size=123$/);
    expect(await reaches("127.0.0.1", Number(env.PORT))).toBe(true);
    for (const host of others) expect([host, await reaches(host, Number(env.PORT))]).toEqual([host, false]);
  });

  test("an app that gets past it is not served, and the log says what to change", async () => {
    await deploy(echoApp, { appCommandLine: "NODE_OPTIONS= exec node index.js" });
    expect((await cloud.ask("https://echo-bot.azurewebsites.net/")).status).toBe(503);
    expect(await said()).toMatch(
      /^App Service: echo-bot did not start: it listens on (\[::\]|0\.0\.0\.0|\*):\d+, which other machines in your network reach\. Have it listen on 127\.0\.0\.1 only; next start in 1 s$/,
    );
  });

  test("an app that begins to listen for others later, a debugger for example, is stopped", async () => {
    await deploy(exposing(`setTimeout(() => require("inspector").open(0, "0.0.0.0"), 300);`), {
      healthCheckPath: "/",
    });
    expect((await cloud.ask("https://echo-bot.azurewebsites.net/")).status).toBe(200);
    expect(await said()).toMatch(/^App Service: echo-bot is stopped: it listens on (0\.0\.0\.0|\*):\d+, which/);
    expect((await cloud.ask("https://echo-bot.azurewebsites.net/")).status).toBe(503);
  });
});
