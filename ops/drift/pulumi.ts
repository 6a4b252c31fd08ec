import { spawn } from "node:child_process";
import { DriftError, readable } from "./drift-error";
import type { State } from "./state";

/** A command of Pulumi's CLI that did not succeed; the message is what the CLI said. */
export class PulumiError extends Error {
  override readonly name = "PulumiError";
  readonly code = "PULUMI_FAILED";

  constructor(
    readonly command: string,
    said: string,
  ) {
    super(`pulumi ${command} failed:\n${said.trim()}`);
  }
}

/** Pulumi's CLI for one stack of this project. Every method throws a DriftError where it knows the cure, else a {@link PulumiError}. */
export class PulumiStack {
  constructor(private readonly stack: string) {}

  /** The state, with its secrets encrypted or in clear. */
  async export(secrets: "encrypted" | "shown"): Promise<State> {
    return JSON.parse(
      await this.#run(["stack", "export", ...(secrets === "shown" ? ["--show-secrets"] : [])]),
    ) as State;
  }

  async import(state: State): Promise<void> {
    await this.#run(["stack", "import"], JSON.stringify(state));
  }

  async refresh(): Promise<void> {
    await this.#run(["refresh", "--yes", "--skip-preview"]);
  }

  #run(command: readonly string[], input = ""): Promise<string> {
    const child = spawn("pulumi", [...command, "--stack", this.stack, "--non-interactive", "--color=never"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let out = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.stdin.end(input);
    return new Promise((done, failed) => {
      child.once("error", () => failed(new DriftError("CLI_MISSING", "Pulumi's CLI is not on PATH", "npm install")));
      child.once("close", (code) => {
        if (code === 0) return done(out);
        // An export holds secrets, so what it wrote is never part of an error.
        const said = command[0] === "refresh" ? out + errors : errors;
        failed(readable(said, this.stack, process.env.ARM_TENANT_ID) ?? new PulumiError(command.join(" "), said));
      });
    });
  }
}
