import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { type LocalAzure, type LocalAzureOptions, startLocalAzure } from "../../../local/azure/azure";
import { engineEnvironment } from "../../../local/engine/environment";
import { makePluginExecutables, type StandIn } from "../../../local/engine/plugin-executables";
import { findCli } from "./cli";
import { realPlugins } from "./real-plugins";
import { type EngineEvent, Run } from "./run";

const root = resolve(__dirname, "../../..");

/** A local Azure, and a project folder with its own copy of the program, in which the real CLI works. */
export class Workshop {
  private constructor(
    readonly azure: LocalAzure,
    readonly folder: string,
    readonly botLog: string[],
    readonly environment: Readonly<Record<string, string>>,
    /** `azurekeyvault://...`; undefined where a passphrase opens the secrets. */
    readonly secretsProvider: string | undefined,
  ) {}

  /**
   * @param options of the local Azure
   * @param share makes the state that a team shares in it; without it the state lies in a folder
   */
  static async open(
    options: Partial<LocalAzureOptions> = {},
    share?: (azure: LocalAzure) => Promise<{ readonly backend: string; readonly secretsProvider: string }>,
  ): Promise<Workshop> {
    const botLog: string[] = [];
    const azure = await startLocalAzure({
      port: 0,
      onLog: (line) => botLog.push(line),
      onAppLog: ({ text }) => botLog.push(text),
      ...options,
    });
    const folder = await mkdtemp(join(tmpdir(), "engine-test-"));
    for (const part of ["infra", "bot", "contract", "package.json", "tsconfig.json", "Pulumi.yaml"]) {
      await cp(join(root, part), join(folder, "project", part), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(folder, "project/node_modules"));
    await mkdir(join(folder, "state"));
    const path = makePluginExecutables(join(folder, "bin"), wantedRealPlugin());
    const shared = await share?.(azure);
    const { PULUMI_CONFIG_PASSPHRASE, ...ofEngine } = engineEnvironment({
      deployer: await azure.deployerEnvironment(),
      state: join(folder, "state"),
      passphrase: "correct horse",
      // The CLI itself before the npm package that starts it: that one looks into PULUMI_HOME.
      path: [dirname(findCli()!), path].join(delimiter),
    });
    const environment = {
      ...ofEngine,
      ...(shared ? { PULUMI_BACKEND_URL: shared.backend } : { PULUMI_CONFIG_PASSPHRASE: PULUMI_CONFIG_PASSPHRASE! }),
      PULUMI_HOME: join(folder, "home"),
      // A tenth of each command's time: what was compiled for one is kept for all.
      NODE_COMPILE_CACHE: join(root, "node_modules/.cache/bot-sign-in/compiled"),
      // Brings the option --event-log.
      PULUMI_DEBUG_COMMANDS: "true",
    };
    return new Workshop(azure, folder, botLog, environment, shared?.secretsProvider);
  }

  /** A new stack with the settings of Pulumi.dev.yaml and those given; its name, or one of these, says its environment. */
  async stack(name: string, settings: Record<string, unknown> = {}): Promise<Stack> {
    const stack = new Stack(this, name);
    await stack.set({ ...(await devSettings()), ...settings });
    const { secretsProvider } = this;
    await stack.mustRun("stack", ["init", name, ...(secretsProvider ? ["--secrets-provider", secretsProvider] : [])]);
    return stack;
  }

  async close(): Promise<void> {
    await this.azure.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The real plugin that serves instead of its stand-in, where the run asks for one. */
function wantedRealPlugin(): Partial<Record<StandIn, string>> {
  const plugin = realPlugins().find(({ name }) => name === process.env.REAL_PLUGIN);
  return plugin ? { [plugin.name]: plugin.path } : {};
}

async function devSettings(): Promise<Record<string, unknown>> {
  const { config } = parse(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const named = Object.entries(config).map(([key, value]) => [key.replace(/^bot-sign-in:/, ""), value] as const);
  return Object.fromEntries(named.filter(([name]) => name !== "environment"));
}

/** One environment of the program, deployed by the real CLI. */
export class Stack {
  #runs = 0;

  constructor(
    private readonly workshop: Workshop,
    readonly name: string,
    /** The folder of its Pulumi.yaml. */
    readonly project = join(workshop.folder, "project"),
  ) {}

  /** Replaces the settings in the stack's file; what Pulumi itself wrote there stays. */
  async set(settings: Record<string, unknown>): Promise<void> {
    const file = join(this.project, `Pulumi.${this.name}.yaml`);
    const before = (parse(await readFile(file, "utf8").catch(() => "{}")) ?? {}) as Record<string, unknown>;
    const config = { ...(before.config as object | undefined) } as Record<string, unknown>;
    for (const [name, value] of Object.entries(settings)) config[`bot-sign-in:${name}`] = value;
    await writeFile(file, stringify({ ...before, config }));
  }

  /** Takes one field out of a setting in the stack's file. */
  async without(name: string, field: string): Promise<void> {
    const file = join(this.project, `Pulumi.${this.name}.yaml`);
    const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, Record<string, unknown>> };
    const { [field]: taken, ...left } = config[`bot-sign-in:${name}`] ?? {};
    if (taken === undefined) throw new Error(`${name} has no ${field}`);
    await this.set({ [name]: left });
  }

  /** Takes the settings back to those of Pulumi.dev.yaml. */
  async reset(): Promise<void> {
    const file = join(this.project, `Pulumi.${this.name}.yaml`);
    const { config: _config, ...others } = parse(await readFile(file, "utf8")) as Record<string, unknown>;
    await writeFile(file, stringify(others));
    await this.set(await devSettings());
  }

  up(...options: string[]): Promise<Run> {
    return this.run("up", ["--stack", this.name, "--yes", "--skip-preview", ...options]);
  }

  preview(...options: string[]): Promise<Run> {
    return this.run("preview", ["--stack", this.name, ...options]);
  }

  refresh(...options: string[]): Promise<Run> {
    return this.run("refresh", ["--stack", this.name, "--yes", "--skip-preview", ...options]);
  }

  destroy(...options: string[]): Promise<Run> {
    return this.run("destroy", ["--stack", this.name, "--yes", "--skip-preview", ...options]);
  }

  /** `npm run drift -- <stack>`, in the project's folder. `changed` goes before the workshop's environment. */
  drift(changed: Readonly<Record<string, string | undefined>> = {}): Promise<Run> {
    const script = join(root, "ops/drift.ts");
    return this.#spawn(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), script, this.name], changed);
  }

  /** `npm run <command> -- <arguments>` of ops, in the project's folder. */
  ops(command: string, ...args: string[]): Promise<Run> {
    return this.opsAs({}, command, ...args);
  }

  /** The same as somebody else: `changed` goes before the workshop's environment. */
  opsAs(
    changed: Readonly<Record<string, string | undefined>>,
    command: string,
    ...args: readonly string[]
  ): Promise<Run> {
    const script = join(root, `ops/${command}.ts`);
    return this.#spawn(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), script, ...args], changed);
  }

  /** `npm run graph -- <stack>`, in the project's folder. */
  graph(name = this.name): Promise<Run> {
    const script = join(root, "ops/graph.ts");
    return this.#spawn(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), script, name]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { text } = await this.mustRun("stack", ["output", "--json", "--stack", this.name]);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Runs the CLI and fails where it does. */
  async mustRun(command: string, args: string[]): Promise<Run> {
    const run = await this.run(command, args);
    if (run.code !== 0) throw new Error(`pulumi ${command} ended with ${run.code}\n${run.text}`);
    return run;
  }

  /** Runs the CLI. `changed` goes before the workshop's environment. */
  async run(command: string, args: string[], changed: NodeJS.ProcessEnv = {}): Promise<Run> {
    const log = join(this.workshop.folder, `events-${this.name}-${++this.#runs}.jsonl`);
    const deploys = ["up", "preview", "refresh", "destroy"].includes(command);
    const options = ["--non-interactive", "--color=never", ...(deploys ? ["--event-log", log] : [])];
    const { code, text } = await this.#spawn(findCli()!, [command, ...args, ...options], changed);
    const lines = deploys ? await readFile(log, "utf8").catch(() => "") : "";
    const events = lines
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as EngineEvent);
    return new Run(code, text, events);
  }

  async #spawn(command: string, args: string[], changed: NodeJS.ProcessEnv = {}): Promise<Run> {
    const child = spawn(command, args, {
      cwd: this.project,
      env: { HOME: this.workshop.folder, ...this.workshop.environment, ...changed },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const code = await new Promise<number>((done, failed) => {
      child.once("error", failed);
      child.once("close", (status) => done(status ?? -1));
    });
    return new Run(code, text, []);
  }
}
