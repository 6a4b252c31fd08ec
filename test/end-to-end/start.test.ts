import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../support/deployed";

const run = promisify(execFile);

/** `npm start` as a terminal runs it: a process group of its own, with a private folder for temporary files. */
class Start {
  output = "";
  readonly #process: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(environment: Record<string, string>) {
    this.#process = spawn(process.execPath, ["--import", "tsx", "local/start.ts"], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
    this.ended = new Promise((done) => this.#process.on("close", done));
  }

  async says(pattern: RegExp, milliseconds = 30_000): Promise<RegExpExecArray> {
    const until = Date.now() + milliseconds;
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (Date.now() > until) throw new Error(`never said ${pattern}:\n${this.output}`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  /** What Ctrl-C in a terminal sends: SIGINT to the whole group. */
  interrupt(): void {
    process.kill(-(this.#process.pid as number), "SIGINT");
  }

  /** What no program can catch. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Processes that still belong to the group; one that is just ending gets a moment. */
  async left(): Promise<string> {
    for (let tries = 20; ; tries--) {
      const { stdout } = await run("ps", ["-eo", "pgid=,pid=,stat=,args="]);
      const lines = stdout.split("\n").filter((line) => {
        const [group, , state] = line.trim().split(/\s+/);
        return Number(group) === this.#process.pid && !state?.startsWith("Z");
      });
      if (lines.length === 0 || tries === 0) return lines.join("\n");
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}

let folder: string;

/** What is left in the temporary folder; the caches of Node's loaders belong to every project on a machine. */
const leftFiles = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => !/^(tsx|v8-compile-cache|node-compile-cache)/.test(name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("npm start deploys and serves the chat, deploys a changed bot again by itself, and Ctrl-C leaves nothing", async () => {
  const start = new Start({ PORT: "0", TMPDIR: folder });
  try {
    const [, chat] = await start.says(/^Chat: (http:\/\/localhost:\d+\/)$/m);
    expect(start.output).toMatch(/\d\.\d s {2}azure-native:botservice:Bot/);
    expect(start.output).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+|AADSTS/);
    const page = await (await fetch(chat as string)).text();
    const frame = /<iframe[^>]* src="([^"]+)"/.exec(page)?.[1];
    const answer = await fetch(new URL(frame as string, chat));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("webchat.js")]);

    const now = new Date();
    await utimes(join(root, "bot/commands.ts"), now, now);
    await start.says(/Changed: bot\/commands\.ts/);
    await start.says(/Deployed [0-9a-f]{12} in/);
  } finally {
    start.interrupt();
  }
  expect(await start.ended).toBe(0);
  expect(await start.left()).toBe("");
  expect(await leftFiles()).toEqual([]);
});

test("Ctrl-C in the middle of the deployment leaves nothing either", async () => {
  const start = new Start({ PORT: "0", TMPDIR: folder });
  await start.says(/resources:ResourceGroup/);
  start.interrupt();
  await start.ended;
  expect(await start.left()).toBe("");
  expect(await leftFiles()).toEqual([]);
});

test("with DATA a killed start loses nothing: the next one deploys nothing again, and a second one at once is refused", async () => {
  const data = join(folder, "kept");
  const first = new Start({ PORT: "0", TMPDIR: folder, DATA: data });
  await first.says(/^Chat: /m);
  expect(first.output).toContain(`Ctrl-C ends it and keeps all of it in ${data}.`);
  first.kill();
  await first.ended;

  const second = new Start({ PORT: "0", TMPDIR: folder, DATA: data });
  try {
    const [, chat] = await second.says(/^Chat: (http:\/\/localhost:\d+\/)$/m);
    expect(second.output).toContain("infra/index.ts is not run again");
    expect(second.output).not.toMatch(/botservice:Bot/);
    const page = await (await fetch(chat as string)).text();
    const frame = /<iframe[^>]* src="([^"]+)"/.exec(page)?.[1];
    expect((await fetch(new URL(frame as string, chat))).status).toBe(200);

    const third = new Start({ PORT: "0", TMPDIR: folder, DATA: data });
    expect(await third.ended).toBe(1);
    expect(third.output).toContain(`The data folder ${data} is used by process`);
    expect(third.output).not.toMatch(/\n\s+at /);
  } finally {
    second.interrupt();
  }
  expect(await second.ended).toBe(0);
  expect(await second.left()).toBe("");
  expect((await readdir(data)).sort()).toEqual(["deployment.dev.json", "sites", "state.json"]);
  await rm(data, { recursive: true });
});

test("a taken port is an error that names it and the fix", async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  const { port } = other.address() as AddressInfo;
  const start = new Start({ PORT: String(port), TMPDIR: folder });
  const status = await start.ended;
  other.close();
  expect(status).toBe(1);
  expect(start.output).toContain(`Port ${port} is taken by another program.`);
  expect(start.output).toContain(`PORT=${port + 10} npm start`);
  expect(await leftFiles()).toEqual([]);
});

test("a port that is none, and an unknown stack, are each one clear sentence", async () => {
  const noPort = new Start({ PORT: "chat", TMPDIR: folder });
  expect(await noPort.ended).toBe(1);
  expect(noPort.output).toContain('PORT is "chat", which is no port. Allowed: 0 to 65535');
  const noStack = new Start({ PORT: "0", STACK: "nowhere", TMPDIR: folder });
  expect(await noStack.ended).toBe(1);
  expect(noStack.output).toMatch(/Pulumi\.nowhere\.yaml/);
  expect(noStack.output).not.toMatch(/\n\s+at /);
});

test("npm run azure writes the environment that points any client at it, and takes the file away at its end", async () => {
  const file = join(folder, "azure.env");
  const azure = spawn("npm", ["run", "--silent", "azure", "--", "--port", "0", "--env-file", file], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: folder },
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => azure.on("close", done));
  try {
    await new Promise<void>((ready) => azure.stdout.once("data", () => ready()));
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const environment = Object.fromEntries(lines.map((line) => [line.split("=")[0], line.replace(/^\w+=/, "")]));
    const code = `
      const { ClientSecretCredential } = require("@azure/identity");
      const { ResourceManagementClient } = require("@azure/arm-resources");
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env;
      const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
      const client = new ResourceManagementClient(credential, AZURE_SUBSCRIPTION_ID);
      client.resourceGroups.createOrUpdate("any", { location: "westeurope" }).then(({ id }) => console.log(id));
    `;
    const { stdout } = await run(process.execPath, ["-e", code], { cwd: root, env: environment });
    expect(stdout.trim()).toBe(`/subscriptions/${environment.ARM_SUBSCRIPTION_ID}/resourceGroups/any`);
  } finally {
    process.kill(-(azure.pid as number), "SIGINT");
    await ended;
  }
  expect(await leftFiles()).toEqual([]);
});

test("on an old Node every command says what to do", async () => {
  const code = `Object.defineProperty(process.versions,"node",{value:"20.19.0"});require("./local/node-version.ts")`;
  const failed = await run(process.execPath, ["--import", "tsx", "-e", code], { cwd: root }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("npm rebuild node") });
});

test("on Windows the local Azure says what is not supported there, and where it runs", async () => {
  const code = `Object.defineProperty(process,"platform",{value:"win32"});require("./local/platform.ts")`;
  const failed = await run(process.execPath, ["--import", "tsx", "-e", code], { cwd: root }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("wsl --install") });
});
