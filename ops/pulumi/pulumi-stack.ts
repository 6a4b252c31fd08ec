import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiFailure } from "./refusals";
import type { State } from "./state";

/** Where Pulumi's CLI works, and what is said where it fails. */
export interface PulumiPlace {
  /** The project's folder, where it is not this process's own. */
  readonly cwd?: string;
  /** The environment, where it is not this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** What to do about a failure of which nothing is known. */
  readonly fix?: string;
}

/** Pulumi's CLI for one stack of this project. Every method throws an OpsError. */
export class PulumiStack {
  constructor(
    private readonly stack: string,
    private readonly where: PulumiPlace = {},
  ) {}

  /**
   * Makes the stack, and does not select it.
   * @param secretsProvider `azurekeyvault://...`; else the backend's own
   */
  async init(secretsProvider?: string): Promise<void> {
    const provider = secretsProvider ? [`--secrets-provider=${secretsProvider}`] : [];
    await this.#run(["stack", "init", "--no-select", ...provider]);
  }

  /** Makes it the one that commands without `--stack` mean. */
  async select(): Promise<void> {
    await this.#run(["stack", "select"]);
  }

  /**
   * The stack that a person has selected in this folder; undefined where none is, or nobody says. Only that one is read: a list of
   * all would meet those that others are writing.
   */
  async selected(): Promise<string | undefined> {
    // The variable goes before the selection, and would be taken for it.
    const { PULUMI_STACK: _named, ...env } = this.where.env ?? process.env;
    return this.#run(["stack", "--show-name"], "", { on: [], env }).then(
      (name) => name.trim() || undefined,
      () => undefined,
    );
  }

  /** Names of all stacks of the project, as the backend writes them. */
  async all(): Promise<readonly string[]> {
    const stacks = JSON.parse(await this.#run(["stack", "ls", "--json"], "", { on: [] })) as {
      readonly name: string;
    }[];
    return stacks.map(({ name }) => name);
  }

  /** The stack's tags, by name. */
  async tags(): Promise<Readonly<Record<string, string>>> {
    return JSON.parse(await this.#run(["stack", "tag", "ls", "--json"])) as Record<string, string>;
  }

  /** The state, with its secrets encrypted or in clear. */
  async export(secrets: "encrypted" | "shown"): Promise<State> {
    return JSON.parse(
      await this.#run(["stack", "export", ...(secrets === "shown" ? ["--show-secrets"] : [])]),
    ) as State;
  }

  /** Puts a changed state back; Pulumi drops the pending operations of what it is given. */
  async import(state: State): Promise<void> {
    await this.#run(["stack", "import"], JSON.stringify(state));
  }

  /** Reads everything in the state anew, or only the resources with these URNs. */
  async refresh(urns: readonly string[] = [], options: readonly "--run-program"[] = []): Promise<void> {
    await this.#run(["refresh", "--yes", "--skip-preview", ...options, ...urns.map((urn) => `--target=${urn}`)]);
  }

  /**
   * Deploys the stack, told settings besides those of its file, which stays as it is. Gives what the CLI said.
   * @param settings by full key: `azure-native:location`
   */
  async up(settings: Readonly<Record<string, string>>, policyPacks: readonly string[] = []): Promise<string> {
    const file = `Pulumi.${this.stack.split("/").at(-1)}.yaml`;
    const folder = await mkdtemp(join(tmpdir(), "bot-sign-in-"));
    try {
      // Pulumi writes what --config says into the file that it reads: here into a copy.
      const copy = join(folder, file);
      await copyFile(join(this.where.cwd ?? process.cwd(), file), copy);
      const said = Object.entries(settings).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
      const packs = policyPacks.flatMap((pack) => ["--policy-pack", pack]);
      return await this.#run(["up", "--yes", "--skip-preview", "--config-file", copy, ...said, ...packs]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Takes the stack's lock away from whoever holds it. */
  async cancel(): Promise<void> {
    await this.#run(["cancel", "--yes"]);
  }

  #run(
    command: readonly string[],
    input = "",
    { on = ["--stack", this.stack], env = this.where.env }: { on?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
  ): Promise<string> {
    const { cwd, fix } = this.where;
    const child = spawn("pulumi", [...command, ...on, "--non-interactive", "--color=never"], {
      ...(cwd !== undefined && { cwd }),
      ...(env && { env }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const listening = passOnEndings(child);
    let out = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    // One that ends before it reads says so by how it ends.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const tenantId = (this.where.env ?? process.env).ARM_TENANT_ID;
    const failure = { stack: this.stack, command: command[0] === "up" ? "up" : command.join(" ") };
    return new Promise((done, failed) => {
      child.once("error", () => {
        listening.end();
        failed(pulumiFailure(failure));
      });
      child.once("close", (code, signal) => {
        listening.end();
        if (code === 0) return done(out);
        // An export holds secrets, so what it wrote is never part of an error.
        const said = command[0] === "stack" ? errors : out + errors;
        failed(pulumiFailure({ ...failure, said: said || `it was ended by ${signal ?? "itself"}` }, fix, tenantId));
      });
    });
  }
}

/** Milliseconds within which several signals are one: npm and tsx pass on what reaches each of them. */
const oneSignal = 1_000;

/**
 * Has a pulumi end in good order where this process is to end: it lets go of its lock. This process waits for it meanwhile, because
 * the first word into a pipe that nobody reads would kill it, with the lock in its hand. A terminal's Ctrl-C reaches it by itself,
 * and a second one ends it at once.
 */
function passOnEndings(child: ChildProcess): { end(): void } {
  let last = -oneSignal;
  const passOn = (signal: NodeJS.Signals): void => {
    if ((signal === "SIGINT" && process.stdin.isTTY) || performance.now() - last < oneSignal) return;
    last = performance.now();
    child.kill("SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, passOn);
  return {
    end: () => {
      for (const signal of signals) process.off(signal, passOn);
    },
  };
}
