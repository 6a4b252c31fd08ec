import "./node-version";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { writeWhole } from "../infra/code/whole-file";
import { parseYaml } from "../infra/yaml-file";
import { needsLocalSecrets } from "./local-secrets";
import { encryptionOf, localStackFile, localStackOf, type StackFile } from "./local-stack";
import { oneRunning, type Told } from "./running-azure";
import { toldError } from "./told-error";

const usage = `npm run azure:up [-- --stack <stack>] [--preview | --destroy] [--port <n>] [-- <options of pulumi>]

Deploys a stack's settings by Pulumi's own CLI into the local Azure that runs in another terminal (npm run azure -- --pulumi),
as a stack of its own, local-<stack>. Its file Pulumi.local-<stack>.yaml is made anew each time, and git ignores it; its state
is the local Azure's. Nothing of the real stack is touched, and no file that git knows is written.

  --stack <stack>   whose settings are tried (default dev)
  --preview         shows what would change
  --destroy         takes the set-up down, and the file and the state with it
  --port <n>        the local Azure's, where several run

npm run azure:up -- --stack three-services
npm run azure:up -- -- --yes
`;

const root = resolve(__dirname, "..");

const options = {
  stack: { type: "string" },
  port: { type: "string" },
  preview: { type: "boolean" },
  destroy: { type: "boolean" },
  help: { type: "boolean" },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { stack = "dev" } = values;
  const running = await oneRunning(values.port, "npm run azure -- --pulumi");
  const { origin, environment, secrets = {} } = running;
  if (environment.PULUMI_BACKEND_URL === undefined) {
    throw new Error(
      `The local Azure at ${origin} has no place for Pulumi's state. Start it by npm run azure -- --pulumi`,
    );
  }
  if (needsLocalSecrets(root, stack) && secrets[stack] === undefined) {
    throw new Error(
      `The applications of ${stack} are not registered at the local providers. Start the local Azure by ` +
        `npm run azure -- --pulumi --stack ${stack}`,
    );
  }
  return deploy(new Cli(running), stack, secrets[stack] ?? [], { ...values, more: positionals });
}

async function deploy(
  pulumi: Cli,
  stack: string,
  secrets: readonly { path: string; value: string }[],
  wanted: { readonly preview?: boolean; readonly destroy?: boolean; readonly more: readonly string[] },
): Promise<number> {
  const [name, target] = [localStackOf(stack), ["--stack", localStackOf(stack)]];
  const file = join(root, `Pulumi.${name}.yaml`);
  const there = (JSON.parse(await pulumi.says(["stack", "ls", "--json"])) as { name: string }[]).some(
    (one) => one.name.split("/").at(-1) === name,
  );
  const encryption = there
    ? encryptionOf(JSON.parse(await pulumi.says(["stack", "export", ...target])) as object)
    : undefined;
  const { name: project } = parseYaml("Pulumi.yaml", readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
    name: string;
  };
  const source = fileOf(`Pulumi.${stack}.yaml`);
  if (!source) throw new Error(`There is no Pulumi.${stack}.yaml, whose settings could be tried.`);
  const before = existsSync(file) ? fileOf(`Pulumi.${name}.yaml`) : undefined;
  await writeWhole(file, stringify(localStackFile(project, stack, source, before, encryption)), 0o600);
  if (!there) await pulumi.says(["stack", "init", name, "--no-select"]);
  for (const { path, value } of secrets)
    await pulumi.says(["config", "set", "--secret", "--path", path, ...target], value);

  const verb = wanted.destroy ? ["destroy", "--remove"] : wanted.preview ? ["preview"] : ["up"];
  const code = await pulumi.shows([...verb, ...target, ...wanted.more]);
  if (wanted.destroy && code === 0) rmSync(file, { force: true });
  return code;
}

function fileOf(name: string): StackFile | undefined {
  const path = join(root, name);
  return existsSync(path) ? ((parseYaml(name, readFileSync(path, "utf8")) ?? {}) as StackFile) : undefined;
}

/** Pulumi's own CLI, pointed at a local Azure. */
class Cli {
  readonly #environment: NodeJS.ProcessEnv;

  constructor({ environment, path }: Pick<Told, "environment" | "path">) {
    const PATH = [path, process.env.PATH].filter(Boolean).join(delimiter);
    this.#environment = { ...process.env, ...environment, PATH };
  }

  /** Gives standard output. Throws with what the CLI said where it fails. */
  async says(args: readonly string[], input = ""): Promise<string> {
    const child = spawn("pulumi", [...args, "--non-interactive"], { cwd: root, env: this.#environment });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    // A secret goes by a pipe: no list of processes shows it. Who has ended without reading it has said why.
    child.stdin.on("error", () => undefined).end(input);
    const code = await new Promise<number>((done, failed) => {
      child.once("error", failed);
      child.once("close", (status) => done(status ?? 1));
    });
    if (code !== 0) throw new Error(`pulumi ${args.slice(0, 2).join(" ")}: ${err.trim() || out.trim()}`);
    return out;
  }

  /** Leaves the terminal to the CLI; gives its exit code. */
  shows(args: readonly string[]): Promise<number> {
    const child = spawn("pulumi", args, { cwd: root, env: this.#environment, stdio: "inherit" });
    // The CLI hears Ctrl-C itself, and ends in its own time.
    process.on("SIGINT", () => undefined);
    return new Promise((done, failed) => {
      child.once("error", failed);
      child.once("close", (status) => done(status ?? 1));
    });
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(
      `${toldError(error, "npm run azure:up -- --help lists what it takes.", Object.keys(options))}\n`,
    );
    process.exitCode = 1;
  },
);
