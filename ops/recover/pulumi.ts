import { spawn } from "node:child_process";
import type { State } from "../drift/state";
import { isLocked } from "./lock";
import { readableRefusal, RecoverError } from "./recover-error";

/** Pulumi refuses because somebody holds the stack. */
export class StackLocked extends Error {
  override readonly name = "StackLocked";
  readonly code = "STACK_LOCKED";
}

/** What recovering asks of Pulumi's CLI. */
export class HeldStack {
  constructor(private readonly stack: string) {}

  /** The state, its secrets encrypted. */
  async export(): Promise<State> {
    return JSON.parse(await this.#run(["stack", "export"])) as State;
  }

  /** Fails where the stack's secrets cannot be opened, which everything that writes the state needs. */
  async checkPassphrase(): Promise<void> {
    await this.#run(["stack", "export", "--show-secrets"]);
  }

  async cancel(): Promise<void> {
    await this.#run(["cancel", "--yes"]);
  }

  /** Puts a changed state back; Pulumi drops the pending operations of what it is given. */
  async import(state: State): Promise<void> {
    await this.#run(["stack", "import"], JSON.stringify(state));
  }

  /** Reads everything in the state anew. */
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
      child.once("error", () =>
        failed(new RecoverError("CliMissing", "Pulumi's CLI is not on PATH", "Run it through npm, or npm install.")),
      );
      child.once("close", (code) => {
        if (code === 0) return done(out);
        // An export may hold secrets, so what it wrote is never part of an error.
        const said = command[0] === "stack" ? errors : out + errors;
        if (isLocked(said)) return failed(new StackLocked(said));
        const words = `pulumi ${command[0]} failed: ${said.trim()}`;
        failed(
          readableRefusal(said, this.stack) ?? new RecoverError("StateUnreadable", words, "Nothing more was done."),
        );
      });
    });
  }
}
