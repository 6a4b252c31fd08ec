import { minute } from "../../contract/time";
import { spawn } from "node:child_process";
import { CodeError } from "./code-error";

/** Characters of a failed command's output that a person is shown. */
const shownOutput = 1_000;
const buildWithin = 15 * minute;

/** What a build has no business with: the deployer's sign-in, and the stack's configuration with its secrets. */
const withheld = /^(PULUMI_|ARM_|AZURE_|AWS_|GOOGLE_)/;

/**
 * Runs the command that makes a bot's folder ready, in it, by the shell.
 * @throws CodeError BuildFailed with the end of what it wrote
 */
export async function runBuild(command: string, folder: string): Promise<void> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name)));
  let output = "";
  const status = await new Promise<number | string>((done) => {
    const child = spawn(command, {
      cwd: folder,
      env: environment,
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: buildWithin,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-shownOutput);
      });
    }
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) => done(code ?? signal ?? "no status"));
  });
  if (status === 0) return;
  const cause = `it ended with ${status}: ${output.trim() || "no output"}`;
  throw new CodeError("build-failed", command, cause, `Run it in ${folder} by hand, and correct what it says.`);
}
