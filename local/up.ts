import "./node-version";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { stringify } from "yaml";
import { UsageError } from "../cli/arguments";
import type { Command } from "../cli/command";
import { pageAddress } from "../cli/page-address";
import { runIfMain } from "../cli/run";
import { writeWhole } from "../infra/code/whole-file";
import { adminConsentAddress } from "../infra/facts/permissions";
import { parseYaml } from "../infra/yaml-file";
import { CommandError } from "./command-error";
import { needsLocalSecrets } from "./local-secrets";
import { encryptionOf, localStackFile, localStackOf, type StackFile } from "./local-stack";
import { oneRunning, type Told } from "./running-azure";

export const command = {
  typed: "npm run azure:up --",
  takes: "[-- <option of pulumi>...]",
  describes: `
Deploys a stack's settings by Pulumi's own CLI into the local Azure that runs in another terminal (npm run azure -- --pulumi),
as a stack of its own, local-<stack>. Its file Pulumi.local-<stack>.yaml is made anew each time, and git ignores it; its state
is the local Azure's. Nothing of the real stack is touched, and no file that git knows is written.`,
  options: {
    stack: { type: "string", value: "<stack>", does: "whose settings are tried (default dev)" },
    preview: { type: "boolean", does: "shows what would change" },
    destroy: { type: "boolean", does: "takes the set-up down, and the file and the state with it" },
    port: { type: "string", value: "<n>", does: "the local Azure's, where several run" },
  },
  examples: [
    "npm run azure:up -- --stack three-services",
    "npm run azure:up -- -- --yes",
    "npm run azure:up -- --destroy",
  ],
  ends: { done: "Pulumi's CLI did it" },
} as const satisfies Command;

const root = resolve(__dirname, "..");

runIfMain(module, command, async ({ values, operands }, { say }) => {
  const { stack = "dev", port } = values;
  if (values.preview && values.destroy) {
    throw new UsageError("wrong-value", "--preview and --destroy do not go together");
  }
  const running = await oneRunning(port, "npm run azure -- --pulumi");
  const { origin, environment, secrets = {} } = running;
  if (environment.PULUMI_BACKEND_URL === undefined) {
    throw new CommandError(
      "not-running",
      `The local Azure at ${origin} has no place for Pulumi's state. Start it by npm run azure -- --pulumi`,
    );
  }
  if (needsLocalSecrets(root, stack) && secrets[stack] === undefined) {
    throw new CommandError(
      "not-running",
      `The applications of ${stack} are not registered at the local providers. Start the local Azure by ` +
        `npm run azure -- --pulumi --stack ${stack}`,
    );
  }
  const pulumi = new Cli(running);
  const code = await deploy(pulumi, stack, secrets[stack] ?? [], { ...values, more: operands });
  if (code === 0 && !values.preview && !values.destroy) {
    const outputs = await pulumi.says(["stack", "output", "--json", "--stack", localStackOf(stack)]);
    say(pagesOf(JSON.parse(outputs) as Outputs, environment.ARM_TENANT_ID, origin));
  }
  return code === 0 ? "done" : "failed";
});

/** What the program gives out, as far as a person opens it. */
interface Outputs {
  readonly chatAddress?: string;
  readonly signInAppId?: string;
}

/**
 * The program names its pages as Azure does, and so does Pulumi, which has the terminal to itself; this machine's browser opens them
 * at the local Azure's own address.
 */
function pagesOf({ chatAddress, signInAppId }: Outputs, tenant: string | undefined, origin: string): string {
  const here = { BOT_SIGN_IN_PAGES: origin };
  const consent = tenant && signInAppId && adminConsentAddress(tenant, signInAppId);
  return [
    "In this machine's browser:",
    ...(chatAddress ? [`  the chat: ${pageAddress(chatAddress, here)}`] : []),
    ...(consent ? [`  an administrator's consent, where the program asks for one: ${pageAddress(consent, here)}`] : []),
  ].join("\n");
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
  const source = fileOf(`Pulumi.${stack}.yaml`) ?? {};
  const before = existsSync(file) ? fileOf(`Pulumi.${name}.yaml`) : undefined;
  await writeWhole(file, stringify(localStackFile(project, stack, source, before, encryption)), 0o600);
  if (!there) await pulumi.says(["stack", "init", name, "--no-select"]);
  for (const { path, value } of secrets)
    await pulumi.says(["config", "set", "--secret", "--path", path, ...target], value);

  const verb = wanted.destroy ? ["destroy", "--remove", "--run-program"] : wanted.preview ? ["preview"] : ["up"];
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
      child.once("error", (error) => failed(notStarted(error)));
      child.once("close", (status) => done(status ?? 1));
    });
    const said = `pulumi ${args.slice(0, 2).join(" ")}: ${err.trim() || out.trim()}`;
    if (code !== 0) throw new CommandError("pulumi-failed", said);
    return out;
  }

  /** Leaves the terminal to the CLI; gives its exit code. */
  shows(args: readonly string[]): Promise<number> {
    const child = spawn("pulumi", args, { cwd: root, env: this.#environment, stdio: "inherit" });
    // The CLI hears Ctrl-C itself, and ends in its own time.
    process.on("SIGINT", () => undefined);
    return new Promise((done, failed) => {
      child.once("error", (error) => failed(notStarted(error)));
      child.once("close", (status) => done(status ?? 1));
    });
  }
}

/** Why the CLI did not start. */
function notStarted(error: NodeJS.ErrnoException): Error {
  return error.code === "ENOENT"
    ? new CommandError("pulumi-cli-missing", "Pulumi's CLI is not on PATH: npm install")
    : error;
}
